# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Requests whose answer is a medium: speech, images and videos.

The medium becomes a placeholder; a URL stays.

Source: OpenRouter's OpenAPI document, audio speech, images and videos.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..document import Document
from .chat_form import ChatForm, is_answer, provider_of
from .failure import failure_of
from .parts import part_without_media, with_placeholders
from .pieces import reported
from .usage import other_usage

__all__ = ["MediaStream", "images_form", "speech_form", "video_form"]

_PROMPT: Final = ("prompt", "input", "image", "images", "mask", "input_references", "frame_images")
# Where an answer has its media.
_MEDIA: Final = ("data", "images", "audio", "unsigned_urls", "url", "video", "b64_json")
# A video is made in the background; its first answer only says where to ask.
_PENDING: Final = frozenset({"pending", "queued", "in_progress", "processing"})


def speech_form(request: Document, response: Document) -> ChatForm:
    """A request to ``/audio/speech`` and its response."""
    return _form("speech", request, response)


def images_form(request: Document, response: Document) -> ChatForm:
    """A request for images and its response."""
    return _form("images", request, response)


def video_form(request: Document, response: Document) -> ChatForm:
    """A request for a video and its response."""
    return _form("video", request, response)


def _form(name: str, request: Document, response: Document) -> ChatForm:
    prompt = {name: part_without_media(value) for name, value in reported(request, *_PROMPT).items()}
    media = [{"url": item} if isinstance(item, str) else item for item in _items(response)]
    status = response.value("status")
    return ChatForm(
        skin=name,
        operation="generate_content",
        generation_id=response.text("generation_id") or response.text("id") or None,
        model=response.text("model") or None,
        provider_name=provider_of(response),
        created_s=response.count("created"),
        user_id=request.word("user"),
        usage=other_usage(response.document("usage")),
        prompt=prompt or None,
        answered=is_answer(response, *_MEDIA, "polling_url"),
        finished=not (isinstance(status, str) and status in _PENDING),
        content=with_placeholders(None, media),
        failure=failure_of(response),
        own_keys=frozenset(_PROMPT),
    )


def _items(response: Document) -> list[Any]:
    """The media of a response, in whichever member they are."""
    items: list[Any] = []
    for name, value in reported(response, *_MEDIA).items():
        if isinstance(value, (list, tuple)):
            items.extend(value)
        else:
            as_url = "b64_json" if name == "b64_json" else "url"
            items.append({as_url: value} if isinstance(value, str) else value)
    return items


@attrs.define
class MediaStream:
    """
    A medium that is being streamed.

    Attributes:
        body: Members of the response so far.

        ended: Whether the last event or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    ended: bool = False

    def add(self, event: Document) -> None:
        """Adds the next event; partial media are progress and are not kept."""
        kind = event.text("type") or ""
        self.body.update(reported(event, "error", "usage", "id", "model"))
        if kind == "error" or "error" in self.body:
            self.ended = True
            self.body.setdefault("error", reported(event, "code", "message") or {"message": "error"})
        elif kind.endswith((".completed", ".done")):
            self.ended = True
            data = self.body.setdefault("data", [])
            data.extend([reported(event, "b64_json", "url")] if reported(event, "b64_json", "url") else [])
        elif not kind.endswith((".partial_image", ".delta")):
            event.note("type", "unknown event type")

    def response(self) -> dict[str, Any]:
        """The response so far, as the body that a request without streaming would have received."""
        return self.body
