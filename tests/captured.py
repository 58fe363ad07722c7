# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Records whose observed form must equal captured deliveries, and what equal means.

Equal is: parsed in order, as pairs and not as sets, with numbers by value, and so are JSON texts.
The captures' publisher replaced values by ``<omitted>``, which equals anything, and one user id by
another text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

__all__ = ["CAPTURES", "DELIVERIES", "RECORDS", "differences", "needs_captures", "parsed"]

CAPTURES: Final = Path(os.environ.get("OTLPJSON_CAPTURES", "."))
"""The folder of captured deliveries, where it is there."""
DELIVERIES: Final = CAPTURES / "deliveries"
"""Deliveries with the records that should give them."""
needs_captures: Final = pytest.mark.skipif(
    "OTLPJSON_CAPTURES" not in os.environ, reason="OTLPJSON_CAPTURES names no folder of captured deliveries"
)
_OMITTED: Final = "<omitted>"


def parsed(body: bytes) -> Any:
    """A body as nested pairs, the JSON texts in it as well."""
    return _parsed(json.loads(body, object_pairs_hook=_pairs))


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """Each place at which two parsed bodies differ; a value that the publisher omitted equals any."""
    if _OMITTED in (ours, theirs):
        return
    if isinstance(ours, tuple) and isinstance(theirs, tuple) and ours[0] == theirs[0]:
        yield from differences(ours[1], theirs[1], f"{path}.{ours[0]}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{path}[{index}]")
    elif ours != theirs:
        yield f"{path}: {ours!r} is not {theirs!r}"


def _parsed(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _parsed(json.loads(value, object_pairs_hook=_pairs))
        except ValueError:
            return value
    if isinstance(value, tuple):
        return (value[0], _parsed(value[1]))
    return [_parsed(item) for item in value] if isinstance(value, list) else value


def _pairs(members: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    # An empty list in a capture equals a missing member of an event or a connection test.
    return [(name, value) for name, value in members if value != [] or name in ("toolCalls", "content")]


_TOOL: Final = {"type": "function", "function": {"name": "write", "parameters": {"type": "object"}}}
_STREAMED: Final = {
    "id": "gen-1790606294-sdYHTGXUVyDKWCLqX5Op",
    "object": "chat.completion.chunk",
    "created": 1790606294,
    "model": "anthropic/claude-haiku-4.5",
    "provider": "Amazon Bedrock",
}


def _stream(*chunks: dict[str, Any]) -> str:
    lines = [
        ": OPENROUTER PROCESSING",
        "",
        *(f"data: {json.dumps({**_STREAMED, **chunk})}\n" for chunk in chunks),
    ]
    return "\n".join([*lines, "data: [DONE]", "", ""])


def _delta(**delta: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}]}


_TOOL_CALL: Final = {
    "request": {
        "model": "anthropic/claude-haiku-4.5",
        "stream": True,
        "messages": [
            {"role": "system", "content": "You are a coding agent."},
            {"role": "user", "content": "Create wc.py ..."},
        ],
        "max_tokens": 32000,
        "tools": [_TOOL],
        "tool_choice": "auto",
        "reasoning": {"effort": "medium"},
        "usage": {"include": True},
        "session_id": "session_abc",
        "user": "user_12345",
        "trace": {"environment": "production"},
    },
    "response_stream": _stream(
        _delta(content="", reasoning="The user wants "),
        _delta(reasoning="me to: ..."),
        _delta(content="I'll create the wc.py "),
        _delta(content="CLI tool ..."),
        _delta(
            tool_calls=[
                {
                    "index": 0,
                    "id": "toolu_bdrk_018qZrwLA5nqTCAkkGb4Y7yF",
                    "type": "function",
                    "function": {"name": "write", "arguments": ""},
                }
            ]
        ),
        _delta(tool_calls=[{"index": 0, "function": {"arguments": '{"path": "/home/user/project/wc.py",'}}]),
        _delta(tool_calls=[{"index": 0, "function": {"arguments": ' "content": "..."}'}}]),
        {
            "choices": [
                {
                    "index": 0,
                    "delta": {"role": "assistant", "content": ""},
                    "finish_reason": "tool_calls",
                    "native_finish_reason": "tool_use",
                }
            ],
            "usage": {
                "prompt_tokens": 2489,
                "completion_tokens": 569,
                "total_tokens": 3058,
                "cost": 0.005334,
                "prompt_tokens_details": {
                    "cached_tokens": 0,
                    "cache_write_tokens": 0,
                    "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
                },
                "cost_details": {
                    "upstream_inference_prompt_cost": 0.002489,
                    "upstream_inference_completions_cost": 0.002845,
                },
                "completion_tokens_details": {"reasoning_tokens": 145},
            },
        },
    ),
    "generation": {
        "id": "gen-1790606294-sdYHTGXUVyDKWCLqX5Op",
        "streamed": True,
        "latency": 757,
        "generation_time": 3668,
        "provider_responses": [
            {
                "endpoint_id": "d000261c-5aeb-47d1-ac87-ad64dbe1cdb6",
                "id": "db4476cd-c371-4957-a825-fa17ea555835",
                "is_byok": False,
                "latency": 757,
                "model_permaslug": "anthropic/claude-4.5-haiku-20251001",
                "provider_name": "Amazon Bedrock",
                "status": 200,
            }
        ],
    },
    "observed": {
        "router_latency_ms": 51,
        "provider_request_ms": 51,
        "first_token_ms": 996,
        "provider_slug": "amazon-bedrock/global",
        "api_key_name": "fixture key",
        "entity_id": "user_fixture0000000000000000",
        "creator_user_id": "user_fixture0000000000000000",
        "input_unit_price": 1e-06,
        "output_unit_price": 5e-06,
    },
    "started_at": 1790606294318000000,
    "ended_at": 1790606298041000000,
}
_PARAMETERS: Final = dict.fromkeys(
    (
        *("model", "stream", "tools", "tool_choice", "parallel_tool_calls", "reasoning", "usage"),
        *("prompt_cache_key", "responsesPassthrough", "responsesExtraParams"),
    ),
    "<omitted>",
)
_DISCONNECTED: Final = {
    "api": "responses",
    "request": {
        **_PARAMETERS,
        "model": "openai/gpt-5.1-codex-mini",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "Create wc.py ..."}]}],
    },
    "response_stream": 'data: {"type":"response.created","response":{"id":"gen-1790606272-klALDjkN7Ke6rbM52aHZ",'
    '"object":"response","created_at":1790606272,"model":"openai/gpt-5.1-codex-mini","status":"in_progress",'
    '"output":[],"usage":null}}\n\n',
    "generation": {
        "provider_name": "Azure",
        "session_id": "01a0e870-1365-7a93-b8a1-14726a5a70da",
        "cancelled": True,
    },
    "observed": {
        "provider_slug": "azure",
        "api_key_name": "fixture key",
        "entity_id": "user_fixture0000000000000000",
        "creator_user_id": "user_fixture0000000000000000",
        "input_unit_price": 2.5e-07,
        "output_unit_price": 2e-06,
        "error_message": "The client has disconnected",
    },
    "started_at": 1790606272198000000,
    "ended_at": 1790606295838000000,
}
_GUIDE: Final = {
    "request": {
        "model": "openai/gpt-4o",
        "messages": [{"role": "user", "content": "Analyze this metric..."}],
        "user": "user_12345",
        "session_id": "session_abc",
        "trace": {
            "trace_id": "monitoring_pipeline_001",
            "trace_name": "Metric Analysis Pipeline",
            "generation_name": "Anomaly Detection",
            "environment": "production",
            "alert_id": "alert_789",
        },
    },
    "response": {
        "id": "gen-1771005600-EXAMPLEexampleEXAMPL",
        "model": "openai/gpt-4o",
        "provider": "OpenAI",
        "choices": [
            {
                "finish_reason": "stop",
                "native_finish_reason": "stop",
                "message": {
                    "role": "assistant",
                    "content": "The metric shows one spike ...",
                    "reasoning": None,
                },
            }
        ],
        "usage": {
            "prompt_tokens": 12,
            "completion_tokens": 48,
            "total_tokens": 60,
            "cost": 0.00051,
            "prompt_tokens_details": {"cached_tokens": 0},
            "cost_details": {
                "upstream_inference_prompt_cost": 0.00003,
                "upstream_inference_completions_cost": 0.00048,
            },
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    },
    "observed": {
        "router_latency_ms": 42,
        "provider_request_ms": 42,
        "provider_headers_ms": 1180,
        "first_token_ms": 1180,
        "provider_body_end_ms": 1199,
        "provider_slug": "openai",
        "provider_responses": [
            {
                "id": "chatcmpl-EXAMPLE",
                "provider_name": "OpenAI",
                "status": 200,
                "latency": 1138,
                "is_byok": False,
                "endpoint_id": "00000000-0000-4000-8000-000000000001",
                "model_permaslug": "openai/gpt-4o",
            }
        ],
        "api_key_name": "My key",
        "entity_id": "user_XXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "creator_user_id": "user_XXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "input_unit_price": 2.5e-06,
        "output_unit_price": 1e-05,
    },
    "started_at": "2026-02-13T18:00:00Z",
    "ended_at": "2026-02-13T18:00:01.203Z",
}
RECORDS: Final = {
    "streamed-tool-call.json": _TOOL_CALL,
    "client-disconnected.json": _DISCONNECTED,
    "grafana-guide-request.json": _GUIDE,
}
