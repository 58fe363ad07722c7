# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs the servers in an environment of their own and runs the recipes there: ``make recipes``.

``python -m tests.recipes.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..environments import ROOT, Environment

RECIPES: Final = Environment("recipes", "test", Path(__file__).resolve().parent / "requirements.txt")


def main(argv: Sequence[str]) -> int:
    """Says why not, or installs where needed and runs."""
    if "--why-not" in argv:
        print(RECIPES.why_not(), end="")
        return 0
    if not RECIPES.install():
        return 1
    return subprocess.run((RECIPES.python, "-m", "pytest", "tests/recipes"), cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
