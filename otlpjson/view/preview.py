# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What a page shows of a span first: JSON of a bounded size, whatever the span holds.

Longer texts are cut and have their length beside them; ``text_at`` gives a whole one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from ..core.attributes import Attributes
from ..core.model import Resource, Span
from ..inspect.value_text import kind_text, typed_text
from ..openrouter.spans.conversation import Conversation, Message, conversation_of

__all__ = ["preview_of", "text_at"]

_MAX_TEXT: Final = 20_000
"""Characters of one text."""
_MAX_MESSAGES: Final = 200
_MAX_PARTS: Final = 50
_MAX_ATTRIBUTES: Final = 500
_MAX_ATTRIBUTE: Final = 2_000
_MAX_TOTAL: Final = 400_000
"""Characters of all texts of a conversation; the newest come first."""


def preview_of(span: Span, resource: Resource, conversation: Conversation | None = None) -> bytes:
    """The preview of a span, as JSON text in ASCII."""
    talk = conversation_of(span) if conversation is None else conversation
    document = {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id,
        "name": span.name[:_MAX_TEXT],
        "kind": kind_text(span.kind),
        # Nanoseconds since 1970 are beyond the integers of JavaScript.
        "start_ns": str(span.start_ns),
        "end_ns": str(span.end_ns),
        "trace_state": span.trace_state,
        "flags": span.flags,
        "status": int(span.status.code),
        "message": _cut(span.status.message, _MAX_TEXT, "message"),
        "conversation": _conversation(talk),
        "attributes": _attributes(span.attributes, "attributes"),
        "resource": _attributes(resource.attributes, "resource"),
        "events": [
            {
                "name": event.name[:_MAX_TEXT],
                "time_ns": str(event.time_ns),
                "attributes": _attributes(event.attributes, f"events.{number}"),
            }
            for number, event in enumerate(span.events[:_MAX_ATTRIBUTES])
        ],
        "links": [
            {"trace_id": link.trace_id, "span_id": link.span_id} for link in span.links[:_MAX_ATTRIBUTES]
        ],
        "dropped": {
            "attributes": span.attributes.dropped_count,
            "events": span.dropped_events_count + max(len(span.events) - _MAX_ATTRIBUTES, 0),
            "links": span.dropped_links_count + max(len(span.links) - _MAX_ATTRIBUTES, 0),
        },
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")


def text_at(span: Span, resource: Resource, place: str) -> str | None:
    """The whole text at a place that a preview names in ``at``; ``None`` if there is none."""
    kind, *rest = place.split(".")
    numbers = [int(text) for text in rest if text.isascii() and text.isdigit() and len(text) < 10]
    if len(numbers) != len(rest):
        return None
    if place == "message":
        return span.status.message
    if place in ("tools", "parameters"):
        text: str = getattr(conversation_of(span), place)
        return text
    try:
        if kind == "messages":
            message, part = numbers
            return conversation_of(span).messages[message].parts[part].text
        *event, number = numbers
        values = _attributes_at(span, resource, kind, event).values()
        return typed_text([*values][number])[1]
    except (IndexError, ValueError, KeyError):
        return None


def _attributes_at(span: Span, resource: Resource, kind: str, event: Sequence[int]) -> Attributes:
    if kind == "events":
        (number,) = event
        return span.events[number].attributes
    return {("attributes", 0): span.attributes, ("resource", 0): resource.attributes}[kind, len(event)]


def _attributes(attributes: Attributes, place: str) -> list[dict[str, Any]]:
    shown = []
    for number, (key, value) in enumerate(attributes.items()):
        if number == _MAX_ATTRIBUTES:
            break
        kind, text = typed_text(value)
        shown.append(
            {"key": key[:_MAX_ATTRIBUTE], "type": kind, **_cut(text, _MAX_ATTRIBUTE, f"{place}.{number}")}
        )
    return shown


def _conversation(conversation: Conversation) -> dict[str, Any]:
    messages = conversation.messages
    numbers = _shown_numbers(messages)
    return {
        "messages": [_message(messages[number], number) for number in numbers],
        "has_completion": conversation.completion is not None,
        "left_out": len(messages) - len(numbers),
        "tools": _cut(conversation.tools, _MAX_TEXT, "tools"),
        "parameters": _cut(conversation.parameters, _MAX_TEXT, "parameters"),
    }


def _shown_numbers(messages: Sequence[Message]) -> list[int]:
    """The first message, and the newest that fit; a conversation repeats what is in the middle."""
    last = len(messages) - 1
    shown: list[int] = []
    left = _MAX_TOTAL
    for number in range(last, -1, -1):
        left -= _size(messages[number])
        # The newest is always shown.
        if shown and (left < 0 or len(shown) == _MAX_MESSAGES):
            break
        shown.append(number)
    if shown and shown[-1] != 0:
        shown.append(0)
    return shown[::-1]


def _size(message: Message) -> int:
    return sum(min(len(part.text), _MAX_TEXT) for part in message.parts[:_MAX_PARTS])


def _message(message: Message, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "role": message.role[:_MAX_ATTRIBUTE],
        "call_id": message.call_id[:_MAX_ATTRIBUTE],
        "is_error": message.is_error,
        "parts": [
            {
                "kind": part.kind,
                "name": part.name[:_MAX_ATTRIBUTE],
                "call_id": part.call_id[:_MAX_ATTRIBUTE],
                **_cut(part.text, _MAX_TEXT, f"messages.{number}.{place}"),
            }
            for place, part in enumerate(message.parts[:_MAX_PARTS])
        ],
        "left_out": max(len(message.parts) - _MAX_PARTS, 0),
    }


def _cut(text: str, limit: int, place: str) -> dict[str, Any]:
    """A text, or its beginning with its length and the place to ask for the rest."""
    if len(text) <= limit:
        return {"text": text}
    return {"text": text[:limit], "length": len(text), "at": place}
