# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The conversation of a request to ``/messages`` in chat form.

Order and members are those of deliveries captured by empathic/toolpath. Blocks without a form in
chat are in ``server_tools`` of their message; that is this package's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document import Document
from .messages_blocks import (
    calls_of,
    part_of,
    parts_of,
    reasoning_details_of,
    server_tools_of,
)

__all__ = ["prompt_of"]


def prompt_of(request: Document) -> dict[str, Any] | None:
    """The system message first, then the conversation; ``None`` if the request has no messages."""
    conversation = [*_system(request), *_conversation(request)]
    return {"messages": conversation} if request.is_list("messages") else None


def _system(request: Document) -> Iterator[dict[str, Any]]:
    if request.value("system") is not None:
        yield {"role": "system", "content": parts_of(request, "system")}


def _conversation(request: Document) -> Iterator[dict[str, Any]]:
    for message in request.objects("messages"):
        if message.is_list("content"):
            yield from _message(message, message.objects("content"))
        else:
            yield {"role": message.text("role"), "content": message.text("content")}


def _message(message: Document, blocks: list[Document]) -> Iterator[dict[str, Any]]:
    """A message that consists of blocks, after one message for each tool result among them."""
    # In chat form, results directly follow the message with the calls.
    results = [block for block in blocks if block.value("type") == "tool_result"]
    yield from map(_tool_result, results)
    parts = [part for part in map(part_of, blocks) if part]
    members = {
        "tool_calls": calls_of(blocks, indexed=False),
        "reasoning_details": reasoning_details_of(blocks),
        "server_tools": server_tools_of(blocks),
    }
    if parts or any(members.values()) or not results:
        role = message.text("role")
        shown = {name: value for name, value in members.items() if value}
        yield {"role": role, "content": _content(role, parts), **shown}


def _content(role: str | None, parts: list[dict[str, Any]]) -> Any:
    """The parts, or the text of an assistant's only part; ``None`` if there are none."""
    if role == "assistant" and len(parts) == 1 and parts[0].keys() == {"type", "text"}:
        return parts[0]["text"]
    return parts or None


def _tool_result(block: Document) -> dict[str, Any]:
    members = {name: block.value(name) for name in ("cache_control",) if block.value(name) is not None}
    is_error = block.flag("is_error")
    return {
        "role": "tool",
        "tool_call_id": block.text("tool_use_id"),
        "content": parts_of(block, "content"),
        **members,
        **({} if is_error is None else {"is_error": is_error}),
    }
