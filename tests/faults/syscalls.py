# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The life of a spool, killed at every call that changes a file (A2), and with calls that fail (A7).

    python -m tests.faults.syscalls KIND FOLDER STEP SEED

Runs below the shim, forks a process for each call, and prints the trial as JSON.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, Final

import attrs

from ..broken_receiver import BrokenReceiver
from . import shim
from .shim import Mode
from .trial import Trial, compared, drained
from .writer import broadcast_to, record_of

__all__ = ["failures", "kills_at_calls"]

_RECORDS: Final = 4
_TRIAL_S: Final = 1800.0
_ERRORS: Final = (errno.EIO, errno.ENOSPC, errno.EDQUOT)


def kills_at_calls(folder: Path, library: Path, step: int, seed: int) -> Trial:
    """A life is killed at every such call, and its recovery at one of its own; then all is sent."""
    return _run(library, "kills", folder, step, seed)


def failures(folder: Path, library: Path, step: int, seed: int) -> Trial:
    """A call fails, or writes half, once or from then on for a while: what is acknowledged as durable is."""
    return _run(library, "failures", folder, step, seed)


def _run(library: Path, kind: str, folder: Path, step: int, seed: int) -> Trial:
    output = shim.run(library, "tests.faults.syscalls", [kind, str(folder), str(step), str(seed)], _TRIAL_S)
    return Trial(**json.loads(output.splitlines()[-1]))


def _life(url: str, folder: Path, name: str, pipe: int) -> None:
    """Records, sends, and ends."""
    broadcast = broadcast_to(url, folder)
    for number in range(_RECORDS):
        one = f"{name}-{number}"
        if broadcast.record(record_of(one, 200)) and broadcast.durable:
            os.write(pipe, f"{one}\n".encode())
        broadcast.flush(2.0)
    broadcast.close()


def _forked(life: Callable[[int], None]) -> tuple[int, list[str]]:
    """The status of a process that leads a life, and the names that it wrote."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            life(writing)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with open(reading, "rb") as pipe:
        names = pipe.read().decode().splitlines()
    return os.waitpid(child, 0)[1], names


def _calls_of_a_life(folder: Path) -> int:
    """How many calls a life has that nothing happens to."""

    def counted(pipe: int) -> None:
        with BrokenReceiver("refused") as receiver:
            receiver.heal()
            shim.arm(Mode.KILL, folder, shim.FOREVER)
            _life(receiver.base_url, folder, "counted", pipe)
            os.write(pipe, f"calls {shim.calls()}\n".encode())

    _, lines = _forked(counted)
    shutil.rmtree(folder)
    return int(lines[-1].split()[1])


def _kills(folder: Path, step: int, seed: int) -> Trial:
    most = _calls_of_a_life(folder)
    trial = Trial(name="killed at every call (A2)", tries=0, facts={"calls in a life": most})
    draw = random.Random(seed)
    for at in range(1, most + 1, step):
        trial.tries += 1
        with BrokenReceiver("refused") as receiver:
            receiver.heal()
            names: list[str] = []
            # The second time in the middle of the recovery.
            for life, call in enumerate((at, draw.randint(1, most))):

                def lived(pipe: int, name: str = f"k{at}-{life}", call: int = call) -> None:
                    shim.arm(Mode.KILL, folder, call)
                    _life(receiver.base_url, folder, name, pipe)

                _, more = _forked(lived)
                names += more
            counts = drained(receiver, folder)
            # Twice is the same as once.
            again = drained(receiver, folder)
            if (again.delivered, again.recorded) != (counts.delivered, counts.recorded):
                trial.wrong.append(f"call {at}: {counts}, and then {again}")
            before = len(trial.wrong) + trial.lost
            compared(trial, names, receiver, counts)
            if len(trial.wrong) + trial.lost > before:
                trial.wrong.append(f"call {at}: that was it")
        shutil.rmtree(folder)
    return trial


def _failures(folder: Path, step: int, seed: int) -> Trial:
    most = _calls_of_a_life(folder)
    trial = Trial(name="calls that fail (A7)", tries=0)
    draw = random.Random(seed)
    for at, mode, error in _planned(most, step, draw):
        trial.tries += 1
        many = draw.choice((1, 1, 5, 30))
        with BrokenReceiver("refused") as receiver:
            receiver.heal()

            def lived(
                pipe: int, at: int = at, mode: Mode = mode, error: int = error, many: int = many
            ) -> None:
                shim.arm(mode, folder, at, at + many - 1, error)
                _life(receiver.base_url, folder, f"f{at}", pipe)

            status, names = _forked(lived)
            shim.arm(Mode.OFF, folder, 0)
            if status:
                trial.wrong.append(f"{mode.name} at call {at}: the program ended with {status}")
            counts = drained(receiver, folder)
            lost = trial.lost
            compared(trial, names, receiver, counts)
            if trial.lost > lost:
                trial.wrong.append(f"{mode.name} {many} times from call {at}, errno {error}: lost")
        shutil.rmtree(folder, ignore_errors=True)
    return trial


def _planned(most: int, step: int, draw: random.Random) -> Iterator[tuple[int, Mode, int]]:
    for at in range(1, most + 1, step):
        for mode in (Mode.FAIL, Mode.SHORTEN, Mode.FAIL_SYNC):
            yield at, mode, draw.choice(_ERRORS)


def main(kind: str, folder: str, step: str, seed: str) -> None:
    """Prints the trial."""
    run = {"kills": _kills, "failures": _failures}[kind]
    trial = run(Path(folder), int(step), int(seed))
    known: dict[str, Any] = attrs.asdict(trial)
    print(json.dumps(known))


if __name__ == "__main__":
    main(*sys.argv[1:])
