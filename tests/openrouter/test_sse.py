# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Server-sent events, case by case as WHATWG HTML, "Server-sent events", has them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otlpjson.openrouter.sse import ServerSentEvent, events

E = ServerSentEvent


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        ("", []),
        ("\n\n\n", []),
        ("data: one\n\n", [E("one")]),
        ("data:one\n\n", [E("one")]),
        ("data:  one \n\n", [E(" one ")]),
        ("data: a: b\n\n", [E("a: b")]),
        ("data: one\ndata: two\n\n", [E("one\ntwo")]),
        ("data: one\n\ndata: two\n\n", [E("one"), E("two")]),
        ("data\n\n", [E("")]),
        ("data\ndata\n\n", [E("\n")]),
        ("data:\n\n", [E("")]),
        ("event: named\ndata: one\n\ndata: two\n\n", [E("one", "named"), E("two")]),
        ("data: one\nevent: named\n\n", [E("one", "named")]),
        ("event: first\nevent: last\ndata: one\n\n", [E("one", "last")]),
        ("event: lost\n\ndata: one\n\n", [E("one")]),
        ("event\ndata: one\n\n", [E("one")]),
        ("id: 7\nretry: 1000\nother: x\ndata: one\n\n", [E("one")]),
        ("DATA: no\nDatum: no\n data: no\n\n", []),
        (": OPENROUTER PROCESSING\n\ndata: one\n\n", [E("one")]),
        ("data: one\n: keep-alive\ndata: two\n\n", [E("one\ntwo")]),
        (":\n:\n: \n\n", []),
        ("data: : OPENROUTER PROCESSING\n\n", [E(": OPENROUTER PROCESSING")]),
        ("\ufeffdata: one\n\n", [E("one")]),
        ("\ufeff\ufeffdata: one\n\ndata: two\n\n", [E("two")]),
        ("data: one\r\n\r\ndata: two\r\rdata: three\n\n", [E("one"), E("two"), E("three")]),
        ("data: one\r\ndata: two\rdata: three\n\r\n", [E("one\ntwo\nthree")]),
        ("data: one\n\r", [E("one")]),
        (
            "data: \x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\n\n",
            [E("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00")],
        ),
        ("data: 東京 🗼\n\n", [E("東京 🗼")]),
    ],
)
def test_a_stream_is_its_events(stream: str, found: list[ServerSentEvent]) -> None:
    """As text and as bytes."""
    assert list(events(stream)) == found
    assert list(events(stream.encode())) == found


@pytest.mark.parametrize("stream", ["data: one", "data: one\n", "data: one\r", "data: one\r\n"])
def test_an_event_that_lacks_its_blank_line_at_the_end_counts(stream: str) -> None:
    """Unlike the standard: of a stream that was cut off some is better than none."""
    assert list(events(stream)) == [E("one")]


@pytest.mark.parametrize(
    ("stream", "data"),
    [(b"data: a\xff\xc3\n\n", "a\ufffd\ufffd"), (b"data: \xe6\x9d", "\ufffd"), ("data: \ud83d\n\n", "?")],
)
def test_what_is_not_unicode_is_replaced(stream: str | bytes, data: str) -> None:
    """A character may be cut in half."""
    assert list(events(stream)) == [E(data)]


line_ends = st.sampled_from(["\n", "\r", "\r\n"])
texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=5), st.data())
def test_events_survive_any_mix_of_line_ends(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    """LF, CR and CRLF mean the same, with comments between."""
    written = "".join(
        f"event: {name}{data.draw(line_ends)}: note{data.draw(line_ends)}data: {text}{data.draw(line_ends)}\r\n"
        for name, text in pairs
    )

    assert list(events(written)) == [E(text, name) for name, text in pairs]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | st.text(st.characters(exclude_categories=()), max_size=60))
def test_nothing_is_refused(stream: str | bytes) -> None:
    """Whatever it is, it has events or none."""
    assert all(isinstance(event.data, str) for event in events(stream))
