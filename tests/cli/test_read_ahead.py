# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Lines are read by a thread while their entries are used: in order, not too far, and to the end of a line."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from otlpjson import Entry
from otlpjson.cli.read_ahead import read_ahead

from ..delivery.fakes import entry

LINES = [(entry("1"), entry("2")), (), (entry("3"),), (entry("4"), entry("5"))]
SIZE = len(entry("1").data)


class Lines:
    """Lines that remember how many of them were read."""

    def __init__(self, error: Exception | None = None) -> None:
        self.read = 0
        self.error = error

    def __iter__(self) -> Iterator[tuple[Entry, ...]]:
        for line in LINES:
            self.read += 1
            yield line
        if self.error is not None:
            raise self.error

    def settled(self) -> int:
        """How many are read in the end."""
        before = -1
        while before != self.read:
            before = self.read
            time.sleep(0.05)
        return self.read


@pytest.mark.parametrize("max_bytes", [0, SIZE, 1_000_000])
def test_all_entries_come_in_order(max_bytes: int) -> None:
    with read_ahead(LINES, max_bytes) as entries:
        assert list(entries) == LINES


@pytest.mark.parametrize(("max_bytes", "read"), [(0, 1), (2 * SIZE, 3), (3 * SIZE, 4), (1_000_000, 4)])
def test_no_more_is_read_than_may_wait(max_bytes: int, read: int) -> None:
    """But for the line that is one too many; what is taken makes room."""
    lines = Lines()
    with read_ahead(lines, max_bytes) as entries:
        assert lines.settled() == read
        assert next(entries) == LINES[0]
        assert lines.settled() >= min(read + 1, 4)


def test_an_error_comes_where_its_line_would_come() -> None:
    with read_ahead(Lines(OSError("gone")), 1_000_000) as entries:
        taken = [next(entries) for _ in range(4)]
        with pytest.raises(OSError, match="gone"):
            next(entries)

    assert taken == LINES


def test_a_block_that_is_left_ends_the_thread_after_a_line() -> None:
    lines = Lines()
    with pytest.raises(KeyboardInterrupt), read_ahead(lines, 0) as entries:
        next(entries)
        raise KeyboardInterrupt

    assert lines.read < 4
    assert "otlpjson-read-ahead" not in [thread.name for thread in threading.enumerate()]
