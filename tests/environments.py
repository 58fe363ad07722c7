# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Environments of their own for other people's packages, which need a newer Python than this one does.

Needs the standard library alone: it runs before anything is installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

__all__ = ["ROOT", "Environment"]

ROOT: Final = Path(__file__).resolve().parent.parent
_OLDEST: Final = (3, 10)
_QUIET: Final = ("--quiet", "--disable-pip-version-check")


class Environment:
    """
    A folder ``.venv-<target>``, or ``.venv-<target>-<part>``, with packages in it.

    Args:
        target: The name of the target of ``make`` that needs it.

        extra: The extra of this project that is installed there.

        requirements: A file with further packages.

        part: Its name, where one target needs several.
    """

    def __init__(self, target: str, extra: str, requirements: Path | None = None, part: str = "") -> None:
        self.target = target
        self._place = ROOT / "-".join(filter(None, (".venv", target, part)))
        self._extra = extra
        self._requirements = requirements

    @property
    def python(self) -> str:
        """The path of its Python."""
        return str(self._place / "bin" / "python")

    def why_not(self) -> str:
        """Why it cannot be had, in a sentence, or nothing."""
        if sys.version_info < _OLDEST:
            return f"make {self.target} needs Python {_OLDEST[0]}.{_OLDEST[1]} or newer"
        if not self.is_installed() and not _registry_answers():
            return "the package registry cannot be reached"
        return ""

    def is_installed(self) -> bool:
        """Whether it exists, with these packages."""
        return self._stamp.is_file() and self._stamp.read_text(encoding="utf-8") == self._wanted()

    def install(self) -> bool:
        """Makes it unless it is installed; returns whether it is now. Says on standard error why not."""
        if self.why_not():
            print(f"{self.target}: {self.why_not()}", file=sys.stderr)
            return False
        if self.is_installed():
            return True
        # Where Python comes without ensurepip, pip itself installs pip into the new environment.
        made = _ran(sys.executable, "-m", "venv", "--clear", str(self._place), quiet=True) or (
            _ran(sys.executable, "-m", "venv", "--clear", "--without-pip", str(self._place))
            and _ran(sys.executable, "-m", "pip", *_QUIET, "--python", self.python, "install", "pip")
        )
        further = () if self._requirements is None else ("--requirement", str(self._requirements))
        wanted = ("--editable", f"{ROOT}[{self._extra}]", *further)
        if not made or not _ran(self.python, "-m", "pip", "install", *_QUIET, *wanted):
            return False
        self._stamp.write_text(self._wanted(), encoding="utf-8")
        return True

    def run_tests(self, argv: Sequence[str], tests: str, **variables: str) -> int:
        """Installs it where needed and runs the tests of a folder there; with ``--why-not``, says why not."""
        if "--why-not" in argv:
            print(self.why_not(), end="")
            return 0
        if not self.install():
            return 1
        command = (self.python, "-m", "pytest", tests)
        return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode

    @property
    def _stamp(self) -> Path:
        return self._place / ".installed"

    def _wanted(self) -> str:
        """What it depends on: if that changes, it is made anew."""
        further = "" if self._requirements is None else self._requirements.read_text("utf-8")
        return further + (ROOT / "setup.cfg").read_text("utf-8") + sys.version


def _registry_answers() -> bool:
    """Whether a package that certainly exists can be downloaded."""
    with tempfile.TemporaryDirectory() as folder:
        options = (*_QUIET, "--no-deps", "--retries", "0", "--timeout", "15", "--dest", folder)
        return _ran(sys.executable, "-m", "pip", "download", *options, "attrs", quiet=True)


def _ran(*command: str, quiet: bool = False) -> bool:
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, stdout=sink, stderr=sink, check=False).returncode == 0
