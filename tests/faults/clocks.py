# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A time of day that jumps while a program records and sends (B19).

    python -m tests.faults.clocks FOLDER

Runs below the shim, and prints the trial as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import attrs

from ..broken_receiver import BrokenReceiver
from . import shim
from .trial import Trial, compared, drained
from .writer import broadcast_to, record_of

__all__ = ["clock_steps"]

_HOUR_S: Final = 3600.0
_DAY_S: Final = 24 * _HOUR_S
# Less than seven days ahead of where it was, beyond which entries expire.
_STEPS_S: Final = (
    _HOUR_S,
    -_HOUR_S,
    _DAY_S,
    -_DAY_S,
    -40 * 365 * _DAY_S,
    40 * 365 * _DAY_S,
    -2 * _DAY_S,
    5 * _DAY_S,
)
_LONGEST_S: Final = 20.0


def clock_steps(folder: Path, library: Path) -> Trial:
    """After each step it records, and the server, which was down, accepts again."""
    output = shim.run(library, "tests.faults.clocks", [str(folder)], 300.0)
    return Trial(**json.loads(output.splitlines()[-1]))


def _stepped(folder: Path) -> Trial:
    trial = Trial(name="clock steps (B19)", tries=len(_STEPS_S))
    for number, step_s in enumerate(_STEPS_S):
        with BrokenReceiver("503") as receiver:
            broadcast = broadcast_to(receiver.base_url, folder / str(number))
            names = [f"c{number}-{one}" for one in range(10)]
            for name in names[:5]:
                broadcast.record(record_of(name))
            before_s = time.time()
            shim.step_clock(step_s)
            if abs(time.time() - before_s - step_s) > _LONGEST_S:
                trial.wrong.append("the clock did not move")
            for name in names[5:]:
                broadcast.record(record_of(name))
            begun_s = time.monotonic()
            receiver.heal()
            if not broadcast.flush(_LONGEST_S):
                trial.wrong.append(
                    f"step of {step_s:.0f} s: not sent after {time.monotonic() - begun_s:.1f} s"
                )
            broadcast.close()
            compared(trial, names, receiver, drained(receiver, folder / str(number)))
    return trial


def main(folder: str) -> None:
    """Prints the trial."""
    known: dict[str, Any] = attrs.asdict(_stepped(Path(folder)))
    print(json.dumps(known))


if __name__ == "__main__":
    main(*sys.argv[1:])
