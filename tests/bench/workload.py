# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What is encoded: spans and records as LLM requests make them, new ones for each seed.

Keys are those of OpenRouter's Broadcast. Every span has sixteen attributes: ten texts, two of
them long with line breaks, quotes and some characters beyond ASCII; four ints, a double and a
bool. Two of three have a parent; every tenth failed twice and has two events and a link.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

from otlpjson import (
    Event,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
)

from .. import FIXTURES

__all__ = ["LONG_TEXT_LENGTH", "lines", "members", "records", "span_of", "traces"]

LONG_TEXT_LENGTH: Final = 600
_RECORD: Final = FIXTURES / "openrouter" / "guide" / "record.json"
_START_NS: Final = 1_771_005_600_000_000_000
# The parent is known to be local. The peers write these bits on every span and link, so ours bear them too.
_FLAGS: Final = 0x100
_MODELS: Final = (
    "openai/gpt-4o",
    "anthropic/claude-sonnet-4",
    "google/gemini-2.5-pro",
    "mistralai/mistral-large",
)
_WORDS: Final = (
    *("latency", "rose", "from", "80 ms", "to", "2.4 s", "at", "14:05", "and", "then", "the", "queue"),
    *("was", "empty", "again", "which", "is", "normal", "for", "a", "deployment", "of", "this", "size"),
)
# About one word in thirty is beyond ASCII, one in twenty quoted, one in twenty ends a line.
_RARE_WORDS: Final = (
    "température",
    "—",
    "警告",
    "🚀",
    '"spike"',
    '"normal"',
    '{"unit": "ms"}',
    "so:\n",
    "\n\n-",
)
_RARE: Final = 0.13


def traces(seed: int, span_count: int) -> TracesData:
    """That many spans in one group; equal for equal seeds, and no object shared with another call."""
    random = Random(seed)
    resource = Resource(
        attributes={
            "service.name": "openrouter",
            "openrouter.trace.id": _text(random, 24),
            "service.version": "1.0.0",
        }
    )
    spans = [span_of(_members(random, index)) for index in range(span_count)]
    scope_spans = ScopeSpans(scope=InstrumentationScope(name="openrouter", version="1.0.0"), spans=spans)
    return TracesData(resource_spans=[ResourceSpans(resource=resource, scope_spans=[scope_spans])])


def records(seed: int, count: int, length: int = LONG_TEXT_LENGTH) -> list[dict[str, Any]]:
    """That many copies of the guide's record, each with ids, counts and two texts of its own."""
    random = Random(seed)
    text = _RECORD.read_text("utf-8")
    return [_varied(random, json.loads(text), length) for _ in range(count)]


def lines(seed: int, count: int, length: int = LONG_TEXT_LENGTH) -> list[bytes]:
    """The same records as lines of a file."""
    return [json.dumps(record, ensure_ascii=False).encode() for record in records(seed, count, length)]


def members(seed: int, span_count: int) -> list[dict[str, Any]]:
    """What the spans of ``traces`` are made of: plain values, attributes as dicts."""
    random = Random(seed)
    return [_members(random, index) for index in range(span_count)]


def span_of(members: dict[str, Any]) -> Span:
    """The span, with its status, events and links."""
    known = dict(members)
    known["status"] = Status(**known["status"])
    known["events"] = [Event(**event) for event in known["events"]]
    known["links"] = [Link(**link) for link in known["links"]]
    return Span(**known)


def _members(random: Random, index: int) -> dict[str, Any]:
    start_ns = _START_NS + random.randrange(10**12)
    end_ns = start_ns + random.randrange(10**10)
    failed = index % 10 == 0
    return {
        "trace_id": _id(random, 32),
        "span_id": _id(random, 16),
        "parent_span_id": _id(random, 16) if index % 3 else None,
        "flags": _FLAGS,
        "name": f"LLM Generation {random.randrange(1000)}",
        "kind": SpanKind.CLIENT,
        "start_ns": start_ns,
        "end_ns": end_ns,
        "status": {"code": StatusCode.ERROR, "message": "upstream: 503"}
        if failed
        else {"code": StatusCode.OK},
        "attributes": _attributes(random),
        "events": [_event(random, time_ns) for time_ns in (start_ns, end_ns)] if failed else [],
        "links": [_link(random)] if failed else [],
    }


def _attributes(random: Random) -> dict[str, Any]:
    model = random.choice(_MODELS)
    input_tokens, output_tokens = random.randrange(10, 10_000), random.randrange(1, 5_000)
    return {
        "trace.name": f"Metric Analysis {random.randrange(100)}",
        "user.id": f"user_{random.randrange(10**6)}",
        "session.id": f"session_{_id(random, 12)}",
        "span.type": "generation",
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": model.partition("/")[0],
        "gen_ai.request.model": model,
        "gen_ai.response.id": f"gen-{_id(random, 24)}",
        "gen_ai.usage.input_tokens": input_tokens,
        "gen_ai.usage.output_tokens": output_tokens,
        "gen_ai.usage.total_tokens": input_tokens + output_tokens,
        "gen_ai.usage.input_tokens.cached": random.randrange(input_tokens),
        "gen_ai.usage.total_cost": random.randrange(1, 10**5) / 10**6,
        "gen_ai.prompt": _text(random, LONG_TEXT_LENGTH),
        "gen_ai.completion": _text(random, LONG_TEXT_LENGTH),
        "trace.metadata.streamed": random.random() < 0.5,
    }


def _event(random: Random, time_ns: int) -> dict[str, Any]:
    attributes = {"exception.type": "Error", "exception.message": _text(random, 60)}
    return {"name": "exception", "time_ns": time_ns, "attributes": attributes}


def _link(random: Random) -> dict[str, Any]:
    attributes = {"openrouter.retry.of": f"gen-{_id(random, 24)}"}
    return {
        "trace_id": _id(random, 32),
        "span_id": _id(random, 16),
        "attributes": attributes,
        "flags": _FLAGS,
    }


def _id(random: Random, digits: int) -> str:
    return f"{random.randrange(1, 16**digits):0{digits}x}"


def _text(random: Random, length: int) -> str:
    words: list[str] = []
    size = 0
    while size <= length:
        more = [random.choice(_RARE_WORDS if random.random() < _RARE else _WORDS) for _ in range(8)]
        words += more
        size += sum(map(len, more)) + len(more)
    return " ".join(words)[:length]


def _varied(random: Random, record: dict[str, Any], length: int) -> dict[str, Any]:
    request, response = record["request"], record["response"]
    request["messages"][0]["content"] = _text(random, length)
    request["user"] = f"user_{random.randrange(10**6)}"
    request["session_id"] = f"session_{_id(random, 12)}"
    request["trace"]["trace_id"] = f"monitoring_pipeline_{_id(random, 12)}"
    request["trace"]["alert_id"] = f"alert_{random.randrange(10**6)}"
    response["id"] = f"gen-{_id(random, 24)}"
    response["choices"][0]["message"]["content"] = _text(random, length)
    response["usage"]["prompt_tokens"] = random.randrange(10, 10_000)
    response["usage"]["cost"] = random.randrange(1, 10**5) / 10**6
    return record
