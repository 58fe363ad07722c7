# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries that were read from a file and are not settled yet, with the lines that they came from."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

import attrs

from ..core.entry import Entry

__all__ = ["InFlight"]


@attrs.define
class InFlight:
    """
    What is lost if a command is stopped now. Entries settle in the order in which they were read.

    Attributes:
        line: The number of the line that is being read, from 1; 0 before the first.
    """

    line: Callable[[], int]
    _taken: deque[tuple[int, Entry]] = attrs.field(factory=deque)

    def watch(self, lines: Iterable[tuple[Entry, ...]]) -> Iterator[tuple[Entry, ...]]:
        """
        The entries of each line, remembered until they are settled.

        All of a line are, as soon as it was read: a command goes on with a line, not in one.
        """
        for entries in lines:
            self._taken.extend((self.line(), entry) for entry in entries)
            yield entries

    def settle(self, count: int) -> None:
        """Forgets the first ones."""
        for _ in range(count):
            self._taken.popleft()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that are not settled, in order."""
        return tuple(entry for _, entry in self._taken)

    @property
    def next_line(self) -> int:
        """The first line of which something is not settled; the one after the last if all is."""
        return self._taken[0][0] if self._taken else self.line() + 1
