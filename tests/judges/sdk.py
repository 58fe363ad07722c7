# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Traces as spans of OpenTelemetry's SDK, and what the SDK and its JSON encoder can hold of them.

The SDK's objects have no place for some of the model. What is lost there, and what the encoder
loses, is taken out of the model by ``held``, each loss in a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, Final

import attrs

from otlpjson import (
    Attributes,
    AttributeValue,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    StatusCode,
    TracesData,
)

__all__ = ["encoded", "fits", "held", "sdk_span", "sdk_spans"]

_LOCAL: Final = 0x100
_REMOTE: Final = 0x300


def encoded(spans: list[Any]) -> bytes:
    """What OpenTelemetry's own JSON exporter sends for spans of the SDK."""
    encode: Any = import_module("opentelemetry.exporter.otlp.json.common.trace_encoder").encode_spans
    body: bytes = encode(spans).to_json().encode()
    return body


def sdk_span(**changes: Any) -> Any:
    """A span of the SDK with the least that one needs, and whatever is given."""
    api, sdk = import_module("opentelemetry.trace"), import_module("opentelemetry.sdk.trace")
    least = {
        "name": "pay",
        "context": context("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174"),
        "resource": resource({"service.name": "shop"}),
        "attributes": {},
        "kind": api.SpanKind.INTERNAL,
        "status": api.Status(),
        "start_time": 1771005600000000000,
        "end_time": 1771005601203000000,
        "instrumentation_scope": scope("cart"),
    }
    return sdk.ReadableSpan(**{**least, **changes})


def context(trace_id: str, span_id: str, *, trace_state: str = "", is_remote: bool = False) -> Any:
    """A span context; flags are the W3C's sampled bit."""
    api = import_module("opentelemetry.trace")
    state = api.TraceState.from_header([trace_state]) if trace_state else None
    return api.SpanContext(int(trace_id, 16), int(span_id, 16), is_remote, api.TraceFlags(1), state)


def resource(attributes: dict[str, Any], schema_url: str = "") -> Any:
    """A resource of the SDK."""
    return import_module("opentelemetry.sdk.resources").Resource(attributes, schema_url)


def scope(
    name: str, version: str = "", schema_url: str = "", attributes: dict[str, Any] | None = None
) -> Any:
    """A scope of the SDK."""
    module = import_module("opentelemetry.sdk.util.instrumentation")
    return module.InstrumentationScope(name, version, schema_url, attributes)


def sdk_spans(traces: TracesData) -> list[Any]:
    """The spans of traces that the SDK can hold."""
    return [span for group in traces.resource_spans for span in _spans(group)]


def _spans(group: ResourceSpans) -> Iterator[Any]:
    of = resource(_plain(group.resource.attributes), group.schema_url)
    for scope_spans in group.scope_spans:
        who = scope_spans.scope
        by = scope(who.name, who.version, scope_spans.schema_url, _plain(who.attributes))
        for span in scope_spans.spans:
            yield _span(span, {"resource": of, "instrumentation_scope": by})


def _span(span: Span, around: dict[str, Any]) -> Any:
    api, sdk = import_module("opentelemetry.trace"), import_module("opentelemetry.sdk.trace")
    parent = span.parent_span_id
    is_remote = span.flags == _REMOTE
    return sdk_span(
        **around,
        name=span.name,
        context=context(span.trace_id, span.span_id, trace_state=span.trace_state),
        parent=context(span.trace_id, parent, is_remote=is_remote) if parent else None,
        # The SDK counts from internal, OTLP from unspecified.
        kind=api.SpanKind(span.kind - 1),
        status=api.Status(api.StatusCode(span.status.code), span.status.message or None),
        start_time=span.start_ns or None,
        end_time=span.end_ns or None,
        attributes=_plain(span.attributes),
        events=[sdk.Event(event.name, _plain(event.attributes), event.time_ns) for event in span.events],
        links=[_link(link) for link in span.links],
    )


def _link(link: Link) -> Any:
    api = import_module("opentelemetry.trace")
    where = context(
        link.trace_id, link.span_id, trace_state=link.trace_state, is_remote=link.flags == _REMOTE
    )
    return api.Link(where, _plain(link.attributes))


def _plain(attributes: Attributes) -> dict[str, Any]:
    return {key: _value(value) for key, value in attributes.items()}


def _value(value: AttributeValue) -> Any:
    if isinstance(value, Attributes):
        return _plain(value)
    return tuple(map(_value, value)) if isinstance(value, tuple) else value


def fits(traces: TracesData) -> bool:
    """Whether the SDK has these kinds, statuses and trace states, and a time for each event."""
    spans = [span for group in traces.resource_spans for scoped in group.scope_spans for span in scoped.spans]
    return bool(spans) and all(
        1 <= span.kind <= max(SpanKind)
        and 0 <= span.status.code <= max(StatusCode)
        and (span.status.code == StatusCode.ERROR or not span.status.message)
        and (not span.trace_state or "=" in span.trace_state)
        and all(event.time_ns for event in span.events)
        for span in spans
    )


def held(traces: TracesData) -> TracesData:
    """The same traces less what the SDK and its encoder lose, grouped as the encoder groups."""
    groups: dict[Any, dict[Any, list[Span]]] = {}
    for group in traces.resource_spans:
        # A resource or scope knows no number of dropped attributes.
        of = Resource(attributes=_uncounted(group.resource.attributes))
        for scope_spans in group.scope_spans:
            who = scope_spans.scope
            by = InstrumentationScope(
                name=who.name, version=who.version, attributes=_uncounted(who.attributes)
            )
            for span in scope_spans.spans:
                scopes = groups.setdefault((of, group.schema_url), {})
                scopes.setdefault((by, scope_spans.schema_url), []).append(_held_span(span))
    return TracesData(
        resource_spans=[
            ResourceSpans(
                resource=of,
                schema_url=schema_url,
                scope_spans=[
                    ScopeSpans(scope=by, schema_url=url, spans=spans) for (by, url), spans in scopes.items()
                ],
            )
            for (of, schema_url), scopes in groups.items()
        ]
    )


def _held_span(span: Span) -> Span:
    return attrs.evolve(
        span,
        # Of the flags, the bits about a remote parent.
        flags=_REMOTE if span.flags == _REMOTE and span.parent_span_id else _LOCAL,
        attributes=_uncounted(span.attributes),
        events=[attrs.evolve(event, attributes=_uncounted(event.attributes)) for event in span.events],
        # Of a link, neither the trace state nor more of the flags than that.
        links=[
            attrs.evolve(
                link,
                trace_state="",
                flags=_REMOTE if link.flags == _REMOTE else _LOCAL,
                attributes=_uncounted(link.attributes),
            )
            for link in span.links
        ],
        # A plain span counts nothing that was dropped.
        dropped_events_count=0,
        dropped_links_count=0,
    )


def _uncounted(attributes: Attributes) -> Attributes:
    return Attributes(dict(attributes.items()))
