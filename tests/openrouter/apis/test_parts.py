# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Placeholders for the media in messages."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.openrouter.apis.parts import (
    part_without_media,
    placeholder,
    url_or_placeholder,
    url_without_data,
    with_placeholders,
    without_media,
)

from ... import strategies

PNG = "data:image/png;base64,iVBORw0KGgo="
LINK = "https://example.org/cat.png"


def test_a_placeholder_has_type_and_length() -> None:
    """Data of an unknown type is called data."""
    assert placeholder("image/png", "QUJD") == "[image/png, 4 characters]"
    assert placeholder(None, "") == "[data, 0 characters]"
    assert placeholder("audio/wav", "QUJD") == "[audio/wav, 4 characters]"
    assert placeholder(None, None) == "[data, 0 characters]"


@pytest.mark.parametrize(
    ("url", "expected"),
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
def test_a_url_stays_unless_it_holds_data(url: str, expected: str) -> None:
    """Data URLs as in RFC 2397, in any case."""
    assert url_without_data(url) == expected


@pytest.mark.parametrize(
    ("part", "expected"),
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
            {"type": "image", "b64_json": "QUJD"},
            {"type": "image", "b64_json": "[data, 4 characters]"},
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
            {"type": "input_audio", "input_audio": {"data": "", "format": "wav"}},
        ),
        (
            {"type": "unknown", "data": None, "more": [1, True]},
            {"type": "unknown", "data": None, "more": [1, True]},
        ),
        ("text", "text"),
        (None, None),
    ],
)
def test_a_part_keeps_its_form_and_loses_its_data(part: Any, expected: Any) -> None:
    """Also in a list of parts, which may be a tuple."""
    assert part_without_media(part) == expected
    assert without_media([{"role": "user", "content": (part,)}]) == [{"role": "user", "content": [expected]}]


def test_an_answer_that_is_sent_again_loses_its_media() -> None:
    """It may have images, annotated files and audio; encrypted reasoning and arguments of calls stay."""
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
    (cleaned,) = without_media([message])
    image = {"type": "image_url", "image_url": {"url": "[image/png, 12 characters]"}}

    assert message == before
    assert cleaned == {
        "role": "assistant",
        "content": PNG,
        "images": [image],
        "audio": {"id": "audio_1", "data": "[data, 4 characters]", "transcript": "data:,said"},
        "annotations": [{"type": "file", "file": {**file, "content": [*file["content"], image]}}],
        "reasoning_details": details,
        "tool_calls": calls,
    }


def test_a_message_without_data_is_the_same_object() -> None:
    """A conversation in plain text is not copied."""
    message = {"role": "user", "content": "Hello", "annotations": None}

    assert without_media([message])[0] is message
    assert without_media("Hello") == "Hello"
    assert without_media(["Hello", None]) == ["Hello", None]


def test_values_nested_too_deeply_stay() -> None:
    """No known part is nested more than eight deep."""
    own: dict[str, Any] = {"type": "text"}
    own["again"] = [own, own]
    deep: Any = PNG
    for _ in range(900):
        deep = [deep]

    assert part_without_media(own)["again"][1]["type"] == "text"
    assert json.dumps(without_media([{"content": deep}])) == json.dumps([{"content": deep}])


@pytest.mark.parametrize(
    ("media_type", "value", "expected"),
    [
        ("image/png", "QUJD", "[image/png, 4 characters]"),
        (None, "QUJD", "[data, 4 characters]"),
        ("image/gif", PNG, "[image/png, 12 characters]"),
        ("image/png", LINK, LINK),
        ("image/png", "gs://bucket/cat.png", "gs://bucket/cat.png"),
        ("text/plain", "text with :// later", "[text/plain, 19 characters]"),
    ],
)
def test_data_without_its_prefix_is_replaced_as_well(
    media_type: str | None, value: str, expected: str
) -> None:
    """A data URL names its own media type; other URLs stay."""
    assert url_or_placeholder(media_type, value) == expected


def holding(data: str) -> st.SearchStrategy[dict[str, Any]]:
    """A part of any type that holds data."""
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


@strategies.examples(100)
@given(st.binary(min_size=30, max_size=60), st.data())
def test_no_data_survives(octets: bytes, data: st.DataObject) -> None:
    """This holds for any data in any part."""
    text = base64.b64encode(octets).decode()
    parts = data.draw(st.lists(holding(text), min_size=1, max_size=3))

    assert text not in json.dumps(without_media([{"role": "user", "content": parts}]))


@strategies.examples(200)
@given(strategies.json_values)
def test_nothing_is_refused(value: Any) -> None:
    """There are as many messages as before, and they are still JSON."""
    cleaned = without_media([{"content": value, "images": value}, value])

    assert len(json.loads(json.dumps(cleaned))) == 2


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ([], "Here"),
        (["data:,text", None, 5], "Here"),
        ([{"type": "file", "file": {"file_id": "f1"}}], "Here"),
        ([{5: LINK, "url": LINK}], f"Here\n{LINK}"),
        ([{"url": "", "data": ""}], "Here"),
        ([{"data": "QUJD", "format": "wav"}], "Here\n[wav, 4 characters]"),
        ([{"transcript": PNG}, {"image_url": {"url": PNG}}], "Here\n[image/png, 12 characters]"),
    ],
)
def test_media_are_listed_below_a_text(media: list[Any], expected: str) -> None:
    """On one line each; media with neither data nor a URL are left out."""
    assert with_placeholders("Here", media) == expected


def test_media_without_a_text_are_the_text() -> None:
    """Without media, the text stays unchanged."""
    assert with_placeholders("", [{"data": "QUJD"}]) == "[data, 4 characters]"
    assert with_placeholders(None, [{"data": "QUJD"}]) == "[data, 4 characters]"
    assert with_placeholders("", []) == ""
    assert with_placeholders(None, []) is None


@pytest.mark.slow
def test_media_too_deep_are_not_looked_for() -> None:
    """Nothing raises, however deep they are nested."""
    medium: dict[str, Any] = {"url": LINK}
    for _ in range(100_000):
        medium = {"a": medium}

    assert with_placeholders("Here", [medium]) == "Here"
