# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Installs the judges in an environment of their own and runs the tests there: ``make judges``.

``python -m tests.judges.environment --why-not`` prints why that cannot be, or nothing where it can.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS: Final = Path(__file__).resolve().parent / "requirements.txt"
PLACE: Final = ROOT / ".venv-judges"
STAMP: Final = PLACE / ".installed"
OLDEST: Final = (3, 10)
QUIET: Final = ("--quiet", "--disable-pip-version-check")


def main(argv: Sequence[str]) -> int:
    """Says why not, or installs where needed and runs."""
    if "--why-not" in argv:
        print(why_not(), end="")
        return 0
    if why_not():
        print(f"judges: {why_not()}", file=sys.stderr)
        return 1
    if not is_installed() and not installed():
        return 1
    return subprocess.run([str(_python()), "-m", "pytest", "tests/judges"], cwd=ROOT, check=False).returncode


def why_not() -> str:
    """A sentence, or nothing."""
    if sys.version_info < OLDEST:
        return f"the judges need Python {OLDEST[0]}.{OLDEST[1]} or newer"
    if not is_installed() and not _registry_answers():
        return "the package registry cannot be reached"
    return ""


def is_installed() -> bool:
    """Whether the environment is there, with these requirements."""
    return STAMP.is_file() and STAMP.read_text(encoding="utf-8") == _wanted()


def installed() -> bool:
    """Makes the environment; says whether that worked."""
    # Where Python comes without ensurepip, pip itself installs pip into the new environment.
    own = str(_python())
    made = _ran(sys.executable, "-m", "venv", "--clear", str(PLACE), quiet=True) or (
        _ran(sys.executable, "-m", "venv", "--clear", "--without-pip", str(PLACE))
        and _ran(sys.executable, "-m", "pip", *QUIET, "--python", own, "install", "pip")
    )
    wanted = ("--editable", f"{ROOT}[test]", "--requirement", str(REQUIREMENTS))
    if not made or not _ran(own, "-m", "pip", "install", *QUIET, *wanted):
        return False
    STAMP.write_text(_wanted(), encoding="utf-8")
    return True


def _python() -> Path:
    return PLACE / "bin" / "python"


def _wanted() -> str:
    """What the environment depends on: another of it is another environment."""
    return REQUIREMENTS.read_text("utf-8") + (ROOT / "setup.cfg").read_text("utf-8") + sys.version


def _registry_answers() -> bool:
    """Whether a package that is there for certain can be had."""
    with tempfile.TemporaryDirectory() as folder:
        options = (*QUIET, "--no-deps", "--retries", "0", "--timeout", "15", "--dest", folder)
        return _ran(sys.executable, "-m", "pip", "download", *options, "attrs", quiet=True)


def _ran(*command: str, quiet: bool = False) -> bool:
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
