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
from .pieces import appended, joined, reported

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


@attrs.define
class MessagesStream:
    """
    A response of ``/messages`` that is being streamed.

    Attributes:
        body: Members of the message other than its blocks and usage.

        blocks: The blocks so far, by their index.

        inputs: The JSON text of tool inputs so far, by the index of their block.

        usage: The latest counts.

        counted: Whether counts have arrived besides those of the first event.

        ended: Whether a stop reason, the last event or an error has arrived.
    """

    body: dict[str, Any] = attrs.field(factory=dict)
    blocks: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    inputs: dict[int, str] = attrs.field(factory=dict)
    usage: dict[str, Any] = attrs.field(factory=dict)
    counted: bool = False
    ended: bool = False

    def add(self, event: Document) -> None:
        """Adds the next event; one of an unknown type is noted."""
        kind = event.text("type")
        if kind == "message_start":
            message = event.document("message")
            self.body.update(message.members)
            self.add_usage(message.document("usage"))
        elif kind == "content_block_start":
            index = event.count("index") or 0
            self.blocks[index] = dict(event.document("content_block").members)
            self.inputs.pop(index, None)
        elif kind == "content_block_delta":
            self.add_delta(event.count("index") or 0, event.document("delta"))
        elif kind == "message_delta":
            self.body.update(reported(event.document("delta"), *_STOP))
            self.body.update(reported(event, "context_management"))
            self.add_usage(event.document("usage"))
            # The event that ends a message may be missing, so its stop reason counts as its end.
            self.counted = self.counted or bool(event.document("usage").members)
            self.ended = self.ended or self.body.get("stop_reason") is not None
        elif kind in ("message_stop", "error"):
            self.add_end(event, failed=kind == "error")
        elif kind not in ("content_block_stop", "ping"):
            event.note("type", "unknown event type")

    def add_delta(self, index: int, delta: Document) -> None:
        """Adds the next piece of a block; one of an unknown type is noted."""
        kind = delta.text("type") or ""
        if kind not in _BLOCKS:
            delta.note("type", "unknown delta type")
            return
        block = self.blocks.setdefault(index, {"type": _BLOCKS[kind]})
        if kind in ("text_delta", "thinking_delta"):
            name = _BLOCKS[kind]
            block[name] = joined(block.get(name), delta.text(name))
        elif kind == "signature_delta":
            # It arrives in one piece; Anthropic's SDK sets it as well.
            block["signature"] = delta.text("signature")
        elif kind == "input_json_delta":
            self.inputs[index] = joined(self.inputs.get(index), delta.text("partial_json"))
        elif kind == "citations_delta":
            block["citations"] = appended(block.get("citations"), delta.value("citation"))
        else:
            block.update(reported(delta, "content", "encrypted_content"))

    def add_end(self, event: Document, *, failed: bool) -> None:
        """Adds the last event or an error, which keeps what was streamed before it."""
        self.ended = True
        self.body.update(reported(event, "openrouter_metadata"))
        if failed:
            self.body.update(reported(event, "request_id", "error_type"))
            self.body["error"] = {} if event.value("error") is None else event.value("error")

    def add_usage(self, usage: Document) -> None:
        """Adds counts, which are totals: a later one replaces an earlier one, unless it is null."""
        self.usage.update(reported(usage, *usage.members))

    def response(self) -> dict[str, Any]:
        """The message so far, as the body that a request without streaming would have received."""
        content = [{**self.blocks[index], **self.parsed_input(index)} for index in sorted(self.blocks)]
        # The first event has counts from before the output, for most models zeros. Without later ones,
        # nothing is known.
        usage = self.usage if self.counted else None
        return {"type": "message", **self.body, "content": content, "usage": usage}

    def parsed_input(self, index: int) -> dict[str, Any]:
        """The input of a tool call as a member of its block; JSON text that was cut off stays text."""
        text = self.inputs.get(index)
        if not text:
            return {}
        try:
            return {"input": json.loads(text)}
        except (ValueError, RecursionError):
            return {"input": text}
