# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The content blocks of ``/messages`` in chat form: parts, calls, reasoning, and what has no form there.

Source: OpenRouter's OpenAPI document, Messages; anthropics/anthropic-sdk-python, ``types``. The
form of calls and reasoning is that of deliveries captured by empathic/toolpath.
"""

from __future__ import annotations

from typing import Any, Final

from ..compact import compact
from ..document import Document, is_one_of
from .chat_form import text_or_parts, tool_call
from .events import json_object
from .parts import part_without_media, placeholder, url_without_data

__all__ = ["calls_of", "part_of", "parts_of", "reasoning_details_of", "server_tools_of", "texts_of"]

# Blocks that are no parts of a message but members of it, or messages of their own.
_MEMBERS: Final = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking"})
_PARTS: Final = frozenset({"text", "image", "document", "search_result"})
# As captured, whichever model wrote the reasoning.
_FORMAT: Final = "anthropic-claude-v1"
# Blocks that the API documents; any other is noted as well.
_KNOWN: Final = (
    "server_tool_use",
    "mcp_tool_use",
    "mcp_tool_result",
    "container_upload",
    "compaction",
    "tool_addition",
    "tool_removal",
    "tool_reference",
)
_RESULT: Final = "_tool_result"
_UNKNOWN: Final = "an unknown type, kept with the server's tools"


def texts_of(blocks: list[Document], kind: str) -> str | None:
    """The texts of all blocks of a type, in the member named like the type; ``None`` without such blocks."""
    texts = [block.text(kind) or "" for block in blocks if block.value("type") == kind]
    return "".join(texts) if texts else None


def calls_of(blocks: list[Document], *, indexed: bool) -> list[dict[str, Any]]:
    """
    The calls among the blocks.

    Args:
        indexed: Whether each has its position; as captured, calls of the answer do, and those of
            the prompt do not.
    """
    uses = (block for block in blocks if block.value("type") == "tool_use")
    return [_call(block, index, indexed=indexed) for index, block in enumerate(uses)]


def reasoning_details_of(blocks: list[Document]) -> list[dict[str, Any]]:
    """The reasoning among the blocks, as details."""
    details = []
    for block in blocks:
        if block.value("type") == "thinking":
            signature = {} if block.text("signature") is None else {"signature": block.text("signature")}
            detail = {"type": "reasoning.text", "text": block.text("thinking"), **signature}
            details.append({**detail, "format": _FORMAT})
        # The hidden reasoning of OpenAI's models arrives as redacted thinking, too.
        elif block.value("type") == "redacted_thinking":
            details.append({"type": "reasoning.encrypted", "data": block.text("data"), "format": _FORMAT})
    return details


def server_tools_of(blocks: list[Document]) -> list[Any]:
    """The blocks without a form in chat, such as those of server tools, as they came but for their media."""
    others = [block for block in blocks if not is_one_of(_MEMBERS | _PARTS, block.value("type"))]
    for block in others:
        kind = block.value("type")
        if not (isinstance(kind, str) and (kind in _KNOWN or kind.endswith(_RESULT))):
            block.note("type", _UNKNOWN)
    return [part_without_media(block.members) for block in others if block.members]


def parts_of(owner: Document, name: str) -> Any:
    """A member that is a text or a list of blocks; a block without a form in chat stays as it came."""
    return text_or_parts(owner, name, lambda block: part_of(block) or part_without_media(block.members))


def part_of(block: Document) -> dict[str, Any] | None:
    """A block as a part in chat form; ``None`` if it is not a part there."""
    kind = block.value("type")
    if kind == "text":
        part: dict[str, Any] = {"type": "text", "text": block.text("text")}
    elif kind == "image":
        part = _image(block.document("source"))
    elif kind == "document":
        part = _document(block, block.document("source"))
    elif kind == "search_result":
        part = {"type": "text", "text": _text_of(block), **_given(block, "source", "title")}
    else:
        return None
    return {**part, **_given(block, "cache_control")}


def _call(block: Document, index: int, *, indexed: bool) -> dict[str, Any]:
    # Streamed arguments are recorded as they came, with their white space, as captured.
    streamed = block.value("partial_json")
    arguments = streamed if isinstance(streamed, str) else _arguments(block.value("input"))
    call = tool_call(index, block.text("id"), block.text("name"), arguments)
    if indexed:
        return call
    history = {"type": call["type"], "id": call["id"], "function": call["function"]}
    return {**history, **_given(block, "cache_control")}


def _arguments(given: Any) -> str:
    """The input of a call as JSON text; some clients send it as such a text already."""
    if isinstance(given, str) and json_object(given) is not None:
        return given
    return compact({} if given is None else given)


def _image(source: Document) -> dict[str, Any]:
    if source.value("type") == "file":
        return {"type": "file", "file": _given(source, "file_id")}
    return {"type": "image_url", "image_url": {"url": _url(source)}}


def _document(block: Document, source: Document) -> dict[str, Any]:
    kind = source.value("type")
    context = _given(block, "context")
    if kind in ("text", "content"):
        text = source.text("data") if kind == "text" else _text_of(source)
        return {"type": "text", "text": text, **_given(block, "title"), **context}
    title = {"filename": block.text("title")} if block.text("title") else {}
    if kind == "file":
        return {"type": "file", "file": {**title, **_given(source, "file_id")}, **context}
    return {"type": "file", "file": {**title, "file_data": _url(source)}, **context}


def _text_of(owner: Document) -> str | None:
    """The content as one text, whether given as text or in blocks; blocks other than text are noted."""
    if not owner.is_list("content"):
        return owner.text("content")
    blocks = owner.objects("content")
    if any(block.value("type") != "text" for block in blocks):
        owner.note("content", "only its text blocks are recorded")
    return texts_of(blocks, "text") or ""


def _url(source: Document) -> str | None:
    if source.value("type") == "base64":
        return placeholder(source.text("media_type"), source.text("data"))
    url = source.text("url")
    return None if url is None else url_without_data(url)


def _given(owner: Document, *names: str) -> dict[str, Any]:
    return {name: owner.value(name) for name in names if owner.value(name) is not None}
