# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commit: what was recorded since the last one, for all destinations, in one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

import attrs

from ...core.entry import Entry
from ..receipt import Receipt
from . import items, tallies
from .disk import Disk

__all__ = ["Commit", "Keeper"]


class Keeper(Protocol):
    """
    What has entries committed.

    Attributes:
        destination: The id of its destination.
    """

    destination: int

    def committed(self, size: int, now_s: float) -> None:
        """So many of its bytes are on the disk now."""

    def keep(self, entries: Sequence[Entry], now_s: float) -> str | None:
        """Holds in memory what could not be written; or drops it, and returns the reason."""


@attrs.frozen
class _Addition:
    """Entries that wait for the commit."""

    keeper: Keeper
    entries: Sequence[Entry]
    receipt: Receipt | None


class Commit:
    """
    The next commit of a process. Used by one thread at a time.

    Args:
        disk: Where it is written.

        max_bytes: What would make the file larger is refused.

    Attributes:
        receipt: Of the record whose entries are being added; ``None`` if nobody waits for it.
    """

    def __init__(self, disk: Disk, *, max_bytes: int) -> None:
        self._disk = disk
        self._max_bytes = max_bytes
        self.after_fork()

    def after_fork(self) -> None:
        """In a child process: nothing was added."""
        self.receipt: Receipt | None = None
        self._additions: list[_Addition] = []
        self._changes: list[tuple[int, str, int]] = []
        # How much of the file is in use; None if that has to be asked.
        self._used: int | None = None

    def add(self, keeper: Keeper, entries: Sequence[Entry]) -> str | None:
        """Adds entries; or drops all and returns the reason, if the spool is full."""
        size = sum(len(entry.data) for entry in entries)
        if self._used is None:
            self._used = self._disk.attempt(items.used_bytes)
        if self._used is not None:
            if self._used + size > self._max_bytes:
                self.drop(keeper.destination, sum(entry.span_count for entry in entries), "queue_full")
                if self.receipt is not None:
                    self.receipt.refuse()
                return "queue_full"
            self._used += size
        self._additions.append(_Addition(keeper, entries, self.receipt))
        return None

    def drop(self, destination: int, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""
        self._changes += [
            (destination, tallies.RECORDED, spans),
            (destination, f"{tallies.DROPPED}{reason}", spans),
        ]

    def write(self) -> None:
        """Writes all of it; entries that cannot be written are held in memory, within its bounds."""
        additions, self._additions = self._additions, []
        changes, self._changes = self._changes, []
        if not additions and not changes:
            return
        shared = _shared(additions)

        def work(sql: sqlite3.Connection) -> bool:
            items.add(sql, shared)
            for destination, name, spans in changes:
                tallies.count(sql, destination, [(name, spans)])
            return True

        is_written = self._disk.attempt(work, durable=bool(shared)) is True
        now_s = time.monotonic()
        for one in additions:
            if is_written:
                one.keeper.committed(sum(len(entry.data) for entry in one.entries), now_s)
            elif one.keeper.keep(one.entries, now_s) is not None and one.receipt is not None:
                one.receipt.refuse()
        self._used = None
        if not is_written:
            self._changes = changes + self._changes


def _shared(additions: Iterable[_Addition]) -> list[items.Addition]:
    """Each entry once, with all destinations that get it."""
    found: list[items.Addition] = []
    # Where in the list the same object stands, and not yet for this destination.
    places: dict[int, int] = {}
    for one in additions:
        for entry in one.entries:
            place, number = places.get(id(entry)), one.keeper.destination
            if place is None or number in found[place].destinations:
                places[id(entry)] = len(found)
                found.append(items.Addition(entry, (number,)))
            else:
                found[place] = items.Addition(entry, (*found[place].destinations, number))
    return found
