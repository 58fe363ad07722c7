# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Placeholders for what is no text."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otlpjson.openrouter.apis.parts import (
    address,
    data_url,
    joined,
    placeholder,
    stripped,
    stripped_part,
    with_media,
)

from ... import strategies

PNG = "data:image/png;base64,iVBORw0KGgo="
LINK = "https://example.org/cat.png"


def test_a_placeholder_says_what_it_was_and_how_long() -> None:
    """Of an unknown type it is data."""
    assert placeholder("image/png", "QUJD") == "[image/png, 4 characters]"
    assert placeholder(None, "") == "[data, 0 characters]"
    assert data_url("audio/wav", "QUJD") == "[audio/wav, 4 characters]"
    assert data_url(None, None) == "[data, 0 characters]"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (LINK, LINK),
        ("gs://bucket/cat.png", "gs://bucket/cat.png"),
        ("", ""),
        (PNG, "[image/png, 12 characters]"),
        ("DATA:image/PNG;BASE64,QUJD", "[image/PNG, 4 characters]"),
        ("data:,hello", "[data, 5 characters]"),
        ("data:text/plain;charset=utf-8;base64,QUJD", "[text/plain, 4 characters]"),
        ("data: no url, but words", "data: no url, but words"),
        ("data:no-comma", "data:no-comma"),
    ],
)
def test_an_address_stays_unless_it_holds_data(url: str, told: str) -> None:
    """Data URLs as RFC 2397 has them, of any case."""
    assert address(url) == told


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"type": "text", "text": PNG}, {"type": "text", "text": PNG}),
        (
            {"type": "image_url", "image_url": {"url": LINK, "detail": "low"}},
            {"type": "image_url", "image_url": {"url": LINK, "detail": "low"}},
        ),
        (
            {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
            {"type": "image_url", "image_url": {"url": "[image/png, 12 characters]", "detail": "low"}},
        ),
        (
            {"type": "image_url", "image_url": PNG},
            {"type": "image_url", "image_url": "[image/png, 12 characters]"},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
            {"type": "input_audio", "input_audio": {"data": "[wav, 4 characters]", "format": "wav"}},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": 5}},
            {"type": "input_audio", "input_audio": {"data": "[data, 4 characters]", "format": 5}},
        ),
        (
            {"type": "video_url", "video_url": {"url": "data:video/mp4;base64,QUJD"}},
            {"type": "video_url", "video_url": {"url": "[video/mp4, 4 characters]"}},
        ),
        (
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QUJD"}},
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "[application/pdf, 4 characters]"}},
        ),
        (
            {"type": "file", "file": {"file_data": "QUJD", "file_id": "file_1"}},
            {"type": "file", "file": {"file_data": "[data, 4 characters]", "file_id": "file_1"}},
        ),
        (
            {"type": "file", "file": {"file_data": "https://example.org/a.pdf"}},
            {"type": "file", "file": {"file_data": "https://example.org/a.pdf"}},
        ),
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": "QUJD"}},
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/gif", "data": "[image/gif, 4 characters]"},
            },
        ),
        (
            {"type": "unknown", "data": None, "more": [1, True]},
            {"type": "unknown", "data": None, "more": [1, True]},
        ),
        ("text", "text"),
        (None, None),
    ],
)
def test_a_part_keeps_its_form_and_loses_its_data(part: Any, told: Any) -> None:
    """In a list of parts as well, which may be a tuple."""
    assert stripped_part(part) == told
    assert stripped([{"role": "user", "content": (part,)}]) == [{"role": "user", "content": [told]}]


def test_an_answer_that_is_sent_again_loses_its_media() -> None:
    """Images, annotated files and audio; encrypted reasoning and arguments of calls stay."""
    details = [{"type": "reasoning.encrypted", "data": "QUJD"}]
    calls = [{"id": "c1", "function": {"name": "show", "arguments": PNG}}]
    file = {"hash": "h", "name": "a.pdf", "content": [{"type": "text", "text": PNG}]}
    message = {
        "role": "assistant",
        "content": PNG,
        "images": [{"type": "image_url", "image_url": {"url": PNG}}],
        "audio": {"id": "audio_1", "data": "QUJD", "transcript": "data:,said"},
        "annotations": [
            {
                "type": "file",
                "file": {
                    **file,
                    "content": [*file["content"], {"type": "image_url", "image_url": {"url": PNG}}],
                },
            }
        ],
        "reasoning_details": details,
        "tool_calls": calls,
    }
    before = copy.deepcopy(message)
    (told,) = stripped([message])
    image = {"type": "image_url", "image_url": {"url": "[image/png, 12 characters]"}}

    assert message == before
    assert told == {
        "role": "assistant",
        "content": PNG,
        "images": [image],
        "audio": {"id": "audio_1", "data": "[data, 4 characters]", "transcript": "data:,said"},
        "annotations": [{"type": "file", "file": {**file, "content": [*file["content"], image]}}],
        "reasoning_details": details,
        "tool_calls": calls,
    }


def test_what_holds_no_data_is_the_same_object() -> None:
    """Nothing is copied for a conversation in plain text."""
    message = {"role": "user", "content": "Hello", "annotations": None}

    assert stripped([message])[0] is message
    assert stripped("Hello") == "Hello"
    assert stripped(["Hello", None]) == ["Hello", None]


def test_what_is_nested_without_end_stays() -> None:
    """No known part is deeper than eight."""
    own: dict[str, Any] = {"type": "text"}
    own["again"] = [own, own]
    deep: Any = PNG
    for _ in range(900):
        deep = [deep]

    assert stripped_part(own)["again"][1]["type"] == "text"
    assert json.dumps(stripped([{"content": deep}])) == json.dumps([{"content": deep}])


@pytest.mark.parametrize(
    ("known", "more", "text"),
    [("a", "b", "ab"), (None, "b", "b"), ("a", None, "a"), (5, "b", "b"), ("", "", "")],
)
def test_pieces_of_text_are_joined(known: Any, more: str | None, text: str) -> None:
    """What is no text counts as none."""
    assert joined(known, more) == text


def holding(data: str) -> st.SearchStrategy[dict[str, Any]]:
    """A part of a kind that holds data."""
    url = f"data:image/png;base64,{data}"
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": url}},
        {"type": "input_audio", "input_audio": {"data": data, "format": "mp3"}},
        {"type": "file", "file": {"file_data": data}},
        {"type": "file", "file": {"file_data": url}},
        {"type": "video_url", "video_url": {"url": url}},
        {"type": "image", "source": {"type": "base64", "data": data}},
    ]
    return st.sampled_from(parts)


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=30, max_size=60), st.data())
def test_no_data_survives(octets: bytes, data: st.DataObject) -> None:
    """Whatever it is, and whichever part it stands in."""
    text = base64.b64encode(octets).decode()
    parts = data.draw(st.lists(holding(text), min_size=1, max_size=3))

    assert text not in json.dumps(stripped([{"role": "user", "content": parts}]))


@settings(max_examples=200, deadline=None)
@given(strategies.json_values)
def test_nothing_is_refused(value: Any) -> None:
    """As many messages as there were, and still JSON."""
    told = stripped([{"content": value, "images": value}, value])

    assert len(json.loads(json.dumps(told))) == 2


@pytest.mark.parametrize(
    ("media", "told"),
    [
        ([], "Here"),
        (["data:,text", None, 5], "Here"),
        ([{"type": "file", "file": {"file_id": "f1"}}], "Here"),
        ([{5: LINK, "url": LINK}], f"Here\n{LINK}"),
        ([{"data": "QUJD", "format": "wav"}], "Here\n[wav, 4 characters]"),
        ([{"transcript": PNG}, {"image_url": {"url": PNG}}], "Here\n[image/png, 12 characters]"),
    ],
)
def test_media_are_told_below_a_text(media: list[Any], told: str) -> None:
    """A line for each; what holds neither data nor an address tells nothing."""
    assert with_media("Here", media) == told


def test_media_without_a_text_are_the_text() -> None:
    """And without media it stays what it was."""
    assert with_media("", [{"data": "QUJD"}]) == "[data, 4 characters]"
    assert with_media(None, [{"data": "QUJD"}]) == "[data, 4 characters]"
    assert with_media("", []) == ""
    assert with_media(None, []) is None


def test_media_too_deep_are_not_looked_for() -> None:
    """However deep they are nested, nothing raises."""
    medium: dict[str, Any] = {"url": LINK}
    for _ in range(100_000):
        medium = {"a": medium}

    assert with_media("Here", [medium]) == "Here"
