# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the loopback OpenRouter answers, for each API: one body, or the events of a stream.

Source: OpenRouter's OpenAPI document, and its documentation of streaming.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

__all__ = ["body_of", "error_body", "events_of"]

_TEXT: Final = "Hello from OpenRouter"
_PIECES: Final = ("Hello", " from", " Open", "Router")
_CREATED: Final = 1_771_005_600
_INPUT_TOKENS: Final = 12
_OUTPUT_TOKENS: Final = 6
_COST: Final = 0.000123
_ARGUMENTS: Final = '{"city":"Berlin"}'
Object = dict[str, Any]


def error_body(status: int, message: str) -> bytes:
    """An error as OpenRouter answers it."""
    return _json({"error": {"code": status, "message": message}})


def body_of(api: str, request: Mapping[str, Any], generation_id: str) -> bytes:
    """
    The body that answers a request without ``stream``.

    Args:
        api: The last parts of the path, such as ``chat/completions``.
    """
    model = request.get("model", "openai/gpt-4o-mini")
    call = _tool_to_call(api, request)
    if api == "messages":
        return _json(_message(model, generation_id, call))
    if api == "responses":
        return _json(_response(model, generation_id, call))
    if api == "embeddings":
        usage = {"prompt_tokens": _INPUT_TOKENS, "total_tokens": _INPUT_TOKENS, "cost": _COST}
        vector = {"object": "embedding", "index": 0, "embedding": [0.25, -0.5, 0.125]}
        return _json(
            {"object": "list", "id": generation_id, "data": [vector], "model": model, "usage": usage}
        )
    if api == "completions":
        choice: Object = {"index": 0, "text": _TEXT, "finish_reason": "stop"}
        return _json(
            {**_head(generation_id, model, "text_completion"), "choices": [choice], "usage": _chat_usage()}
        )
    message: Object = {"role": "assistant", "content": _TEXT}
    if call is not None:
        function = {"name": call, "arguments": _ARGUMENTS}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}],
        }
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": "stop" if call is None else "tool_calls",
        "native_finish_reason": "stop" if call is None else "tool_calls",
    }
    return _json(
        {**_head(generation_id, model, "chat.completion"), "choices": [choice], "usage": _chat_usage()}
    )


def events_of(api: str, request: Mapping[str, Any], generation_id: str) -> list[bytes]:
    """The server-sent events that answer a request with ``stream``, each with its empty line."""
    model = request.get("model", "openai/gpt-4o-mini")
    call = _tool_to_call(api, request)
    if api == "messages":
        return [_named(event) for event in _message_events(model, generation_id, call)] + [
            b"event: data\ndata: [DONE]\n\n"
        ]
    if api == "responses":
        return [_data(event) for event in _response_events(model, generation_id, call)] + [
            b"data: [DONE]\n\n"
        ]
    chunks = (
        _completion_chunks(model, generation_id)
        if api == "completions"
        else _chat_chunks(model, generation_id, call)
    )
    return [b": OPENROUTER PROCESSING\n\n", *map(_data, chunks), b"data: [DONE]\n\n"]


def _tool_to_call(api: str, request: Mapping[str, Any]) -> str | None:
    """The first tool of a request, unless its conversation already has a tool's result."""
    tools = request.get("tools")
    if not isinstance(tools, list) or not tools:
        return None
    text = json.dumps(request.get("messages", request.get("input")))
    if any(mark in text for mark in ('"role": "tool"', '"tool_result"', '"function_call_output"')):
        return None
    first = tools[0]
    name: str = (first.get("function") or first).get("name", "tool")
    return name


def _details() -> Object:
    return {"upstream_inference_prompt_cost": 0.00004, "upstream_inference_completions_cost": 0.00008}


def _chat_usage() -> Object:
    return {
        "prompt_tokens": _INPUT_TOKENS,
        "completion_tokens": _OUTPUT_TOKENS,
        "total_tokens": _INPUT_TOKENS + _OUTPUT_TOKENS,
        "cost": _COST,
        "is_byok": False,
        "cost_details": _details(),
    }


def _messages_usage() -> Object:
    return {
        "input_tokens": _INPUT_TOKENS,
        "output_tokens": _OUTPUT_TOKENS,
        "cost": _COST,
        "cost_details": _details(),
    }


def _responses_usage() -> Object:
    return {
        "input_tokens": _INPUT_TOKENS,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": _OUTPUT_TOKENS,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": _INPUT_TOKENS + _OUTPUT_TOKENS,
        "cost": _COST,
    }


def _head(generation_id: str, model: str, kind: str) -> Object:
    return {
        "id": generation_id,
        "provider": "OpenAI",
        "model": model,
        "object": kind,
        "created": _CREATED,
    }


def _chat_chunks(model: str, generation_id: str, call: str | None) -> Iterable[Object]:
    head = _head(generation_id, model, "chat.completion.chunk")

    def chunk(delta: Object, finish_reason: str | None = None) -> Object:
        choice = {
            "index": 0,
            "delta": delta,
            "finish_reason": finish_reason,
            "native_finish_reason": finish_reason,
        }
        return {**head, "choices": [choice]}

    if call is None:
        for piece in _PIECES:
            yield chunk({"role": "assistant", "content": piece})
    else:
        begun = {"index": 0, "id": "call_1", "type": "function", "function": {"name": call, "arguments": ""}}
        yield chunk({"role": "assistant", "content": None, "tool_calls": [begun]})
        for piece in (_ARGUMENTS[:5], _ARGUMENTS[5:]):
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    yield chunk({"role": "assistant", "content": ""}, "stop" if call is None else "tool_calls")
    yield {**head, "choices": [], "usage": _chat_usage()}


def _completion_chunks(model: str, generation_id: str) -> Iterable[Object]:
    head = _head(generation_id, model, "text_completion")
    for piece in _PIECES:
        yield {**head, "choices": [{"index": 0, "text": piece, "finish_reason": None}]}
    yield {**head, "choices": [{"index": 0, "text": "", "finish_reason": "stop"}], "usage": _chat_usage()}


def _message(model: str, generation_id: str, call: str | None) -> Object:
    block: Object = {"type": "text", "text": _TEXT}
    if call is not None:
        block = {"type": "tool_use", "id": "call_1", "name": call, "input": json.loads(_ARGUMENTS)}
    return {
        "id": generation_id,
        "type": "message",
        "role": "assistant",
        "content": [block],
        "model": model,
        "stop_reason": "end_turn" if call is None else "tool_use",
        "stop_sequence": None,
        "usage": _messages_usage(),
        "provider": "Anthropic",
    }


def _message_events(model: str, generation_id: str, call: str | None) -> Iterable[Object]:
    whole = _message(model, generation_id, call)
    start = {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 0, "output_tokens": 0}}
    yield {"type": "message_start", "message": start}
    block: Object = {"type": "text", "text": ""}
    deltas: list[Object] = [{"type": "text_delta", "text": piece} for piece in _PIECES]
    if call is not None:
        block = {"type": "tool_use", "id": "call_1", "name": call, "input": {}}
        deltas = [
            {"type": "input_json_delta", "partial_json": piece} for piece in (_ARGUMENTS[:5], _ARGUMENTS[5:])
        ]
    yield {"type": "content_block_start", "index": 0, "content_block": block}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": stop, "usage": _messages_usage()}
    yield {"type": "message_stop"}


def _response(model: str, generation_id: str, call: str | None) -> Object:
    return {
        "id": generation_id,
        "object": "response",
        "created_at": _CREATED,
        "completed_at": _CREATED + 1,
        "model": model,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": True,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "output": [_item(call)],
        "usage": _responses_usage(),
    }


def _item(call: str | None) -> Object:
    if call is not None:
        return {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": call,
            "arguments": _ARGUMENTS,
            "status": "completed",
        }
    part = {"type": "output_text", "text": _TEXT, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


def _response_events(model: str, generation_id: str, call: str | None) -> Iterable[Object]:
    number = 0

    def event(kind: str, **members: Any) -> Object:
        nonlocal number
        number += 1
        return {"type": kind, "sequence_number": number - 1, **members}

    whole = _response(model, generation_id, call)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None, "completed_at": None}
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    item = _item(call)
    place: Object = {"output_index": 0, "item_id": item["id"]}
    if call is not None:
        yield event(
            "response.output_item.added",
            output_index=0,
            item={**item, "arguments": "", "status": "in_progress"},
        )
        for piece in (_ARGUMENTS[:5], _ARGUMENTS[5:]):
            yield event("response.function_call_arguments.delta", **place, delta=piece)
        yield event("response.function_call_arguments.done", **place, name=call, arguments=_ARGUMENTS)
    else:
        part = {"type": "output_text", "text": "", "annotations": []}
        place["content_index"] = 0
        yield event(
            "response.output_item.added",
            output_index=0,
            item={**item, "content": [], "status": "in_progress"},
        )
        yield event("response.content_part.added", **place, part=part)
        for piece in _PIECES:
            yield event("response.output_text.delta", **place, delta=piece, logprobs=[])
        yield event("response.output_text.done", **place, text=_TEXT, logprobs=[])
        yield event("response.content_part.done", **place, part={**part, "text": _TEXT})
    yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=whole)


def _data(event: Object) -> bytes:
    return b"data: " + _json(event) + b"\n\n"


def _named(event: Object) -> bytes:
    return f"event: {event['type']}\n".encode() + _data(event)


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
