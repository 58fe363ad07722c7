# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The straightforward way, written well: a tree of dicts by hand, then ``json.dumps``.

It writes what the encoder writes, byte for byte, so the two differ in cost alone.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any

from otlpjson import (
    Attributes,
    AttributeValue,
    Event,
    InstrumentationScope,
    Link,
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
    TracesData,
)

__all__ = ["encode", "tree"]

_Tree = dict[str, Any]


def encode(traces: TracesData) -> bytes:
    """The body of one request."""
    return json.dumps(tree(traces), separators=(",", ":")).encode()


def tree(traces: TracesData) -> _Tree:
    """The body as dicts and lists: members in wire order, those at their default left out."""
    groups = [_resource_spans(group) for group in traces.resource_spans]
    return {"resourceSpans": groups} if groups else {}


def _resource_spans(group: ResourceSpans) -> _Tree:
    members: _Tree = {}
    resource = _add_attributes({}, group.resource.attributes)
    if resource:
        members["resource"] = resource
    if group.scope_spans:
        members["scopeSpans"] = [_scope_spans(scope_spans) for scope_spans in group.scope_spans]
    if group.schema_url:
        members["schemaUrl"] = group.schema_url
    return members


def _scope_spans(scope_spans: ScopeSpans) -> _Tree:
    members: _Tree = {}
    scope = _scope(scope_spans.scope)
    if scope:
        members["scope"] = scope
    if scope_spans.spans:
        members["spans"] = [_span(span) for span in scope_spans.spans]
    if scope_spans.schema_url:
        members["schemaUrl"] = scope_spans.schema_url
    return members


def _scope(scope: InstrumentationScope) -> _Tree:
    members: _Tree = {}
    if scope.name:
        members["name"] = scope.name
    if scope.version:
        members["version"] = scope.version
    return _add_attributes(members, scope.attributes)


def _span(span: Span) -> _Tree:
    members: _Tree = {"traceId": span.trace_id, "spanId": span.span_id}
    if span.trace_state:
        members["traceState"] = span.trace_state
    if span.parent_span_id:
        members["parentSpanId"] = span.parent_span_id
    if span.flags:
        members["flags"] = span.flags
    if span.name:
        members["name"] = span.name
    if span.kind:
        members["kind"] = span.kind
    if span.start_ns:
        members["startTimeUnixNano"] = str(span.start_ns)
    if span.end_ns:
        members["endTimeUnixNano"] = str(span.end_ns)
    status = _status(span.status)
    if status:
        members["status"] = status
    _add_attributes(members, span.attributes)
    if span.events:
        members["events"] = [_event(event) for event in span.events]
    if span.dropped_events_count:
        members["droppedEventsCount"] = span.dropped_events_count
    if span.links:
        members["links"] = [_link(link) for link in span.links]
    if span.dropped_links_count:
        members["droppedLinksCount"] = span.dropped_links_count
    return members


def _status(status: Status) -> _Tree:
    members: _Tree = {}
    if status.code:
        members["code"] = status.code
    if status.message:
        members["message"] = status.message
    return members


def _event(event: Event) -> _Tree:
    members: _Tree = {}
    if event.time_ns:
        members["timeUnixNano"] = str(event.time_ns)
    if event.name:
        members["name"] = event.name
    return _add_attributes(members, event.attributes)


def _link(link: Link) -> _Tree:
    members: _Tree = {"traceId": link.trace_id, "spanId": link.span_id}
    if link.trace_state:
        members["traceState"] = link.trace_state
    _add_attributes(members, link.attributes)
    if link.flags:
        members["flags"] = link.flags
    return members


def _add_attributes(members: _Tree, attributes: Attributes) -> _Tree:
    if attributes:
        members["attributes"] = _key_values(attributes)
    if attributes.dropped_count:
        members["droppedAttributesCount"] = attributes.dropped_count
    return members


def _key_values(attributes: Attributes) -> list[_Tree]:
    return [{"key": key, "value": _value(value)} for key, value in attributes.items()]


def _value(value: AttributeValue) -> _Tree:
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value if math.isfinite(value) else _word(value)}
    if isinstance(value, bytes):
        return {"bytesValue": base64.b64encode(value).decode("ascii")}
    if isinstance(value, tuple):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    if isinstance(value, Attributes):
        return {"kvlistValue": {"values": _key_values(value)}}
    return {}


def _word(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
