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

from .shapes import HOSTILE, SHAPES, answered, attempts

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


@attrs.frozen(kw_only=True)
class _Facts:
    """What is drawn first, and what a search is about."""

    shape: str
    seconds: float
    model: str
    user: str | None
    environment: str | None
    alert: str | None

    @classmethod
    def drawn(cls, draw: random.Random) -> _Facts:
        """One of each."""
        return cls(
            shape=draw.choice(SHAPES),
            seconds=draw.choice(SECONDS),
            model=draw.choice(MODELS),
            user=draw.choice(USERS),
            environment=draw.choice(ENVIRONMENTS),
            alert=draw.choice(ALERTS),
        )

    def user_of_request(self) -> dict[str, Any]:
        """Where each API has its user."""
        if self.user is None:
            return {}
        return {"metadata": {"user_id": self.user}} if self.shape == "messages" else {"user": self.user}


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
    facts = _Facts.drawn(draw)
    generation_id = f"gen-{name}-{draw.randrange(10**9)}"
    trace_id = _trace_id(draw, name.partition("-")[0])
    request = {
        "model": facts.model + draw.choice(VARIANTS),
        "session_id": draw.choice(("session_abc", "s-2", draw.choice(HOSTILE))),
        "trace": {**_options(draw, facts, trace_id), **_metadata(draw)},
        "temperature": draw.choice((0, 0.7, 1)),
        **facts.user_of_request(),
    }
    start_ns = now_ns - 600 * 10**9 + draw.randrange(500 * 10**9)
    tried = attempts(draw) if facts.shape != "refused" and draw.random() < 0.4 else []
    record = {
        "note": facts.shape,
        "request": request,
        "started_at": start_ns,
        "ended_at": start_ns + round(facts.seconds * 1e9),
        **answered(draw, facts.shape, request, generation_id),
        "observed": {
            **({"provider_responses": tried} if tried else {}),
            "router_latency_ms": draw.randrange(20),
            "input_unit_price": 2.5e-06,
        },
    }
    named = None if facts.shape == "refused" else generation_id
    return Case(
        record=record,
        hierarchy=draw.choice(("documented", "observed")),
        integers_as_numbers=draw.random() < 0.5,
        trace_id=_hex(trace_id or named or _key_without_id(request, start_ns)),
        model=facts.model,
        user=facts.user,
        environment=facts.environment,
        alert=facts.alert,
        failed=facts.shape in ("error", "refused") or any(item["status"] >= 400 for item in tried),
        seconds=facts.seconds,
    )


def _trace_id(draw: random.Random, seed: str) -> str | None:
    """None for most; a key that several share; a trace id in hex."""
    shared, own = f"shared-{seed}-{draw.randrange(8)}", f"{draw.getrandbits(128) | 1:032x}"
    return draw.choice((None, None, None, shared, own))


def _hex(key: str) -> str:
    """The trace id of a key: the key itself where it is one."""
    return key if re.fullmatch("[0-9a-f]{32}", key) else hashlib.sha256(key.encode()).hexdigest()[:32]


def _options(draw: random.Random, facts: _Facts, trace_id: str | None) -> dict[str, Any]:
    """The keys of ``trace`` that OpenRouter knows, and those of the guide's queries."""
    drawn = {
        "trace_id": trace_id,
        "trace_name": draw.choice((None, "Metric Analysis Pipeline", draw.choice(HOSTILE))),
        "span_name": draw.choice((None, None, "Step")),
        "generation_name": draw.choice((None, "Anomaly Detection", draw.choice(HOSTILE))),
        "parent_span_id": draw.choice((None, None, None, "00f067aa0ba902b7", "upstream span")),
        "environment": facts.environment,
        "alert_id": facts.alert,
    }
    return {key: value for key, value in drawn.items() if value is not None}


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
