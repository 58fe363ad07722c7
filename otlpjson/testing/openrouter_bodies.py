# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What the loopback OpenRouter answers, for each API, in one body.

Source: OpenRouter's OpenAPI document, and its documentation of streaming.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

__all__ = [
    "ARGUMENTS",
    "TEXT",
    "Object",
    "as_json",
    "body_of",
    "chat_usage",
    "envelope",
    "error_body",
    "message_of",
    "messages_usage",
    "model_of",
    "output_item",
    "response_of",
    "tool_to_call",
]

TEXT: Final = "Hello from OpenRouter"
_CREATED: Final = 1_771_005_600
_INPUT_TOKENS: Final = 12
_OUTPUT_TOKENS: Final = 6
_COST: Final = 0.000123
ARGUMENTS: Final = '{"city":"Berlin"}'
Object = dict[str, Any]


def error_body(status: int, message: str) -> bytes:
    """An error as OpenRouter answers it."""
    return as_json({"error": {"code": status, "message": message}})


def body_of(api: str, request: Mapping[str, Any], generation_id: str) -> bytes:
    """
    The body that answers a request without ``stream``.

    Args:
        api: The last parts of the path, such as ``chat/completions``.
    """
    model = model_of(request)
    call = tool_to_call(request)
    if api == "messages":
        body = message_of(model, generation_id, call)
    elif api == "responses":
        body = response_of(model, generation_id, call)
    elif api == "embeddings":
        body = _embeddings(model, generation_id)
    elif api == "completions":
        choice: Object = {"index": 0, "text": TEXT, "finish_reason": "stop"}
        body = {
            **envelope(generation_id, model, "text_completion"),
            "choices": [choice],
            "usage": chat_usage(),
        }
    else:
        body = _chat(model, generation_id, call)
    return as_json(body)


def model_of(request: Mapping[str, Any]) -> Any:
    """The model that answers: the one that is asked for."""
    return request.get("model", "openai/gpt-4o-mini")


def tool_to_call(request: Mapping[str, Any]) -> str | None:
    """The name of a request's first tool, unless its conversation already has a tool's result."""
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


def chat_usage() -> Object:
    """What a response of chat was charged."""
    return {
        "prompt_tokens": _INPUT_TOKENS,
        "completion_tokens": _OUTPUT_TOKENS,
        "total_tokens": _INPUT_TOKENS + _OUTPUT_TOKENS,
        "cost": _COST,
        "is_byok": False,
        "cost_details": _details(),
    }


def messages_usage() -> Object:
    """What a message was charged."""
    return {
        "input_tokens": _INPUT_TOKENS,
        "output_tokens": _OUTPUT_TOKENS,
        "cost": _COST,
        "cost_details": _details(),
    }


def _embeddings(model: Any, generation_id: str) -> Object:
    usage = {"prompt_tokens": _INPUT_TOKENS, "total_tokens": _INPUT_TOKENS, "cost": _COST}
    vector = {"object": "embedding", "index": 0, "embedding": [0.25, -0.5, 0.125]}
    return {"object": "list", "id": generation_id, "data": [vector], "model": model, "usage": usage}


def _chat(model: Any, generation_id: str, call: str | None) -> Object:
    reason = "stop"
    message: Object = {"role": "assistant", "content": TEXT, "refusal": None}
    if call is not None:
        reason = "tool_calls"
        function = {"name": call, "arguments": ARGUMENTS}
        made = {"index": 0, "id": "call_1", "type": "function", "function": function}
        message = {"role": "assistant", "content": None, "tool_calls": [made]}
    choice = {"index": 0, "message": message, "finish_reason": reason, "native_finish_reason": reason}
    return {
        **envelope(generation_id, model, "chat.completion"),
        "choices": [choice],
        "usage": chat_usage(),
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


def envelope(generation_id: str, model: Any, kind: str) -> Object:
    """The members around the choices of a response of chat or completions."""
    return {
        "id": generation_id,
        "provider": "OpenAI",
        "model": model,
        "object": kind,
        "created": _CREATED,
        "system_fingerprint": None,
    }


def message_of(model: Any, generation_id: str, call: str | None) -> Object:
    """A response of messages, with a call of this tool or a text."""
    block: Object = {"type": "text", "text": TEXT}
    if call is not None:
        block = {"type": "tool_use", "id": "call_1", "name": call, "input": json.loads(ARGUMENTS)}
    return {
        "id": generation_id,
        "type": "message",
        "role": "assistant",
        "content": [block],
        "model": model,
        "stop_reason": "end_turn" if call is None else "tool_use",
        "stop_sequence": None,
        "usage": messages_usage(),
        "provider": "Anthropic",
    }


def response_of(model: Any, generation_id: str, call: str | None) -> Object:
    """A response of responses, with a call of this tool or a text."""
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
        "output": [output_item(call)],
        "usage": _responses_usage(),
    }


def output_item(call: str | None) -> Object:
    """The only item of such a response."""
    if call is not None:
        return {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": call,
            "arguments": ARGUMENTS,
            "status": "completed",
        }
    part = {"type": "output_text", "text": TEXT, "annotations": []}
    return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}


def as_json(value: Any) -> bytes:
    """JSON as OpenRouter writes it, without spaces."""
    return json.dumps(value, separators=(",", ":")).encode()
