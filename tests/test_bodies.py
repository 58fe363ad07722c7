# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries joined to bodies; the laws are in ``test_properties``."""

from __future__ import annotations

from collections.abc import Iterator

from otlpjson import Entry
from otlpjson.bodies import MAX_BODY_BYTES, Body, fill, join

ONE, TWO, THREE = (
    Entry(data=data, span_count=count) for data, count in ((b"{}", 1), (b'{"a":1}', 2), (b"{}", 0))
)


def test_a_body_without_entries_is_an_empty_object() -> None:
    """ENC-1."""
    assert join([]) == b"{}"


def test_entries_are_joined_in_order() -> None:
    """Nothing between them but a comma."""
    assert join([ONE, TWO]) == b'{"resourceSpans":[{},{"a":1}]}'


def test_a_body_knows_its_bytes_and_its_spans() -> None:
    """Both follow from its entries."""
    body = Body(entries=(ONE, TWO))

    assert body.data == b'{"resourceSpans":[{},{"a":1}]}'
    assert body.span_count == 3
    assert repr(body) == (
        "Body(entries=(Entry(data=<2 bytes>, span_count=1), Entry(data=<7 bytes>, span_count=2)), data=<30 bytes>)"
    )


def test_halves_split_in_the_middle() -> None:
    """The front is the smaller one."""
    front, back = Body(entries=(ONE, TWO, THREE)).halves()

    assert (front.entries, back.entries) == ((ONE,), (TWO, THREE))
    front, back = Body(entries=(ONE, TWO, THREE, ONE)).halves()
    assert (front.entries, back.entries) == ((ONE, TWO), (THREE, ONE))


def test_a_body_is_filled_up_to_the_very_limit() -> None:
    """One byte less and the second entry goes into a body of its own."""
    assert [body.entries for body in fill([ONE, TWO], 30)] == [(ONE, TWO)]
    assert [body.entries for body in fill([ONE, TWO], 29)] == [(ONE,), (TWO,)]
    # All that wait count, not the last alone.
    assert [body.entries for body in fill([ONE, ONE, ONE], 27)] == [(ONE, ONE), (ONE,)]
    # The second body as full as the first.
    assert [body.entries for body in fill([TWO, TWO, TWO, ONE], 29)] == [(TWO,), (TWO,), (TWO,), (ONE,)]
    assert [body.entries for body in fill([ONE, TWO, ONE, TWO], 30)] == [(ONE, TWO), (ONE, TWO)]


def test_an_entry_that_is_too_large_goes_alone() -> None:
    """It is for the receiver to refuse it."""
    large = Entry(data=b"x" * 100, span_count=1)

    assert [body.entries for body in fill([ONE, large, ONE], 40)] == [(ONE,), (large,), (ONE,)]


def test_entries_are_taken_as_they_are_needed() -> None:
    """An endless source is fine."""

    def endless() -> Iterator[Entry]:
        while True:
            yield ONE

    bodies = fill(endless(), 100)

    assert len(next(bodies).data) == 100
    assert len(next(bodies).data) == 100


def test_the_default_limit_is_grafanas_burst() -> None:
    """SND-3."""
    assert MAX_BODY_BYTES == 500_000
    assert list(fill([])) == []
