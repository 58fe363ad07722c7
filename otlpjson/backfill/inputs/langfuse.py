# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Langfuse's export of observations: each of the type ``GENERATION`` is a request.

Source: Langfuse's public API, ``GET /api/public/observations``. Spans, events and others are left out,
with a note: only requests become records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...core.errors import InvalidDocument
from .row import instant, known, number, parsed, whole

__all__ = ["COLUMNS", "record_of"]

COLUMNS: Final = frozenset({"traceId", "type", "startTime"})
"""The members by which an observation is recognised."""

_GENERATION: Final = "GENERATION"
_ERROR: Final = "ERROR"


def record_of(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """
    The record of an observation; ``None`` if it is no request.

    Raises:
        InvalidDocument: It has no time, or one that cannot be read.
    """
    if row.get("type") != _GENERATION:
        return None
    begun = instant(row.get("startTime"), "row.startTime")
    if begun is None:
        raise InvalidDocument("row.startTime", "the time of the request", "nothing")
    ended = instant(row.get("endTime"), "row.endTime") or begun
    first = instant(row.get("completionStartTime"), "row.completionStartTime")
    return {
        "api": "chat",
        "request": _request(row, streamed=first is not None),
        "response": _response(row),
        "started_at": begun.isoformat(),
        "ended_at": ended.isoformat(),
        "observed": known(
            {
                "generation_id": row.get("id"),
                "first_token_ms": None if first is None else (first - begun).total_seconds() * 1000,
                "input_cost": _cost(row, "input"),
                "output_cost": _cost(row, "output"),
            }
        ),
    }


def _request(row: Mapping[str, Any], *, streamed: bool) -> dict[str, Any]:
    given = parsed(row.get("input"))
    parameters = parsed(row.get("modelParameters"))
    body = dict(given) if isinstance(given, Mapping) else {}
    if isinstance(given, list):
        body["messages"] = given
    elif given is not None and "messages" not in body:
        content = given if isinstance(given, str) else row.get("input")
        body = {"messages": [{"role": "user", "content": content}]}
    metadata = parsed(row.get("metadata"))
    trace = known(
        {
            "trace_id": row.get("traceId"),
            "generation_name": row.get("name"),
            "parent_span_id": row.get("parentObservationId"),
            "environment": row.get("environment"),
            **(metadata if isinstance(metadata, Mapping) else {}),
        }
    )
    more = {
        "model": row.get("model"),
        "user": row.get("userId"),
        "session_id": row.get("sessionId"),
        "stream": True if streamed else None,
        "trace": trace,
    }
    return {**(parameters if isinstance(parameters, Mapping) else {}), **known(more), **known(body)}


def _response(row: Mapping[str, Any]) -> dict[str, Any]:
    if row.get("level") == _ERROR:
        return {"error": {"message": row.get("statusMessage") or "the request failed"}}
    answer = parsed(row.get("output"))
    if not isinstance(answer, Mapping):
        answer = {"role": "assistant", "content": answer}
    elif "content" not in answer and "tool_calls" not in answer:
        answer = {"role": "assistant", "content": row.get("output")}
    if not isinstance(answer.get("content"), (str, list, type(None))):
        answer = {**answer, "content": str(answer["content"])}
    details = parsed(row.get("usageDetails")) or parsed(row.get("usage"))
    usage = details if isinstance(details, Mapping) else {}
    return {
        "id": row.get("id"),
        "model": row.get("model"),
        "choices": [{"index": 0, "message": {"role": "assistant", **answer}}],
        "usage": known(
            {
                "prompt_tokens": whole(usage.get("input")),
                "completion_tokens": whole(usage.get("output")),
                "total_tokens": whole(usage.get("total")),
                "cost": _cost(row, "total"),
            }
        ),
    }


def _cost(row: Mapping[str, Any], part: str) -> float | None:
    details = parsed(row.get("costDetails"))
    found = details.get(part) if isinstance(details, Mapping) else None
    # Older exports have it in members of their own.
    return number(found if found is not None else row.get(f"calculated{part.capitalize()}Cost"))
