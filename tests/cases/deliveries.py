# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Requests, and what OpenRouter would deliver for them, written by hand.

The shapes are those of public captures (empathic/toolpath, test fixtures); texts, ids and numbers
are this project's own. An expected attribute is a text, a bool, an int for ``intValue``, a float
for ``doubleValue``, or an object or list for a text that is JSON. Members are in order.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

__all__ = ["DELIVERIES", "Delivery"]


class Delivery(NamedTuple):
    """
    One request.

    Attributes:
        records: The record in each form that should give the delivery: a stream, or one answer.

        spans: The members of each delivered span in order, ``attributes`` among them.
    """

    records: dict[str, dict[str, Any]]
    spans: list[dict[str, Any]]


def _data(*events: Any) -> str:
    """Server-sent events without names."""
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events)


def _events(*events: dict[str, Any]) -> str:
    """Server-sent events that are named by their type."""
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)


_PERSON: Final = "user_fixture0000000000000001"
_KEY_OWNER: Final = {"api_key_name": "shop", "entity_id": _PERSON, "creator_user_id": _PERSON}


def _attempt(name: str, latency: int, endpoint: str, model: str) -> dict[str, Any]:
    return {
        "id": f"req-{latency}",
        "provider_name": name,
        "status": 200,
        "latency": latency,
        "is_byok": False,
        "endpoint_id": endpoint,
        "model_permaslug": model,
    }


def _children(
    root: tuple[str, str, str],
    attempt: tuple[str, dict[str, Any]],
    generation: str,
    times: tuple[str, str, str],
) -> list[dict[str, Any]]:
    """The spans of the only attempt and of what it generated, after it began to answer."""
    trace_id, parent, generation_id = root
    span_id, facts = attempt
    start, answered, end = times
    return [
        {
            "traceId": trace_id,
            "spanId": span_id,
            "parentSpanId": parent,
            "name": f"provider attempt 1: {facts['provider_name']}",
            "kind": 2,
            "startTimeUnixNano": start,
            "endTimeUnixNano": answered,
            "status": {"code": 1},
            "attributes": {
                "span.type": "span",
                "span.level": "DEFAULT",
                "span.metadata.attempt_index": 0,
                "span.metadata.status_code": 200,
                "span.metadata.is_byok": False,
                "span.metadata.endpoint_id": facts["endpoint_id"],
                "span.metadata.model_permaslug": facts["model_permaslug"],
                "gen_ai.operation.name": "chat",
                "gen_ai.response.id": f"{generation_id}:attempt-0",
                "trace.metadata.openrouter.provider_name": facts["provider_name"],
            },
        },
        {
            "traceId": trace_id,
            "spanId": generation,
            "parentSpanId": parent,
            "name": "generation",
            "kind": 2,
            "startTimeUnixNano": answered,
            "endTimeUnixNano": end,
            "status": {"code": 1},
            "attributes": {
                "span.type": "span",
                "span.level": "DEFAULT",
                "gen_ai.operation.name": "chat",
                "gen_ai.response.id": f"{generation_id}:generation",
            },
        },
    ]


# A chat answer without a call, though tools were offered; the first token came with the headers.

_TEA: Final = {"type": "function", "function": {"name": "brew", "parameters": {"type": "object"}}}
_CHAT_ID: Final = "gen-1771005600-chatWithoutToolCall"
_CHAT_ATTEMPT: Final = _attempt("Nebius", 700, "ep-7", "vendor/kettle-2-20260101")
_CHAT_MESSAGES: Final = [
    {
        "role": "system",
        "content": [{"type": "text", "text": "You make tea.", "cache_control": {"type": "ephemeral"}}],
    },
    {"role": "user", "content": "Green, please."},
    {
        "role": "assistant",
        "content": "Brewing.",
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "brew", "arguments": '{"leaf":"sencha"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "80 degrees", "name": "brew"},
]
_CHAT_USAGE: Final = {
    "prompt_tokens": 900,
    "completion_tokens": 41,
    "total_tokens": 941,
    "cost": 0.0012,
    "prompt_tokens_details": {
        "cached_tokens": 800,
        "cache_write_tokens": 60,
        "cache_creation": {"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 0},
    },
    "cost_details": {
        "upstream_inference_prompt_cost": 0.001,
        "upstream_inference_completions_cost": 0.0002,
    },
    "completion_tokens_details": {"reasoning_tokens": 0},
}
_CHAT_COMMON: Final = {
    "request": {
        "model": "vendor/kettle-2",
        "max_tokens": 500,
        "messages": _CHAT_MESSAGES,
        "tools": [_TEA],
        "tool_choice": "auto",
        "stream": True,
    },
    "generation": {"data": {"session_id": "ses_tea"}},
    "observed": {
        "router_latency_ms": 120,
        "provider_request_ms": 120,
        "provider_headers_ms": 820,
        "first_token_ms": 820,
        "provider_body_end_ms": 1640,
        "provider_slug": "nebius/fast",
        "provider_responses": [_CHAT_ATTEMPT],
        **_KEY_OWNER,
        "input_unit_price": 1e-06,
        "output_unit_price": 5e-06,
    },
    "started_at": 1771005600000000000,
    "ended_at": 1771005601650000000,
}


def _chat_chunk(**members: Any) -> dict[str, Any]:
    return {
        "id": _CHAT_ID,
        "created": 1771005600,
        "model": "vendor/kettle-2",
        "provider": "Nebius",
        "object": "chat.completion.chunk",
        **members,
    }


def _chat_delta(text: str, finish: str | None = None, native: str | None = None) -> dict[str, Any]:
    choice = {
        "index": 0,
        "delta": {"role": "assistant", "content": text},
        "finish_reason": finish,
        "native_finish_reason": native,
    }
    return _chat_chunk(choices=[choice])


_CHAT_COMPLETION: Final[dict[str, Any]] = {
    "completion": "Your sencha is ready \u2014 enjoy.",
    "reasoning": None,
    "toolCalls": [],
    "rawRequest": {
        "model": "vendor/kettle-2",
        "max_tokens": 500,
        "tools": [_TEA],
        "tool_choice": "auto",
        "stream": True,
        "_skin": "chat-completions",
    },
}
_CHAT: Final = Delivery(
    records={
        "streamed": {
            **_CHAT_COMMON,
            "response_stream": ": OPENROUTER PROCESSING\n\n"
            + _data(
                _chat_delta("Your sencha "),
                _chat_delta("is ready \u2014 enjoy."),
                _chat_delta("", "stop", "end_turn"),
                _chat_chunk(choices=[], usage=_CHAT_USAGE),
            )
            + "data: [DONE]\n\n",
        },
        "joined": {
            **_CHAT_COMMON,
            "response": {
                "id": _CHAT_ID,
                "model": "vendor/kettle-2",
                "provider": "Nebius",
                "object": "chat.completion",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "native_finish_reason": "end_turn",
                        "message": {
                            "role": "assistant",
                            "content": "Your sencha is ready \u2014 enjoy.",
                            "reasoning": None,
                        },
                    }
                ],
                "usage": _CHAT_USAGE,
            },
        },
    },
    spans=[
        {
            "traceId": "7b002ec9d4f618865fe9ee79cc697f63",
            "spanId": "7b002ec9d4f61886",
            "name": "LLM Generation",
            "kind": 3,
            "startTimeUnixNano": "1771005600000000000",
            "endTimeUnixNano": "1771005601650000000",
            "status": {"code": 1},
            "attributes": {
                "trace.name": "OpenRouter Request",
                "session.id": "ses_tea",
                "trace.metadata.provider_responses": [_CHAT_ATTEMPT],
                "span.type": "generation",
                "span.level": "DEFAULT",
                "span.metadata.provider_responses": [_CHAT_ATTEMPT],
                "span.input": {"messages": _CHAT_MESSAGES},
                "span.output": _CHAT_COMPLETION,
                "gen_ai.operation.name": "chat",
                "gen_ai.system": "vendor",
                "gen_ai.provider.name": "vendor",
                "gen_ai.request.model": "vendor/kettle-2",
                "gen_ai.response.model": "vendor/kettle-2",
                "gen_ai.response.id": _CHAT_ID,
                "gen_ai.usage.input_tokens": 900,
                "gen_ai.usage.output_tokens": 41,
                "gen_ai.usage.total_tokens": 941,
                "gen_ai.usage.input_cost": 0.001,
                "gen_ai.usage.output_cost": 0.0002,
                "gen_ai.usage.total_cost": 0.0012,
                "gen_ai.prompt": {"messages": _CHAT_MESSAGES},
                "gen_ai.completion": _CHAT_COMPLETION,
                "gen_ai.usage.input_tokens.cached": 800,
                "gen_ai.usage.input_tokens.cache_write": 60,
                "gen_ai.usage.input_tokens.cache_write_5m": 60,
                "gen_ai.usage.input_tokens.cache_write_1h": 0,
                "gen_ai.usage.output_tokens.reasoning": 0,
                "gen_ai.response.finish_reasons": ["stop"],
                "gen_ai.response.finish_reason": "stop",
                "trace.metadata.openrouter.source": "openrouter",
                "trace.metadata.openrouter.api_key_name": "shop",
                "trace.metadata.openrouter.entity_id": _PERSON,
                "trace.metadata.openrouter.creator_user_id": _PERSON,
                "trace.metadata.openrouter.router_latency_ms": 120.0,
                "trace.metadata.openrouter.provider_request_ms": 120.0,
                "trace.metadata.openrouter.provider_headers_ms": 820.0,
                "trace.metadata.openrouter.first_token_ms": 820.0,
                "trace.metadata.openrouter.provider_body_end_ms": 1640.0,
                "trace.metadata.openrouter.provider_time_to_first_token_ms": 700.0,
                # (1640 - 820) / (41 - 1): from the first token to the end of the body.
                "trace.metadata.openrouter.inter_token_latency_ms": 20.5,
                "trace.metadata.openrouter.provider_name": "Nebius",
                "trace.metadata.openrouter.provider_slug": "nebius/fast",
                "trace.metadata.openrouter.finish_reason": "end_turn",
                "trace.metadata.openrouter.input_unit_price": 1e-06,
                "trace.metadata.openrouter.output_unit_price": 5e-06,
            },
        },
        *_children(
            root=("7b002ec9d4f618865fe9ee79cc697f63", "7b002ec9d4f61886", _CHAT_ID),
            attempt=("686a591eaef652e0", _CHAT_ATTEMPT),
            generation="1191a4f795e16930",
            # 1771005600.000 + 700 ms; from there 1640 - 120 ms.
            times=("1771005600000000000", "1771005600700000000", "1771005602220000000"),
        ),
    ],
)


# An answer of /messages: thinking, words and a call; history with thinking and a tool result.

_PAINT: Final = {"name": "paint", "description": "Paints.", "input_schema": {"type": "object"}}
_MESSAGES_ID: Final = "gen-1771005700-messagesToolCall00"
_MESSAGES_ATTEMPT: Final = _attempt("Amazon Bedrock", 1300, "ep-9", "anthropic/claude-brush-4-20260101")
_MESSAGES_PROMPT: Final = {
    "messages": [
        {
            "role": "system",
            "content": [
                {"type": "text", "text": "You paint."},
                {"type": "text", "text": "Be quick.", "cache_control": {"type": "ephemeral"}},
            ],
        },
        {"role": "user", "content": [{"type": "text", "text": "A door."}, {"type": "text", "text": "Red."}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "type": "function",
                    "id": "toolu_1",
                    "function": {"name": "paint", "arguments": '{"what":"primer","coats":1}'},
                }
            ],
            "reasoning_details": [
                {
                    "type": "reasoning.text",
                    "text": "Primer first.",
                    "signature": "c2ln",
                    "format": "anthropic-claude-v1",
                }
            ],
        },
        {
            "role": "tool",
            "tool_call_id": "toolu_1",
            "content": "out of primer",
            "cache_control": {"type": "ephemeral"},
            "is_error": True,
        },
        {"role": "assistant", "content": "Then without."},
        {"role": "user", "content": "Go on."},
    ]
}
_MESSAGES_USAGE: Final = {
    "input_tokens": 100,
    "cache_read_input_tokens": 2000,
    "cache_creation_input_tokens": 30,
    "cache_creation": {"ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 0},
    "output_tokens": 81,
    "output_tokens_details": {"thinking_tokens": 25},
    "cost": 0.005,
    "cost_details": {"upstream_inference_prompt_cost": 0.004, "upstream_inference_completions_cost": 0.001},
}
_MESSAGES_COMMON: Final = {
    "request": {
        "model": "anthropic/claude-brush-4",
        "stream": True,
        "max_tokens": 4096,
        "tool_choice": {"type": "auto"},
        "reasoning": {"effort": "low"},
        "usage": {"include": True},
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "tools": [_PAINT],
        "system": [
            {"type": "text", "text": "You paint."},
            {"type": "text", "text": "Be quick.", "cache_control": {"type": "ephemeral"}},
        ],
        "messages": [
            {
                "role": "user",
                "content": [{"type": "text", "text": "A door."}, {"type": "text", "text": "Red."}],
            },
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "Primer first.", "signature": "c2ln"},
                    {
                        "type": "tool_use",
                        "id": "toolu_1",
                        "name": "paint",
                        "input": {"what": "primer", "coats": 1},
                    },
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "toolu_1",
                        "content": "out of primer",
                        "is_error": True,
                        "cache_control": {"type": "ephemeral"},
                    }
                ],
            },
            {"role": "assistant", "content": [{"type": "text", "text": "Then without."}]},
            {"role": "user", "content": "Go on."},
        ],
    },
    "observed": {
        "router_latency_ms": 50,
        "provider_request_ms": 50,
        "provider_headers_ms": 1350,
        "first_token_ms": 1800,
        "provider_body_end_ms": 2600,
        "provider_slug": "amazon-bedrock/global",
        "provider_responses": [_MESSAGES_ATTEMPT],
        **_KEY_OWNER,
        "input_unit_price": 1e-06,
        "output_unit_price": 5e-06,
    },
    "started_at": 1771005700000000000,
    "ended_at": 1771005702610000000,
}


def _block(index: int, block: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": block},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def _arguments(*pieces: str) -> list[dict[str, Any]]:
    return [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]


def _messages_completion(arguments: str) -> dict[str, Any]:
    return {
        "completion": "The door is next.",
        "reasoning": "Red needs two coats.",
        "toolCalls": [
            {
                "id": "toolu_2",
                "index": 0,
                "type": "function",
                "function": {"name": "paint", "arguments": arguments},
            }
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "paint", "description": "Paints.", "parameters": {"type": "object"}},
            }
        ],
        "rawRequest": {
            "model": "anthropic/claude-brush-4",
            "stream": True,
            "max_tokens": 4096,
            "tool_choice": {"type": "auto"},
            "reasoning": {"effort": "low"},
            "usage": {"include": True},
            "_skin": "messages",
            "thinking": {"type": "enabled", "budget_tokens": 1024},
        },
    }


def _messages_spans(arguments: str) -> list[dict[str, Any]]:
    completion = _messages_completion(arguments)
    return [
        {
            "traceId": "3ea832e2e4648ec94207a24c7fd41bdf",
            "spanId": "3ea832e2e4648ec9",
            "name": "LLM Generation",
            "kind": 3,
            "startTimeUnixNano": "1771005700000000000",
            "endTimeUnixNano": "1771005702610000000",
            "status": {"code": 1},
            "attributes": {
                "trace.name": "OpenRouter Request",
                "trace.metadata.provider_responses": [_MESSAGES_ATTEMPT],
                "span.type": "generation",
                "span.level": "DEFAULT",
                "span.metadata.provider_responses": [_MESSAGES_ATTEMPT],
                "span.input": _MESSAGES_PROMPT,
                "span.output": completion,
                "gen_ai.operation.name": "chat",
                "gen_ai.system": "anthropic",
                "gen_ai.provider.name": "anthropic",
                "gen_ai.request.model": "anthropic/claude-brush-4",
                "gen_ai.response.model": "anthropic/claude-brush-4",
                "gen_ai.response.id": _MESSAGES_ID,
                # 100 + 2000 + 30: Anthropic counts cached tokens beside the others, OpenRouter among them.
                "gen_ai.usage.input_tokens": 2130,
                "gen_ai.usage.output_tokens": 81,
                "gen_ai.usage.total_tokens": 2211,
                "gen_ai.usage.input_cost": 0.004,
                "gen_ai.usage.output_cost": 0.001,
                "gen_ai.usage.total_cost": 0.005,
                "gen_ai.prompt": _MESSAGES_PROMPT,
                "gen_ai.completion": completion,
                "gen_ai.usage.input_tokens.cached": 2000,
                "gen_ai.usage.input_tokens.cache_write": 30,
                "gen_ai.usage.input_tokens.cache_write_5m": 30,
                "gen_ai.usage.input_tokens.cache_write_1h": 0,
                "gen_ai.usage.output_tokens.reasoning": 25,
                "gen_ai.response.finish_reasons": ["tool_calls"],
                "gen_ai.response.finish_reason": "tool_calls",
                "trace.metadata.openrouter.source": "openrouter",
                "trace.metadata.openrouter.api_key_name": "shop",
                "trace.metadata.openrouter.entity_id": _PERSON,
                "trace.metadata.openrouter.creator_user_id": _PERSON,
                "trace.metadata.openrouter.router_latency_ms": 50.0,
                "trace.metadata.openrouter.provider_request_ms": 50.0,
                "trace.metadata.openrouter.provider_headers_ms": 1350.0,
                "trace.metadata.openrouter.first_token_ms": 1800.0,
                "trace.metadata.openrouter.provider_body_end_ms": 2600.0,
                "trace.metadata.openrouter.provider_time_to_first_token_ms": 1750.0,
                # (2600 - 1800) / (81 - 1)
                "trace.metadata.openrouter.inter_token_latency_ms": 10.0,
                "trace.metadata.openrouter.provider_name": "Amazon Bedrock",
                "trace.metadata.openrouter.provider_slug": "amazon-bedrock/global",
                "trace.metadata.openrouter.finish_reason": "tool_use",
                "trace.metadata.openrouter.input_unit_price": 1e-06,
                "trace.metadata.openrouter.output_unit_price": 5e-06,
            },
        },
        *_children(
            root=("3ea832e2e4648ec94207a24c7fd41bdf", "3ea832e2e4648ec9", _MESSAGES_ID),
            attempt=("32236db4643fe515", _MESSAGES_ATTEMPT),
            generation="0fbaf8fb0b509eff",
            # 1771005700.000 + 1300 ms; from there 2600 - 50 ms.
            times=("1771005700000000000", "1771005701300000000", "1771005703850000000"),
        ),
    ]


_MESSAGES_STREAMED: Final = Delivery(
    records={
        "streamed": {
            **_MESSAGES_COMMON,
            "response_stream": _events(
                {
                    "type": "message_start",
                    "message": {
                        "id": _MESSAGES_ID,
                        "type": "message",
                        "role": "assistant",
                        "model": "anthropic/claude-brush-4",
                        "content": [],
                        "stop_reason": None,
                        "usage": {"input_tokens": 0, "output_tokens": 0},
                    },
                },
                *_block(
                    0,
                    {"type": "thinking", "thinking": "", "signature": ""},
                    {"type": "thinking_delta", "thinking": "Red needs "},
                    {"type": "thinking_delta", "thinking": "two coats."},
                    {"type": "signature_delta", "signature": "c2ln"},
                ),
                *_block(
                    1,
                    {"type": "text", "text": ""},
                    {"type": "text_delta", "text": "The door "},
                    {"type": "text_delta", "text": "is next."},
                ),
                *_block(
                    2,
                    {"type": "tool_use", "id": "toolu_2", "name": "paint", "input": {}},
                    *_arguments('{"what": "do', 'or", "coats"', ": 2}"),
                ),
                {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": _MESSAGES_USAGE},
                {"type": "message_stop"},
            ),
        }
    },
    # The arguments are the streamed text, with its white space.
    spans=_messages_spans('{"what": "door", "coats": 2}'),
)
_MESSAGES_JOINED: Final = Delivery(
    records={
        "joined": {
            **_MESSAGES_COMMON,
            "response": {
                "id": _MESSAGES_ID,
                "type": "message",
                "role": "assistant",
                "model": "anthropic/claude-brush-4",
                "content": [
                    {"type": "thinking", "thinking": "Red needs two coats.", "signature": "c2ln"},
                    {"type": "text", "text": "The door is next."},
                    {
                        "type": "tool_use",
                        "id": "toolu_2",
                        "name": "paint",
                        "input": {"what": "door", "coats": 2},
                    },
                ],
                "stop_reason": "tool_use",
                "usage": _MESSAGES_USAGE,
            },
        }
    },
    spans=_messages_spans('{"what":"door","coats":2}'),
)


# An answer of /responses with a call alone; history with a call and its output.

_LOOK: Final = {"type": "function", "name": "look", "parameters": {"type": "object"}}
_RESPONSES_ID: Final = "gen-1771005800-responsesToolCall0"
_RESPONSES_ATTEMPT: Final = _attempt("Azure", 900, "ep-3", "vendor/lens-5-20260101")
_RESPONSES_PROMPT: Final = {
    "messages": [
        {"role": "developer", "content": [{"type": "text", "text": "You look."}]},
        {
            "role": "user",
            "content": [{"type": "text", "text": "What is"}, {"type": "text", "text": "in the drawer?"}],
        },
        {
            "role": "assistant",
            "content": [],
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "look", "arguments": '{"at":"lid"}'},
                }
            ],
        },
        {"role": "tool", "content": "closed\n", "tool_call_id": "call_1"},
    ]
}
_CALL: Final = {"type": "function_call", "id": "fc_1", "call_id": "call_2", "name": "look"}
_CALLED: Final = {**_CALL, "arguments": '{"at":"inside"}', "status": "completed"}
_RESPONSES_STARTED: Final = {
    "id": _RESPONSES_ID,
    "object": "response",
    "created_at": 1771005800,
    "status": "in_progress",
    "model": "vendor/lens-5",
    "output": [],
    "usage": None,
}
_RESPONSES_ANSWER: Final = {
    **_RESPONSES_STARTED,
    "status": "completed",
    "output": [_CALLED],
    "usage": {
        "input_tokens": 700,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": 21,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 721,
        "cost": 0.003,
        "cost_details": {"upstream_inference_input_cost": 0.0025, "upstream_inference_output_cost": 0.0005},
    },
}
_RESPONSES_COMMON: Final = {
    "request": {
        "model": "vendor/lens-5",
        "stream": True,
        "tools": [_LOOK],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low"},
        "input": [
            {
                "type": "message",
                "role": "developer",
                "content": [{"type": "input_text", "text": "You look."}],
            },
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What is"},
                    {"type": "input_text", "text": "in the drawer?"},
                ],
            },
            {"type": "function_call", "name": "look", "arguments": '{"at":"lid"}', "call_id": "call_1"},
            {"type": "function_call_output", "call_id": "call_1", "output": "closed\n"},
        ],
    },
    "generation": {"data": {"session_id": "ses_look", "native_tokens_completion_images": 0}},
    "observed": {
        "router_latency_ms": 40,
        "provider_request_ms": 40,
        "provider_headers_ms": 940,
        "first_token_ms": 2000,
        "provider_body_end_ms": 2500,
        "provider_slug": "azure",
        "provider_responses": [_RESPONSES_ATTEMPT],
        **_KEY_OWNER,
        "input_unit_price": 2.5e-07,
        "output_unit_price": 2e-06,
    },
    "started_at": 1771005800000000000,
    "ended_at": 1771005802500000000,
}
_RESPONSES_COMPLETION: Final = {
    "completion": "",
    "reasoning": None,
    "toolCalls": [
        {
            "id": "call_2",
            "index": 0,
            "type": "function",
            "function": {"name": "look", "arguments": '{"at":"inside"}'},
        }
    ],
    "tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
    "rawRequest": {
        "model": "vendor/lens-5",
        "stream": True,
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low"},
        "_skin": "responses",
    },
}
_RESPONSES: Final = Delivery(
    records={
        "streamed": {
            **_RESPONSES_COMMON,
            "response_stream": _events(
                {"type": "response.created", "response": _RESPONSES_STARTED},
                {
                    "type": "response.output_item.added",
                    "output_index": 0,
                    "item": {**_CALL, "arguments": "", "status": "in_progress"},
                },
                {
                    "type": "response.function_call_arguments.delta",
                    "item_id": "fc_1",
                    "output_index": 0,
                    "delta": '{"at":',
                },
                {
                    "type": "response.function_call_arguments.delta",
                    "item_id": "fc_1",
                    "output_index": 0,
                    "delta": '"inside"}',
                },
                {
                    "type": "response.function_call_arguments.done",
                    "item_id": "fc_1",
                    "output_index": 0,
                    "arguments": '{"at":"inside"}',
                },
                {"type": "response.output_item.done", "output_index": 0, "item": _CALLED},
                {"type": "response.completed", "response": _RESPONSES_ANSWER},
            ),
        },
        "joined": {**_RESPONSES_COMMON, "response": _RESPONSES_ANSWER},
    },
    spans=[
        {
            "traceId": "b3f1215b56c0fc7927dfe5743dd0e129",
            "spanId": "b3f1215b56c0fc79",
            "name": "LLM Generation",
            "kind": 3,
            "startTimeUnixNano": "1771005800000000000",
            "endTimeUnixNano": "1771005802500000000",
            "status": {"code": 1},
            "attributes": {
                "trace.name": "OpenRouter Request",
                "session.id": "ses_look",
                "trace.metadata.provider_responses": [_RESPONSES_ATTEMPT],
                "span.type": "generation",
                "span.level": "DEFAULT",
                "span.metadata.provider_responses": [_RESPONSES_ATTEMPT],
                "span.input": _RESPONSES_PROMPT,
                "span.output": _RESPONSES_COMPLETION,
                "gen_ai.operation.name": "chat",
                "gen_ai.system": "vendor",
                "gen_ai.provider.name": "vendor",
                "gen_ai.request.model": "vendor/lens-5",
                "gen_ai.response.model": "vendor/lens-5",
                "gen_ai.response.id": _RESPONSES_ID,
                "gen_ai.usage.input_tokens": 700,
                "gen_ai.usage.output_tokens": 21,
                "gen_ai.usage.total_tokens": 721,
                "gen_ai.usage.input_cost": 0.0025,
                "gen_ai.usage.output_cost": 0.0005,
                "gen_ai.usage.total_cost": 0.003,
                "gen_ai.prompt": _RESPONSES_PROMPT,
                "gen_ai.completion": _RESPONSES_COMPLETION,
                "gen_ai.usage.input_tokens.cached": 0,
                "gen_ai.usage.input_tokens.cache_write": 0,
                "gen_ai.usage.output_tokens.reasoning": 0,
                "gen_ai.usage.output_tokens.image": 0,
                "gen_ai.response.finish_reasons": ["tool_calls"],
                "gen_ai.response.finish_reason": "tool_calls",
                "trace.metadata.openrouter.source": "openrouter",
                "trace.metadata.openrouter.api_key_name": "shop",
                "trace.metadata.openrouter.entity_id": _PERSON,
                "trace.metadata.openrouter.creator_user_id": _PERSON,
                "trace.metadata.openrouter.router_latency_ms": 40.0,
                "trace.metadata.openrouter.provider_request_ms": 40.0,
                "trace.metadata.openrouter.provider_headers_ms": 940.0,
                "trace.metadata.openrouter.first_token_ms": 2000.0,
                "trace.metadata.openrouter.provider_body_end_ms": 2500.0,
                "trace.metadata.openrouter.provider_time_to_first_token_ms": 1960.0,
                # (2500 - 2000) / (21 - 1)
                "trace.metadata.openrouter.inter_token_latency_ms": 25.0,
                "trace.metadata.openrouter.provider_name": "Azure",
                "trace.metadata.openrouter.provider_slug": "azure",
                "trace.metadata.openrouter.finish_reason": "completed",
                "trace.metadata.openrouter.input_unit_price": 2.5e-07,
                "trace.metadata.openrouter.output_unit_price": 2e-06,
            },
        },
        *_children(
            root=("b3f1215b56c0fc7927dfe5743dd0e129", "b3f1215b56c0fc79", _RESPONSES_ID),
            attempt=("855945916acba25d", _RESPONSES_ATTEMPT),
            generation="0857d5062619644d",
            # 1771005800.000 + 900 ms; from there 2500 - 40 ms.
            times=("1771005800000000000", "1771005800900000000", "1771005803360000000"),
        ),
    ],
)


# A client that left before the answer was whole. The captured one has no span.input and span.output.

_LEFT_ID: Final = "gen-1771005900-clientThatLeft0000"
_LEFT: Final = Delivery(
    records={
        "streamed": {
            "request": {
                "model": "vendor/lens-5",
                "stream": True,
                "tools": [_LOOK],
                "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hello?"}]}],
            },
            "response_stream": _events(
                {"type": "response.created", "response": {**_RESPONSES_STARTED, "id": _LEFT_ID}}
            ),
            "generation": {"data": {"provider_name": "Azure"}},
            "observed": {
                "client_disconnected": True,
                "session_id": "ses_left",
                "provider_slug": "azure",
                **_KEY_OWNER,
                "input_unit_price": 2.5e-07,
                "output_unit_price": 2e-06,
            },
            "started_at": 1771005900000000000,
            "ended_at": 1771005923000000000,
        }
    },
    spans=[
        {
            "traceId": "ca96f5f587458da8aeca35de652f03c2",
            "spanId": "ca96f5f587458da8",
            "name": "LLM Generation",
            "kind": 3,
            "startTimeUnixNano": "1771005900000000000",
            "endTimeUnixNano": "1771005923000000000",
            "status": {"code": 2, "message": "The client has disconnected"},
            "attributes": {
                "trace.name": "OpenRouter Request",
                "session.id": "ses_left",
                "span.type": "generation",
                "span.level": "ERROR",
                "span.status_message": "The client has disconnected",
                "gen_ai.operation.name": "chat",
                "gen_ai.system": "vendor",
                "gen_ai.provider.name": "vendor",
                "gen_ai.request.model": "vendor/lens-5",
                "gen_ai.response.model": "vendor/lens-5",
                "gen_ai.response.id": _LEFT_ID,
                "gen_ai.prompt": {
                    "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello?"}]}]
                },
                "gen_ai.completion": {
                    "completion": None,
                    "reasoning": None,
                    "rawRequest": {
                        "model": "vendor/lens-5",
                        "stream": True,
                        "tools": [_LOOK],
                        "_skin": "responses",
                    },
                },
                "trace.metadata.openrouter.source": "openrouter",
                "trace.metadata.openrouter.api_key_name": "shop",
                "trace.metadata.openrouter.entity_id": _PERSON,
                "trace.metadata.openrouter.creator_user_id": _PERSON,
                "trace.metadata.openrouter.provider_name": "Azure",
                "trace.metadata.openrouter.provider_slug": "azure",
                "trace.metadata.openrouter.input_unit_price": 2.5e-07,
                "trace.metadata.openrouter.output_unit_price": 2e-06,
            },
            "events": [
                {
                    "timeUnixNano": "1771005923000000000",
                    "name": "exception",
                    "attributes": [
                        {"key": "exception.type", "value": {"stringValue": "Error"}},
                        {"key": "exception.message", "value": {"stringValue": "The client has disconnected"}},
                    ],
                }
            ],
        }
    ],
)

DELIVERIES: Final[dict[str, Delivery]] = {
    "a chat answer without a call": _CHAT,
    "a call of /messages, streamed": _MESSAGES_STREAMED,
    "a call of /messages, joined": _MESSAGES_JOINED,
    "a call of /responses": _RESPONSES,
    "a client that left": _LEFT,
}
