# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The messages of an OTLP trace as frozen values; every value that can be built can be sent.

Constructors accept convenient forms (a dict, a list, a plain number), store strict ones
(``Attributes``, a tuple, an enum member), and raise ``InvalidValue`` for anything else. Empty
text, zero, ``()`` and ``{}`` mean "not given", as in proto3. The number of dropped attributes
is part of ``Attributes``, not a field of the messages.

Source: opentelemetry/proto/trace/v1/trace.proto, resource/v1/resource.proto and
common/v1/common.proto; each class has its message's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Final

import attrs

from . import checked
from .attributes import Attributes
from .errors import InvalidValue
from .integers import NANOSECONDS, UINT32
from .words import describe

__all__ = [
    "Event",
    "InstrumentationScope",
    "Link",
    "Resource",
    "ResourceSpans",
    "ScopeSpans",
    "Span",
    "SpanKind",
    "Status",
    "StatusCode",
    "TracesData",
    "span_of_strict",
]

# The constructors are written by hand: attrs would call a converter and then a validator for each member, and
# there are many of these values.

_NO_ATTRIBUTES: Final = Attributes()


class SpanKind(IntEnum):
    """The role of a span. A number that OTLP does not define is kept as a plain int."""

    UNSPECIFIED = 0
    INTERNAL = 1
    SERVER = 2
    CLIENT = 3
    PRODUCER = 4
    CONSUMER = 5


class StatusCode(IntEnum):
    """How a span ended. A number that OTLP does not define is kept as a plain int."""

    UNSET = 0
    OK = 1
    ERROR = 2


@attrs.frozen(kw_only=True, init=False)
class Status:
    """
    How a span ended.

    Attributes:
        code: A ``StatusCode``, or any other int32, kept as it is. Default: unset.

        message: What went wrong, for people to read. Readers ignore it unless the code is ERROR (VAL-3).
    """

    code: int
    message: str

    def __init__(self, *, code: int = StatusCode.UNSET, message: str = "") -> None:
        self.__attrs_init__(
            code=checked.member("Status.code", code, StatusCode),
            message=checked.text("Status.message", message),
        )


@attrs.frozen(kw_only=True, init=False)
class Event:
    """
    Something that happened at one moment of a span.

    Attributes:
        name: What happened, for example ``"exception"``.

        time_ns: Nanoseconds since 1970-01-01 UTC; 0 means unknown. May be outside the span's times.

        attributes: Details. Any mapping is accepted and frozen.
    """

    name: str
    time_ns: int
    attributes: Attributes

    def __init__(
        self, *, name: str, time_ns: int = 0, attributes: Mapping[Any, Any] = _NO_ATTRIBUTES
    ) -> None:
        self.__attrs_init__(
            name=checked.text("Event.name", name),
            time_ns=checked.number("Event.time_ns", time_ns, NANOSECONDS),
            attributes=checked.attributes("Event.attributes", attributes),
        )


@attrs.frozen(kw_only=True, init=False)
class Link:
    """
    A pointer to another span, in this trace or another one.

    Attributes:
        trace_id, span_id: The ids of that span: 32 and 16 hex digits, kept in lower case.

        trace_state: Its W3C trace state, or empty. Other text is kept as it is (VAL-4).

        attributes: Details. Any mapping is accepted and frozen.

        flags: W3C trace flags in bits 0 to 7; bits 8 and 9 say whether that span is remote.
    """

    trace_id: str
    span_id: str
    trace_state: str
    attributes: Attributes
    flags: int

    def __init__(
        self,
        *,
        trace_id: str,
        span_id: str,
        trace_state: str = "",
        attributes: Mapping[Any, Any] = _NO_ATTRIBUTES,
        flags: int = 0,
    ) -> None:
        self.__attrs_init__(
            trace_id=checked.trace_id("Link.trace_id", trace_id),
            span_id=checked.span_id("Link.span_id", span_id),
            trace_state=checked.text("Link.trace_state", trace_state),
            attributes=checked.attributes("Link.attributes", attributes),
            flags=checked.number("Link.flags", flags, UINT32),
        )


_UNSET: Final = Status()
_SPAN_ID_OR_NONE: Final = "16 hex digits, not all zero, or None"


@attrs.frozen(kw_only=True, init=False)
class Span:
    """
    One operation of a trace.

    Attributes:
        trace_id, span_id: 32 and 16 hex digits, not all zero; kept in lower case.

        name: What was done. Empty means unknown.

        start_ns, end_ns:
            Nanoseconds since 1970-01-01 UTC. 0 means unknown, or not ended yet. A known end
            is never before the start.

        parent_span_id: 16 hex digits, or ``None`` for a root.

        trace_state: W3C trace state, or empty. Other text is kept as it is (VAL-4).

        flags: W3C trace flags in bits 0 to 7; bits 8 and 9 say whether the *parent* is remote.

        kind: A ``SpanKind``, or any other int32, kept as it is. Default: internal.

        status: How it ended. Default: unset.

        attributes: Any mapping is accepted and frozen; its ``dropped_count`` is sent too.

        events, links: In the order given; any iterable is accepted.

        dropped_events_count, dropped_links_count: How many were lost before.
    """

    trace_id: str
    span_id: str
    name: str
    start_ns: int
    end_ns: int
    parent_span_id: str | None
    trace_state: str
    flags: int
    kind: int
    status: Status
    attributes: Attributes
    events: tuple[Event, ...]
    dropped_events_count: int
    links: tuple[Link, ...]
    dropped_links_count: int

    def __init__(
        self,
        *,
        trace_id: str,
        span_id: str,
        name: str,
        start_ns: int,
        end_ns: int,
        parent_span_id: str | None = None,
        trace_state: str = "",
        flags: int = 0,
        kind: int = SpanKind.INTERNAL,
        status: Status = _UNSET,
        attributes: Mapping[Any, Any] = _NO_ATTRIBUTES,
        events: Iterable[Event] = (),
        dropped_events_count: int = 0,
        links: Iterable[Link] = (),
        dropped_links_count: int = 0,
    ) -> None:
        self.__attrs_init__(
            trace_id=checked.trace_id("Span.trace_id", trace_id),
            span_id=checked.span_id("Span.span_id", span_id),
            name=checked.text("Span.name", name),
            start_ns=checked.number("Span.start_ns", start_ns, NANOSECONDS),
            end_ns=checked.number("Span.end_ns", end_ns, NANOSECONDS),
            parent_span_id=None
            if parent_span_id is None
            else checked.span_id("Span.parent_span_id", parent_span_id, expected=_SPAN_ID_OR_NONE),
            trace_state=checked.text("Span.trace_state", trace_state),
            flags=checked.number("Span.flags", flags, UINT32),
            kind=checked.member("Span.kind", kind, SpanKind),
            status=checked.instance("Span.status", status, Status),
            attributes=checked.attributes("Span.attributes", attributes),
            events=checked.items("Span.events", events, Event),
            dropped_events_count=checked.number("Span.dropped_events_count", dropped_events_count, UINT32),
            links=checked.items("Span.links", links, Link),
            dropped_links_count=checked.number("Span.dropped_links_count", dropped_links_count, UINT32),
        )
        if 0 < self.end_ns < self.start_ns:
            raise InvalidValue(
                "Span.end_ns", f"0 or at least the start, {self.start_ns}", describe(self.end_ns)
            )


def span_of_strict(members: dict[str, Any]) -> Span:
    """A span of members that are its strict forms already, as the decoder reads them; nothing is checked."""
    span = object.__new__(Span)
    span.__attrs_init__(**members)
    return span


@attrs.frozen(kw_only=True, init=False)
class InstrumentationScope:
    """
    The code that recorded spans.

    Attributes:
        name, version: Empty means unknown.

        attributes: Any mapping is accepted and frozen.
    """

    name: str
    version: str
    attributes: Attributes

    def __init__(
        self, *, name: str = "", version: str = "", attributes: Mapping[Any, Any] = _NO_ATTRIBUTES
    ) -> None:
        self.__attrs_init__(
            name=checked.text("InstrumentationScope.name", name),
            version=checked.text("InstrumentationScope.version", version),
            attributes=checked.attributes("InstrumentationScope.attributes", attributes),
        )


@attrs.frozen(kw_only=True, init=False)
class Resource:
    """
    What the spans come from, such as a service.

    Attributes:
        attributes: Any mapping is accepted and frozen; its ``dropped_count`` is sent too.
    """

    attributes: Attributes

    def __init__(self, *, attributes: Mapping[Any, Any] = _NO_ATTRIBUTES) -> None:
        self.__attrs_init__(attributes=checked.attributes("Resource.attributes", attributes))


_NO_SCOPE: Final = InstrumentationScope()
_NO_RESOURCE: Final = Resource()


@attrs.frozen(kw_only=True, init=False)
class ScopeSpans:
    """
    The spans of one scope.

    Attributes:
        spans: In the order given; any iterable is accepted.

        scope: The code that recorded them. An empty one is not sent.

        schema_url: For the scope, its spans and their events. Empty means unknown.
    """

    spans: tuple[Span, ...]
    scope: InstrumentationScope
    schema_url: str

    def __init__(
        self, *, spans: Iterable[Span] = (), scope: InstrumentationScope = _NO_SCOPE, schema_url: str = ""
    ) -> None:
        self.__attrs_init__(
            spans=checked.items("ScopeSpans.spans", spans, Span),
            scope=checked.instance("ScopeSpans.scope", scope, InstrumentationScope),
            schema_url=checked.text("ScopeSpans.schema_url", schema_url),
        )


@attrs.frozen(kw_only=True, init=False)
class ResourceSpans:
    """
    The spans of one resource: a group.

    Attributes:
        scope_spans: In the order given; any iterable is accepted.

        resource: What they come from. An empty one is not sent.

        schema_url: For the resource alone. Empty means unknown.
    """

    scope_spans: tuple[ScopeSpans, ...]
    resource: Resource
    schema_url: str

    def __init__(
        self,
        *,
        scope_spans: Iterable[ScopeSpans] = (),
        resource: Resource = _NO_RESOURCE,
        schema_url: str = "",
    ) -> None:
        self.__attrs_init__(
            scope_spans=checked.items("ResourceSpans.scope_spans", scope_spans, ScopeSpans),
            resource=checked.instance("ResourceSpans.resource", resource, Resource),
            schema_url=checked.text("ResourceSpans.schema_url", schema_url),
        )

    @property
    def span_count(self) -> int:
        """How many spans the group holds, over all its scopes."""
        return sum(len(scope_spans.spans) for scope_spans in self.scope_spans)


@attrs.frozen(kw_only=True, init=False)
class TracesData:
    """
    A whole body: any number of groups.

    Attributes:
        resource_spans: In the order given; any iterable is accepted.
    """

    resource_spans: tuple[ResourceSpans, ...]

    def __init__(self, *, resource_spans: Iterable[ResourceSpans] = ()) -> None:
        self.__attrs_init__(
            resource_spans=checked.items("TracesData.resource_spans", resource_spans, ResourceSpans)
        )
