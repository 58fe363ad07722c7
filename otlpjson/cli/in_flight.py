# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries that were read from files and are not settled yet, with the places that they came from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Optional

import attrs

from ..backfill.position import Position
from ..core.entry import Entry

__all__ = ["END", "InFlight", "Piece", "entries_of_lines"]

Piece = tuple[Optional[Position], tuple[Entry, ...]]
"""A line and its entries; without a position, the end of a file."""

END: tuple[Entry, ...] = ()
"""What stands for the end of a file among the entries of lines."""


def entries_of_lines(pieces: Iterable[Piece]) -> Iterator[tuple[Entry, ...]]:
    """The entries of each line that has any; ``END`` after a file."""
    for position, entries in pieces:
        if position is None:
            yield END
        elif entries:
            yield entries


@attrs.define
class InFlight:
    """
    What is lost if a command is stopped now. Entries settle in the order in which they were read.

    One thread may read while another one settles.

    Attributes:
        start: Where reading began.
    """

    start: Position = attrs.field(factory=Position)
    _taken: deque[tuple[Position, Entry]] = attrs.field(factory=deque)
    _after: Position = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._after = self.start

    def watch(self, pieces: Iterable[Piece]) -> Iterator[tuple[Entry, ...]]:
        """
        The entries of each line that has any, remembered until they are settled; ``END`` after a file.

        All of a line are, as soon as it was read: a command goes on with a line, not in one.
        """
        return entries_of_lines(self._remembered(pieces))

    def _remembered(self, pieces: Iterable[Piece]) -> Iterator[Piece]:
        for position, entries in pieces:
            if position is None:
                self._after = Position(self._after.file + 1)
                yield position, entries
                continue
            self._taken.extend(
                (attrs.evolve(position, entry=position.entry + index), entry)
                for index, entry in enumerate(entries)
            )
            # Last: whoever finds no entries and an older place only reads a line again. This line may go on.
            self._after = attrs.evolve(position, entry=position.entry + len(entries))
            yield position, entries

    def settle(self, count: int) -> None:
        """Forgets the first ones."""
        for _ in range(count):
            self._taken.popleft()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that are not settled, in order."""
        return tuple(entry for _, entry in self._taken)

    def place_of(self, index: int) -> Position:
        """Where the entry with this index among those not settled is; after all, if there are fewer."""
        # Read before the entries, as said above.
        after = self._after
        return self._taken[index][0] if index < len(self._taken) else after
