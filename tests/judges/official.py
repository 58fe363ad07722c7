# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What OpenTelemetry's own Python decoder of OTLP/JSON reads, in the oracle's plain form."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any, Final

__all__ = ["read"]

_MODULE: Final = "opentelemetry.proto_json.trace.v1.trace"
_SCALARS: Final = ("string", "bool", "int", "bytes")


def read(body: bytes) -> list[dict[str, Any]]:
    """
    The resource spans of a body.

    Raises:
        ValueError, TypeError, RecursionError: As the decoder does.
    """
    message: Any = import_module(_MODULE).TracesData.from_json(body)
    return [_group(group) for group in message.resource_spans]


def _group(group: Any) -> dict[str, Any]:
    return {
        "resource": _with_attributes(group.resource),
        "schema_url": group.schema_url,
        "scope_spans": [
            {
                "scope": {
                    "name": scope_spans.scope.name if scope_spans.scope else "",
                    "version": scope_spans.scope.version if scope_spans.scope else "",
                    **_with_attributes(scope_spans.scope),
                },
                "schema_url": scope_spans.schema_url,
                "spans": [_span(span) for span in scope_spans.spans],
            }
            for scope_spans in group.scope_spans
        ],
    }


def _span(span: Any) -> dict[str, Any]:
    status = span.status
    return {
        **_reference(span),
        "parent_span_id": span.parent_span_id.hex(),
        "name": span.name,
        "kind": int(span.kind),
        "start_time_unix_nano": span.start_time_unix_nano,
        "end_time_unix_nano": span.end_time_unix_nano,
        "status": {"code": int(status.code) if status else 0, "message": status.message if status else ""},
        "events": [
            {"time_unix_nano": event.time_unix_nano, "name": event.name, **_with_attributes(event)}
            for event in span.events
        ],
        "dropped_events_count": span.dropped_events_count,
        "links": [_reference(link) for link in span.links],
        "dropped_links_count": span.dropped_links_count,
    }


def _reference(owner: Any) -> dict[str, Any]:
    """What spans and links have in common."""
    return {
        "trace_id": owner.trace_id.hex(),
        "span_id": owner.span_id.hex(),
        "trace_state": owner.trace_state,
        "flags": owner.flags,
        **_with_attributes(owner),
    }


def _with_attributes(owner: Any) -> dict[str, Any]:
    """The attributes of a message, or of one that is not there."""
    return {
        "attributes": [] if owner is None else _pairs(owner.attributes),
        "dropped_attributes_count": 0 if owner is None else owner.dropped_attributes_count,
    }


def _pairs(pairs: list[Any]) -> list[tuple[str, Any]]:
    return [(pair.key, _value(pair.value)) for pair in pairs]


def _value(value: Any) -> tuple[Any, ...]:
    """An AnyValue; one that is not there is empty."""
    if value is None:
        return ("empty",)
    if value.array_value is not None:
        return ("array", [_value(item) for item in value.array_value.values])
    if value.kvlist_value is not None:
        return ("map", _pairs(value.kvlist_value.values))
    if value.double_value is not None:
        number = value.double_value
        return ("double", number.hex() if math.isfinite(number) else str(number))
    for kind in _SCALARS:
        content = getattr(value, f"{kind}_value")
        if content is not None:
            return (kind, content)
    return ("empty",)
