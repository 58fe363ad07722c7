# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries that wait for one destination, in order, and when the next of them are due."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import attrs

from ..core.entry import Entry
from .limits import QueueLimits

__all__ = ["Backlog"]


@attrs.define(kw_only=True)
class Backlog:
    """
    A bounded queue of entries. Has no lock and no clock of its own.

    Attributes:
        limits: How much may wait, and how long.

        size: The bytes of the entries that wait or are being sent.
    """

    limits: QueueLimits
    size: int = 0
    _waiting: deque[Entry] = attrs.field(factory=deque)
    _oldest_s: float = 0.0
    _latest_s: float = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, entries: Sequence[Entry], now_s: float) -> None:
        """Adds entries at the end."""
        # The first entry sets the time for all that join it.
        if not self._waiting:
            self._oldest_s = now_s
        self._latest_s = now_s
        self._waiting.extend(entries)
        self.size += sum(len(entry.data) for entry in entries)

    def take(self) -> list[Entry]:
        """Takes one body's worth of entries from the front; their bytes still count."""
        batch = [self._waiting.popleft()]
        size = len(batch[0].data)
        while self._waiting and size + len(self._waiting[0].data) < self.limits.max_body_bytes:
            batch.append(self._waiting.popleft())
            size += len(batch[-1].data)
        return batch

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Returns what was taken and not settled to the front."""
        self._waiting.extendleft(reversed(entries))

    def list(self) -> tuple[Entry, ...]:
        """What waits, without what was taken."""
        return tuple(self._waiting)

    def remove(self, count: int) -> None:
        """Forgets so many from the front."""
        self.settle(self._waiting.popleft() for _ in range(count))

    def settle(self, entries: Iterable[Entry]) -> None:
        """Frees the bytes of entries that were taken."""
        self.size -= sum(len(entry.data) for entry in entries)

    def due_s(self, *, urgent: bool) -> float | None:
        """
        When the next entries are to be sent; ``None`` if none wait.

        Args:
            urgent: Whether they are to be sent without waiting for others.
        """
        if not self._waiting:
            return None
        if urgent or self.size >= self.limits.max_body_bytes:
            return 0.0
        return min(self._oldest_s + self.limits.max_age_s, self._latest_s + self.limits.quiet_s)
