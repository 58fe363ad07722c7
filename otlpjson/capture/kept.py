# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The copy of one body while it arrives: all of it or, over a bound, its beginning and its end."""

from __future__ import annotations

from array import array
from collections import deque
from typing import Final

from .budget import Budget

__all__ = ["END_BYTES", "Kept"]

END_BYTES: Final = 64 * 1024
"""How much of the end is kept of a body that is over the bound; its usage stands there."""

# What a piece costs besides its bytes: the object, its place in the list, and its time.
_PIECE_BYTES: Final = 64


class Kept:
    """
    A bounded copy of a body.

    Args:
        budget: How many bytes of memory its beginning may hold.

    Attributes:
        beginning: Its pieces, as they arrived.

        times_ns: When each of these arrived, in nanoseconds of the caller's clock.

        left_out: The number of bytes between the beginning and the end that were not kept.
    """

    __slots__ = (
        "_budget",
        "_end",
        "_end_size",
        "_is_over",
        "_taken",
        "beginning",
        "left_out",
        "times_ns",
    )

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.beginning: list[bytes] = []
        self.times_ns = array("q")
        self.left_out = 0
        self._taken = 0
        self._is_over = False
        self._end: deque[bytes] = deque()
        self._end_size = 0

    @property
    def end(self) -> bytes:
        """The last bytes of a body that is over the bound; empty for any other."""
        return b"".join(self._end)

    @property
    def size(self) -> int:
        """About how many bytes of memory it holds."""
        return self._taken + self._end_size

    def add(self, data: bytes, time_ns: int) -> None:
        """Adds a piece that arrived at this time."""
        cost = len(data) + _PIECE_BYTES
        fits = not self._is_over and self._taken + cost <= self._budget.max_copy_bytes
        if fits and self._budget.take(cost):
            self._taken += cost
            self.beginning.append(data)
            self.times_ns.append(time_ns)
        else:
            self._is_over = True
            self._add_to_end(data)

    def give_back(self) -> None:
        """Ends the claim on the budget; the bytes are counted elsewhere from now on."""
        self._budget.give_back(self._taken)

    def _add_to_end(self, data: bytes) -> None:
        if len(data) > END_BYTES:
            self.left_out += len(data) - END_BYTES
            data = data[-END_BYTES:]
        self._end.append(data)
        self._end_size += len(data)
        # What came in one piece is dropped in one piece, so a little more than END_BYTES may be held.
        while self._end_size - len(self._end[0]) >= END_BYTES:
            dropped = len(self._end.popleft())
            self._end_size -= dropped
            self.left_out += dropped
