# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of one destination in a spool, as an exporter takes and settles them."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs

from ...core.entry import Entry
from ..guard import Guard
from ..ledger import Counts, Settled
from ..limits import QueueLimits
from ..memory_holding import MemoryHolding
from ..outcome import Outcome
from . import items, leases, tallies
from .commit import Commit
from .disk import Disk
from .items import Claimed

__all__ = ["SpoolHolding"]

# Between two looks at what other processes left, and at what they have.
_LOOK_EVERY_S: Final = 1.0
_ASK_EVERY_S: Final = 0.1


class SpoolHolding:
    """
    A ``Holding`` on disk. While the disk cannot be written, entries are held in memory.

    Args:
        disk: Where they are.

        commit: How they get there.

        destination: The id of the destination.

        limits: How much is held in memory, and when batches are due.
    """

    look_every_s = _ASK_EVERY_S

    def __init__(self, disk: Disk, commit: Commit, destination: int, limits: QueueLimits) -> None:
        self.destination = destination
        self._disk = disk
        self._commit = commit
        self._limits = limits
        self._known = Counts()
        self._outcomes: deque[tuple[Outcome, int]] = Counts().outcomes
        self.after_fork()

    def after_fork(self) -> None:
        """In a child process: nothing is in memory, nothing is taken, and nothing is looked for yet."""
        self._guard = Guard()
        self._memory = MemoryHolding(self._limits)
        # What was taken from the disk and is not settled; None if the batch is from memory.
        self._taken: deque[Claimed] | None = None
        # What was settled and could not be written yet.
        self._owed: list[tuple[list[int], Settled]] = []
        # Since the last batch: the first and the latest commit, and how many bytes.
        self._oldest_s = self._latest_s = float("inf")
        self._bytes = 0
        self._look_at_s = self._ask_at_s = float("inf")

    def add(self, entries: Sequence[Entry], now_s: float) -> str | None:
        """Hands entries to the commit that follows; or drops all, and returns the reason."""
        return self._commit.add(self, entries)

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent, with the commit that follows."""
        self._commit.drop(self.destination, spans, reason)

    def look(self) -> bool:
        """Whether something waits that an earlier process left; it is then due."""
        waits = self._disk.attempt(lambda sql: items.is_waiting(sql, self.destination, items.latest(sql)))
        if waits:
            self.committed(0, time.monotonic())
        return waits is True

    def committed(self, size: int, now_s: float) -> None:
        """Notes that so many bytes are on the disk now."""
        with self._guard:
            self._oldest_s, self._latest_s = min(self._oldest_s, now_s), now_s
            self._bytes += size
            self._look_at_s = min(self._look_at_s, now_s + _LOOK_EVERY_S)

    def keep(self, entries: Sequence[Entry], now_s: float) -> str | None:
        """Holds in memory what could not be written; or drops it, and returns the reason."""
        with self._guard:
            return self._memory.add(entries, now_s)

    def due_s(self, *, urgent: bool) -> float | None:
        """When to take the next batch, or to look for what other processes left; ``None`` if unused."""
        with self._guard:
            due_s = self._look_at_s
            if self._latest_s < float("inf"):
                full = urgent or self._bytes >= self._limits.max_body_bytes
                soon_s = min(self._oldest_s + self._limits.max_age_s, self._latest_s + self._limits.quiet_s)
                due_s = min(due_s, 0.0 if full else soon_s)
            elif urgent and due_s < float("inf"):
                due_s = min(due_s, self._ask_at_s)
            memory_s = self._memory.due_s(urgent=urgent)
            due_s = due_s if memory_s is None else min(due_s, memory_s)
            return None if due_s == float("inf") else due_s

    def take(self) -> list[Entry]:
        """Takes a batch: first of what is in memory alone."""
        with self._guard:
            now_s = time.monotonic()
            if self._memory.due_s(urgent=True) is not None:
                self._taken = None
                return self._memory.take()
            claimed = self._claimed()
            self._taken = deque(claimed)
            if claimed:
                # There may be more, which then is as old as this.
                self._bytes = max(self._bytes - sum(len(one.entry.data) for one in claimed), 0)
            else:
                self._oldest_s = self._latest_s = float("inf")
                self._bytes = 0
            self._look_at_s, self._ask_at_s = now_s + _LOOK_EVERY_S, now_s + _ASK_EVERY_S
            return [one.entry for one in claimed]

    def settle(self, settled: Settled) -> None:
        """Removes the front of what was taken, or sets it aside."""
        with self._guard:
            if self._taken is None:
                self._memory.settle(settled)
                return
            numbers = [self._taken.popleft().number for _ in settled.entries]
            self._owed.append((numbers, settled))
            if settled.outcome.is_notable:
                self._outcomes.append((settled.outcome, settled.span_count))
            self._pay()

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Gives back what was taken and not settled."""
        with self._guard:
            if self._taken is None:
                self._memory.put_back(entries)
                return
            if self._taken:
                self._taken = deque()
                self._oldest_s = self._latest_s = time.monotonic()
                self._disk.attempt(lambda sql: leases.release(sql, self.destination, self._disk.owner))

    def renew(self) -> None:
        """Keeps what was taken from other processes for some seconds more."""
        if self._taken:
            self._disk.attempt(lambda sql: leases.renew(sql, self._disk.owner))

    def mark(self) -> int:
        """The entry that was recorded last."""
        return self._disk.attempt(items.latest) or 0

    def is_settled(self, mark: int) -> bool:
        """Whether nothing up to this entry waits, and nothing in memory."""
        if self._memory.counts().pending:
            return False
        if mark == 0:
            return True
        waits = self._disk.attempt(lambda sql: items.is_waiting(sql, self.destination, mark))
        return waits is False

    def note(self, outcome: Outcome) -> None:
        """Keeps an outcome that settled nothing."""
        self._outcomes.append((outcome, 0))

    def quarantined(self) -> tuple[Settled, ...]:
        """What the server refused, in order, with its answers; what is in memory alone last."""
        kept = self._disk.attempt(lambda sql: items.quarantined(sql, self.destination)) or ()
        return kept + self._memory.quarantined()

    def resend(self) -> int:
        """Lets all that was refused wait again; returns the number of spans."""
        with self._guard:
            moved = (
                self._disk.attempt(lambda sql: items.requeue(sql, self.destination, self.destination)) or 0
            )
            if moved:
                self.committed(0, time.monotonic())
            return moved + self._memory.resend()

    def at_risk(self) -> int:
        """Those in memory alone, after a last try to write them."""
        self.heal()
        return self._memory.counts().pending

    def counts(self) -> Counts:
        """All spans of all processes that used this spool, and those in the memory of this one."""
        with self._guard:
            self._pay()
            known = self._disk.attempt(lambda sql: tallies.counts(sql, self.destination))
            self._known = known or self._known
            here = self._memory.counts()
            return attrs.evolve(
                tallies.sum_of(self._known, here), in_memory=here.pending, outcomes=self._outcomes.copy()
            )

    def heal(self) -> None:
        """Writes what is in memory alone, but for what is being sent from there."""
        with self._guard:
            self._pay()
            if self._memory.counts().recorded and self._memory.hand_over(self._written):
                self.committed(0, time.monotonic())

    def _written(self, waiting: Sequence[Entry], refused: Sequence[Settled], counts: Counts) -> bool:
        def write(sql: sqlite3.Connection) -> bool:
            to = (self.destination,)
            items.add(sql, [items.Addition(entry, to) for entry in waiting])
            for settled in refused:
                first = items.latest(sql) + 1
                items.add(sql, [items.Addition(entry, to) for entry in settled.entries])
                items.settle(sql, self.destination, range(first, first + len(settled.entries)), settled)
            tallies.count(sql, self.destination, tallies.changes(counts))
            return True

        return bool(self._disk.attempt(write, durable=True))

    def _claimed(self) -> list[Claimed]:
        if not self._pay():
            return []
        size = self._limits.max_body_bytes
        owner = self._disk.owner
        return self._disk.attempt(lambda sql: items.claim(sql, self.destination, owner, size)) or []

    def _pay(self) -> bool:
        """Writes what was settled; returns whether all of it is written."""
        owed = list(self._owed)
        if not owed:
            return True

        def write(sql: sqlite3.Connection) -> bool:
            for numbers, settled in owed:
                items.settle(sql, self.destination, numbers, settled)
            return True

        if self._disk.attempt(write):
            del self._owed[: len(owed)]
            return True
        return False
