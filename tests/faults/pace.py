# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
How many records share an fsync, how long one takes beside it, and how soon a full spool is sent (A1, A11).

    python -m tests.faults.pace FOLDER

Runs below the shim, which counts the calls, and prints the trial as JSON. Only the count is judged:
times depend on the machine.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from ..broken_receiver import BrokenReceiver
from . import shim
from .shim import Mode
from .trial import Trial, compared, drained
from .writer import broadcast_to, record_of

__all__ = ["pace"]

_TRIAL_S: Final = 600.0
_ALONE: Final = 300
_THREADS: Final = 512
_EACH: Final = 20
_ROUNDS: Final = 3
_FEWEST_PER_SYNC: Final = 100
_BODY: Final = 1_000
_FULL_MB: Final = 100


def pace(folder: Path, library: Path) -> Trial:
    """Records alone, then from many threads at a time; then 100 MB wait for a server that is back."""
    output = shim.run(library, "tests.faults.pace", [str(folder)], _TRIAL_S)
    return Trial(**json.loads(output.splitlines()[-1]))


def _measured(folder: Path) -> Trial:
    trial = Trial(name="pace (A1, A11)", tries=1)
    folder.mkdir()
    with BrokenReceiver("503") as receiver:
        names = _alone(trial, receiver, folder) + _together(trial, receiver, folder)
        names += _restarted(trial, receiver, folder)
        compared(trial, names, receiver, drained(receiver, folder))
    return trial


def _alone(trial: Trial, receiver: BrokenReceiver, folder: Path) -> list[str]:
    """One record after the other, with an fsync of its own between two of them."""
    broadcast = broadcast_to(receiver.base_url, folder)
    names = [f"alone-{number}" for number in range(_ALONE)]
    records_ms: list[float] = []
    syncs_ms: list[float] = []
    with open(folder / "by itself", "wb", buffering=0) as file:
        for name in names:
            record = record_of(name, _BODY)
            records_ms.append(_took_ms(lambda record=record: broadcast.record(record)))
            file.write(bytes(4096))
            syncs_ms.append(_took_ms(lambda: os.fsync(file.fileno())))
    broadcast.close()
    trial.facts["record p50, p99 ms"] = _percentiles(records_ms)
    trial.facts["fsync p50, p99 ms"] = _percentiles(syncs_ms)
    return names


def _together(trial: Trial, receiver: BrokenReceiver, folder: Path) -> list[str]:
    """Many threads, each of which waits for its record before the next; a busy machine has three rounds."""
    names: list[str] = []
    for number in range(_ROUNDS):
        own = [[f"t{number}-{thread}-{one}" for one in range(_EACH)] for thread in range(_THREADS)]
        names += [name for of_thread in own for name in of_thread]
        syncs, took_s = _round(receiver, folder, own)
        records = _THREADS * _EACH
        trial.facts["records per fsync"] = round(records / syncs)
        trial.facts["records per second"] = round(records / took_s)
        if records >= _FEWEST_PER_SYNC * syncs:
            return names
    trial.wrong.append(f"{records} records of {_THREADS} threads took {syncs} fsync")
    return names


def _round(receiver: BrokenReceiver, folder: Path, names: Sequence[Sequence[str]]) -> tuple[int, float]:
    """How many fsync it took to record these, each list in a thread of its own, and how long."""
    broadcast = broadcast_to(receiver.base_url, folder)

    def run(own: Sequence[str]) -> None:
        for name in own:
            broadcast.record(record_of(name, _BODY))

    threads = [threading.Thread(target=run, args=(own,)) for own in names]
    shim.arm(Mode.KILL, folder, shim.FOREVER)
    begun_s = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took_s = time.perf_counter() - begun_s
    syncs = shim.syncs()
    broadcast.close()
    return syncs, took_s


def _restarted(trial: Trial, receiver: BrokenReceiver, folder: Path) -> list[str]:
    """100 MB wait; how long after the start of the next process the server has the first of it."""
    broadcast = broadcast_to(receiver.base_url, folder)
    names = [f"full-{number}" for number in range(_FULL_MB)]
    for name in names:
        broadcast.record(record_of(name, 500_000))
    broadcast.close()
    size = sum(file.stat().st_size for file in folder.iterdir())
    before = len(receiver.spans)
    receiver.heal()
    begun_s = time.perf_counter()
    broadcast = broadcast_to(receiver.base_url, folder)
    while len(receiver.spans) == before and time.perf_counter() < begun_s + 60:
        time.sleep(0.001)
    trial.facts["first sent s"] = round(time.perf_counter() - begun_s, 2)
    trial.facts["of MB"] = round(size / 1e6)
    broadcast.close()
    return names


def _took_ms(work: Any) -> float:
    begun_s = time.perf_counter()
    work()
    return (time.perf_counter() - begun_s) * 1000


def _percentiles(values: Sequence[float]) -> str:
    cuts = statistics.quantiles(values, n=100)
    return f"{cuts[49]:.1f} and {cuts[98]:.1f}"


def main(folder: str) -> None:
    """Prints the trial."""
    known: dict[str, Any] = attrs.asdict(_measured(Path(folder)))
    print(json.dumps(known))


if __name__ == "__main__":
    main(*sys.argv[1:])
