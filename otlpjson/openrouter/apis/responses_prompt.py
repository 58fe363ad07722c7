# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The input of a request to ``/responses`` as a conversation in chat form.

Order and members are those of deliveries captured by empathic/toolpath. Items without a form in
chat are in ``server_tools`` of an assistant message, and a prompt template is beside the messages;
both are this package's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ..document import Document
from ..plain import OBJECT
from .chat_form import text_or_parts
from .parts import part_without_media
from .responses_items import (
    call_of,
    is_call,
    is_result,
    server_tool_of,
    summaries_of,
    texts_of,
)

__all__ = ["prompt_of"]

# The members of an assistant message that items add to, in the order in which they are written.
_LISTS: Final = ("tool_calls", "reasoning_details", "server_tools")


def prompt_of(request: Document) -> dict[str, Any] | None:
    """Instructions as the system message, then the conversation, which may be a single text."""
    instructions, text = request.text("instructions"), None
    messages = [] if instructions is None else [{"role": "system", "content": instructions}]
    if request.is_list("input"):
        messages += _conversation(request.objects("input"))
    else:
        text = request.text("input")
        messages += [] if text is None else [{"role": "user", "content": text}]
    template = request.value("prompt")
    named = {"prompt": template} if isinstance(template, OBJECT) and template else {}
    has_messages = bool(messages) or request.is_list("input")
    return {**({"messages": messages} if has_messages else {}), **named} or None


def _conversation(items: list[Document]) -> list[dict[str, Any]]:
    """The messages in chat form; reasoning, text and calls that follow each other become one message."""
    messages: list[dict[str, Any]] = []
    for piece in filter(None, map(_piece, items)):
        if "role" in piece:
            messages.append(piece)
            continue
        if not messages or not _continues(messages[-1], piece):
            messages.append({"role": "assistant", "content": []})
        _join(messages[-1], piece)
    return [_ordered(message) for message in messages]


def _piece(item: Document) -> dict[str, Any] | None:
    """
    An item in chat form: a message with its role, or members of an assistant message.

    ``None`` if it holds nothing.
    """
    # Only messages may lack a type.
    kind = "message" if item.value("type") is None else item.value("type")
    if kind == "message":
        role, content = item.text("role"), text_or_parts(item, "content", _part)
        return {"content": content} if role == "assistant" else {"role": role, "content": content}
    if kind == "reasoning":
        details = list(_reasoning_details(item))
        return {"reasoning_details": details} if details else None
    if is_call(item):
        call = call_of(item, 0)
        # As captured: calls of the prompt have no index.
        return {"tool_calls": [{name: call[name] for name in ("id", "type", "function")}]}
    if is_result(item):
        output = text_or_parts(item, "output", _part)
        return {"role": "tool", "content": output, "tool_call_id": item.text("call_id")}
    return {"server_tools": [server_tool_of(item)]}


def _continues(message: dict[str, Any], piece: dict[str, Any]) -> bool:
    """Whether members of an assistant message belong to the message before them, and not to a new one."""
    if message["role"] != "assistant":
        return False
    if "tool_calls" in piece or "server_tools" in piece:
        return True
    return "tool_calls" not in message and message["content"] == []


def _join(message: dict[str, Any], piece: dict[str, Any]) -> None:
    if "content" in piece:
        message["content"] = piece["content"]
    for name in piece.keys() & _LISTS:
        message.setdefault(name, []).extend(piece[name])


def _ordered(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, **{name: message.pop(name) for name in _LISTS if name in message}}


def _part(part: Document) -> dict[str, Any]:
    """A part in chat form; one of an unknown type stays as it is, and is noted."""
    kind = part.value("type")
    if kind in ("input_text", "output_text"):
        return {"type": "text", "text": part.text("text")}
    if kind == "refusal":
        return {"type": "text", "text": part.text("refusal")}
    if kind == "input_image":
        chat = _image(part)
    elif kind == "input_file":
        chat = {"type": "file", "file": _file(part)}
    elif kind == "input_audio":
        chat = {"type": "input_audio", "input_audio": dict(part.document("input_audio").members)}
    elif kind == "input_video":
        chat = {"type": "video_url", "video_url": {"url": part.text("video_url")}}
    else:
        part.note("type", "part type without a chat equivalent, kept as it is")
        chat = dict(part.members)
    return dict(part_without_media(chat))


def _image(part: Document) -> dict[str, Any]:
    """An image by its URL or, without one, by the id of its file."""
    if part.text("image_url") is None and part.text("file_id"):
        return {"type": "file", "file": {"file_id": part.text("file_id")}}
    detail = {"detail": part.text("detail")} if part.text("detail") else {}
    return {"type": "image_url", "image_url": {"url": part.text("image_url"), **detail}}


def _file(part: Document) -> dict[str, Any]:
    """A file by its name, data and id; its URL takes the place of missing data, as in chat form."""
    file = {name: part.text(name) for name in ("filename", "file_data", "file_id")}
    file["file_data"] = file["file_data"] or part.text("file_url")
    return {name: value for name, value in file.items() if value is not None}


def _reasoning_details(item: Document) -> Iterator[dict[str, Any]]:
    """The details in the order text, summary, encrypted; the signature belongs to the last text."""
    # Open reasoning is text; that of OpenAI is a summary, encrypted, or both.
    texts = [{"type": "reasoning.text", "text": text} for text in texts_of(item)]
    if texts and item.text("signature"):
        texts[-1]["signature"] = item.text("signature") or ""
    yield from texts
    for summary in summaries_of(item):
        yield {"type": "reasoning.summary", "summary": summary}
    if item.text("encrypted_content"):
        yield {"type": "reasoning.encrypted", "data": item.text("encrypted_content")}
