# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Requests for speech, images and videos."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter import Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.media import (
    MediaStream,
    images_form,
    speech_form,
    video_form,
)
from otlpjson.openrouter.document import Document

PNG = {"b64_json": "QUJD"}


def read(form: Any, request: dict[str, Any], response: dict[str, Any]) -> ChatForm:
    """The form of one of the three."""
    read: ChatForm = form(Document("request", request, []), Document("response", response, []))
    return read


def test_a_whole_response_is_read() -> None:
    """The images are placeholders or URLs."""
    form = read(
        images_form,
        {"prompt": "A cat", "size": "1024x1024", "image": {"url": "data:image/png;base64,QUJD"}},
        {
            "created": 1771005600,
            "data": [PNG, {"url": "https://example.org/a.png"}],
            "usage": {"input_tokens": 3, "output_tokens": 9, "total_tokens": 12, "cost": 0.04},
        },
    )

    assert form == ChatForm(
        skin="images",
        operation="generate_content",
        generation_id=None,
        model=None,
        created_s=1771005600,
        user_id=None,
        usage=Usage(input_tokens=3, output_tokens=9, total_tokens=12, total_cost=0.04),
        prompt={"prompt": "A cat", "image": {"url": "[image/png, 4 characters]"}},
        answered=True,
        content="[data, 4 characters]\nhttps://example.org/a.png",
        own_keys=frozenset(
            {"prompt", "input", "image", "images", "mask", "input_references", "frame_images"}
        ),
    )


@pytest.mark.parametrize(
    ("form", "response", "content", "finished"),
    [
        (speech_form, {"audio": "[audio, 5 characters]"}, "[audio, 5 characters]", True),
        (images_form, {"b64_json": "QUJD"}, "[data, 4 characters]", True),
        (images_form, {"images": ["https://example.org/a.png"]}, "https://example.org/a.png", True),
        (video_form, {"id": "v", "polling_url": "https://example.org", "status": "pending"}, None, False),
        (
            video_form,
            {"id": "v", "status": "completed", "unsigned_urls": ["https://example.org/v"]},
            "https://example.org/v",
            True,
        ),
        (video_form, {}, None, True),
    ],
)
def test_a_medium_may_be_anywhere(form: Any, response: dict[str, Any], content: Any, finished: bool) -> None:
    """A video that is still being made is not finished."""
    read_form = read(form, {"input": "Say hi"}, response)

    assert (read_form.content, read_form.finished) == (content, finished)
    assert read_form.prompt == {"input": "Say hi"}


def streamed(*events: dict[str, Any]) -> tuple[MediaStream, list[str]]:
    """The stream after these events, and the notes."""
    stream, notes = MediaStream(), list[Finding]()
    for index, event in enumerate(events):
        stream.add(Document(f"event[{index}]", event, notes))
    return stream, [str(note) for note in notes]


@pytest.mark.parametrize(
    ("events", "response", "ended"),
    [
        ([], {}, False),
        ([{"type": "image_generation.partial_image", "b64_json": "QQ=="}], {}, False),
        (
            [{"type": "image_generation.completed", **PNG, "usage": {"cost": 1}}],
            {"usage": {"cost": 1}, "data": [PNG]},
            True,
        ),
        (
            [{"type": "speech.audio.delta", "audio": "QQ=="}, {"type": "speech.audio.done"}],
            {"data": []},
            True,
        ),
        ([{"type": "error", "code": "x"}], {"error": {"code": "x"}}, True),
        ([{"type": "error"}], {"error": {"message": "error"}}, True),
        ([{"error": "no"}], {"error": "no"}, True),
    ],
)
def test_events_add_up_to_a_response(events: list[dict[str, Any]], response: Any, ended: bool) -> None:
    """Partial media are progress."""
    stream, notes = streamed(*events)

    assert (stream.response(), stream.ended, notes) == (response, ended, [])


def test_unknown_events_are_noted() -> None:
    """Their data is not shown."""
    assert streamed({"type": "secret"})[1] == ["event[0].type: unknown event type"]
