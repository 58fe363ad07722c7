# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the loopback OpenRouter streams, for each API: the server-sent events of one response.

Source: OpenRouter's OpenAPI document, and its documentation of streaming.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .openrouter_bodies import (
    ARGUMENTS,
    TEXT,
    Object,
    as_json,
    chat_usage,
    envelope,
    message_of,
    messages_usage,
    model_of,
    output_item,
    response_of,
    tool_to_call,
)

__all__ = ["events_of"]

_PIECES: Final = ("Hello", " from", " Open", "Router")
_ARGUMENT_PIECES: Final = (ARGUMENTS[:5], ARGUMENTS[5:])


def events_of(api: str, request: Mapping[str, Any], generation_id: str) -> list[bytes]:
    """The server-sent events that answer a request with ``stream``, each with its empty line."""
    model = model_of(request)
    call = tool_to_call(request)
    if api == "messages":
        # OpenRouter may send ``[DONE]`` here too, which some versions of Anthropic's SDK cannot read.
        return [_named(event) for event in _message_events(model, generation_id, call)]
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


def _chat_chunks(model: Any, generation_id: str, call: str | None) -> Iterable[Object]:
    shell = envelope(generation_id, model, "chat.completion.chunk")

    def chunk(delta: Object, finish_reason: str | None = None) -> Object:
        choice = {
            "index": 0,
            "delta": delta,
            "finish_reason": finish_reason,
            "native_finish_reason": finish_reason,
        }
        return {**shell, "choices": [choice]}

    if call is None:
        for piece in _PIECES:
            yield chunk({"role": "assistant", "content": piece})
    else:
        begun = {"index": 0, "id": "call_1", "type": "function", "function": {"name": call, "arguments": ""}}
        yield chunk({"role": "assistant", "content": None, "tool_calls": [begun]})
        for piece in _ARGUMENT_PIECES:
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    yield chunk({"role": "assistant", "content": ""}, "stop" if call is None else "tool_calls")
    yield {**shell, "choices": [], "usage": chat_usage()}


def _completion_chunks(model: Any, generation_id: str) -> Iterable[Object]:
    shell = envelope(generation_id, model, "text_completion")
    for piece in _PIECES:
        yield {**shell, "choices": [{"index": 0, "text": piece, "finish_reason": None}]}
    yield {**shell, "choices": [{"index": 0, "text": "", "finish_reason": "stop"}], "usage": chat_usage()}


def _message_events(model: Any, generation_id: str, call: str | None) -> Iterable[Object]:
    whole = message_of(model, generation_id, call)
    start = {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 0, "output_tokens": 0}}
    yield {"type": "message_start", "message": start}
    block: Object = {"type": "text", "text": ""}
    deltas: list[Object] = [{"type": "text_delta", "text": piece} for piece in _PIECES]
    if call is not None:
        block = {"type": "tool_use", "id": "call_1", "name": call, "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in _ARGUMENT_PIECES]
    yield {"type": "content_block_start", "index": 0, "content_block": block}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": stop, "usage": messages_usage()}
    yield {"type": "message_stop"}


def _response_events(model: Any, generation_id: str, call: str | None) -> Iterable[Object]:
    number = 0

    def event(kind: str, **members: Any) -> Object:
        nonlocal number
        number += 1
        return {"type": kind, "sequence_number": number - 1, **members}

    whole = response_of(model, generation_id, call)
    begun = {**whole, "status": "in_progress", "output": [], "usage": None, "completed_at": None}
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    item = output_item(call)
    place: Object = {"output_index": 0, "item_id": item["id"]}
    if call is not None:
        yield event(
            "response.output_item.added",
            output_index=0,
            item={**item, "arguments": "", "status": "in_progress"},
        )
        for piece in _ARGUMENT_PIECES:
            yield event("response.function_call_arguments.delta", **place, delta=piece)
        yield event("response.function_call_arguments.done", **place, name=call, arguments=ARGUMENTS)
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
        yield event("response.output_text.done", **place, text=TEXT, logprobs=[])
        yield event("response.content_part.done", **place, part={**part, "text": TEXT})
    yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=whole)


def _data(event: Object) -> bytes:
    return b"data: " + as_json(event) + b"\n\n"


def _named(event: Object) -> bytes:
    return f"event: {event['type']}\n".encode() + _data(event)
