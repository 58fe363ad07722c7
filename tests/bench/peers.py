# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Other encoders of the same spans, where they are installed, and what each of them leaves out.

Peers take spans of OpenTelemetry's SDK. Those hold plain dicts and tuples here, which cost a
peer less to read than the containers of a running SDK.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from otlpjson import (
    Event,
    InstrumentationScope,
    Link,
    Resource,
    Span,
    TracesData,
    encode,
)

from . import baseline

__all__ = [
    "BASELINE",
    "OURS",
    "PEERS",
    "Candidate",
    "Difference",
    "Sdk",
    "candidate",
    "difference",
    "with_other_writers",
]

_Tree = dict[str, Any]


@attrs.frozen(kw_only=True)
class Candidate:
    """
    One way from spans to bytes.

    Attributes:
        name: What the table calls it.

        encode: What is measured: the body of one request, from what ``prepare`` made.

        prepare: What it takes, made from the same spans; not measured.

        read: Its bytes as a tree in OTLP/JSON; not measured.
    """

    name: str
    encode: Callable[[Any], bytes]
    prepare: Callable[[TracesData], Any] = attrs.field(default=lambda traces: traces)
    read: Callable[[bytes], _Tree] = attrs.field(default=json.loads)


OURS: Final = Candidate(name="otlpjson", encode=encode)
BASELINE: Final = Candidate(name="dict tree and json.dumps", encode=baseline.encode)


def with_other_writers() -> Iterator[Candidate]:
    """The tree of dicts, and our encoder, with other writers of JSON where those are installed."""
    with suppress(ModuleNotFoundError):
        orjson = import_module("orjson")
        yield Candidate(
            name="otlpjson with orjson's texts",
            encode=lambda traces: encode(traces, text=lambda text: orjson.dumps(text).decode()),
        )
        yield Candidate(
            name="dict tree and orjson", encode=lambda traces: orjson.dumps(baseline.tree(traces))
        )
    with suppress(ModuleNotFoundError):
        write = import_module("msgspec.json").encode
        yield Candidate(name="dict tree and msgspec", encode=lambda traces: write(baseline.tree(traces)))


def candidate(distribution: str) -> Candidate:
    """
    The peer of that name, one of ``PEERS``.

    Raises:
        ModuleNotFoundError: It, or the SDK whose spans it takes, is not installed.
    """
    encode_spans, read = PEERS[distribution]()
    sdk = Sdk.load()
    return Candidate(
        name=f"{distribution} {version(distribution)}", encode=encode_spans, prepare=sdk.spans, read=read
    )


def _otlp_json() -> tuple[Callable[[Any], bytes], Callable[[bytes], _Tree]]:
    encode_spans: Callable[[Any], bytes] = import_module("otlp_json").encode_spans
    return encode_spans, json.loads


def _json_exporter() -> tuple[Callable[[Any], bytes], Callable[[bytes], _Tree]]:
    # What opentelemetry-exporter-otlp-json-http does to make the body of a request.
    encode_spans: Any = import_module("opentelemetry.exporter.otlp.json.common.trace_encoder").encode_spans
    return lambda spans: encode_spans(spans).to_json().encode(), json.loads


def _proto_exporter() -> tuple[Callable[[Any], bytes], Callable[[bytes], _Tree]]:
    encode_spans: Any = import_module("opentelemetry.exporter.otlp.proto.common.trace_encoder").encode_spans
    return lambda spans: encode_spans(spans).SerializeToString(), _read_protobuf


PEERS: Final = MappingProxyType(
    {
        "otlp-json": _otlp_json,
        "opentelemetry-exporter-otlp-json-common": _json_exporter,
        "opentelemetry-exporter-otlp-proto-common": _proto_exporter,
    }
)
"""How to find each peer, by the name it is installed under. The last one writes protobuf, for context."""


@attrs.frozen(kw_only=True)
class Difference:
    """
    What a candidate's tree has otherwise than ours.

    Attributes:
        outline: Whether spans, names or numbers of attributes differ: then its time means nothing.

        left_out, added, changed: How often, by the member's path.
    """

    outline: bool
    left_out: Counter[str]
    added: Counter[str]
    changed: Counter[str]


def difference(ours: _Tree, theirs: _Tree) -> Difference:
    """Everything that sets the two trees apart; the order of members aside."""
    left_out: Counter[str] = Counter()
    added: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    waiting: list[tuple[str, Any, Any]] = [("", ours, theirs)]
    while waiting:
        path, mine, other = waiting.pop()
        if isinstance(mine, dict) and isinstance(other, dict):
            left_out.update(path + name for name in mine.keys() - other.keys())
            added.update(path + name for name in other.keys() - mine.keys())
            waiting += ((f"{path}{name}.", mine[name], other[name]) for name in mine.keys() & other.keys())
        elif isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
            waiting += ((path, *pair) for pair in zip(mine, other))
        elif mine != other:
            changed[path.rstrip(".")] += 1
    outline = list(_outline(ours)) != list(_outline(theirs))
    return Difference(outline=outline, left_out=left_out, added=added, changed=changed)


def _outline(tree: _Tree) -> Iterator[tuple[str, int]]:
    for span in _spans(tree):
        yield span.get("name", ""), len(span.get("attributes", ()))


def _spans(tree: _Tree) -> Iterator[_Tree]:
    for group in tree.get("resourceSpans", ()):
        for scope_spans in group.get("scopeSpans", ()):
            yield from scope_spans.get("spans", ())


def _read_protobuf(body: bytes) -> _Tree:
    service = import_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    request = service.ExportTraceServiceRequest.FromString(body)
    to_dict: Any = import_module("google.protobuf.json_format").MessageToDict
    tree: _Tree = to_dict(request, use_integers_for_enums=True)
    for span in _spans(tree):
        # Protobuf's own JSON writes ids in base64, where OTLP wants hex.
        for message in (span, *span.get("links", ())):
            for name in message.keys() & {"traceId", "spanId", "parentSpanId"}:
                message[name] = base64.b64decode(message[name]).hex()
    return tree


@attrs.frozen
class Sdk:
    """The classes of OpenTelemetry's SDK that a span is made of, loaded where they are installed."""

    api: Any
    resources: Any
    trace: Any
    scopes: Any

    @classmethod
    def load(cls) -> Sdk:
        return cls(
            import_module("opentelemetry.trace"),
            import_module("opentelemetry.sdk.resources"),
            import_module("opentelemetry.sdk.trace"),
            import_module("opentelemetry.sdk.util.instrumentation"),
        )

    def spans(self, traces: TracesData) -> list[Any]:
        """The same spans in the same order; what belongs to one group shares its resource and scope."""
        spans: list[Any] = []
        for group in traces.resource_spans:
            resource = self.resource(group.resource)
            for scope_spans in group.scope_spans:
                scope = self.scope(scope_spans.scope)
                spans += (self.span(span, resource, scope) for span in scope_spans.spans)
        return spans

    def resource(self, resource: Resource) -> Any:
        return self.resources.Resource(dict(resource.attributes.items()))

    def scope(self, scope: InstrumentationScope) -> Any:
        return self.scopes.InstrumentationScope(scope.name, scope.version)

    def span(self, span: Span, resource: Any, scope: Any) -> Any:
        status = self.api.Status(self.api.StatusCode(span.status.code), span.status.message or None)
        return self.trace.ReadableSpan(
            name=span.name,
            context=self.context(span.trace_id, span.span_id),
            parent=self.context(span.trace_id, span.parent_span_id) if span.parent_span_id else None,
            resource=resource,
            attributes=dict(span.attributes.items()),
            events=tuple(self.events(span.events)),
            links=tuple(self.links(span.links)),
            # The SDK counts from internal, OTLP from unspecified.
            kind=self.api.SpanKind(span.kind - 1),
            status=status,
            start_time=span.start_ns,
            end_time=span.end_ns,
            instrumentation_scope=scope,
        )

    def context(self, trace_id: str, span_id: str) -> Any:
        return self.api.SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=False)

    def events(self, events: Iterable[Event]) -> Iterator[Any]:
        for event in events:
            yield self.trace.Event(event.name, dict(event.attributes.items()), event.time_ns)

    def links(self, links: Iterable[Link]) -> Iterator[Any]:
        for link in links:
            yield self.api.Link(self.context(link.trace_id, link.span_id), dict(link.attributes.items()))
