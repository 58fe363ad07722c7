# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of one destination, held in memory within bounds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Callable

from ..core.entry import Entry
from .backlog import Backlog
from .ledger import Counts, Fate, Settled
from .limits import QueueLimits
from .outcome import Outcome
from .quarantine import Quarantine

__all__ = ["MemoryHolding"]


class MemoryHolding:
    """
    A ``Holding`` in memory. Has no lock of its own.

    Args:
        limits: How much is held, and how long.
    """

    look_every_s = float("inf")

    def __init__(self, limits: QueueLimits) -> None:
        self._limits = limits
        self.after_fork()

    def after_fork(self) -> None:
        """In a child process: nothing is held, and all counts are zero."""
        self._backlog = Backlog(limits=self._limits)
        self._quarantine = Quarantine(max_bytes=self._limits.max_quarantine_bytes)
        self._counts = Counts()
        # Spans ever added. Entries settle in order.
        self._added = 0

    def add(self, entries: Sequence[Entry], now_s: float) -> str | None:
        """Holds entries; or drops all, counts them, and returns the reason."""
        spans, size = sum(entry.span_count for entry in entries), sum(len(entry.data) for entry in entries)
        too_long = self._backlog.size + size > self._limits.max_bytes
        if too_long or self._counts.pending + spans > self._limits.max_spans:
            self._counts.drop(spans, "queue_full")
            return "queue_full"
        self._hold(entries, spans, now_s)
        return None

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""
        self._counts.drop(spans, reason)

    def due_s(self, *, urgent: bool) -> float | None:
        """When to take the next batch; ``None`` if nothing waits."""
        return self._backlog.due_s(urgent=urgent)

    def take(self) -> list[Entry]:
        """Takes a batch from the front."""
        return self._backlog.take()

    def settle(self, settled: Settled) -> None:
        """Counts the front of what was taken; what was refused is kept within its bound."""
        self._counts.add(settled)
        self._counts.pending -= settled.span_count
        self._backlog.settle(settled.entries)
        if settled.fate is Fate.QUARANTINED:
            self._counts.lose(self._quarantine.add(settled), "quarantine_full")

    def renew(self) -> None:
        """Nobody else could take it."""

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Returns what was taken and not settled."""
        self._backlog.put_back(entries)

    def mark(self) -> int:
        """The number of spans ever added."""
        return self._added

    def is_settled(self, mark: int) -> bool:
        """Whether so many are settled."""
        return self._added - self._counts.pending >= mark

    def note(self, outcome: Outcome) -> None:
        """Keeps an outcome that settled nothing."""
        self._counts.outcomes.append((outcome, 0))

    def quarantined(self) -> tuple[Settled, ...]:
        """What the server refused and is still kept."""
        return self._quarantine.list()

    def resend(self) -> int:
        """Lets all that was refused wait again, above the bounds too; returns the number of spans."""
        entries = self._quarantine.take()
        spans = sum(entry.span_count for entry in entries)
        self._counts.quarantined -= spans
        if entries:
            self._hold(entries, spans, time.monotonic())
        return spans

    def at_risk(self) -> int:
        """All that are pending."""
        return self._counts.pending

    def counts(self) -> Counts:
        """All spans, counted by what happened to them; a copy."""
        return self._counts.copy()

    def hand_over(self, accept: Callable[[Sequence[Entry], Sequence[Settled], Counts], bool]) -> bool:
        """
        Forgets all but what is taken, if it is accepted somewhere else.

        Args:
            accept: Called with what waits, what was refused, and the counts of both and of what is
                settled; returns whether it has all of them now.
        """
        waiting = self._backlog.list()
        if not accept(waiting, self._quarantine.list(), self._counts):
            return False
        self._backlog.remove(len(waiting))
        self._quarantine.take()
        taken = self._counts.pending - sum(entry.span_count for entry in waiting)
        self._counts, self._added = Counts(pending=taken), taken
        return True

    def _hold(self, entries: Sequence[Entry], spans: int, now_s: float) -> None:
        self._backlog.add(entries, now_s)
        self._counts.pending += spans
        self._added += spans
