# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Instructions per span or record, which a busy machine does not change.

    python -m tests.bench.instructions [NAME …]

Each measure runs twice under valgrind's callgrind, in a process of its own, once with twice the
repetitions. The difference is the work alone: starting Python and making all inputs are in both.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from .measures import FLOOR, MEASURES

__all__ = ["collected", "counted", "main", "why_not"]

_ROOT: Final = Path(__file__).resolve().parent.parent.parent
_REPETITIONS: Final = 3
_COLLECTED: Final = re.compile(r"^==\d+== Collected : (\d+)", re.MULTILINE)


def main(argv: Sequence[str] | None = None) -> int:
    """Counts and prints; 0 also where there is no valgrind, 1 where it fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.instructions", description="Counts.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}; default: all")
    parser.add_argument("--run", type=int, help="only work so often, as the process that is counted does")
    options = parser.parse_args(argv)
    names = options.names or list(MEASURES)
    if options.run is not None:
        _work(names[0], options.run)
        return 0
    if why := why_not():
        print(f"{why}: no instructions were counted")
        return 0
    print(f"{platform.python_implementation()} {platform.python_version()}", flush=True)
    floor = counted(FLOOR)
    for name in names:
        count = floor if name == FLOOR else counted(name)
        print(
            f"{name:<12} {count:12,.0f} per {MEASURES[name].unit:<6}  {count / floor:6.2f} × floor",
            flush=True,
        )
    return 0


def why_not() -> str:
    """Why nothing can be counted here; empty if it can."""
    return "" if shutil.which("valgrind") else "valgrind is not on the PATH"


def counted(name: str) -> float:
    """
    The instructions of one measure per span or record.

    Raises:
        subprocess.CalledProcessError: The work failed, or valgrind did.
    """
    fewer, more = (_collected(name, times) for times in (_REPETITIONS, 2 * _REPETITIONS))
    return (more - fewer) / (_REPETITIONS * MEASURES[name].units)


def _work(name: str, repetitions: int) -> None:
    measure = MEASURES[name]
    # One more, of which the first is not in the difference.
    inputs = [measure.prepare(seed, measure.units) for seed in range(2 * _REPETITIONS + 1)]
    # What the inputs hold is no work for the collector.
    gc.collect()
    gc.freeze()
    for one in inputs[: repetitions + 1]:
        measure.run(one)


def _collected(name: str, repetitions: int) -> int:
    command = (sys.executable, "-m", __spec__.name, name, "--run", str(repetitions))
    return collected(command, {**os.environ, "PYTHONHASHSEED": "0"})


def collected(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """
    The instructions of a whole process.

    Raises:
        subprocess.CalledProcessError: It failed, or valgrind did.
    """
    counting = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command)
    done = subprocess.run(counting, cwd=_ROOT, env=environ, capture_output=True, text=True, check=False)
    found = _COLLECTED.search(done.stderr)
    if done.returncode or found is None:
        raise subprocess.CalledProcessError(done.returncode, counting, done.stdout, done.stderr)
    return int(found[1])


if __name__ == "__main__":
    raise SystemExit(main())
