# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Request and response of ``/responses``, OpenAI's newer form.

The response echoes the request; nothing is read from the echo.

Source: OpenRouter's OpenAPI document, Responses; openai/openai-python, ``types/responses``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from .chat_form import ChatForm, failure_of
from .document import Document
from .generation import Failure, Usage
from .parts import stripped

__all__ = ["responses_form"]

_OWN_KEYS: Final = frozenset({"input", "instructions"})
_CALLS: Final = frozenset({"function_call", "custom_tool_call"})
_OUTPUTS: Final = frozenset({"function_call_output", "custom_tool_call_output"})
_INCOMPLETE: Final = {"max_output_tokens": "length", "content_filter": "content_filter"}


def responses_form(request: Document, response: Document) -> ChatForm:
    """What they say, in chat form."""
    output = response.objects("output")
    calls = [item for item in output if item.value("type") in _CALLS]
    messages = [item for item in output if item.value("type") == "message"]
    texts = _texts(messages, "output_text", "text") or _texts(messages, "refusal", "refusal")
    tools = [_tool(tool) for tool in request.objects("tools")]
    return ChatForm(
        skin="responses",
        generation_id=response.text("id") or None,
        model=response.text("model") or None,
        created_s=response.count("created_at"),
        completed_s=response.count("completed_at"),
        user_id=request.text("user") or request.text("safety_identifier"),
        usage=_usage(response.document("usage")),
        messages=list(_conversation(request)) if request.value("input") is not None else None,
        tools=tools or None,
        content="".join(texts) if texts else None,
        reasoning=_reasoning(output),
        tool_calls=[_tool_call(item, index) for index, item in enumerate(calls)] or None,
        finish_reason=_finish_reason(response, calls),
        native_finish_reason=response.document("incomplete_details").text("reason")
        or response.text("status"),
        failure=failure_of(response) or _status_failure(response),
        own_keys=_OWN_KEYS,
    )


def _usage(usage: Document) -> Usage:
    details = usage.document("input_tokens_details")
    cost = usage.document("cost_details")
    return Usage(
        input_tokens=usage.count("input_tokens"),
        output_tokens=usage.count("output_tokens"),
        total_tokens=usage.count("total_tokens"),
        cached_tokens=details.count("cached_tokens"),
        cache_write_tokens=details.count("cache_write_tokens"),
        reasoning_tokens=usage.document("output_tokens_details").count("reasoning_tokens"),
        input_cost=cost.number("upstream_inference_input_cost"),
        output_cost=cost.number("upstream_inference_output_cost"),
        total_cost=usage.number("cost"),
    )


def _finish_reason(response: Document, calls: list[Document]) -> str | None:
    status = response.text("status")
    if status == "completed":
        return "tool_calls" if calls else "stop"
    if status == "incomplete":
        reason = response.document("incomplete_details").text("reason")
        return _INCOMPLETE.get(reason or "", reason)
    return "error" if status == "failed" else None


def _status_failure(response: Document) -> Failure | None:
    return Failure(message="failed") if response.value("status") == "failed" else None


def _texts(messages: list[Document], kind: str, name: str) -> list[str]:
    parts = (
        part for message in messages for part in message.objects("content") if part.value("type") == kind
    )
    return [part.text(name) or "" for part in parts]


def _reasoning(output: list[Document]) -> str | None:
    """The reasoning's own text, else its summary; both are often absent."""
    items = [item for item in output if item.value("type") == "reasoning"]
    for name in ("content", "summary"):
        text = "".join(part.text("text") or "" for item in items for part in item.objects(name))
        if text:
            return text
    return None


def _tool(tool: Document) -> dict[str, Any]:
    if tool.value("type") != "function":
        return dict(tool.members)
    return {
        "type": "function",
        "function": {name: item for name, item in tool.members.items() if name != "type"},
    }


def _tool_call(item: Document, index: int) -> dict[str, Any]:
    arguments = item.value("input" if item.value("type") == "custom_tool_call" else "arguments")
    function = {"name": item.value("name"), "arguments": arguments}
    return {"id": item.value("call_id"), "index": index, "type": "function", "function": function}


def _conversation(request: Document) -> Iterator[dict[str, Any]]:
    """Instructions first; neighbouring calls and the reasoning before them join the assistant's message."""
    if request.value("instructions") is not None:
        yield {"role": "system", "content": request.value("instructions")}
    if not isinstance(request.value("input"), list):
        yield {"role": "user", "content": request.value("input")}
        return
    pending: dict[str, Any] = {}
    for item in request.objects("input"):
        kind = item.value("type") or "message"
        if kind in _CALLS:
            pending.setdefault("tool_calls", []).append(_tool_call(item, len(pending.get("tool_calls", []))))
            continue
        if kind == "reasoning":
            pending.setdefault("reasoning_details", []).extend(_reasoning_details(item))
            continue
        message = _item(item, kind)
        if message is not None and message["role"] == "assistant" and "tool_calls" not in pending:
            message.update(pending)
            pending = {}
        if pending:
            yield {"role": "assistant", "content": None, **pending}
            pending = {}
        if message is not None:
            yield message
    if pending:
        yield {"role": "assistant", "content": None, **pending}


def _item(item: Document, kind: str) -> dict[str, Any] | None:
    if kind == "message":
        content = item.value("content")
        parts = [_part(part) for part in item.objects("content")] if isinstance(content, list) else content
        return {"role": item.value("role"), "content": parts}
    if kind in _OUTPUTS:
        output = item.value("output")
        parts = [_part(part) for part in item.objects("output")] if isinstance(output, list) else output
        return {"role": "tool", "tool_call_id": item.value("call_id"), "content": parts}
    item.skip("type", "an item that has a chat form", kind)
    return None


def _part(part: Document) -> dict[str, Any]:
    kind = part.value("type")
    if kind in ("input_text", "output_text"):
        return {"type": "text", "text": part.value("text")}
    if kind == "refusal":
        return {"type": "text", "text": part.value("refusal")}
    if kind == "input_image":
        detail = {"detail": part.value("detail")} if part.value("detail") else {}
        chat = {"type": "image_url", "image_url": {"url": part.value("image_url"), **detail}}
    elif kind == "input_file":
        names = ("filename", "file_data", "file_id")
        file = {name: part.value(name) for name in names if part.value(name) is not None}
        chat = {"type": "file", "file": file or {"file_data": part.value("file_url")}}
    elif kind == "input_video":
        chat = {"type": "video_url", "video_url": {"url": part.value("video_url")}}
    else:
        chat = dict(part.members)
    (message,) = stripped([{"content": [chat]}])
    return dict(message["content"][0])


def _reasoning_details(item: Document) -> Iterator[dict[str, Any]]:
    for part in item.objects("content"):
        signature = {"signature": item.value("signature")} if item.value("signature") else {}
        yield {"type": "reasoning.text", "text": part.value("text"), **signature}
    for part in item.objects("summary"):
        yield {"type": "reasoning.summary", "summary": part.value("text")}
    if item.value("encrypted_content"):
        yield {"type": "reasoning.encrypted", "data": item.value("encrypted_content")}
