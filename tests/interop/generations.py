# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Records of LLM requests of all shapes out of a seed, each beside what must be found by.

The facts are noted while a record is made, and never read back out of what the package
makes of it.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import time
from typing import Any, Final

import attrs

__all__ = ["Case", "cases", "plain_record"]

MODELS: Final = (
    "openai/gpt-4-turbo",
    "openai/gpt-4o",
    "anthropic/claude-sonnet-4",
    "google/gemini-2.5-flash",
    "meta-llama/llama-3.3-70b-instruct",
)
VARIANTS: Final = ("", "", "", ":nitro", ":free")
USERS: Final = (None, "user_abc123", "user_12345", "ünï çødé", 'quote " and \\ backslash', "' OR 1=1 --")
ENVIRONMENTS: Final = (None, "production", "staging", "произв", "")
ALERTS: Final = (None, None, None, "alert_789", "alert_790")
SECONDS: Final = (0.001, 0.8, 1.203, 4.999, 5.001, 7.5, 61.0)
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
_SHAPES: Final = (
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


@attrs.frozen(kw_only=True)
class Case:
    """
    One record and its facts.

    Attributes:
        record: What ``read_record`` takes.

        hierarchy, integers_as_numbers: The form that it is sent in.

        trace_id: Of the trace that it belongs to.

        model, user, environment, alert: What it can be searched by.

        failed: Whether a span of it has an error: its own, or that of a provider that was tried.

        seconds: How long it took.
    """

    record: dict[str, Any]
    hierarchy: Any
    integers_as_numbers: bool
    trace_id: str
    model: str
    user: str | None
    environment: str | None
    alert: str | None
    failed: bool
    seconds: float

    @property
    def sent(self) -> bool:
        """Whether there is a span: OpenRouter sends none for what it refused before it chose a provider."""
        return self.hierarchy == "documented" or "refused" not in self.record["note"]


def cases(seed: int, count: int, now_ns: int) -> list[Case]:
    """So many, all within the ten minutes before now; equal seeds give equal ones, others share no trace."""
    draw = random.Random(seed)
    return [_case(draw, f"{seed}-{number}", now_ns) for number in range(count)]


def plain_record(generation_id: str, content: str = "Hello!") -> dict[str, Any]:
    """The least that a request leaves; it ends now."""
    now_ns = time.time_ns()
    message = {"role": "assistant", "content": content}
    return {
        "request": {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}]},
        "response": {"id": generation_id, "choices": [{"message": message, "finish_reason": "stop"}]},
        "started_at": now_ns - 1_000_000_000,
        "ended_at": now_ns,
    }


def _case(draw: random.Random, name: str, now_ns: int) -> Case:
    shape, seconds = draw.choice(_SHAPES), draw.choice(SECONDS)
    model, user = draw.choice(MODELS), draw.choice(USERS)
    environment, alert = draw.choice(ENVIRONMENTS), draw.choice(ALERTS)
    generation_id = f"gen-{name}-{draw.randrange(10**9)}"
    trace_id = draw.choice(
        (
            None,
            None,
            None,
            f"shared-{name.partition('-')[0]}-{draw.randrange(8)}",
            f"{draw.getrandbits(128) | 1:032x}",
        )
    )
    options = {
        "trace_id": trace_id,
        "trace_name": draw.choice((None, "Metric Analysis Pipeline", draw.choice(HOSTILE))),
        "span_name": draw.choice((None, None, "Step")),
        "generation_name": draw.choice((None, "Anomaly Detection", draw.choice(HOSTILE))),
        "parent_span_id": draw.choice((None, None, None, "00f067aa0ba902b7", "upstream span")),
        "environment": environment,
        "alert_id": alert,
    }
    trace = {**{key: value for key, value in options.items() if value is not None}, **_metadata(draw)}
    request = {
        "model": model + draw.choice(VARIANTS),
        "session_id": draw.choice(("session_abc", "s-2", draw.choice(HOSTILE))),
        "trace": trace,
        "temperature": draw.choice((0, 0.7, 1)),
    }
    if user is not None:
        request.update({"metadata": {"user_id": user}} if shape == "messages" else {"user": user})
    start_ns = now_ns - 600 * 10**9 + draw.randrange(500 * 10**9)
    attempts = _attempts(draw) if shape != "refused" and draw.random() < 0.4 else []
    record = {
        "note": shape,
        "request": request,
        "started_at": start_ns,
        "ended_at": start_ns + round(seconds * 1e9),
        **_answered(draw, shape, request, generation_id),
        "observed": {
            **({"provider_responses": attempts} if attempts else {}),
            "router_latency_ms": draw.randrange(20),
            "input_unit_price": 2.5e-06,
        },
    }
    key = trace_id or (generation_id if shape != "refused" else None) or _key_without_id(request, start_ns)
    return Case(
        record=record,
        hierarchy=draw.choice(("documented", "observed")),
        integers_as_numbers=draw.random() < 0.5,
        trace_id=key if re.fullmatch("[0-9a-f]{32}", key) else hashlib.sha256(key.encode()).hexdigest()[:32],
        model=model,
        user=user,
        environment=environment,
        alert=alert,
        failed=shape in ("error", "refused") or any(item["status"] >= 400 for item in attempts),
        seconds=seconds,
    )


def _key_without_id(request: dict[str, Any], start_ns: int) -> str:
    """What OpenRouter's id is replaced by where there was none: of the request's compact JSON and its start."""
    text = json.dumps(request, ensure_ascii=False, separators=(",", ":"))
    return "gen-" + hashlib.sha256(f"{text}:{start_ns}".encode("utf-8", "replace")).hexdigest()


def _metadata(draw: random.Random) -> dict[str, Any]:
    """Custom metadata of every type that JSON has."""
    drawn = {
        "text": draw.choice(HOSTILE),
        "flag": draw.random() < 0.5,
        "count": draw.choice((0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**63)),
        "share": draw.choice((0.1, 51.0, -0.0, 1e-300, 1.7976931348623157e308)),
        "nothing": None,
        "nested": {"a": {"b": draw.choice(HOSTILE)}, "empty": {}},
        "list": [1, "a", None, {"k": draw.choice(HOSTILE)}],
        draw.choice(HOSTILE) or "key": "hostile key",
    }
    return {key: value for key, value in drawn.items() if draw.random() < 0.6}


def _attempts(draw: random.Random) -> list[dict[str, Any]]:
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


def _answered(draw: random.Random, shape: str, request: dict[str, Any], generation_id: str) -> dict[str, Any]:
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
