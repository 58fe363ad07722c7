# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OTLP/JSON bytes to the model, strictly or leniently; the only reader of span members.

One function per message, as in the encoder. A strict reading ends at the first error. A lenient
one repairs what it can, leaves out what it cannot read, and adds a finding for each; spans,
events and links left out also count as dropped where OTLP has a count for them.
Both ignore unknown members (DEC-7) and treat null as absent (DEC-10).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final, TypeVar, Union

import attrs

from . import decode_scalars as scalars
from . import json_text
from .decode_attributes import read_attributes
from .findings import Finding, Findings, Path
from .integers import UINT32
from .json_text import items_of, members_of
from .model import (
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
    span_of_strict,
)
from .problem import Mismatch

__all__ = ["CODES", "KINDS", "Decoded", "Message", "Reader", "decode", "decode_lenient"]

Message = Union[Resource, InstrumentationScope, Span, Event, Link]
"""A message that has attributes."""

_T = TypeVar("_T")
_M = TypeVar("_M", Resource, InstrumentationScope, Span, Event, Link)

_UNREADABLE: Final = ""
# Frozen, so all that have none can share one.
_NO_RESOURCE: Final = Resource()
_NO_SCOPE: Final = InstrumentationScope()
_NO_STATUS: Final = Status()
_ATTRIBUTES: Final = frozenset({"attributes", "droppedAttributesCount"})
# resource.proto, field 3.
_ENTITIES: Final = MappingProxyType({"entityRefs": "entity references, which OTLP still develops"})
_TRACES: Final = frozenset({"resourceSpans"})
_RESOURCE_SPANS: Final = frozenset({"resource", "scopeSpans", "schemaUrl"})
_SCOPE_SPANS: Final = frozenset({"scope", "spans", "schemaUrl"})
_SCOPE: Final = _ATTRIBUTES | {"name", "version"}
_SPAN: Final = _ATTRIBUTES | {
    *("traceId", "spanId", "traceState", "parentSpanId", "flags", "name", "kind"),
    *("startTimeUnixNano", "endTimeUnixNano", "status"),
    *("events", "droppedEventsCount", "links", "droppedLinksCount"),
}
_EVENT: Final = _ATTRIBUTES | {"timeUnixNano", "name"}
_LINK: Final = _ATTRIBUTES | {"traceId", "spanId", "traceState", "flags"}
_STATUS: Final = frozenset({"code", "message"})
_KIND_MEMBERS: Final[Mapping[int, int]] = MappingProxyType({kind.value: kind for kind in SpanKind})
KINDS: Final = MappingProxyType({f"SPAN_KIND_{kind.name}": kind.value for kind in SpanKind})
CODES: Final = MappingProxyType({f"STATUS_CODE_{code.name}": code.value for code in StatusCode})
"""The names of the proto's enum members, which OTLP/JSON must not use, with their numbers."""


@attrs.frozen(kw_only=True)
class Decoded:
    """
    The result of a lenient reading.

    Attributes:
        traces: Everything that could be read.

        findings: Each error with its repair, and each warning, in order; at most 10,000.

        omitted: How many more findings there were.
    """

    traces: TracesData
    findings: tuple[Finding, ...] = ()
    omitted: int = 0


def decode(body: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> TracesData:
    """
    The traces in one OTLP/JSON body, read strictly: decoding what ``encode`` wrote gives equal traces.

    Unknown members are ignored, as OTLP requires; ``decode_lenient`` lists them.

    Args:
        body: JSON in UTF-8.

        max_bytes: A larger body is refused unread. Default: 64 MiB.

    Raises:
        InvalidValue: The body is not bytes.

        InvalidDocument: The first error, with its place and rule.

    Source: OTLP specification, "JSON Protobuf Encoding"; ProtoJSON.
    """
    findings = Findings(strict=True)
    return Reader(findings).traces(json_text.parse(body, findings, max_bytes))


def decode_lenient(body: bytes, *, max_bytes: int = json_text.MAX_BYTES) -> Decoded:
    """
    The traces in a body from any writer, with a list of everything that had to be repaired.

    Spans and links without valid ids are left out; a time out of range becomes the nearest one
    in range; enum names, snake_case, bare ``NaN`` and integers such as ``1e2`` are understood.

    Args:
        body: JSON in UTF-8.

        max_bytes: A larger body is refused unread. Default: 64 MiB.

    Raises:
        InvalidValue: The body is not bytes.

        InvalidDocument: The body is not a JSON object, is cut off, or larger than ``max_bytes``.
    """
    findings = Findings()
    traces = Reader(findings).traces(json_text.parse(body, findings, max_bytes))
    return Decoded(traces=traces, findings=tuple(findings.kept), omitted=findings.omitted)


@attrs.define
class Reader:
    """
    The reading of one document.

    Attributes:
        findings: Where problems are added.

        places: Each message with attributes that was read, with its place, inner ones first.

        left_out_spans: Whether there were spans that could not be read.
    """

    findings: Findings
    places: list[tuple[Path, Message]] = attrs.field(factory=list)
    left_out_spans: bool = False

    def traces(self, raw: Any, path: Path = None) -> TracesData:
        """
        A body as ``json_text.parse`` gives it, or an object like it at some place in a document.

        Raises:
            InvalidDocument: It is not an object; or the first error, where the reading is strict.
        """
        is_object = isinstance(raw, (dict, json_text.Repeated))
        body = members_of(raw, _TRACES, path, self.findings if is_object else Findings(strict=True)) or {}
        try:
            groups = self._each(body, "resourceSpans", path, self._resource_spans)
        # Where the caller is deep in the stack: 64 nested lists need some 260 frames.
        except RecursionError:
            raise json_text.too_deep() from None
        return TracesData(resource_spans=groups)

    def _resource_spans(self, raw: Any, path: Path) -> ResourceSpans | None:
        members = members_of(raw, _RESOURCE_SPANS, path, self.findings)
        if members is None:
            return None
        return ResourceSpans(
            resource=self._read(members, "resource", path, self._resource) or _NO_RESOURCE,
            scope_spans=self._each(members, "scopeSpans", path, self._scope_spans),
            schema_url=self._text(members, "schemaUrl", path),
        )

    def _resource(self, raw: Any, path: Path) -> Resource:
        members = members_of(raw, _ATTRIBUTES, path, self.findings, _ENTITIES) or {}
        return self._kept(path, Resource(attributes=read_attributes(members, path, self.findings)))

    def _scope_spans(self, raw: Any, path: Path) -> ScopeSpans | None:
        members = members_of(raw, _SCOPE_SPANS, path, self.findings)
        if members is None:
            return None
        return ScopeSpans(
            scope=self._read(members, "scope", path, self._scope) or _NO_SCOPE,
            spans=self._each(members, "spans", path, self._span),
            schema_url=self._text(members, "schemaUrl", path),
        )

    def _scope(self, raw: Any, path: Path) -> InstrumentationScope:
        members = members_of(raw, _SCOPE, path, self.findings) or {}
        scope = InstrumentationScope(
            name=self._text(members, "name", path),
            version=self._text(members, "version", path),
            attributes=read_attributes(members, path, self.findings),
        )
        return self._kept(path, scope)

    def _span(self, raw: Any, path: Path) -> Span | None:
        members = members_of(raw, _SPAN, path, self.findings)
        if members is None:
            self.left_out_spans = True
            return None
        left_out = "the span is left out"
        fields = {
            **self._reference(members, path, left_out),
            "parent_span_id": self._parent(members, path, left_out),
            "name": self._text(members, "name", path),
            "kind": _KIND_MEMBERS.get(kind := self._enum(members, "kind", path, KINDS), kind),
            **self._times(members, path),
            "status": self._read(members, "status", path, self._status) or _NO_STATUS,
            "attributes": read_attributes(members, path, self.findings),
            "events": self._each(members, "events", path, self._event),
            "dropped_events_count": self._number(members, "droppedEventsCount", path, scalars.uint32),
            "links": self._each(members, "links", path, self._link),
            "dropped_links_count": self._number(members, "droppedLinksCount", path, scalars.uint32),
        }
        if None in (fields["trace_id"], fields["span_id"]) or fields["parent_span_id"] == _UNREADABLE:
            self.left_out_spans = True
            return None
        return self._kept(path, span_of_strict(_counted(fields, members)))

    def _event(self, raw: Any, path: Path) -> Event | None:
        members = members_of(raw, _EVENT, path, self.findings)
        if members is None:
            return None
        event = Event(
            time_ns=self._number(members, "timeUnixNano", path, scalars.nanoseconds),
            name=self._text(members, "name", path),
            attributes=read_attributes(members, path, self.findings),
        )
        return self._kept(path, event)

    def _link(self, raw: Any, path: Path) -> Link | None:
        members = members_of(raw, _LINK, path, self.findings)
        if members is None:
            return None
        reference = self._reference(members, path, "the link is left out")
        attributes = read_attributes(members, path, self.findings)
        if None in (reference["trace_id"], reference["span_id"]):
            return None
        return self._kept(path, Link(**reference, attributes=attributes))

    def _status(self, raw: Any, path: Path) -> Status:
        members = members_of(raw, _STATUS, path, self.findings) or {}
        code = self._enum(members, "code", path, CODES)
        message = self._text(members, "message", path)
        if message and code != StatusCode.ERROR:
            self.findings.warn("VAL-3", (path, "message"), f"status message with code {code}")
        return Status(code=code, message=message)

    def _reference(self, members: dict[str, Any], path: Path, left_out: str) -> dict[str, Any]:
        """What spans and links have in common: the ids, the trace state and the flags."""
        trace_id = scalars.identifier(members.get("traceId"), 32, (path, "traceId"), self.findings, left_out)
        span_id = scalars.identifier(members.get("spanId"), 16, (path, "spanId"), self.findings, left_out)
        return {
            "trace_id": trace_id,
            "span_id": span_id,
            "trace_state": scalars.trace_state(
                members.get("traceState", ""), (path, "traceState"), self.findings
            ),
            "flags": self._number(members, "flags", path, scalars.uint32),
        }

    def _parent(self, members: dict[str, Any], path: Path, left_out: str) -> str | None:
        """The parent's id; ``None`` for a root, also where it is empty or, leniently, all zero (DEC-2)."""
        raw = members.get("parentSpanId", "")
        if raw == "":
            return None
        is_zero = raw == "0" * 16
        repair = "read as a root" if is_zero else left_out
        parent = scalars.identifier(raw, 16, (path, "parentSpanId"), self.findings, repair)
        return parent if parent is not None or is_zero else _UNREADABLE

    def _times(self, members: dict[str, Any], path: Path) -> dict[str, int]:
        start_ns = self._number(members, "startTimeUnixNano", path, scalars.nanoseconds)
        end_ns = self._number(members, "endTimeUnixNano", path, scalars.nanoseconds)
        if 0 < end_ns < start_ns:
            place = (path, "endTimeUnixNano")
            expected = f"0 or at least the start, {start_ns}"
            self.findings.error("VAL-2", place, Mismatch(expected, f"number {end_ns}"), "read as the start")
            end_ns = start_ns
        return {"start_ns": start_ns, "end_ns": end_ns}

    def _kept(self, path: Path, message: _M) -> _M:
        self.places.append((path, message))
        return message

    def _text(self, members: dict[str, Any], name: str, path: Path) -> str:
        raw = members.get(name)
        return "" if raw is None else scalars.text(raw, (path, name), self.findings) or ""

    def _number(
        self, members: dict[str, Any], name: str, path: Path, read: Callable[[Any, Path, Findings], int]
    ) -> int:
        raw = members.get(name)
        return 0 if raw is None else read(raw, (path, name), self.findings)

    def _enum(self, members: dict[str, Any], name: str, path: Path, names: Mapping[str, int]) -> int:
        raw = members.get(name)
        return 0 if raw is None else scalars.enum_number(raw, (path, name), self.findings, names)

    def _read(
        self, members: dict[str, Any], name: str, path: Path, read: Callable[[Any, Path], _T]
    ) -> _T | None:
        raw = members.get(name)
        return None if raw is None else read(raw, (path, name))

    def _each(
        self, members: dict[str, Any], name: str, path: Path, read: Callable[[Any, Path], _T | None]
    ) -> tuple[_T, ...]:
        """The items of a list; those that cannot be read are left out."""
        raw = members.get(name)
        if raw is None:
            return ()
        place = (path, name)
        items = (read(item, (place, i)) for i, item in enumerate(items_of(raw, place, self.findings)))
        return tuple([item for item in items if item is not None])


def _counted(fields: dict[str, Any], members: dict[str, Any]) -> dict[str, Any]:
    """A span's fields, with the events and links that were left out among those that were dropped."""
    for name in ("events", "links"):
        raw = members.get(name)
        if type(raw) is list and len(raw) != len(fields[name]):
            count = f"dropped_{name}_count"
            fields[count] = min(fields[count] + len(raw) - len(fields[name]), UINT32.high)
    return fields
