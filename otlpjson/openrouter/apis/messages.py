# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/messages`` in chat form.

The API is Anthropic's; OpenRouter offers it for every model.

Source: OpenRouter's OpenAPI document, Messages; anthropics/anthropic-sdk-python, ``types``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, Final

from ..document import Document, is_one_of
from ..generation import Usage, total
from .chat_form import ChatForm, is_answer, provider_of, text_or_parts, tool_call
from .failure import failure_of
from .parts import placeholder, url_without_data

__all__ = ["messages_form"]

_OWN_KEYS: Final = frozenset({"messages", "system"})
# In captured deliveries, requests to /messages have chat's finish reasons.
_FINISH_REASONS: Final = MappingProxyType(
    {
        "end_turn": "stop",
        "stop_sequence": "stop",
        "compaction": "stop",
        "pause_turn": "stop",
        "max_tokens": "length",
        "model_context_window_exceeded": "length",
        "tool_use": "tool_calls",
        "refusal": "content_filter",
    }
)
# Blocks of an answer that are not noted. Redacted thinking is expected, but encrypted: nothing to record.
_ANSWER_BLOCKS: Final = frozenset({"text", "thinking", "redacted_thinking", "tool_use"})
# Blocks that do not become parts of a message but members of it, or messages of their own.
_NOT_PARTS: Final = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking"})
_UNKNOWN_BLOCK: Final = "block type without a chat equivalent"
# Ids of generations hold the time of their creation: gen-1771005600-abc.
_CREATED: Final = re.compile(r"gen-([0-9]{10})-", re.ASCII)


def messages_form(request: Document, response: Document) -> ChatForm:
    """
    A request to ``/messages`` and its response in chat form.

    Args:
        request: The body sent.

        response: The body received, an error body included; empty if there is none.
    """
    stop_reason = response.text("stop_reason") or None
    model = response.text("model") or None
    # An error body has the generation's id as its request id.
    generation_id = response.text("id") or response.text("request_id") or None
    blocks = _answer(response)
    failure = failure_of(response)
    reason = stop_reason or ("error" if failure else None)
    # For models of other authors, OpenRouter has already translated the provider's reason.
    is_native = (model or "").startswith("anthropic/")
    return ChatForm(
        skin="messages",
        generation_id=generation_id,
        model=model,
        provider_name=provider_of(response),
        created_s=_created_s(generation_id),
        # Clients of Anthropic's API name the end user in the metadata.
        user_id=request.text("user") or request.document("metadata").text("user_id"),
        usage=_usage(response.document("usage")),
        prompt=_prompt(request),
        tools=[_tool(tool) for tool in request.objects("tools")] or None,
        answered=is_answer(response, "content"),
        content=_content(blocks, response),
        reasoning=_joined(blocks, "thinking") or None,
        tool_calls=_tool_calls(blocks) or None,
        finish_reason=_FINISH_REASONS.get(reason, reason) if reason else None,
        native_finish_reason=stop_reason if is_native else None,
        failure=failure,
        own_keys=_OWN_KEYS,
    )


def _answer(response: Document) -> list[Document]:
    """The blocks of the answer; those without a chat form, such as results of server tools, are noted."""
    blocks = response.objects("content")
    for block in blocks:
        if not is_one_of(_ANSWER_BLOCKS, block.value("type")):
            block.note("type", _UNKNOWN_BLOCK)
    return blocks


def _content(blocks: list[Document], response: Document) -> str | None:
    """The text, or else the explanation for its absence, which a refusal has."""
    text = _joined(blocks, "text")
    return text or response.document("stop_details").text("explanation") or text


def _joined(blocks: list[Document], kind: str) -> str | None:
    """The texts of all blocks of a type, in the member named like the type; ``None`` without such blocks."""
    texts = [block.text(kind) or "" for block in blocks if block.value("type") == kind]
    return "".join(texts) if texts else None


def _created_s(generation_id: str | None) -> int | None:
    """The time in the generation's id: a message has no member for it."""
    match = _CREATED.match(generation_id or "")
    return int(match[1]) if match else None


def _usage(usage: Document) -> Usage:
    """The usage; its prompt tokens are given as three counts: fresh, read from a cache, written to one."""
    # Chat counts cached tokens as part of the prompt; here input_tokens excludes them.
    fresh = usage.count("input_tokens")
    read = usage.count("cache_read_input_tokens")
    written = usage.count("cache_creation_input_tokens")
    output_tokens = usage.count("output_tokens")
    counts = [count for count in (fresh, read, written) if count is not None]
    input_tokens = sum(counts) if counts else None
    if not fresh and read and read == written:
        # Measured with Gemini: tokens written and read in one request are given as both.
        input_tokens = read
    creation = usage.document("cache_creation")
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=total(input_tokens, output_tokens),
        cached_tokens=read,
        cache_write_tokens=written,
        cache_write_5m_tokens=creation.count("ephemeral_5m_input_tokens"),
        cache_write_1h_tokens=creation.count("ephemeral_1h_input_tokens"),
        reasoning_tokens=usage.document("output_tokens_details").count("thinking_tokens"),
        input_cost=cost.number("upstream_inference_prompt_cost"),
        output_cost=cost.number("upstream_inference_completions_cost"),
        total_cost=usage.number("cost"),
    )


def _tool(tool: Document) -> dict[str, Any]:
    # Tools of other types run at the server and have no form in chat.
    if tool.value("type") is not None and tool.value("type") != "custom":
        return dict(tool.members)
    names = (("name", "name"), ("description", "description"), ("parameters", "input_schema"))
    function = {name: tool.value(own) for name, own in names if own in tool.members}
    return {"type": "function", "function": function}


def _tool_calls(blocks: list[Document]) -> list[dict[str, Any]]:
    uses = (block for block in blocks if block.value("type") == "tool_use")
    return [_tool_call(block, index) for index, block in enumerate(uses)]


def _tool_call(block: Document, index: int) -> dict[str, Any]:
    given = block.value("input")
    # The input of a streamed call that was cut off is text, not an object.
    return tool_call(index, block.text("id"), block.text("name"), {} if given is None else given)


def _prompt(request: Document) -> dict[str, Any] | None:
    """The system message first, then the conversation; ``None`` if the request has no messages."""
    conversation = [*_system(request), *_conversation(request)]
    return {"messages": conversation} if request.is_list("messages") else None


def _system(request: Document) -> Iterator[dict[str, Any]]:
    if request.value("system") is not None:
        yield {"role": "system", "content": text_or_parts(request, "system", _part)}


def _conversation(request: Document) -> Iterator[dict[str, Any]]:
    for message in request.objects("messages"):
        if message.is_list("content"):
            yield from _message(message, message.objects("content"))
        else:
            yield {"role": message.text("role"), "content": message.text("content")}


def _message(message: Document, blocks: list[Document]) -> Iterator[dict[str, Any]]:
    """A message that consists of blocks, after one message for each tool result among them."""
    # In chat form, results directly follow the message with the calls.
    for block in blocks:
        if block.value("type") == "tool_result":
            yield _tool_result(block)
    parts = [part for part in map(_part, blocks) if part]
    calls = _tool_calls(blocks)
    details = [detail for detail in map(_reasoning_detail, blocks) if detail]
    if parts or calls or details:
        yield {
            "role": message.text("role"),
            "content": parts or None,
            **({"tool_calls": calls} if calls else {}),
            **({"reasoning_details": details} if details else {}),
        }


def _tool_result(block: Document) -> dict[str, Any]:
    content = text_or_parts(block, "content", _part)
    error = {} if block.flag("is_error") is None else {"is_error": block.flag("is_error")}
    return {"role": "tool", "tool_call_id": block.text("tool_use_id"), "content": content, **error}


def _part(block: Document) -> dict[str, Any] | None:
    """A block as a part in chat form, or ``None`` if it is not a part there; unknown types are noted."""
    kind = block.value("type")
    if kind == "text":
        cache = {"cache_control": block.value("cache_control")} if block.value("cache_control") else {}
        return {"type": "text", "text": block.text("text"), **cache}
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": _url(block.document("source"))}}
    if kind == "document":
        return _document_part(block, block.document("source"))
    if kind == "search_result":
        return {"type": "text", "text": _text_of(block)}
    if not is_one_of(_NOT_PARTS, kind):
        block.note("type", _UNKNOWN_BLOCK)
    return None


def _document_part(block: Document, source: Document) -> dict[str, Any]:
    kind = source.value("type")
    if kind in ("text", "content"):
        return {"type": "text", "text": source.text("data") if kind == "text" else _text_of(source)}
    title = {"filename": block.text("title")} if block.text("title") else {}
    if kind == "file":
        return {"type": "file", "file": {**title, "file_id": source.text("file_id")}}
    return {"type": "file", "file": {**title, "file_data": _url(source)}}


def _text_of(owner: Document) -> str | None:
    """The content as one text, whether given as text or in blocks; blocks other than text are noted."""
    parts = text_or_parts(owner, "content", _part)
    if not isinstance(parts, list):
        return owner.text("content")
    others = [part for part in parts if part["type"] != "text"]
    if others:
        owner.note("content", "only its text blocks are recorded")
    return "".join(part["text"] or "" for part in parts if part["type"] == "text")


def _url(source: Document) -> str | None:
    if source.value("type") == "base64":
        return placeholder(source.text("media_type"), source.text("data"))
    url = source.text("url")
    return None if url is None else url_without_data(url)


def _reasoning_detail(block: Document) -> dict[str, Any] | None:
    if block.value("type") == "thinking":
        signature = {} if block.text("signature") is None else {"signature": block.text("signature")}
        return {"type": "reasoning.text", "text": block.text("thinking"), **signature}
    # The hidden reasoning of OpenAI's models arrives as redacted thinking, too.
    if block.value("type") == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": block.text("data")}
    return None
