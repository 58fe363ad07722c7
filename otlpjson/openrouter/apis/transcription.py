# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/audio/transcriptions``: sound in, text out.

Source: OpenRouter's OpenAPI document, audio transcriptions.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import part_without_media, placeholder
from .pieces import Text, reported
from .usage import other_usage

__all__ = ["TranscriptionStream", "transcription_form"]

_SOUND: Final = ("file", "audio", "input_audio", "audio_url")
_OWN_KEYS: Final = frozenset({*_SOUND, "prompt"})


def transcription_form(request: Document, response: Document) -> ChatForm:
    """A request to ``/audio/transcriptions`` and its response; the sound becomes a placeholder."""
    prompt = {name: _without_sound(value) for name, value in reported(request, *_SOUND, "prompt").items()}
    return ChatForm(
        skin="transcription",
        operation="transcription",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        user_id=request.word("user"),
        usage=other_usage(response.document("usage")),
        prompt=prompt or None,
        answered=is_answer(response, "text"),
        content=response.text("text"),
        failure=failure_of(response),
        own_keys=_OWN_KEYS,
    )


def _without_sound(value: Any) -> Any:
    """Sound as a placeholder; the text of a prompt and the name of a file stay."""
    if isinstance(value, (bytes, bytearray)):
        return placeholder("audio", value.decode("latin-1"))
    return part_without_media(value)


@attrs.define
class TranscriptionStream:
    """
    A transcription that is being streamed.

    Attributes:
        body: Members of the response besides its text.

        text: The text so far.

        ended: Whether the last event or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    text: Text = attrs.field(factory=Text)
    ended: bool = False

    def add(self, event: Document) -> None:
        """Adds the next event; one of an unknown type is noted."""
        kind = event.text("type")
        self.body.update(reported(event, "error", "usage", "id", "model"))
        if kind == "transcript.text.delta":
            self.text.add(event.text("delta"))
        elif kind == "transcript.text.done":
            self.ended = True
            if event.text("text") is not None:
                self.text = Text([event.text("text") or ""])
        elif kind == "error":
            self.ended = True
            self.body.setdefault("error", reported(event, "code", "message") or {"message": "error"})
        else:
            event.note("type", "unknown event type")

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        text = str(self.text)
        return {**self.body, **({"text": text} if text or (self.ended and "error" not in self.body) else {})}
