# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies for the viewer's tests."""

from __future__ import annotations

from typing import Any, Final

from otlpjson.core.decoder import decode
from otlpjson.core.model import Resource, ResourceSpans, ScopeSpans, Span, Status, StatusCode, TracesData
from otlpjson.openrouter import read_record, resource_spans

from .. import FIXTURES

__all__ = ["NOW_NS", "START_NS", "body", "fixture", "generation", "span", "trace_id"]

START_NS: Final = 1771005600000000000
NOW_NS: Final = START_NS + 10**12


def fixture(name: str) -> TracesData:
    """The body of a fixture."""
    return decode((FIXTURES / "openrouter" / name / "body.json").read_bytes())


def trace_id(number: int) -> str:
    """The id of a trace."""
    return f"{number:032x}"


def span(trace: int, number: int = 1, parent: int | None = None, **members: Any) -> Span:
    """A span of one second."""
    given = {"name": f"span {number}", "start_ns": START_NS, "end_ns": START_NS + 10**9, **members}
    return Span(
        trace_id=trace_id(trace),
        span_id=f"{number:016x}",
        parent_span_id=None if parent is None else f"{parent:016x}",
        **given,
    )


def body(*spans: Span, service: str = "shop") -> TracesData:
    """Spans in one group."""
    group = ResourceSpans(
        resource=Resource(attributes={"service.name": service}), scope_spans=(ScopeSpans(spans=spans),)
    )
    return TracesData(resource_spans=(group,))


def generation(number: int, **record: Any) -> TracesData:
    """The spans of a request; members of ``request`` and ``usage`` are those of the record."""
    request, usage = record.pop("request", {}), record.pop("usage", {})
    started = record.pop("started_ns", START_NS)
    seconds = record.pop("seconds", 1.0)
    content = record.pop("content", "answer")
    return TracesData(
        resource_spans=resource_spans(
            read_record(
                {
                    "request": {
                        "model": "openai/gpt-4o",
                        "messages": [{"role": "user", "content": f"question {number}"}],
                        **request,
                    },
                    "response": {
                        "id": f"gen-{number}",
                        "model": request.get("model", "openai/gpt-4o"),
                        "choices": [
                            {"finish_reason": "stop", "message": {"role": "assistant", "content": content}}
                        ],
                        "usage": {
                            "prompt_tokens": 10,
                            "completion_tokens": 5,
                            "total_tokens": 15,
                            "cost": 0.25,
                            **usage,
                        },
                    },
                    "started_at": started,
                    "ended_at": started + round(seconds * 10**9),
                    **record,
                }
            )
        )
    )


FAILED: Final = Status(code=StatusCode.ERROR, message="it broke")
