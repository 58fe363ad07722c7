# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records of the database as plain values of JSON."""

from __future__ import annotations

from sqlite3 import Row as Record
from typing import Any, Final

from ...core.model import Span, Status
from ...inspect.waterfall import Row

__all__ = ["outline", "row_answer", "trace_answer", "whole_numbers"]

_NS_PER_MS: Final = 10**6
# Of a span in a waterfall.
_ROW_FACTS: Final = (
    *("service", "message", "span_type", "provider_name", "finish_reason", "has_content"),
    *(
        "input_tokens",
        "output_tokens",
        "total_cost",
        "time_to_first_token_ms",
        "first_token_at_ms",
        "generation_id",
    ),
)


def outline(record: Record) -> Span:
    """A span without its attributes, which is enough for a waterfall."""
    return Span(
        trace_id=record["trace_id"],
        span_id=record["span_id"],
        parent_span_id=record["parent_span_id"],
        name=record["name"],
        start_ns=record["start_ns"],
        end_ns=record["end_ns"],
        status=Status(code=record["status"]),
    )


def trace_answer(record: Record) -> dict[str, Any]:
    """A trace in a list; times that JavaScript's numbers cannot hold are texts."""
    found = {name: record[name] for name in record.keys()}  # noqa: SIM118
    found["models"] = found["models"].split("\n") if found["models"] else []
    found["start_ns"] = str(found["start_ns"])
    del found["received_ns"]
    return found


def row_answer(row: Row, record: Record, start_ns: int) -> dict[str, Any]:
    """A row of the waterfall; times in milliseconds since the trace began."""
    span = row.span
    ended = span.end_ns != 0
    return {
        "id": record["id"],
        "span_id": span.span_id,
        "name": span.name,
        "depth": row.depth,
        "is_last": row.is_last,
        "has_children": row.has_children,
        "mark": row.mark.value if row.mark else None,
        "start_ms": (span.start_ns - start_ns) / _NS_PER_MS if span.start_ns else None,
        "duration_ms": (span.end_ns - span.start_ns) / _NS_PER_MS if span.start_ns and ended else None,
        "status": int(span.status.code),
        "model": record["response_model"] or record["request_model"],
        **{name: record[name] for name in _ROW_FACTS},
    }


def whole_numbers(record: Record) -> dict[str, Any]:
    """A record whose sums of whole numbers are whole again: SQLite gives them as doubles."""
    found = {name: record[name] for name in record.keys()}  # noqa: SIM118
    return {
        name: int(value) if isinstance(value, float) and name != "cost" else value
        for name, value in found.items()
    }
