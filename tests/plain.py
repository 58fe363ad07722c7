# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The model, and protobuf's messages, in the oracle's plain form, so that the three can be compared."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData as TracesMessage

from otlpjson import Attributes, AttributeValue, ResourceSpans, Span, TracesData

__all__ = ["plain_message", "plain_model", "protobuf_message"]


def plain_model(traces: TracesData) -> list[dict[str, Any]]:
    """What the oracle must read from the encoding of these traces."""
    return [_group(group) for group in traces.resource_spans]


def _group(group: ResourceSpans) -> dict[str, Any]:
    return {
        "resource": _with_attributes(group.resource.attributes),
        "schema_url": group.schema_url,
        "scope_spans": [
            {
                "scope": {
                    "name": scope_spans.scope.name,
                    "version": scope_spans.scope.version,
                    **_with_attributes(scope_spans.scope.attributes),
                },
                "schema_url": scope_spans.schema_url,
                "spans": [_span(span) for span in scope_spans.spans],
            }
            for scope_spans in group.scope_spans
        ],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "trace_state": span.trace_state,
        "parent_span_id": span.parent_span_id or "",
        "flags": span.flags,
        "name": span.name,
        "kind": int(span.kind),
        "start_time_unix_nano": span.start_ns,
        "end_time_unix_nano": span.end_ns,
        "status": {"code": int(span.status.code), "message": span.status.message},
        **_with_attributes(span.attributes),
        "events": [
            {"time_unix_nano": event.time_ns, "name": event.name, **_with_attributes(event.attributes)}
            for event in span.events
        ],
        "dropped_events_count": span.dropped_events_count,
        "links": [
            {
                "trace_id": link.trace_id,
                "span_id": link.span_id,
                "trace_state": link.trace_state,
                **_with_attributes(link.attributes),
                "flags": link.flags,
            }
            for link in span.links
        ],
        "dropped_links_count": span.dropped_links_count,
    }


def _with_attributes(attributes: Attributes) -> dict[str, Any]:
    return {"attributes": _pairs(attributes), "dropped_attributes_count": attributes.dropped_count}


def _pairs(attributes: Attributes) -> list[tuple[str, Any]]:
    return [(key, _value(value)) for key, value in attributes.items()]


def _value(value: AttributeValue) -> tuple[Any, ...]:
    if value is None:
        return ("empty",)
    if isinstance(value, Attributes):
        return ("map", _pairs(value))
    if isinstance(value, tuple):
        return ("array", [_value(item) for item in value])
    if isinstance(value, float):
        return ("double", _double(value))
    return ({str: "string", bool: "bool", int: "int", bytes: "bytes"}[type(value)], value)


def _double(value: float) -> str:
    return value.hex() if math.isfinite(value) else str(value)


def protobuf_message(body: bytes, *, max_depth: int | None = 1000) -> TracesMessage:
    """
    The body as protobuf's own JSON reader takes it, once ids are base64; unknown members fail.

    Args:
        max_depth: How many messages may be nested. None is protobuf's own limit of 100, which 47 arrays reach.
    """
    tree = _with_base64_ids(json.loads(body))
    if max_depth is None:
        return ParseDict(tree, TracesMessage())
    return ParseDict(tree, TracesMessage(), max_recursion_depth=max_depth)


def _with_base64_ids(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_base64_ids(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: base64.b64encode(bytes.fromhex(item)).decode()
        if name in ("traceId", "spanId", "parentSpanId")
        else _with_base64_ids(item)
        for name, item in node.items()
    }


def plain_message(message: TracesMessage) -> list[dict[str, Any]]:
    """What protobuf understood, in the oracle's plain form."""
    return [
        {
            "resource": _message_attributes(group.resource),
            "schema_url": group.schema_url,
            "scope_spans": [
                {
                    "scope": {
                        "name": scope_spans.scope.name,
                        "version": scope_spans.scope.version,
                        **_message_attributes(scope_spans.scope),
                    },
                    "schema_url": scope_spans.schema_url,
                    "spans": [_message_span(span) for span in scope_spans.spans],
                }
                for scope_spans in group.scope_spans
            ],
        }
        for group in message.resource_spans
    ]


def _message_span(span: Any) -> dict[str, Any]:
    return {
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "trace_state": span.trace_state,
        "parent_span_id": span.parent_span_id.hex(),
        "flags": span.flags,
        "name": span.name,
        "kind": span.kind,
        "start_time_unix_nano": span.start_time_unix_nano,
        "end_time_unix_nano": span.end_time_unix_nano,
        "status": {"code": span.status.code, "message": span.status.message},
        **_message_attributes(span),
        "events": [
            {"time_unix_nano": event.time_unix_nano, "name": event.name, **_message_attributes(event)}
            for event in span.events
        ],
        "dropped_events_count": span.dropped_events_count,
        "links": [
            {
                "trace_id": link.trace_id.hex(),
                "span_id": link.span_id.hex(),
                "trace_state": link.trace_state,
                **_message_attributes(link),
                "flags": link.flags,
            }
            for link in span.links
        ],
        "dropped_links_count": span.dropped_links_count,
    }


def _message_attributes(owner: Any) -> dict[str, Any]:
    return {
        "attributes": [(pair.key, _message_value(pair.value)) for pair in owner.attributes],
        "dropped_attributes_count": owner.dropped_attributes_count,
    }


def _message_value(value: Any) -> tuple[Any, ...]:
    kind = value.WhichOneof("value")
    if kind is None:
        return ("empty",)
    if kind == "array_value":
        return ("array", [_message_value(item) for item in value.array_value.values])
    if kind == "kvlist_value":
        return ("map", [(pair.key, _message_value(pair.value)) for pair in value.kvlist_value.values])
    if kind == "double_value":
        return ("double", _double(value.double_value))
    return (kind.replace("_value", ""), getattr(value, kind))
