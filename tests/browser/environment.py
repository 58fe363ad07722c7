# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs what drives a browser in an environment of its own and runs the tests there: ``make browser``.

``python -m tests.browser.environment --why-not`` prints why that cannot be, or nothing where it can.
``… bounds`` measures the bounds of the page, ``… pictures`` makes the pictures of the documents.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..environments import ROOT, Environment
from . import chromium

BROWSER: Final = Environment("browser", "cli", Path(__file__).resolve().parent / "requirements.txt")
_PROGRAMS: Final = ("bounds", "pictures")


def main(argv: Sequence[str]) -> int:
    """Runs the tests, or a program of this folder, in the environment."""
    if "--why-not" in argv:
        print(BROWSER.why_not() or chromium.why_not(), end="")
        return 0
    if not chromium.install():
        print(f"browser: {chromium.why_not()}", file=sys.stderr)
        return 1
    if argv and argv[0] in _PROGRAMS:
        if not BROWSER.install():
            return 1
        command = (BROWSER.python, "-m", f"tests.browser.{argv[0]}", *argv[1:])
        return subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode
    return BROWSER.run_tests(argv, "tests/browser")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
