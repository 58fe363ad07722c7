# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ready bodies cut into their entries."""

from __future__ import annotations

import pytest

from otlpjson import Entry, InvalidDocument, entries_of


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
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 1 (char 0))",
        ),
        (b"\xff", "body: expected UTF-8 text, got byte 0xff at offset 0"),
        (b"null", "body: expected one JSON object, got nothing"),
        (b"[1]", "body: expected one JSON object, got list"),
        (
            b"{",
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 2 (char 1))",
        ),
        (
            b'{"a" 1}',
            "body: expected one JSON object, got text that is not JSON (expecting ':' at character 5)",
        ),
        (
            b'{"a":1',
            "body: expected one JSON object, got text that is not JSON (expecting '}' at character 6)",
        ),
        (b'{"a":NaN}', "body: expected one JSON object, got text that is not JSON (NaN is no JSON number)"),
        (b"{}{}", "body: expected one JSON object, got more text after it, at character 2"),
        (b'{"resourceSpans":{}}', "body.resourceSpans: expected a list of objects, got dict"),
        (b'{"resourceSpans":[7]}', "body.resourceSpans[0]: expected an object, got int 7"),
        (b'{"resourceSpans":[],"resourceSpans":[]}', "body: expected one member resourceSpans, got two"),
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
    with pytest.raises(
        InvalidDocument, match=r"^body: expected (JSON that a reader can follow|one JSON object), got "
    ):
        entries_of(opening * 100_000)
