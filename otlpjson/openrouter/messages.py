# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/messages``, Anthropic's form, which OpenRouter speaks for every model.

Source: OpenRouter's OpenAPI document, Messages; anthropics/anthropic-sdk-python, ``types``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .chat_form import ChatForm, failure_of
from .compact import compact
from .document import Document
from .generation import Usage
from .parts import data_url

__all__ = ["messages_form"]

_OWN_KEYS: Final = frozenset({"messages", "system"})
_FINISH_REASONS: Final = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "compaction": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def messages_form(request: Document, response: Document) -> ChatForm:
    """What they say, in chat form."""
    stop_reason = response.text("stop_reason")
    model = response.text("model") or None
    blocks = response.objects("content")
    text = [block.text("text") or "" for block in blocks if block.value("type") == "text"]
    thinking = [block.text("thinking") or "" for block in blocks if block.value("type") == "thinking"]
    failure = failure_of(response)
    # For other models OpenRouter has translated the provider's reason already.
    is_native = (model or "").startswith("anthropic/")
    return ChatForm(
        skin="messages",
        generation_id=response.text("id") or response.text("request_id") or None,
        model=model,
        provider_name=response.text("provider"),
        user_id=request.text("user") or request.document("metadata").text("user_id"),
        usage=_usage(response.document("usage")),
        messages=[*_system(request), *_conversation(request)] if "messages" in request.members else None,
        tools=[_tool(tool) for tool in request.objects("tools")] or None,
        content="".join(text) if text else response.document("stop_details").text("explanation"),
        reasoning="".join(thinking) if any(thinking) else None,
        tool_calls=[_tool_call(block, index) for index, block in enumerate(_tool_uses(blocks))] or None,
        finish_reason=_FINISH_REASONS.get(stop_reason, stop_reason) if stop_reason else None,
        native_finish_reason=stop_reason if is_native else None,
        failure=failure,
        own_keys=_OWN_KEYS,
    )


def _usage(usage: Document) -> Usage:
    """Prompt tokens are three numbers here: fresh, read from a cache, and written to one."""
    fresh = usage.count("input_tokens")
    read = usage.count("cache_read_input_tokens")
    written = usage.count("cache_creation_input_tokens")
    output_tokens = usage.count("output_tokens")
    input_tokens = None if fresh is None else fresh + (read or 0) + (written or 0)
    if fresh == 0 and read == written and read:
        # Measured with Gemini: the same tokens were written and read in one request.
        input_tokens = read
    known = input_tokens is not None and output_tokens is not None
    creation = usage.document("cache_creation")
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        total_tokens=(input_tokens or 0) + (output_tokens or 0) if known else None,
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
    if tool.value("type") not in (None, "custom"):
        return dict(tool.members)
    names = (("name", "name"), ("description", "description"), ("parameters", "input_schema"))
    function = {name: tool.value(own) for name, own in names if own in tool.members}
    return {"type": "function", "function": function}


def _tool_uses(blocks: list[Document]) -> Iterator[Document]:
    return (block for block in blocks if block.value("type") == "tool_use")


def _tool_call(block: Document, index: int) -> dict[str, Any]:
    arguments = block.value("input")
    return {
        "id": block.value("id"),
        "index": index,
        "type": "function",
        "function": {
            "name": block.value("name"),
            # The input of a call that was cut off is text already.
            "arguments": arguments if isinstance(arguments, str) else compact(arguments or {}),
        },
    }


def _system(request: Document) -> Iterator[dict[str, Any]]:
    system = request.value("system")
    if isinstance(system, list):
        parts = (_part(block) for block in request.objects("system"))
        yield {"role": "system", "content": [part for part in parts if part]}
    elif system is not None:
        yield {"role": "system", "content": system}


def _conversation(request: Document) -> Iterator[dict[str, Any]]:
    for message in request.objects("messages"):
        if isinstance(message.value("content"), list):
            yield from _message(message, message.objects("content"))
        else:
            yield dict(message.members)


def _message(message: Document, blocks: list[Document]) -> Iterator[dict[str, Any]]:
    """One message in blocks: results of tools become messages of their own, in front."""
    for block in blocks:
        if block.value("type") == "tool_result":
            yield _tool_result(block)
    parts = [part for part in map(_part, blocks) if part]
    calls = [_tool_call(block, index) for index, block in enumerate(_tool_uses(blocks))]
    details = [detail for detail in map(_reasoning_detail, blocks) if detail]
    if parts or calls or details:
        yield {
            "role": message.value("role"),
            "content": parts or None,
            **({"tool_calls": calls} if calls else {}),
            **({"reasoning_details": details} if details else {}),
        }


def _tool_result(block: Document) -> dict[str, Any]:
    content = block.value("content")
    if isinstance(content, list):
        content = [part for part in map(_part, block.objects("content")) if part]
    error = {"is_error": block.value("is_error")} if "is_error" in block.members else {}
    return {"role": "tool", "tool_call_id": block.value("tool_use_id"), "content": content, **error}


_ELSEWHERE: Final = frozenset({"tool_use", "tool_result", "thinking", "redacted_thinking"})


def _part(block: Document) -> dict[str, Any] | None:
    """A block as a chat part; ``None`` where it is told elsewhere or has no counterpart, which is noted."""
    kind = block.value("type")
    if kind == "text":
        cache = {"cache_control": block.value("cache_control")} if block.value("cache_control") else {}
        return {"type": "text", "text": block.value("text"), **cache}
    if kind == "image":
        return {"type": "image_url", "image_url": {"url": _address(block.document("source"))}}
    if kind == "document":
        return _document_part(block, block.document("source"))
    if kind not in _ELSEWHERE:
        block.skip("type", "a block that has a chat form", kind)
    return None


def _document_part(block: Document, source: Document) -> dict[str, Any]:
    if source.value("type") == "text":
        return {"type": "text", "text": source.value("data")}
    if source.value("type") == "file":
        return {"type": "file", "file": {"file_id": source.value("file_id")}}
    if source.value("type") == "content":
        content = source.value("content")
        return {"type": "text", "text": content if isinstance(content, str) else compact(content)}
    title = {"filename": block.value("title")} if block.value("title") else {}
    return {"type": "file", "file": {**title, "file_data": _address(source)}}


def _address(source: Document) -> Any:
    if source.value("type") == "base64":
        return data_url(source.text("media_type"), source.value("data"))
    return source.value("url")


def _reasoning_detail(block: Document) -> dict[str, Any] | None:
    if block.value("type") == "thinking":
        detail = {
            "type": "reasoning.text",
            "text": block.value("thinking"),
            "signature": block.value("signature"),
        }
        return {name: value for name, value in detail.items() if value is not None}
    if block.value("type") == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": block.value("data")}
    return None
