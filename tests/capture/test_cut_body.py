# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is known of a body without its middle."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.capture.cut_body import cut_body, cut_stream

USAGE = {"prompt_tokens": 3, "completion_tokens": 5, "cost": 0.001}


@pytest.mark.parametrize(
    ("end", "usage"),
    [
        (
            b'text "usage": no"}}],"usage":{"prompt_tokens":3,"completion_tokens":5,"cost":0.001}}',
            {"usage": USAGE},
        ),
        (
            b'"usage" : {"prompt_tokens":3,"completion_tokens":5,"cost":0.001}, "a": "\\"usage\\": {"}',
            {"usage": USAGE},
        ),
        (b'"usage":{"prompt_tokens":', {}),
        (b'"usage":' + b'{"a":' * 100_000, {}),
        (b'"usage":7}', {}),
        (b"", {}),
    ],
    ids=["last", "spaces", "cut", "deep", "number", "none"],
)
def test_the_usage_at_the_end_and_the_name_at_the_beginning(end: bytes, usage: dict[str, Any]) -> None:
    beginning = b'{"id":"gen-1","provider":"OpenAI","model": "openai/gpt-4o","object":"chat.completion","x":"'

    assert cut_body(beginning, end) == {
        "id": "gen-1",
        "provider": "OpenAI",
        "model": "openai/gpt-4o",
        "object": "chat.completion",
        **usage,
    }


def test_a_stream_goes_on_with_the_next_whole_event() -> None:
    beginning = b'data: {"a":1}\n\ndata: {"b":2}\n\ndata: {"half'
    end = b'half"}\n\ndata: {"choices":[],"usage":{"cost":1}}\n\ndata: [DONE]\n\n'

    assert cut_stream(beginning, end) == (
        b'data: {"a":1}\n\ndata: {"b":2}\n\n',
        b'data: {"choices":[],"usage":{"cost":1}}\n\ndata: [DONE]\n\n',
    )


@pytest.mark.parametrize(
    ("first", "event"),
    [
        (b'data: {"choices":[]}\n\n', {"choices": [], "usage": USAGE}),
        (b'data: {"type":"message_start"}\n\n', {"type": "message_delta", "delta": {}, "usage": USAGE}),
        (
            b'data: {"type":"response.created"}\n\n',
            {"type": "response.completed", "response": {"status": "completed", "usage": USAGE}},
        ),
    ],
)
def test_the_usage_in_a_part_of_an_event_becomes_an_event(first: bytes, event: dict[str, Any]) -> None:
    """The last event of some streams repeats the whole text, and its beginning is not kept."""
    end = b'the text"}],"usage":' + json.dumps(USAGE).encode() + b"}}\n\n"

    begun, made, done = cut_stream(first, end)

    assert (begun, done) == (first, b"data: [DONE]\n\n")
    assert json.loads(made.partition(b": ")[2]) == event


def test_a_stream_without_an_event_or_usage_stays_empty() -> None:
    assert cut_stream(b"data: {", b"x") == (b"", b"")


def test_words_that_look_like_usage_are_passed_over() -> None:
    """A text may hold the word, and a value may be none."""
    assert cut_body(b"{}", b'"usage":{"cost":1},"x":"usage","usage":7,"usage":{') == {"usage": {"cost": 1}}
