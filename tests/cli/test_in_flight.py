# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What was read from files and is not settled."""

from __future__ import annotations

from otlpjson.backfill.position import Position
from otlpjson.cli.in_flight import END, InFlight

from ..delivery.fakes import entry

ONE, TWO, THREE = entry("1"), entry("2"), entry("3")


def test_entries_are_remembered_with_their_places_until_they_are_settled() -> None:
    """All of a line, also those that were not taken yet; what was settled before is not counted again."""
    known = InFlight(start=Position(1, 4, 2))
    assert (known.place_of(0), known.entries) == (Position(1, 4, 2), ())

    taken = known.watch(
        [(Position(1, 4, 2), (ONE, TWO)), (Position(1, 5), ()), (None, ()), (Position(2, 7), (THREE,))]
    )
    assert next(taken) == (ONE, TWO)
    assert next(taken) == END
    assert next(taken) == (THREE,)
    assert [known.place_of(index) for index in range(4)] == [
        *(Position(1, 4, 2), Position(1, 4, 3), Position(2, 7), Position(2, 7, 1))
    ]
    assert known.entries == (ONE, TWO, THREE)
    for count, place, left in ((1, Position(1, 4, 3), [TWO, THREE]), (2, Position(2, 7, 1), [])):
        known.settle(count)
        assert (known.place_of(0), list(known.entries)) == (place, left)


def test_lines_without_entries_are_passed() -> None:
    """They are read again at most, and a file that has ended is not."""
    known = InFlight()

    assert list(known.watch([(Position(0, 1), ()), (Position(0, 2), ())])) == []
    assert known.place_of(0) == Position(0, 2)
    assert list(known.watch([(None, ())])) == [END]
    assert known.place_of(0) == Position(1)
