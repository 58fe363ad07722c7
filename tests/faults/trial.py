# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A trial: what was acknowledged, what arrived, and whether the counts agree; with the processes and servers for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import attrs

from otlpjson.delivery import Counts
from otlpjson.delivery.spool import Spool

from ..broken_receiver import BrokenReceiver
from .writer import broadcast_to, write

__all__ = ["FORKS", "ROOT", "Trial", "Writer", "compared", "drained"]

ROOT: Final = Path(__file__).resolve().parent.parent.parent
_DRAIN_S: Final = 60.0
_STOPS_S: Final = 0.02
FORKS: Final[Any] = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.writer"])


@attrs.define(kw_only=True)
class Trial:
    """
    What a trial came to.

    Attributes:
        name: What was tried.

        tries: How often.

        acknowledged: How many records were acknowledged.

        lost: The acknowledged that neither arrived nor are kept.

        twice: How many arrived more than once.

        wrong: What else is not as it must be, one line each.

        facts: Figures to be printed.
    """

    name: str
    tries: int
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    wrong: list[str] = attrs.field(factory=list)
    facts: dict[str, Any] = attrs.field(factory=dict)

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, and nothing is wrong."""
        return not self.lost and not self.wrong

    def __str__(self) -> str:
        facts = "".join(f", {name} {value}" for name, value in self.facts.items())
        first = f"; {self.wrong[0]} ({len(self.wrong)} in all)" if self.wrong else ""
        return (
            f"{'passed' if self.passed else 'FAILED'}  {self.name}: {self.tries} tries, "
            f"{self.acknowledged} acknowledged, {self.lost} lost, {self.twice} twice{facts}{first}"
        )


class Writer:
    """
    A writer in a process of its own; ``writer.main`` says what it does.

    It is forked from a process that has imported everything, so that a thousand of them take seconds.

    Args:
        url: Where it sends.

        folder: Its spool.

        name: How the names of its records begin.

        count: How many it records; ``None`` for no end.
    """

    def __init__(self, url: str, folder: Path, name: str, count: int | None = None) -> None:
        ours, theirs = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=write, args=(theirs, url, str(folder), name, count))
        self._process.start()
        theirs.close()
        self._output = open(os.dup(ours.fileno()), "rb")  # noqa: SIM115 (closed in ``names``)
        ours.close()
        self._names: list[str] = []

    def first(self) -> bool:
        """Waits for the first name; returns whether there is one."""
        self._names += [line.decode().strip() for line in [self._output.readline()] if line]
        return bool(self._names)

    def stop(self) -> None:
        """Stops the process where it is."""
        os.kill(self._process.pid, signal.SIGSTOP)
        # Not a child of this process but of the one that forks, so there is nothing to wait for.
        time.sleep(_STOPS_S)

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()

    def names(self) -> list[str]:
        """The names that were acknowledged; waits for the end of the process."""
        self._names += self._output.read().decode().splitlines()
        self._output.close()
        self._process.join()
        self._process.close()
        return self._names


def drained(receiver: BrokenReceiver, folder: Path) -> Counts:
    """
    Sends all that is in a spool; returns its counts.

    Raises:
        AssertionError: They are not those of what was recorded, which was counted at another time.
    """
    broadcast = broadcast_to(receiver.base_url, folder)
    until = time.monotonic() + _DRAIN_S
    while not broadcast.flush(5.0) and time.monotonic() < until:
        time.sleep(0.05)
    counts = broadcast.counts()["here"]
    broadcast.close()
    spool = Spool(folder)
    recorded = sum(stock.recorded for stock in spool.stocks() if stock.name == "here")
    spool.close()
    assert recorded == counts.recorded, f"{recorded} were recorded, but {counts}"
    return counts


def compared(trial: Trial, names: Iterable[str], receiver: BrokenReceiver, counts: Counts) -> None:
    """Adds to a trial what of these names did not arrive, and whether the counts agree."""
    arrived = Counter(span["name"] for span in receiver.spans)
    expected = set(names)
    trial.acknowledged += len(expected)
    missing = len(expected - arrived.keys())
    trial.lost += max(missing - counts.quarantined - sum(counts.dropped.values()), 0)
    trial.twice += sum(times - 1 for times in arrived.values())
    if counts.pending:
        trial.wrong.append(f"{counts.pending} spans still pending")
    settled = counts.delivered + counts.rejected + counts.quarantined + sum(counts.dropped.values())
    if settled + counts.pending != counts.recorded or counts.recorded < len(expected):
        trial.wrong.append(f"the counts do not agree: {counts}, {len(expected)} acknowledged")
