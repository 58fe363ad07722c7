# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/messages``, added up to the message that they make.

Source: OpenRouter's OpenAPI document, MessagesStreamEvents; anthropics/anthropic-sdk-python,
``lib/streaming/_messages.py``.
"""

from __future__ import annotations

import json
from typing import Any

import attrs

from .document import Document

__all__ = ["MessagesStream"]


@attrs.define
class MessagesStream:
    """A message under way."""

    body: dict[str, Any] = attrs.field(factory=dict)
    blocks: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    inputs: dict[int, str] = attrs.field(factory=dict)
    ended: bool = False

    def add(self, event: Document) -> None:
        """Takes one more event; one of an unknown type is noted."""
        kind = event.text("type")
        if kind == "message_start":
            self.body.update(event.document("message").members)
        elif kind == "content_block_start":
            self.blocks[event.count("index") or 0] = dict(event.document("content_block").members)
        elif kind == "content_block_delta":
            self.add_delta(event.count("index") or 0, event.document("delta"))
        elif kind == "message_delta":
            self.add_end(event)
        elif kind == "message_stop":
            self.ended = True
        elif kind == "error":
            self.ended = True
            self.body["error"] = event.value("error")
        elif kind not in ("content_block_stop", "ping"):
            event.skip("type", "an event of /messages", kind)

    def add_delta(self, index: int, delta: Document) -> None:
        """One more piece of a block."""
        kind = delta.text("type")
        block = self.blocks.setdefault(index, {"type": "text", "text": ""})
        if kind == "text_delta":
            block["text"] = (block.get("text") or "") + (delta.text("text") or "")
        elif kind == "thinking_delta":
            block["thinking"] = (block.get("thinking") or "") + (delta.text("thinking") or "")
        elif kind == "signature_delta":
            block["signature"] = delta.text("signature")
        elif kind == "input_json_delta":
            self.inputs[index] = self.inputs.get(index, "") + (delta.text("partial_json") or "")
        elif kind == "citations_delta":
            block["citations"] = [*(block.get("citations") or []), delta.value("citation")]
        elif kind == "compaction_delta":
            block["content"] = delta.value("content")
        else:
            delta.skip("type", "a delta of /messages", kind)

    def add_end(self, event: Document) -> None:
        """Stop fields, and usage that is cumulative: known values stay where the new ones are null."""
        for name, value in event.document("delta").members.items():
            if value is not None:
                self.body[name] = value
        self.ended = self.ended or self.body.get("stop_reason") is not None
        usage = self.body.get("usage")
        known = dict(usage) if isinstance(usage, dict) else {}
        known.update(
            {name: value for name, value in event.document("usage").members.items() if value is not None}
        )
        self.body["usage"] = known

    def response(self) -> dict[str, Any]:
        """The message so far, in the form of one that was not streamed."""
        content = [{**self.blocks[index], **self.parsed_input(index)} for index in sorted(self.blocks)]
        return {"type": "message", **self.body, "content": content}

    def parsed_input(self, index: int) -> dict[str, Any]:
        """The input of a tool's call; text that was cut off stays text."""
        text = self.inputs.get(index)
        if not text:
            return {}
        try:
            return {"input": json.loads(text)}
        except (ValueError, RecursionError):
            return {"input": text}
