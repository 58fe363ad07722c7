# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which API a record is of."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.document import Document
from otlpjson.openrouter.recognition import (
    API_TYPES,
    of_error,
    of_events,
    of_request,
    of_response,
)


def document(members: Any) -> Document:
    """An object of a record."""
    return Document("x", members, [])


@pytest.mark.parametrize(
    ("events", "api"),
    [
        ([], None),
        ([{"type": "ping"}, {"type": "error"}], None),
        ([{"choices": []}], "chat"),
        ([{"type": "error"}, {"type": "message_start"}, {"choices": [{"delta": {}}]}], "chat"),
        ([{"choices": [{"text": "a"}]}], "completions"),
        ([{"object": "text_completion", "choices": []}], "completions"),
        ([{"choices": [{"text": "a", "message": {}}]}], "chat"),
        ([{"type": "ping"}, {"type": "content_block_delta"}], "messages"),
        ([{"type": "message_start"}, {"type": "response.created"}], "responses"),
        ([{"type": "transcript.text.delta"}], "transcription"),
        ([{"type": "image_generation.partial_image"}], "images"),
        ([{"type": 5}, {"id": "x"}], None),
    ],
)
def test_events_are_recognised_by_all_of_them(events: list[Any], api: str | None) -> None:
    """Choices count most, whatever came before them."""
    assert of_events(map(document, events)) == api


@pytest.mark.parametrize(
    ("response", "api"),
    [
        ({}, None),
        ({"id": "x", "usage": {}}, None),
        ({"object": "response"}, "responses"),
        ({"output": []}, "responses"),
        ({"type": "message"}, "messages"),
        ({"type": "error", "request_id": None}, "messages"),
        ({"type": "error"}, None),
        ({"choices": [{"message": {}}]}, "chat"),
        ({"choices": []}, "chat"),
        ({"choices": [{"text": "a"}]}, "completions"),
        ({"data": [{"embedding": [1]}]}, "embeddings"),
        ({"results": [{"index": 0, "relevance_score": 1}]}, "rerank"),
        ({"data": [{"b64_json": "QQ=="}]}, "images"),
        ({"data": [{"url": "https://example.org/a.png"}]}, "images"),
        ({"id": "x", "polling_url": "https://example.org/v"}, "video"),
        ({"data": [{"id": "model"}]}, None),
        ({"data": "x", "results": [5]}, None),
    ],
)
def test_a_response_is_recognised_by_its_members(response: Any, api: str | None) -> None:
    """An id or usage shows nothing."""
    assert of_response(document(response)) == api


@pytest.mark.parametrize(
    ("response", "request_body", "api"),
    [
        ({"type": "error", "error": {"type": "api_error"}}, {"messages": []}, "messages"),
        ({"type": "error", "error": {"type": "api_error", "code": 5}}, {"messages": []}, None),
        ({"type": "error", "error": {"type": "api_error"}}, {"input": []}, None),
        ({"type": "error", "code": "x", "message": "m"}, {}, "responses"),
        ({"type": "error", "error": "words"}, {}, None),
        ({"error": {"type": "api_error"}}, {}, None),
    ],
)
def test_an_error_may_be_recognised(response: Any, request_body: Any, api: str | None) -> None:
    """Where it cannot, the request decides."""
    assert of_error(document(response), document(request_body)) == api


@pytest.mark.parametrize(
    ("request_body", "api"),
    [
        ({"messages": []}, "chat"),
        ({"messages": [], "system": "s"}, "messages"),
        ({"messages": [{"content": [{"type": "tool_result"}]}]}, "messages"),
        ({"messages": ({"content": ({"type": "image"},)},)}, "messages"),
        ({"messages": [5, {"content": [{"type": []}, "x"]}]}, "chat"),
        ({"messages": None}, "chat"),
        ({"input": "x"}, "responses"),
        ({"instructions": "x"}, "responses"),
        ({"prompt": {"id": "pmpt_1"}}, "responses"),
        ({"prompt": "Once"}, "completions"),
        ({"prompt": "A cat", "size": "1024x1024"}, "images"),
        ({"prompt": "A cat", "duration": 5}, "video"),
        ({"query": "q", "documents": []}, "rerank"),
        ({"input": "x", "voice": "alloy"}, "speech"),
        ({"input": "x", "encoding_format": "float"}, "embeddings"),
        ({"file": "a.wav"}, "transcription"),
        ({"model": "m"}, "chat"),
        ({"models": []}, "chat"),
        ({"limit": 5}, None),
        ({}, None),
    ],
)
def test_a_request_is_recognised_by_its_members(request_body: Any, api: str | None) -> None:
    """What fits several is chat."""
    assert of_request(document(request_body)) == api


def test_openrouters_own_names_of_the_apis_are_known() -> None:
    """``completions`` is chat's as well, so it shows nothing."""
    assert sorted(API_TYPES) == ["embeddings", "image", "rerank", "stt", "tts", "video"]
