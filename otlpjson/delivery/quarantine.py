# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries that a server refused: kept within a bound, so that they can be looked at and sent again."""

from __future__ import annotations

from collections import deque

import attrs

from ..core.entry import Entry
from .ledger import Settled

__all__ = ["Quarantine"]


@attrs.define(kw_only=True)
class Quarantine:
    """
    What was refused, in order. Has no lock of its own.

    Attributes:
        max_bytes: How much is kept; the oldest goes first.
    """

    max_bytes: int
    _kept: deque[Settled] = attrs.field(factory=deque)
    _size: int = 0

    def list(self) -> tuple[Settled, ...]:
        """The entries with the outcome for which they were refused."""
        return tuple(self._kept)

    def add(self, settled: Settled) -> int:
        """Keeps entries; returns the number of spans that had to go for them."""
        self._kept.append(settled)
        self._size += _size_of(settled)
        gone = 0
        while self._size > self.max_bytes:
            oldest = self._kept.popleft()
            self._size -= _size_of(oldest)
            gone += oldest.span_count
        return gone

    def take(self) -> tuple[Entry, ...]:
        """Takes all entries out."""
        entries = tuple(entry for settled in self._kept for entry in settled.entries)
        self._kept.clear()
        self._size = 0
        return entries


def _size_of(settled: Settled) -> int:
    return sum(len(entry.data) for entry in settled.entries)
