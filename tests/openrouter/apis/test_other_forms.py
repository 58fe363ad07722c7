# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the forms of all requests other than chat, messages and responses have in common."""

from __future__ import annotations

from typing import Any, Callable, Final

import pytest

from otlpjson import Finding
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.completions import CompletionsStream, completions_form
from otlpjson.openrouter.apis.embeddings import embeddings_form
from otlpjson.openrouter.apis.media import (
    MediaStream,
    images_form,
    speech_form,
    video_form,
)
from otlpjson.openrouter.apis.rerank import rerank_form
from otlpjson.openrouter.apis.transcription import (
    TranscriptionStream,
    transcription_form,
)
from otlpjson.openrouter.document import Document

Form = Callable[[Document, Document], ChatForm]

# With the member that makes a response an answer.
FORMS: Final[list[tuple[Form, str, dict[str, Any]]]] = [
    (completions_form, "completions", {"choices": []}),
    (embeddings_form, "embeddings", {"data": []}),
    (rerank_form, "rerank", {"results": []}),
    (speech_form, "speech", {"audio": "a.mp3"}),
    (transcription_form, "transcription", {"text": ""}),
    (images_form, "images", {"data": []}),
    (video_form, "video", {"unsigned_urls": []}),
]


def read(form: Form, request: dict[str, Any], response: dict[str, Any]) -> ChatForm:
    """A form of a request and a response."""
    return form(Document("request", request, []), Document("response", response, []))


@pytest.mark.parametrize(("form", "skin", "answer"), FORMS)
def test_who_asked_and_who_answered_is_recorded(form: Form, skin: str, answer: dict[str, Any]) -> None:
    """By the same members in all of them."""
    read_form = read(
        form,
        {"user": "u-1"},
        {"id": "gen-1", "model": "a/b", "provider": "P", "usage": {"cost": 0.5, "total_tokens": 9}, **answer},
    )

    assert (read_form.skin, read_form.user_id, read_form.generation_id) == (skin, "u-1", "gen-1")
    assert (read_form.model, read_form.provider_name) == ("a/b", "P")
    assert (read_form.usage.total_cost, read_form.usage.total_tokens) == (0.5, 9)
    assert (read_form.answered, read_form.failure, read_form.finished) == (True, None, True)


@pytest.mark.parametrize(("form", "skin", "answer"), FORMS)
def test_empty_text_is_no_id_and_no_model(form: Form, skin: str, answer: dict[str, Any]) -> None:
    """As some SDKs fill in what was not sent."""
    read_form = read(form, {"user": ""}, {"id": "", "model": "", "provider": ""})

    assert (read_form.generation_id, read_form.model, read_form.provider_name) == (None, None, None)
    assert not read_form.user_id


@pytest.mark.parametrize(("form", "skin", "answer"), FORMS)
def test_an_error_is_a_failure(form: Form, skin: str, answer: dict[str, Any]) -> None:
    """Beside an answer as well."""
    read_form = read(form, {}, {"error": {"code": 429, "message": "slow down"}, **answer})

    assert read_form.failure is not None
    assert (read_form.failure.message, read_form.failure.code) == ("slow down", "429")


def test_reasoning_stands_beside_the_text_of_a_completion() -> None:
    """Some providers give it."""
    assert read(completions_form, {}, {"choices": [{"text": "b", "reasoning": "a"}]}).reasoning == "a"


@pytest.mark.parametrize(
    ("stream", "event"),
    [
        (CompletionsStream(), {"choices": [{"index": 0, "text": "a"}]}),
        (MediaStream(), {"type": "image_generation.completed", "b64_json": "QQ=="}),
        (TranscriptionStream(), {"type": "transcript.text.done", "text": "a"}),
    ],
)
def test_a_stream_keeps_what_names_the_response(stream: Any, event: dict[str, Any]) -> None:
    """Whichever event has it."""
    notes: list[Finding] = []
    stream.add(Document("event", {"id": "gen-1", "model": "a/b", "usage": {"cost": 1}, **event}, notes))
    response = stream.response()

    assert (response["id"], response["model"], response["usage"], notes) == ("gen-1", "a/b", {"cost": 1}, [])


def test_choices_of_a_streamed_completion_are_kept_by_their_index() -> None:
    """Their pieces come interleaved."""
    stream = CompletionsStream()
    for index, text in ((1, "b1"), (0, "a1"), (1, "b2"), (None, "a2")):
        stream.add(Document("chunk", {"choices": [{"index": index, "text": text}]}, []))

    assert [(choice["index"], choice["text"]) for choice in stream.response()["choices"]] == [
        (0, "a1a2"),
        (1, "b1b2"),
    ]


def test_an_empty_last_event_of_a_transcription_is_an_empty_text() -> None:
    """Also where its text is no text; what came before counts where it has none at all."""
    texts = []
    for end in ({"text": ""}, {"text": 5}, {}):
        stream = TranscriptionStream()
        for event in (
            {"type": "transcript.text.delta", "delta": "Hm"},
            {"type": "transcript.text.done", **end},
        ):
            stream.add(Document("event", event, []))
        texts.append(stream.response()["text"])

    assert texts == ["", "Hm", "Hm"]
