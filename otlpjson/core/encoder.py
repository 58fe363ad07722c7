# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The model to OTLP/JSON bytes; the only writer of span members.

One function per message, each reading like the proto: its members in wire order, those at
their default left out (ENC-1). Nothing here can fail, because the model's constructors refuse
what cannot be sent.

Each function adds pieces of text to ``out``, and each member begins with a comma; ``_close``
puts the opening bracket in the place of the first comma. ``quote`` goes to ``key_values``.
"""

from __future__ import annotations

from io import BytesIO
from json.encoder import encode_basestring_ascii as _text
from typing import TYPE_CHECKING, Final, TypeVar

from . import fields
from .bodies import EMPTY, HEAD, TAIL, Entry
from .encode_attributes import key_values
from .model import ResourceSpans, TracesData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .attributes import Attributes
    from .model import Event, InstrumentationScope, Link, Resource, ScopeSpans, Span, Status

__all__ = ["encode", "encode_entry"]

_T = TypeVar("_T")

# The place of a list's items in the text around them; JSON never holds this character unescaped.
_HOLE: Final = "\0"


def encode(traces: TracesData, *, integers_as_numbers: bool = False) -> bytes:
    """
    The body of one request: OTLP/JSON in ASCII, without white space; ``{}`` without groups.

    Args:
        traces: The groups of spans, written in the order given.

        integers_as_numbers:
            Write an ``intValue`` as a JSON number, as OpenRouter does, instead of decimal
            text. Times are decimal text in both forms.

    Raises:
        InvalidValue: ``traces`` is not a ``TracesData``.

    Source: OTLP specification, "JSON Protobuf Encoding"; ProtoJSON.
    """
    fields.require("encode.traces", traces, TracesData)
    if not traces.resource_spans:
        return EMPTY
    # One growing buffer: the memory of a large body is written once, and the memory of each span's
    # pieces is used again for the next span's. That saves more time than anything done with the text.
    out = BytesIO()
    out.write(HEAD)
    for group in _between_commas(out, traces.resource_spans):
        _resource_spans(out, group, _quote(integers_as_numbers))
    out.write(TAIL)
    return out.getvalue()


def encode_entry(group: ResourceSpans, *, integers_as_numbers: bool = False) -> Entry:
    """
    One group as an entry, which delivery joins with others to bodies; arguments as for ``encode``.

    Raises:
        InvalidValue: ``group`` is not a ``ResourceSpans``.
    """
    fields.require("encode_entry.group", group, ResourceSpans)
    out = BytesIO()
    _resource_spans(out, group, _quote(integers_as_numbers))
    return Entry(data=out.getvalue(), span_count=group.span_count)


def _quote(integers_as_numbers: bool) -> str:
    return "" if integers_as_numbers else '"'


def _resource_spans(out: BytesIO, group: ResourceSpans, quote: str) -> None:
    around: list[str] = []
    _resource(around, group.resource, quote)
    if group.scope_spans:
        around.append(f',"scopeSpans":[{_HOLE}]')
    _schema_url(around, group.schema_url)
    before, after = _around_the_hole(around)
    out.write(before)
    for scope_spans in _between_commas(out, group.scope_spans):
        _scope_spans(out, scope_spans, quote)
    out.write(after)


def _scope_spans(out: BytesIO, scope_spans: ScopeSpans, quote: str) -> None:
    around: list[str] = []
    _scope(around, scope_spans.scope, quote)
    if scope_spans.spans:
        around.append(f',"spans":[{_HOLE}]')
    _schema_url(around, scope_spans.schema_url)
    before, after = _around_the_hole(around)
    out.write(before)
    comma = ""
    for span in scope_spans.spans:
        out.write(_span(span, quote, comma).encode())
        comma = ","
    out.write(after)


def _between_commas(out: BytesIO, items: Iterable[_T]) -> Iterator[_T]:
    """The items one by one, with a comma written before each but the first."""
    for index, item in enumerate(items):
        if index > 0:
            out.write(b",")
        yield item


def _around_the_hole(members: list[str]) -> tuple[bytes, bytes]:
    """The object with these members, as what stands before and after the items of its list."""
    _close(members, 0, "{", "}")
    before, _, after = "".join(members).partition(_HOLE)
    return before.encode(), after.encode()


def _close(out: list[str], start: int, opening: str, closing: str) -> None:
    """Makes what was added since ``start`` one object or list."""
    if len(out) == start:
        out.append(opening)
    else:
        out[start] = opening + out[start][1:]
    out.append(closing)


def _resource(out: list[str], resource: Resource, quote: str) -> None:
    members: list[str] = []
    _attributes(members, resource.attributes, quote)
    _member(out, "resource", members)


def _member(out: list[str], name: str, members: list[str]) -> None:
    """An object as a member of another, left out where it is empty."""
    if members:
        _close(members, 0, "{", "}")
        out += (f',"{name}":', *members)


def _scope(out: list[str], scope: InstrumentationScope, quote: str) -> None:
    members: list[str] = []
    if scope.name:
        members.append(f',"name":{_text(scope.name)}')
    if scope.version:
        members.append(f',"version":{_text(scope.version)}')
    _attributes(members, scope.attributes, quote)
    _member(out, "scope", members)


def _schema_url(out: list[str], url: str) -> None:
    if url:
        out.append(f',"schemaUrl":{_text(url)}')


def _span(span: Span, quote: str, comma: str) -> str:
    status, attributes = span.status, span.attributes
    out = [
        f'{comma}{{"traceId":"{span.trace_id}","spanId":"{span.span_id}"',
        f',"traceState":{_text(span.trace_state)}' if span.trace_state else "",
        f',"parentSpanId":"{span.parent_span_id}"' if span.parent_span_id else "",
        f',"flags":{span.flags}' if span.flags else "",
        f',"name":{_text(span.name)}' if span.name else "",
        f',"kind":{int(span.kind)}' if span.kind else "",
        f',"startTimeUnixNano":"{span.start_ns}"' if span.start_ns else "",
        f',"endTimeUnixNano":"{span.end_ns}"' if span.end_ns else "",
        _status(status) if status.code or status.message else "",
        f',"attributes":{key_values(attributes, quote)}' if attributes.raw else "",
    ]
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')
    if span.events:
        out.append(',"events":')
        first = len(out)
        for event in span.events:
            _event(out, event, quote)
        _close(out, first, "[", "]")
    if span.dropped_events_count:
        out.append(f',"droppedEventsCount":{span.dropped_events_count}')
    if span.links:
        out.append(',"links":')
        first = len(out)
        for link in span.links:
            _link(out, link, quote)
        _close(out, first, "[", "]")
    if span.dropped_links_count:
        out.append(f',"droppedLinksCount":{span.dropped_links_count}')
    out.append("}")
    return "".join(out)


def _status(status: Status) -> str:
    code = f',"code":{int(status.code)}' if status.code else ""
    message = f',"message":{_text(status.message)}' if status.message else ""
    return f',"status":{{{(code + message)[1:]}}}'


def _event(out: list[str], event: Event, quote: str) -> None:
    start = len(out)
    if event.time_ns:
        out.append(f',"timeUnixNano":"{event.time_ns}"')
    if event.name:
        out.append(f',"name":{_text(event.name)}')
    _attributes(out, event.attributes, quote)
    _close(out, start, ",{", "}")


def _link(out: list[str], link: Link, quote: str) -> None:
    out.append(f',{{"traceId":"{link.trace_id}","spanId":"{link.span_id}"')
    if link.trace_state:
        out.append(f',"traceState":{_text(link.trace_state)}')
    _attributes(out, link.attributes, quote)
    if link.flags:
        out.append(f',"flags":{link.flags}')
    out.append("}")


def _attributes(out: list[str], attributes: Attributes, quote: str) -> None:
    if attributes:
        out += (',"attributes":', key_values(attributes, quote))
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')
