# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The shim between a program and the C library, built where there is a compiler."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

__all__ = ["FOREVER", "Mode", "arm", "build", "calls", "run", "step_clock", "syncs", "why_not"]

FOREVER: Final = 2**40
_SOURCE: Final = Path(__file__).with_name("shim.c")
_ROOT: Final = _SOURCE.parent.parent.parent
_PRELOAD: Final = "LD_PRELOAD"


class Mode(Enum):
    """What happens at the chosen calls; the numbers are those of the source."""

    OFF = 0
    KILL = 1
    FAIL = 2
    SHORTEN = 3
    FAIL_SYNC = 4


def why_not() -> str:
    """Why there can be no shim here; empty if there can."""
    if not sys.platform.startswith("linux"):
        return "it is made for Linux"
    return "" if _compiler() else "there is no C compiler"


def build(folder: Path) -> Path:
    """The library, built into a folder."""
    compiler = _compiler()
    assert compiler is not None
    library = folder / "shim.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"], check=True
    )
    return library


def run(library: Path, module: str, arguments: Sequence[str], timeout_s: float) -> str:
    """What a module prints that runs with the library."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=_ROOT,
        env={**os.environ, _PRELOAD: str(library)},
        stdout=subprocess.PIPE,
        timeout=timeout_s,
        check=True,
        text=True,
    )
    return done.stdout


def arm(mode: Mode, folder: Path, first: int, last: int | None = None, error: int = 0) -> None:
    """From now on something happens at these calls that change files below a folder."""
    library = _preloaded()
    where = os.fsencode(folder)
    library.shim_arm(
        mode.value, ctypes.c_long(first), ctypes.c_long(first if last is None else last), error, where
    )


def calls() -> int:
    """How many such calls there were since."""
    return int(_preloaded().shim_calls())


def syncs() -> int:
    """How many of the process's calls since were an ``fsync`` or ``fdatasync``."""
    return int(_preloaded().shim_syncs())


def step_clock(seconds: float) -> None:
    """Moves the time of day; the monotonic clock goes on."""
    _preloaded().shim_step_clock(ctypes.c_double(seconds))


def _compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


def _preloaded() -> Any:
    return ctypes.CDLL(None)
