# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Request and response of ``/audio/transcriptions``."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter import Usage
from otlpjson.openrouter.apis.chat_form import ChatForm
from otlpjson.openrouter.apis.transcription import (
    TranscriptionStream,
    transcription_form,
)
from otlpjson.openrouter.document import Document


def read(request: dict[str, Any], response: dict[str, Any]) -> ChatForm:
    """The form."""
    return transcription_form(Document("request", request, []), Document("response", response, []))


def test_a_whole_response_is_read() -> None:
    """The sound is a placeholder."""
    form = read(
        {
            "model": "openai/whisper-1",
            "input_audio": {"data": "QUJD", "format": "wav"},
            "prompt": "Names: Ann",
        },
        {"text": "Good morning.", "usage": {"seconds": 2, "cost": 0.0002}},
    )

    assert form == ChatForm(
        skin="transcription",
        operation="transcription",
        generation_id=None,
        model=None,
        user_id=None,
        usage=Usage(total_cost=0.0002),
        prompt={"input_audio": {"data": "[wav, 4 characters]", "format": "wav"}, "prompt": "Names: Ann"},
        answered=True,
        content="Good morning.",
        own_keys=frozenset({"file", "audio", "input_audio", "audio_url", "prompt"}),
    )


@pytest.mark.parametrize(
    ("sound", "shown"),
    [(b"\xff\xfb\x90", "[audio, 3 characters]"), ("a.wav", "a.wav"), ("data:audio/wav;base64,QUJD", None)],
)
def test_a_file_is_a_placeholder_or_its_name(sound: Any, shown: str | None) -> None:
    """A data URL within a part is replaced as everywhere."""
    given = {"url": sound} if shown is None else sound
    expected: Any = {"url": "[audio/wav, 4 characters]"} if shown is None else shown

    assert read({"file": given}, {}).prompt == {"file": expected}


def streamed(*events: dict[str, Any]) -> tuple[TranscriptionStream, list[str]]:
    """The stream after these events, and the notes."""
    stream, notes = TranscriptionStream(), list[Finding]()
    for index, event in enumerate(events):
        stream.add(Document(f"event[{index}]", event, notes))
    return stream, [str(note) for note in notes]


DELTAS = [{"type": "transcript.text.delta", "delta": piece} for piece in ("Good ", "morning.")]
DONE = {"type": "transcript.text.done", "text": "Good morning!", "usage": {"cost": 1}}


@pytest.mark.parametrize(
    ("events", "response", "ended"),
    [
        ([], {}, False),
        (DELTAS, {"text": "Good morning."}, False),
        ([*DELTAS, DONE], {"usage": {"cost": 1}, "text": "Good morning!"}, True),
        ([{"type": "transcript.text.done"}], {"text": ""}, True),
        ([{"type": "error", "message": "no"}], {"error": {"message": "no"}}, True),
        ([{"type": "error"}], {"error": {"message": "error"}}, True),
        ([DELTAS[0], {"type": "error", "error": "no"}], {"error": "no", "text": "Good "}, True),
    ],
)
def test_events_add_up_to_the_text(events: list[dict[str, Any]], response: Any, ended: bool) -> None:
    """The last event has the whole text."""
    stream, notes = streamed(*events)

    assert (stream.response(), stream.ended, notes) == (response, ended, [])


def test_unknown_events_are_noted() -> None:
    """Their data is not shown."""
    assert streamed({"type": "secret"})[1] == ["event[0].type: unknown event type"]
