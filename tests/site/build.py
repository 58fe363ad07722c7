# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs what the site of documents is built with, in an environment of its own, and builds it into ``site/``.

``python -m tests.site.build --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ..environments import ROOT, Environment

__all__ = ["DOCS", "build"]

DOCS: Final = Environment("docs", "docs")


def main(argv: Sequence[str]) -> int:
    """Says why not, or installs where needed and builds."""
    if "--why-not" in argv:
        print(DOCS.why_not(), end="")
        return 0
    if not DOCS.install():
        return 1
    built = build(ROOT, ROOT / "site")
    # Not --quiet, with which mkdocs neither prints warnings nor fails because of them.
    for line in built.stdout.splitlines():
        if line and not line.startswith("INFO "):
            print(line, file=sys.stderr)
    return built.returncode


def build(project: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Runs mkdocs on a project's folder; its output has what it warned of."""
    # mkdocs finds the extension for griffe in the folder that it runs in.
    command = (DOCS.python, "-m", "mkdocs", "build", "--site-dir", str(target))
    # The theme's advertisement of its next generation would be the only output.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command,
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
