# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What was read from a file and is not settled."""

from __future__ import annotations

from otlpjson.cli.in_flight import InFlight

from ..delivery.fakes import entry

ONE, TWO, THREE = entry("1"), entry("2"), entry("3")


def test_entries_are_remembered_with_their_lines_until_they_are_settled() -> None:
    """All of a line, also those that were not taken yet; the next line is that of the first of them."""
    lines = [0]
    known = InFlight(lambda: lines[-1])
    assert (known.next_line, known.entries) == (1, ())

    taken = known.watch([(ONE, TWO), (THREE,)])
    for line in (4, 7):
        lines.append(line)
        next(taken)
    assert (known.next_line, known.entries) == (4, (ONE, TWO, THREE))
    known.settle(1)
    assert (known.next_line, known.entries) == (4, (TWO, THREE))
    known.settle(1)
    assert (known.next_line, known.entries) == (7, (THREE,))
    known.settle(1)
    assert (known.next_line, known.entries) == (8, ())
