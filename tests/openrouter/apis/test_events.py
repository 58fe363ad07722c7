# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The events of a stream, in every form in which callers have it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.openrouter.apis.events import Event, Piece, events

from ... import strategies


def pairs_of(stream: str | bytes) -> list[tuple[str, str]]:
    """The names and data of the events of a stream in one piece."""
    raw = stream.encode("utf-8", "replace") if isinstance(stream, str) else stream
    return [(event.name, event.data) for event in events([raw])]


A, B = '{"a": 1}', '{"b": 2}'
TWO: list[Event] = [Event("", {"a": 1}, A), Event("", {"b": 2}, B)]
END = Event("", None, "[DONE]")


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        # Cut anywhere.
        ([b"da", b'ta: {"a"', b": 1}\n\ndata: ", B.encode()], TWO),
        # Lines with their ends, and without them, with and without the empty ones.
        ([f"data: {A}\n".encode(), b"\n", f"data: {B}\n".encode(), b"\n"], TWO),
        ([f"data: {A}".encode(), b"", f"data: {B}".encode(), b"", b"data: [DONE]"], [*TWO, END]),
        ([f"data: {A}".encode(), f"data: {B}".encode(), b"data: [DONE]"], [*TWO, END]),
        ([b": comment", f"data: {A}".encode(), b"id: 5", f"data: {B}".encode()], TWO),
        ([b"event: x", f"data: {A}".encode(), f"data: {B}".encode()], [Event("x", {"a": 1}, A), TWO[1]]),
        ([b'data: {"a":', b"data: 1}"], [Event("", {"a": 1}, '{"a":\n1}')]),
        # Empty lines that were dropped, with their ends kept.
        ([f"data: {A}\ndata: {B}\ndata: [DONE]\n".encode()], [*TWO, END]),
        # JSON without its field.
        ([A.encode(), B.encode(), b"[DONE]"], [*TWO, END]),
        ([f"{A}\n{B}\n[DONE]\n".encode()], [*TWO, END]),
        ([b"{", b'"a": 1', b"}"], [Event("", {"a": 1}, A)]),
        # Objects, alone and among text.
        ([{"a": 1}, {"b": 2}], [Event("", {"a": 1}), Event("", {"b": 2})]),
        ([f"data: {A}\n\n".encode(), {"b": 2}, b"data: [DONE]\n\n"], [TWO[0], Event("", {"b": 2}), END]),
        # A field that the standard does not know.
        ([b'error: {"code": 503}\n\n'], [Event("error", {"code": 503}, '{"code": 503}')]),
        ([b"error: no more\n\n"], [Event("error", {"error": "no more"}, "no more")]),
        ([], []),
        ([b""], []),
    ],
)
def test_pieces_are_read_as_they_are_meant(pieces: list[Piece], found: list[Event]) -> None:
    """Callers have a stream as their HTTP library gives it."""
    assert list(events(pieces)) == found


chunks = st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5), max_size=2), max_size=6)


@strategies.examples(200)
@given(chunks, st.data())
def test_every_form_of_a_stream_gives_the_same_chunks(
    objects: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Bytes cut anywhere, lines without ends, JSON without its field, and objects."""
    texts = [json.dumps(chunk) for chunk in objects]
    raw = "".join(f"data: {text}\n\n" for text in texts).encode()
    at = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=4)))
    cut = [raw[start:end] for start, end in zip([0, *at], [*at, len(raw)])]
    forms: list[list[Piece]] = [
        list(cut),
        [*objects],
        [*raw.split(b"\n")[:-1]],
        [line for line in raw.split(b"\n") if line],
        [text.encode() for text in texts],
    ]

    assert [[event.chunk for event in events(form)] for form in forms] == [objects] * len(forms)


@pytest.mark.parametrize(
    ("data", "event"),
    [
        ("Overloaded", Event("error", {"error": "Overloaded"}, "Overloaded")),
        ('{"code": 503}', Event("error", {"code": 503}, '{"code": 503}')),
        ("[DONE]", Event("error", None, "[DONE]")),
        ("", Event("error", None, "")),
    ],
)
def test_the_data_of_an_error_may_be_its_words(data: str, event: Event) -> None:
    """Then it is read as the error of a chunk."""
    assert list(events([f"event: error\ndata: {data}\n\n".encode()])) == [event]


def event(data: str, name: str = "") -> tuple[str, str]:
    """An event as it is returned."""
    return name, data


@pytest.mark.parametrize(
    ("stream", "found"),
    [
        ("", []),
        ("\n\n\n", []),
        ("data: one\n\n", [event("one")]),
        ("data:one\n\n", [event("one")]),
        ("data:  one \n\n", [event(" one ")]),
        ("data: a: b\n\n", [event("a: b")]),
        ("data: one\ndata: two\n\n", [event("one\ntwo")]),
        ("data: one\n\ndata: two\n\n", [event("one"), event("two")]),
        ("data\n\n", [event("")]),
        ("data\ndata\n\n", [event("\n")]),
        ("data:\n\n", [event("")]),
        ("event: named\ndata: one\n\ndata: two\n\n", [event("one", "named"), event("two")]),
        ("data: one\nevent: named\n\n", [event("one", "named")]),
        ("event: first\nevent: last\ndata: one\n\n", [event("one", "last")]),
        ("event: lost\n\ndata: one\n\n", [event("one")]),
        ("event\ndata: one\n\n", [event("one")]),
        ("id: 7\nretry: 1000\nother: x\ndata: one\n\n", [event("one")]),
        ("DATA: no\nDatum: no\n data: no\n\n", []),
        (": OPENROUTER PROCESSING\n\ndata: one\n\n", [event("one")]),
        ("data: one\n: keep-alive\ndata: two\n\n", [event("one\ntwo")]),
        (":\n:\n: \n\n", []),
        ("data: : OPENROUTER PROCESSING\n\n", [event(": OPENROUTER PROCESSING")]),
        ("\ufeffdata: one\n\n", [event("one")]),
        ("\ufeff\ufeffdata: one\n\ndata: two\n\n", [event("two")]),
        ("data: one\r\n\r\ndata: two\r\rdata: three\n\n", [event("one"), event("two"), event("three")]),
        ("data: one\r\ndata: two\rdata: three\n\r\n", [event("one\ntwo\nthree")]),
        ("data: one\n\r", [event("one")]),
        (
            "data: \x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00\n\n",
            [event("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\x00")],
        ),
        ("data: 東京 🗼\n\n", [event("東京 🗼")]),
    ],
)
def test_a_stream_is_its_events(stream: str, found: list[tuple[str, str]]) -> None:
    """Comments and fields without data are none."""
    assert pairs_of(stream) == found


@pytest.mark.parametrize("stream", ["data: one", "data: one\n", "data: one\r", "data: one\r\n"])
def test_an_event_without_its_blank_line_at_the_end_counts(stream: str) -> None:
    """The standard drops it, but part of a stream that was cut off is better than nothing."""
    assert pairs_of(stream) == [event("one")]


@pytest.mark.parametrize(
    ("stream", "data"),
    [(b"data: a\xff\xc3\n\n", "a\ufffd\ufffd"), (b"data: \xe6\x9d", "\ufffd"), ("data: \ud83d\n\n", "?")],
)
def test_bytes_that_are_not_utf_8_are_replaced(stream: str | bytes, data: str) -> None:
    """A character may have been cut in half."""
    assert pairs_of(stream) == [event(data)]


line_ends = st.sampled_from(["\n", "\r", "\r\n"])


texts = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=8)


@strategies.examples(200)
@given(st.lists(st.tuples(texts, texts), max_size=5), st.data())
def test_events_survive_any_mix_of_line_ends(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    """LF, CR and CRLF are equal; comments between events are ignored."""
    written = "".join(
        f"event: {name}{data.draw(line_ends)}: note{data.draw(line_ends)}data: {text}{data.draw(line_ends)}\r\n"
        for name, text in pairs
    )

    assert pairs_of(written) == pairs


@strategies.examples(200)
@given(st.binary(max_size=60) | st.text(st.characters(exclude_categories=()), max_size=60))
def test_nothing_is_refused(stream: str | bytes) -> None:
    """Any text or bytes can be read."""
    assert all(isinstance(data, str) for _, data in pairs_of(stream))
