# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed ``/responses``, added up to the response that they make.

What is more complete wins: the terminal event's response, else finished items, else finished
parts, else joined pieces. Older names of events, which OpenRouter's pages use, count as well.

Source: OpenRouter's OpenAPI document, ResponsesStreamEvents; openai/openai-python,
``types/responses``.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from .document import Document

__all__ = ["ResponsesStream"]

_TERMINAL: Final = frozenset(
    {"response.completed", "response.incomplete", "response.failed", "response.done"}
)
_OTHER_NAMES: Final = {
    "response.content_part.delta": "response.output_text.delta",
    "response.reasoning.delta": "response.reasoning_text.delta",
    "response.error": "error",
}
# What a piece belongs to: the list in its item, the type of the part, the part's text.
_PIECES: Final = {
    "response.output_text": ("content", "output_text", "text"),
    "response.refusal": ("content", "refusal", "refusal"),
    "response.reasoning_text": ("content", "reasoning_text", "text"),
    "response.reasoning_summary_text": ("summary", "summary_text", "text"),
}
_CALL_PIECES: Final = {
    "response.function_call_arguments": "arguments",
    "response.custom_tool_call_input": "input",
}


@attrs.define
class ResponsesStream:
    """A response under way."""

    body: dict[str, Any] = attrs.field(factory=dict)
    items: dict[int, dict[str, Any]] = attrs.field(factory=dict)
    finished: set[int] = attrs.field(factory=set)
    terminal: dict[str, Any] | None = None
    error: Any = None

    @property
    def ended(self) -> bool:
        """Whether the stream has said how it ends."""
        return self.terminal is not None or self.error is not None

    def add(self, event: Document) -> None:
        """Takes one more event; progress of server tools and the like is passed over."""
        kind = event.text("type") or ""
        kind = _OTHER_NAMES.get(kind, kind)
        stem, _, step = kind.rpartition(".")
        if kind in ("response.created", "response.in_progress"):
            self.body.update(event.document("response").members)
        elif kind in _TERMINAL:
            self.terminal = dict(event.document("response").members)
        elif kind == "error":
            self.error = event.value("error") or {name: event.value(name) for name in ("code", "message")}
        elif kind in ("response.output_item.added", "response.output_item.done"):
            index = event.count("output_index") or 0
            self.items[index] = dict(event.document("item").members)
            self.finished |= {index} if step == "done" else set()
        elif stem in _PIECES and step in ("delta", "done"):
            self.add_piece(event, *_PIECES[stem])
        elif stem in _CALL_PIECES and step in ("delta", "done"):
            self.add_call_piece(event, _CALL_PIECES[stem])
        elif not kind.startswith("response."):
            event.skip("type", "an event of /responses", kind)

    def add_piece(self, event: Document, where: str, kind: str, name: str) -> None:
        """One more piece of a part, or the whole of it."""
        item = self.item(event, "reasoning" if "reasoning" in kind or where == "summary" else "message")
        parts = item.setdefault(where, [])
        index = event.count("content_index" if where == "content" else "summary_index") or 0
        while isinstance(parts, list) and len(parts) <= index < 1000:
            parts.append({"type": kind, name: ""})
        part = parts[index] if isinstance(parts, list) and index < len(parts) else None
        if isinstance(part, dict):
            whole = event.text(name)
            part[name] = (part.get(name) or "") + (event.text("delta") or "") if whole is None else whole

    def add_call_piece(self, event: Document, name: str) -> None:
        """One more piece of a call's arguments, or the whole of them."""
        item = self.item(event, "function_call" if name == "arguments" else "custom_tool_call")
        whole = event.text(name)
        item[name] = (item.get(name) or "") + (event.text("delta") or "") if whole is None else whole

    def item(self, event: Document, kind: str) -> dict[str, Any]:
        """The item that a piece belongs to; pieces of a finished one change nothing."""
        index = event.count("output_index") or 0
        if index in self.finished:
            return {}
        return self.items.setdefault(index, {"type": kind})

    def response(self) -> dict[str, Any]:
        """The response so far, in the form of one that was not streamed."""
        output = [self.items[index] for index in sorted(self.items)]
        body = {"object": "response", **self.body, "output": output, **(self.terminal or {})}
        if not body["output"]:
            body["output"] = output
        return body if self.error is None else {**body, "error": self.error}
