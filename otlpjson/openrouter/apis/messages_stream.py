# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/messages``, put together into the message they make up.

Source: OpenRouter's OpenAPI document, MessagesStreamEvents; anthropics/anthropic-sdk-python,
``lib/streaming/_messages.py``.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .pieces import Text, reported

__all__ = ["MessagesStream"]

# The type of block that each delta belongs to. It is needed when the event that starts the block was lost.
_BLOCKS: Final = MappingProxyType(
    {
        "text_delta": "text",
        "citations_delta": "text",
        "thinking_delta": "thinking",
        "signature_delta": "thinking",
        "input_json_delta": "tool_use",
        "compaction_delta": "compaction",
    }
)
_STOP: Final = ("stop_reason", "stop_sequence", "stop_details", "container")
_RECOVERED: Final = "an error, but the answer ended well after it"


@attrs.define
class _Block:
    """One block that is being streamed: its members, its text, and the JSON text of its input."""

    members: dict[str, Any]
    # Made when they are needed: an answer may have many thousand blocks without them.
    texts: dict[str, Text] | None = None
    citations: list[Any] | None = None

    def add(self, name: str, piece: str | None) -> None:
        """Adds a piece to a text, which begins with the text that the block had at its start."""
        self.texts = {} if self.texts is None else self.texts
        if name not in self.texts:
            self.texts[name] = Text()
            start = self.members.get(name)
            self.texts[name].add(start if isinstance(start, str) else None)
        self.texts[name].add(piece)

    def response(self) -> dict[str, Any]:
        if self.texts is None and self.citations is None:
            return self.members
        texts = {name: str(text) for name, text in (self.texts or {}).items()}
        citations = {"citations": self.citations} if self.citations else {}
        # Arguments of a call are recorded as they came. Without a piece, the input is that of the start.
        given = texts.pop("partial_json", "")
        if not given:
            return {**self.members, **texts, **citations}
        is_call = self.members.get("type") == "tool_use"
        given_as = {"partial_json": given} if is_call else {"input": _parsed(given)}
        return {**self.members, **texts, **citations, **given_as}


@attrs.define
class MessagesStream:
    """
    A response of ``/messages`` that is being streamed.

    Attributes:
        body: Members of the message other than its blocks and usage.

        blocks: The blocks so far, by their index.

        latest: The index of the block that an event without one belongs to.

        usage: The latest counts.

        counted: Whether counts have arrived besides those of the first event.

        ended: Whether a stop reason, the last event or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    blocks: dict[int, _Block] = attrs.field(factory=dict)
    latest: int = 0
    usage: dict[str, Any] = attrs.field(factory=dict)
    counted: bool = False
    ended: bool = False
    _failed: Document | None = None

    def add(self, event: Document) -> None:
        """Adds the next event; one of an unknown type is noted."""
        kind = event.text("type")
        if kind == "message_start":
            message = event.document("message")
            self.body.update(message.members)
            self.add_usage(message.document("usage"))
        elif kind == "content_block_start":
            self.blocks[self.index_of(event)] = _Block(dict(event.document("content_block").members))
        elif kind == "content_block_delta":
            self.add_delta(self.index_of(event), event.document("delta"))
        elif kind == "message_delta":
            self.add_message_delta(event)
        elif kind == "message_stop":
            self.add_end(event)
        elif kind == "error":
            self.add_error(event)
        elif kind not in ("content_block_stop", "ping"):
            event.note("type", "unknown event type")

    def index_of(self, event: Document) -> int:
        """The index of an event's block; some servers leave it out."""
        index = event.count("index")
        self.latest = self.latest if index is None else index
        return self.latest

    def add_delta(self, index: int, delta: Document) -> None:
        """Adds the next piece of a block; one of an unknown type is noted."""
        kind = delta.text("type") or ""
        if kind not in _BLOCKS:
            delta.note("type", "unknown delta type")
            return
        block = self.blocks.setdefault(index, _Block({"type": _BLOCKS[kind]}))
        if kind in ("text_delta", "thinking_delta"):
            block.add(_BLOCKS[kind], delta.text(_BLOCKS[kind]))
        elif kind == "signature_delta":
            # It arrives in one piece; Anthropic's SDK sets it as well.
            block.members["signature"] = delta.text("signature")
        elif kind == "input_json_delta":
            block.add("partial_json", delta.text("partial_json"))
        elif kind == "citations_delta":
            block.citations = [] if block.citations is None else block.citations
            block.citations.append(delta.value("citation"))
        else:
            block.members.update(reported(delta, "content", "encrypted_content"))

    def add_message_delta(self, event: Document) -> None:
        """Adds the stop reason and the counts."""
        delta = event.document("delta")
        self.body.update(reported(delta, *_STOP))
        self.body.update(reported(event, "context_management"))
        self.add_usage(event.document("usage"))
        self.counted = self.counted or bool(event.document("usage").members)
        # The event that ends a message may be missing, so its stop reason counts as its end.
        if delta.text("stop_reason"):
            self.ended = True
            self.recover()

    def add_end(self, event: Document) -> None:
        """Adds the last event."""
        self.ended = True
        self.body.update(reported(event, "openrouter_metadata"))
        if self.body.get("stop_reason"):
            self.recover()

    def add_error(self, event: Document) -> None:
        """Adds an error, which keeps what was streamed before it."""
        self.ended = True
        self._failed = event
        self.body.update(reported(event, "openrouter_metadata", "request_id", "error_type"))
        flat = reported(event, "message", "code") or {"message": "error"}
        self.body["error"] = event.value("error") or flat

    def recover(self) -> None:
        """Notes an error after which the answer ended well, and forgets it."""
        if self._failed is not None:
            self._failed.note("error", _RECOVERED)
            self._failed = None
            del self.body["error"]

    def add_usage(self, usage: Document) -> None:
        """Adds counts, which are totals: a later one replaces an earlier one, unless it is null."""
        self.usage.update(reported(usage, *usage.members))

    def response(self) -> dict[str, Any]:
        """The message so far, as the body that a request without streaming would have received."""
        # A stream that only failed is a refused request, which has no answer.
        begun = bool(self.blocks) or "id" in self.body or "content" in self.body
        content = {"content": [self.blocks[index].response() for index in sorted(self.blocks)]}
        usage = {"usage": self.usage if self.counted else _input_counts(self.usage) or None}
        # An error that came last is the end of the message, whatever its stop reason was.
        stop = {} if self._failed is None else {"stop_reason": None}
        return {"type": "message", **self.body, **(content if begun else {}), **usage, **stop}


def _input_counts(usage: dict[str, Any]) -> dict[str, Any]:
    """What the first event knows: counts of the input, for most models zeros; the output had not begun."""
    return {name: count for name, count in usage.items() if count and name != "output_tokens"}


def _parsed(text: str) -> Any:
    """The value of JSON text; text that was cut off stays text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
