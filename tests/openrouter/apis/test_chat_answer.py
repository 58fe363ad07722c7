# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The answer in a message of ``/chat/completions``."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson.openrouter.apis.chat_answer import Answer, answer_of
from otlpjson.openrouter.document import Document

NOTHING = Answer(content=None, reasoning=None, tool_calls=None, server_tools=None)
PNG = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QUJD"}}
LINK = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
SEARCH = {"type": "reasoning.server_tool_call", "tool_name": "search", "result": "ok", "text": "no"}


def read(message: dict[str, Any]) -> tuple[Answer, list[str]]:
    """The answer and the notes."""
    document = Document("message", message, [])
    return answer_of(document), [str(note) for note in document.skipped]


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({}, None),
        ({"content": "Hello"}, "Hello"),
        ({"content": ""}, ""),
        ({"content": None}, None),
        ({"content": []}, ""),
        ({"content": {}}, ""),
        ({"content": [{"type": "text", "text": "Hel"}, {"type": "output_text", "text": "lo"}]}, "Hello"),
        ({"content": ({"text": "Hel"}, "lo", None)}, "Hello"),
        ({"content": {"type": "text", "text": "Hello"}}, "Hello"),
        ({"content": None, "refusal": "No."}, "No."),
        ({"content": "", "refusal": "No."}, "No."),
        ({"content": "Yes.", "refusal": None}, "Yes."),
        ({"content": "Well,", "refusal": "no."}, "Well,\nno."),
        ({"content": "No.", "refusal": "No."}, "No."),
        ({"content": [{"type": "refusal", "refusal": "No."}]}, "No."),
        ({"audio": {"id": "audio_1", "transcript": "Hello"}}, "Hello"),
        ({"content": "Hello", "audio": {"transcript": "Hello"}}, "Hello"),
        # What is empty is not there.
        ({"content": "A", "audio": {"id": "", "data": "", "expires_at": 0, "transcript": ""}}, "A"),
        ({"content": "A", "images": [], "refusal": ""}, "A"),
        ({"content": "A", "images": [{"image_url": {"url": ""}}]}, "A"),
        # Media stored elsewhere.
        ({"content": None, "images": [LINK]}, "https://example.org/a.png"),
        ({"content": [LINK]}, "https://example.org/a.png"),
        ({"content": [{"image_url": LINK["image_url"]}]}, "https://example.org/a.png"),
    ],
)
def test_the_text_is_all_that_was_said(message: dict[str, Any], content: str | None) -> None:
    """Content, refusal and transcript are each on their own line, but not twice."""
    assert read(message) == (attrs.evolve(NOTHING, content=content), [])


@pytest.mark.parametrize(
    ("message", "content", "notes"),
    [
        (
            {"audio": {"id": "audio_1", "data": "QUJD", "transcript": "Good morning."}},
            "Good morning.\n[data, 4 characters]",
            ["message.audio: media data is not sent"],
        ),
        (
            {"content": [{"type": "text", "text": "Here"}, PNG], "images": [PNG, LINK]},
            "Here\n[image/png, 4 characters]\n[image/png, 4 characters]\nhttps://example.org/a.png",
            ["message.content[1].type: media data is not sent", "message.images: media data is not sent"],
        ),
        (
            {"content": "Here", "images": ["data:image/png;base64,QUJD", {"b64_json": "QUJD"}]},
            "Here\n[image/png, 4 characters]\n[data, 4 characters]",
            ["message.images: media data is not sent"],
        ),
        (
            {"images": PNG},
            "[image/png, 4 characters]",
            ["message.images: media data is not sent"],
        ),
    ],
)
def test_media_have_a_line_below_the_text(message: dict[str, Any], content: str, notes: list[str]) -> None:
    """Their data is not sent, which is noted."""
    assert read(message) == (attrs.evolve(NOTHING, content=content), notes)


@pytest.mark.parametrize(
    ("message", "reasoning"),
    [
        (
            {"reasoning": "Let us", "reasoning_details": [{"type": "reasoning.text", "text": "other"}]},
            "Let us",
        ),
        ({"reasoning": None, "reasoning_details": [], "reasoning_content": "", "thinking": []}, None),
        (
            {
                "reasoning_details": [
                    {"type": "reasoning.summary", "summary": "A"},
                    {"type": "reasoning.encrypted", "data": "xyz"},
                    {"type": "reasoning.text", "text": "B", "signature": "s"},
                    {"type": "reasoning.new", "text": "C"},
                    {},
                ]
            },
            "ABC",
        ),
        ({"reasoning": "", "reasoning_details": [{"type": "reasoning.text", "text": "A"}]}, "A"),
        ({"reasoning_content": "A"}, "A"),
        ({"reasoning": "A", "reasoning_content": "A", "thinking": "B"}, "A"),
        ({"thinking": "A"}, "A"),
        ({"reasoning": {"content": "A"}}, "A"),
        ({"reasoning": {"text": "", "summary": [{"type": "summary_text", "text": "A"}, "B"]}}, "AB"),
    ],
)
def test_reasoning_is_the_first_that_has_text(message: dict[str, Any], reasoning: str | None) -> None:
    """All repeat each other, so only one is used; encrypted reasoning is left out."""
    assert read(message) == (attrs.evolve(NOTHING, reasoning=reasoning), [])


@pytest.mark.parametrize(
    "thinking",
    [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Twelve "}, {"text": "squared."}]},
        {"type": "thinking", "thinking": "Twelve squared."},
        {"type": "reasoning", "text": "Twelve squared."},
    ],
)
def test_a_part_may_be_reasoning(thinking: dict[str, Any]) -> None:
    """Then it is no text."""
    message = {"content": [thinking, {"type": "text", "text": "144"}]}

    assert read(message) == (attrs.evolve(NOTHING, content="144", reasoning="Twelve squared."), [])


def test_what_has_no_place_in_chat_form_is_kept() -> None:
    """Media data in it is replaced; unknown types are noted."""
    file = {"type": "file", "file": {"file_id": "f1"}}
    reference = {"type": "reference", "url": "https://example.org", "image": PNG}
    detail = {"type": "reasoning.new", "index": 3}
    kept = {**reference, "image": {**PNG, "image_url": {"url": "[image/png, 4 characters]"}}}

    assert read({"content": [file, reference], "reasoning_details": [SEARCH, detail], "reasoning": "A"}) == (
        Answer(content="", reasoning="A", tool_calls=None, server_tools=[file, kept, SEARCH, detail]),
        [
            "message.content[0].type: an unknown type, kept with the server's tools",
            "message.content[1].type: an unknown type, kept with the server's tools",
            "message.reasoning_details[1].type: an unknown type, kept with the server's tools",
        ],
    )


def test_calls_are_part_of_the_answer() -> None:
    """Their arguments are text."""
    message = {"content": None, "tool_calls": [{"id": "a", "function": {"name": "find", "arguments": {}}}]}
    function = {"name": "find", "arguments": "{}"}
    calls = [{"id": "a", "index": 0, "type": "function", "function": function}]

    assert read(message) == (attrs.evolve(NOTHING, tool_calls=calls), [])


@pytest.mark.parametrize(
    ("message", "content", "notes"),
    [
        (
            {"content": 4111111111111111},
            None,
            ["message.content: expected text, got int of 16 digits"],
        ),
        (
            {"content": ["A", 41, True, {"type": "text", "text": 42}]},
            "A",
            [
                "message.content[1]: expected text or an object, got int of 2 digits",
                "message.content[2]: expected text or an object, got bool",
                "message.content[3].text: expected text, got int of 2 digits",
            ],
        ),
        ({"content": True}, None, ["message.content: expected text, got bool"]),
        (
            {"content": "A", "annotations": [{"type": "url_citation"}], "audio": "secret"},
            "A",
            [
                "message.annotations: not recorded",
                "message.audio: expected an object, got str of 6 characters",
            ],
        ),
        ({"content": "A", "annotations": []}, "A", []),
        ({"content": "A", "reasoning": 5}, "A", ["message.reasoning: expected text, got int of 1 digit"]),
        (
            {"content": "A", "reasoning": {"n": 1}},
            "A",
            ["message.reasoning: expected text, got dict of 1 member"],
        ),
    ],
)
def test_what_is_left_out_is_noted(message: dict[str, Any], content: str | None, notes: list[str]) -> None:
    """By its path, its type and its length, but never by its value."""
    assert read(message) == (attrs.evolve(NOTHING, content=content), notes)


def test_reasoning_that_contains_itself_has_no_text() -> None:
    """Looking for text in it ends."""
    own: dict[str, Any] = {"content": []}
    own["content"].append(own)

    assert read({"reasoning": own})[0] == NOTHING
