# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of several files cut into bodies, none of which has entries of two files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..core.bodies import Body, fill
from ..core.entry import Entry

__all__ = ["cut"]


def cut(lines: Iterable[tuple[Entry, ...]], max_bytes: int) -> Iterator[Body]:
    """
    As ``fill``, for the entries of each line; where a line has none, a file ends, and with it a body.

    So a run that begins at a body of one file cuts the others at the same places.
    """
    rest = _Lines(iter(lines))
    while not rest.over:
        yield from fill(rest.entries(), max_bytes)


class _Lines:
    def __init__(self, lines: Iterator[tuple[Entry, ...]]) -> None:
        self._lines = lines
        self.over = False

    def entries(self) -> Iterator[Entry]:
        """Those up to the end of a file."""
        for entries in self._lines:
            if not entries:
                return
            yield from entries
        self.over = True
