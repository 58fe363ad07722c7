# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries joined to bodies; the laws are in ``test_properties``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from otlpjson import Entry, InvalidDocument, InvalidValue, entries_of
from otlpjson.core.bodies import MAX_BODY_BYTES, Body, fill, join

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


def test_entries_keep_their_bytes() -> None:
    """Numbers, escapes, order and white space inside an entry stay as they came."""
    body = b' {"resourceSpans" : [ {"n": 1.50, "x": "\\u00e9 \xc3\xa9"} , {"scopeSpans":[{"spans":[{},{}]},{}]}\n] }\n'

    assert entries_of(body) == (
        Entry(data=b'{"n": 1.50, "x": "\\u00e9 \xc3\xa9"}', span_count=0),
        Entry(data=b'{"scopeSpans":[{"spans":[{},{}]},{}]}', span_count=2),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"resourceSpans":[]}',
        b'{"resourceSpans":null}',
        b'{"other":{"deep":[1]},"more":null}',
        b"{ }",
    ],
)
def test_an_empty_body_has_no_entries(body: bytes) -> None:
    """1.1: all of these are valid and empty; DEC-7: unknown members are passed over."""
    assert entries_of(body) == ()


@pytest.mark.parametrize("group", [b"{}", b'{"scopeSpans":null}', b'{"scopeSpans":[{"spans":null}]}'])
def test_a_group_without_spans_counts_none(group: bytes) -> None:
    """Missing and null are empty lists."""
    assert entries_of(b'{"resourceSpans":[' + group + b"]}") == (Entry(data=group, span_count=0),)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            b"",
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 1 (char 0)) (JSON)",
        ),
        (b"\xff", "body: expected UTF-8 text, got byte 0xff at offset 0 (JSON)"),
        (b"null", "body: expected one JSON object, got nothing"),
        (b"[1]", "body: expected one JSON object, got list"),
        (
            b"{",
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 2 (char 1)) (JSON)",
        ),
        (
            b'{"a" 1}',
            "body: expected one JSON object, got text that is not JSON (expecting a name and ':' at character 5) (JSON)",
        ),
        (
            b'{"a":1',
            "body: expected one JSON object, got text that is not JSON (expecting ',' or '}' at character 6) (JSON)",
        ),
        (
            b'{"a":NaN}',
            "body: expected one JSON object, got text that is not JSON (NaN is not a JSON number) (JSON)",
        ),
        (
            b"{1:2}",
            "body: expected one JSON object, got text that is not JSON (expecting a name and ':' at character 2) (JSON)",
        ),
        (
            b'{"resourceSpans":[{},]}',
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 22 (char 21)) (JSON)",
        ),
        (
            b'{"resourceSpans":[{} {}]}',
            "body: expected one JSON object, got text that is not JSON (expecting ',' or ']' at character 21) (JSON)",
        ),
        (b"{}{}", "body: more text after the JSON value, at character 2 (JSON)"),
        (b'{"resourceSpans":{}}', "body.resourceSpans: expected a list of objects, got dict"),
        (b'{"resourceSpans":[7]}', "body.resourceSpans[0]: expected an object, got int 7"),
        (b'{"resourceSpans":[],"resourceSpans":[]}', "body.resourceSpans: duplicate member (JSON)"),
        (
            b'{"resourceSpans":[{"scopeSpans":{}}]}',
            "body.resourceSpans[0].scopeSpans: expected a list, got dict",
        ),
        (
            b'{"resourceSpans":[{},{"scopeSpans":[{},{"spans":"x"}]}]}',
            "body.resourceSpans[1].scopeSpans[1].spans: expected a list, got str 'x'",
        ),
        (
            b'{"resourceSpans":[{"scopeSpans":[5]}]}',
            "body.resourceSpans[0].scopeSpans[0]: expected an object, got int 5",
        ),
    ],
)
def test_what_is_no_body_is_refused_in_one_sentence(body: bytes, sentence: str) -> None:
    """Where, what was expected, what was found."""
    with pytest.raises(InvalidDocument) as caught:
        entries_of(body)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"resourceSpans":[{"a":'])
def test_endless_nesting_is_refused(opening: bytes) -> None:
    """DEC-11: a reader's recursion ends in a sentence."""
    with pytest.raises(InvalidDocument) as caught:
        entries_of(opening * 100_000)

    assert str(caught.value) == "body: JSON is nested too deeply (DEC-11)"


def test_a_body_that_is_no_bytes_is_refused() -> None:
    """As by the decoder."""
    with pytest.raises(InvalidValue) as caught:
        entries_of("{}")  # type: ignore[arg-type]  # the test is about wrong types

    assert str(caught.value) == "body: expected bytes, got str"
