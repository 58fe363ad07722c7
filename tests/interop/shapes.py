# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What came back for a drawn request: the shapes of the three APIs, streams, failures, providers that were tried."""

from __future__ import annotations

import json
import random
from typing import Any, Final

__all__ = ["HOSTILE", "SHAPES", "answered", "attempts"]

PROVIDERS: Final = ("OpenAI", "Azure", "Amazon Bedrock", "DeepInfra", "Together")
HOSTILE: Final = (
    "plain",
    "",
    "\x00\x01\x1f\x7f",
    "\u2028\u2029\u0085\ufeff",
    "\u202eright to left\u202c",
    "lone \ud83e surrogate",
    "\U0001f9ff👩‍👩‍👧",
    "</script><img src=x onerror=alert(1)>",
    '"}]}]}]} {"resourceSpans":[',
    "{{7*7}} ${jndi:ldap://x} %s%n",
    "\\u0000 \\ \\\\",
    "é" * 3000,
    "line\r\nbreak\ttab",
)
SHAPES: Final = (
    "chat",
    "chat",
    "streamed",
    "events",
    "messages",
    "responses",
    "error",
    "refused",
    "cut off",
)


def attempts(draw: random.Random) -> list[dict[str, Any]]:
    """Providers that were tried: some failed, the last answered."""
    failures = draw.randrange(3)
    return [
        {
            "id": f"resp-{number}",
            "provider_name": draw.choice(PROVIDERS),
            "status": 200 if number == failures else draw.choice((429, 500, 503)),
            "latency": draw.randrange(1, 400) / 1000,
            "is_byok": draw.random() < 0.5,
            "endpoint_id": f"endpoint-{number}",
        }
        for number in range(failures + 1)
    ]


def _usage(
    draw: random.Random, given: str = "prompt_tokens", made: str = "completion_tokens"
) -> dict[str, Any]:
    return {given: draw.randrange(10**5), made: draw.randrange(5000), "cost": draw.random() / 1000}


def answered(draw: random.Random, shape: str, request: dict[str, Any], generation_id: str) -> dict[str, Any]:
    """The request's conversation, and what came back, in the form of its API."""
    asked, told = draw.choice(HOSTILE), draw.choice(HOSTILE)
    model = request["model"].partition(":")[0]
    request["input" if shape == "responses" else "messages"] = [{"role": "user", "content": asked}]
    if shape == "messages":
        block = {"type": "text", "text": told}
        usage = _usage(draw, "input_tokens", "output_tokens")
        head = {"id": generation_id, "type": "message", "role": "assistant", "model": model}
        return {
            "api": shape,
            "response": {**head, "content": [block], "stop_reason": "end_turn", "usage": usage},
        }
    if shape == "responses":
        content = [{"type": "output_text", "text": told}]
        item = {"type": "message", "role": "assistant", "content": content}
        head = {"id": generation_id, "object": "response", "status": "completed", "model": model}
        return {
            "response": {**head, "output": [item], "usage": _usage(draw, "input_tokens", "output_tokens")}
        }
    if shape in ("error", "refused"):
        error = {"code": 503 if shape == "error" else 400, "message": told or "it failed"}
        named = {"generation_id": generation_id} if shape == "error" else {}
        return {"response": {"error": error, **({"id": generation_id} if named else {})}}
    if shape in ("events", "cut off"):
        request["stream"] = True
        return {"response_stream": _events(draw, model, generation_id, told, cut=shape == "cut off")}
    if shape == "streamed":
        request["stream"] = True
    message = {"role": "assistant", "content": told, "reasoning": draw.choice((None, draw.choice(HOSTILE)))}
    choice = {"index": 0, "finish_reason": "stop", "native_finish_reason": "stop", "message": message}
    return {"response": {"id": generation_id, "model": model, "choices": [choice], "usage": _usage(draw)}}


def _events(draw: random.Random, model: str, generation_id: str, told: str, *, cut: bool) -> str:
    """Server-sent events, a piece of text in each; a stream that was cut off has no end."""
    head = {"id": generation_id, "object": "chat.completion.chunk", "model": model}
    pieces = [told[:3], told[3:10], told[10:]]
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces
    ]
    if not cut:
        chunks.append(
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": _usage(draw)}
        )
    lines = [f"data: {json.dumps({**head, **chunk})}\n\n" for chunk in chunks]
    return "".join([": OPENROUTER PROCESSING\n\n", *lines, *([] if cut else ["data: [DONE]\n\n"])])
