# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/messages``, added up to the message that they make.

Source: OpenRouter's OpenAPI document, MessagesStreamEvents; anthropics/anthropic-sdk-python,
``lib/streaming/_messages.py``.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .parts import joined

__all__ = ["MessagesStream"]

# The type of the block that a delta belongs to, where the block's start was lost.
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
    """A message under way."""

    body: dict[str, Any] = attrs.field(factory=dict)
    blocks: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    inputs: dict[int, str] = attrs.field(factory=dict)
    usage: dict[str, Any] = attrs.field(factory=dict)
    counted: bool = False
    ended: bool = False

    def add(self, event: Document) -> None:
        """Takes one more event; one of an unknown type is noted."""
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
            self.add_known(event.document("delta"), *_STOP)
            self.add_known(event, "context_management")
            self.add_usage(event.document("usage"))
            self.counted = self.counted or bool(event.document("usage").members)
            self.ended = self.ended or self.body.get("stop_reason") is not None
        elif kind in ("message_stop", "error"):
            self.add_end(event, failed=kind == "error")
        elif kind not in ("content_block_stop", "ping"):
            event.skip("type", "an event of /messages", kind)

    def add_delta(self, index: int, delta: Document) -> None:
        """One more piece of a block."""
        kind = delta.text("type") or ""
        if kind not in _BLOCKS:
            delta.skip("type", "a delta of /messages", kind)
            return
        block = self.blocks.setdefault(index, {"type": _BLOCKS[kind]})
        if kind in ("text_delta", "thinking_delta"):
            name = _BLOCKS[kind]
            block[name] = joined(block.get(name), delta.text(name))
        elif kind == "signature_delta":
            block["signature"] = delta.text("signature")
        elif kind == "input_json_delta":
            self.inputs[index] = joined(self.inputs.get(index), delta.text("partial_json"))
        elif kind == "citations_delta":
            known = block.get("citations")
            block["citations"] = [*(known if isinstance(known, list) else []), delta.value("citation")]
        else:
            block.update(_known(delta, "content", "encrypted_content"))

    def add_end(self, event: Document, *, failed: bool) -> None:
        """The last event, or an error, which may be the last as well; what came before it stays."""
        self.ended = True
        self.add_known(event, "openrouter_metadata")
        if failed:
            self.add_known(event, "request_id", "error_type")
            self.body["error"] = {} if event.value("error") is None else event.value("error")

    def add_known(self, owner: Document, *names: str) -> None:
        """Members that are reported."""
        self.body.update(_known(owner, *names))

    def add_usage(self, usage: Document) -> None:
        """Usage is cumulative: a later count replaces an earlier one, unless it is null."""
        self.usage.update(_known(usage, *usage.members))

    def response(self) -> dict[str, Any]:
        """
        The message so far, in the form of one that was not streamed.

        The counts at the start of a stream are none of what will be, so they alone are not told.
        """
        content = [{**self.blocks[index], **self.parsed_input(index)} for index in sorted(self.blocks)]
        usage = self.usage if self.counted else None
        return {"type": "message", **self.body, "content": content, "usage": usage}

    def parsed_input(self, index: int) -> dict[str, Any]:
        """The input of a tool's call; text that was cut off stays text."""
        text = self.inputs.get(index)
        if not text:
            return {}
        try:
            return {"input": json.loads(text)}
        except (ValueError, RecursionError):
            return {"input": text}


def _known(owner: Document, *names: str) -> dict[str, Any]:
    return {name: owner.value(name) for name in names if owner.value(name) is not None}
