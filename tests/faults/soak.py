# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Hours of recording, with a fault of the server or a kill every few seconds (B21).

    python -m tests.faults.soak [SECONDS]

Prints each minute how many spans were acknowledged and how much memory a process takes that lives on;
at the end what did not arrive, and how much the memory grew after the first quarter of the time.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import attrs

from ..broken_receiver import BrokenReceiver
from .trial import Trial, Writer, drained
from .writer import broadcast_to, record_of

__all__ = ["main", "soak"]

_EVERY_S: Final = 0.005
_FAULT_S: Final = 5.0
_MOST_MIB_AN_HOUR: Final = 1.0
# Below that the growth of so short a time says nothing.
_LEAST_MIB: Final = 8.0


@attrs.define
class _Book:
    """
    What is known of each name, forgotten as soon as it has arrived: memory is what is measured here.

    Attributes:
        acknowledged: How many names were.

        missing: Those that did not arrive yet.

        unasked: Those that arrived and were not missing: for a second time, or before they were acknowledged.
    """

    acknowledged: int = 0
    missing: set[str] = attrs.field(factory=set)
    unasked: set[str] = attrs.field(factory=set)

    def add(self, names: Iterable[str]) -> None:
        for name in names:
            self.acknowledged += 1
            self.missing.add(name)

    def settle(self, receiver: BrokenReceiver) -> None:
        arrived = receiver.spans[:]
        del receiver.spans[: len(arrived)]
        for name in (span["name"] for span in arrived):
            if name in self.missing:
                self.missing.remove(name)
            else:
                self.unasked.add(name)


def soak(folder: Path, seconds: float, seed: int = 1) -> Trial:
    """One process that records all the time, beside others that are killed; the server fails now and then."""
    trial = Trial(name="soak (B21)", tries=1)
    draw = random.Random(seed)
    book = _Book()
    receiver = BrokenReceiver("refused")
    receiver.names_only = True
    with receiver:
        receiver.heal()
        broadcast = broadcast_to(receiver.base_url, folder)
        begun_s = time.monotonic()
        fault_s, minute_s = begun_s + _FAULT_S, begun_s + 60.0
        early_mib = 0.0
        number = kills = 0
        while (now_s := time.monotonic()) < begun_s + seconds:
            name = f"soak-{number}"
            number += 1
            if broadcast.record(record_of(name, draw.choice((10, 500, 5000)))):
                book.add([name])
            if now_s >= fault_s:
                fault_s = now_s + _FAULT_S
                writer = Writer(receiver.base_url, folder, f"killed-{kills}")
                kills += 1
                writer.first()
                writer.kill()
                book.add(writer.names())
                book.settle(receiver)
                receiver.fail(draw.choice(("503", "429", "blackhole", "")))
            if not early_mib and now_s >= begun_s + seconds / 4:
                early_mib = _resident_mib()
            if now_s >= minute_s:
                minute_s = now_s + 60.0
                print(
                    f"{now_s - begun_s:.0f} s: {book.acknowledged} acknowledged, {_resident_mib():.1f} MiB",
                    flush=True,
                )
            time.sleep(_EVERY_S)
        receiver.fail("")
        grown_mib = _resident_mib() - early_mib
        broadcast.close(10.0)
        counts = drained(receiver, folder)
        book.settle(receiver)
    trial.tries, trial.acknowledged = kills, book.acknowledged
    trial.lost, trial.twice = len(book.missing - book.unasked), len(book.unasked - book.missing)
    if counts.pending or counts.recorded < book.acknowledged:
        trial.wrong.append(f"{book.acknowledged} acknowledged, but {counts}")
    trial.facts.update({"seconds": round(seconds), "grown MiB": round(grown_mib, 1)})
    if grown_mib > max(_LEAST_MIB, _MOST_MIB_AN_HOUR * seconds / 3600):
        trial.wrong.append(f"memory grew by {grown_mib:.1f} MiB")
    return trial


def _resident_mib() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def main(seconds: float) -> int:
    """Prints the trial; 1 if it failed."""
    with tempfile.TemporaryDirectory() as folder:
        trial = soak(Path(folder) / "spool", seconds)
    print(trial)
    return 0 if trial.passed else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0))
