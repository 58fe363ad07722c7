# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The records of ``view --demo``: the guide's, an agent with a tool, a fallback, and a failure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .demo import RECORD

__all__ = ["demo_records"]

_AGENT: Final = MappingProxyType(
    {"trace_id": "support_ticket_4711", "trace_name": "Support Agent", "environment": "production"}
)
_TOOL: Final = MappingProxyType(
    {
        "type": "function",
        "function": {
            "name": "order_status",
            "description": "The state of an order.",
            "parameters": {"type": "object", "properties": {"order": {"type": "string"}}},
        },
    }
)
_CALL: Final = MappingProxyType(
    {
        "id": "call_7Qm2",
        "index": 0,
        "type": "function",
        "function": {"name": "order_status", "arguments": '{"order": "A-1009", "with_carrier": true}'},
    }
)
_ASKED: Final = (
    MappingProxyType(
        {"role": "system", "content": "You help customers of a shop. Look orders up before you answer."}
    ),
    MappingProxyType({"role": "user", "content": "Where is my order A-1009?"}),
)


def demo_records() -> tuple[dict[str, Any], ...]:
    """Records as a program writes them."""
    return dict(RECORD), _choice_of_tool(), _answer_with_result(), _fallback(), _failure()


def _choice_of_tool() -> dict[str, Any]:
    return _record(
        "gen-1771005720-Pl4nQx8Zt2Bv6Nc0Ky3D",
        {
            "model": "anthropic/claude-sonnet-4.5",
            "messages": [*map(dict, _ASKED)],
            "tools": [dict(_TOOL)],
            "user": "user_12345",
            "session_id": "session_abc",
            "trace": {**_AGENT, "generation_name": "Choose a tool"},
        },
        {
            "content": "",
            "reasoning": "The customer asks about one order; I need its state and the carrier.",
            "tool_calls": [dict(_CALL)],
        },
        ("2026-02-13T18:02:00.000Z", "2026-02-13T18:02:01.410Z"),
        (318, 74, 0.002064),
        first_token_ms=620,
    )


def _answer_with_result() -> dict[str, Any]:
    result = {"order": "A-1009", "state": "in transit", "carrier": "DHL", "expected": "2026-02-15"}
    return _record(
        "gen-1771005721-Rs5wMv1Kd9Fg3Lb7Hn0T",
        {
            "model": "anthropic/claude-sonnet-4.5",
            "messages": [
                *map(dict, _ASKED),
                {"role": "assistant", "content": "", "tool_calls": [dict(_CALL)]},
                {"role": "tool", "tool_call_id": _CALL["id"], "content": json.dumps(result)},
            ],
            "tools": [dict(_TOOL)],
            "user": "user_12345",
            "session_id": "session_abc",
            "trace": {**_AGENT, "generation_name": "Answer the customer"},
        },
        {"content": "Your order A-1009 is on its way with DHL and should arrive on Sunday, 15 February."},
        ("2026-02-13T18:02:01.650Z", "2026-02-13T18:02:03.120Z"),
        (421, 26, 0.001653),
        first_token_ms=480,
    )


def _fallback() -> dict[str, Any]:
    record = _record(
        "gen-1771005780-Fb2kWn6Xr4Tz8Qm1Vc5J",
        {
            "model": "meta-llama/llama-3.3-70b-instruct",
            "messages": [{"role": "user", "content": "One word for light rain?"}],
            "user": "user_7",
            "trace": {"trace_name": "Weather Words", "environment": "staging"},
        },
        {"content": "Drizzle."},
        ("2026-02-13T18:03:00.000Z", "2026-02-13T18:03:00.600Z"),
        (40, 4, 0.000039),
        first_token_ms=340,
    )
    record["observed"]["provider_responses"] = [
        {"provider_name": "Novita", "status": 429, "latency": 96},
        {"provider_name": "Together", "status": 200, "latency": 318},
    ]
    return record


def _failure() -> dict[str, Any]:
    return {
        "request": {
            "model": "openai/gpt-4o",
            "messages": [{"role": "user", "content": "Summarise the attached report."}],
            "user": "user_7",
            "trace": {"trace_name": "Nightly Report", "environment": "staging"},
        },
        "response": {"error": {"code": 429, "message": "Rate limit exceeded: 20 requests per minute"}},
        "started_at": "2026-02-13T18:04:00.000Z",
        "ended_at": "2026-02-13T18:04:00.180Z",
    }


def _record(
    response_id: str,
    request: Mapping[str, Any],
    message: Mapping[str, Any],
    times: tuple[str, str],
    usage: tuple[int, int, float],
    *,
    first_token_ms: int,
) -> dict[str, Any]:
    prompt_tokens, completion_tokens, cost = usage
    finish = "tool_calls" if "tool_calls" in message else "stop"
    return {
        "request": {**request, "stream": True},
        "response": {
            "id": response_id,
            "object": "chat.completion",
            "model": request["model"],
            "provider": "Anthropic" if "claude" in request["model"] else "Together",
            "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}],
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "total_tokens": prompt_tokens + completion_tokens,
                "cost": cost,
            },
        },
        "observed": {"provider_request_ms": 20, "first_token_ms": 20 + first_token_ms},
        "started_at": times[0],
        "ended_at": times[1],
    }
