# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The API that a record is of, recognised by everything in its response and then by its request.

A stream is judged by all of its events: ``choices`` in any of them is chat's, and an event named
``error`` or ``ping`` shows nothing alone. What fits several APIs is read as chat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from .document import Document, is_one_of
from .plain import OBJECT

__all__ = ["API_TYPES", "of_error", "of_events", "of_request", "of_response"]

API_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "embeddings": "embeddings",
        "rerank": "rerank",
        "tts": "speech",
        "stt": "transcription",
        "image": "images",
        "video": "video",
    }
)
"""OpenRouter's ``api_type`` in a generation record, and the API; ``completions`` is also chat's."""

# Types of content blocks that only /messages has.
_BLOCKS_OF_MESSAGES: Final = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "image", "document", "search_result"}
)
# Members of a request that only one API has, in the order in which they are looked for.
_MEMBERS: Final = (
    ("documents", "rerank"),
    ("voice", "speech"),
    ("file", "transcription"),
    ("input_audio", "transcription"),
    ("audio_url", "transcription"),
    ("encoding_format", "embeddings"),
    ("dimensions", "embeddings"),
    ("input_type", "embeddings"),
    ("instructions", "responses"),
    ("max_output_tokens", "responses"),
)
_VIDEO: Final = frozenset({"duration", "seconds", "resolution", "frame_images", "generate_audio"})
_IMAGES: Final = frozenset(
    {"size", "quality", "aspect_ratio", "image_size", "output_format", "background", "style"}
)


def of_events(events: Iterable[Document]) -> str | None:
    """The API of a stream's events; ``None`` if they fit several."""
    kinds: set[str] = set()
    for event in events:
        kind = event.value("type")
        if event.value("choices") is not None:
            return _of_choices(event)
        if isinstance(kind, str):
            kinds.add(kind)
    if any(kind.startswith("response.") for kind in kinds):
        return "responses"
    if any(kind.startswith(("message_", "content_block_")) for kind in kinds):
        return "messages"
    if any(kind.startswith("transcript.") for kind in kinds):
        return "transcription"
    if any(kind.startswith("image_generation.") for kind in kinds):
        return "images"
    return None


def of_response(response: Document) -> str | None:
    """The API of a response that is no stream; ``None`` if it fits several."""
    kind = response.value("type")
    if response.value("object") == "response" or response.is_list("output"):
        return "responses"
    if kind == "message" or (kind == "error" and "request_id" in response.members):
        return "messages"
    if response.value("choices") is not None:
        return _of_choices(response)
    if _has_items(response, "data", "embedding"):
        return "embeddings"
    if _has_items(response, "results", "relevance_score"):
        return "rerank"
    if _has_items(response, "data", "b64_json") or _has_items(response, "data", "url"):
        return "images"
    return "video" if response.value("polling_url") is not None else None


def of_error(response: Document, request: Document) -> str | None:
    """The API of an error that fits several, as a body or as the only event; ``None`` for any other."""
    error = response.value("error")
    if response.value("type") != "error":
        return None
    # Only /responses has errors whose members are in the event itself.
    if error is None:
        return "responses"
    has_kind = isinstance(error, OBJECT) and isinstance(error.get("type"), str) and "code" not in error
    return "messages" if has_kind and "input" not in request.members else None


def of_request(request: Document) -> str | None:
    """The API of a request; ``None`` if it is that of none."""
    members = request.members
    if "messages" in members:
        return "messages" if "system" in members or _has_blocks(members["messages"]) else "chat"
    known = next((api for name, api in _MEMBERS if name in members), None)
    if known is not None:
        return known
    if "input" in members or isinstance(members.get("prompt"), OBJECT):
        return "responses"
    if "prompt" in members:
        return _of_prompt(members)
    # A request may name a preset or a model and nothing else that is known here.
    return "chat" if "model" in members or "models" in members else None


def _of_choices(owner: Document) -> str:
    choices = owner.value("choices")
    first = choices[0] if isinstance(choices, (list, tuple)) and choices else None
    has_text = isinstance(first, OBJECT) and "text" in first and not {"message", "delta"} & first.keys()
    return "completions" if has_text or owner.value("object") == "text_completion" else "chat"


def _of_prompt(members: Mapping[str, Any]) -> str:
    if _VIDEO & members.keys():
        return "video"
    return "images" if _IMAGES & members.keys() else "completions"


def _has_items(owner: Document, name: str, member: str) -> bool:
    items = owner.value(name)
    first = items[0] if isinstance(items, (list, tuple)) and items else None
    return isinstance(first, OBJECT) and member in first


def _has_blocks(messages: Any) -> bool:
    """Whether a conversation has content blocks that only /messages has."""
    for message in messages if isinstance(messages, (list, tuple)) else ():
        content = message.get("content") if isinstance(message, OBJECT) else None
        for block in content if isinstance(content, (list, tuple)) else ():
            kind = block.get("type") if isinstance(block, OBJECT) else None
            if is_one_of(_BLOCKS_OF_MESSAGES, kind):
                return True
    return False
