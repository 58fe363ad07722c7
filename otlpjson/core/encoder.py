# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The model to OTLP/JSON bytes; the only writer of span members.

One function per message, each reading like the proto: its members in wire order, those at
their default left out (ENC-1). Nothing here can fail, because the model's constructors refuse
what cannot be sent.

Each function adds pieces of text to ``out``, and each member begins with a comma; ``_close``
puts the opening bracket in the place of the first comma.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Callable, Final, TypeVar

from . import checked
from .bodies import EMPTY, HEAD, TAIL
from .encode_attributes import ESCAPED, Escape, Notation, key_values, notation
from .entry import Entry
from .model import ResourceSpans, TracesData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .attributes import Attributes
    from .model import (
        Event,
        InstrumentationScope,
        Link,
        Resource,
        ScopeSpans,
        Span,
        Status,
    )
    from .outline import Outline

__all__ = ["encode", "encode_entry", "group_text", "span_text"]

_T = TypeVar("_T")

# The place of a list's items in the text around them; JSON never holds this character unescaped.
_HOLE: Final = "\0"


def encode(traces: TracesData, *, integers_as_numbers: bool = False, text: Escape = ESCAPED) -> bytes:
    """
    The body of one request: OTLP/JSON in ASCII, without white space; ``{}`` without groups.

    Args:
        traces: The groups of spans, written in the order given.

        integers_as_numbers:
            Write an ``intValue`` as a JSON number, as OpenRouter does, instead of decimal
            text. Times are decimal text in both forms.

        text:
            Writes a text as JSON, with its quotation marks. A faster one, such as that of orjson,
            may be given; it need not write ASCII. Texts have no lone surrogates.

    Raises:
        InvalidValue: ``traces`` is not a ``TracesData``.

    Source: OTLP specification, "JSON Protobuf Encoding"; ProtoJSON.
    """
    checked.instance("encode.traces", traces, TracesData)
    if not traces.resource_spans:
        return EMPTY
    # One growing buffer: the memory of a large body is written once, and the memory of each span's
    # pieces is used again for the next span's. That saves more time than anything done with the text.
    out = BytesIO()
    out.write(HEAD)
    for group in _between_commas(out, traces.resource_spans):
        _resource_spans(out, group, notation(integers_as_numbers, text))
    out.write(TAIL)
    return out.getvalue()


def encode_entry(group: ResourceSpans, *, integers_as_numbers: bool = False, text: Escape = ESCAPED) -> Entry:
    """
    One group as an entry, which delivery joins with others to bodies; arguments as for ``encode``.

    Raises:
        InvalidValue: ``group`` is not a ``ResourceSpans``.
    """
    checked.instance("encode_entry.group", group, ResourceSpans)
    out = BytesIO()
    _resource_spans(out, group, notation(integers_as_numbers, text))
    return Entry(data=out.getvalue(), span_count=group.span_count)


def group_text(resource: str, scope: InstrumentationScope, spans: Iterable[str], written: Notation) -> str:
    """
    A group of one scope.

    Args:
        resource: The KeyValues of its resource; not empty.

        scope: The scope of its spans; not empty.

        spans: Each from ``span_text``; at least one.

        written: How the scope's values are written.
    """
    around: list[str] = []
    _scope(around, scope, written)
    before = f'{{"resource":{{"attributes":{resource}}},"scopeSpans":[{{'
    return "".join((before, "".join(around)[1:], ',"spans":[', ",".join(spans), "]}]}"))


def span_text(span: Span | Outline, attributes: str, dropped_attributes_count: int, written: Notation) -> str:
    """
    A span.

    Args:
        span: Its other members.

        attributes: The KeyValues of its attributes; empty if there are none.

        dropped_attributes_count: How many were lost.

        written: How values are written.
    """
    text, status = written.text, span.status
    out = [
        f'{{"traceId":"{span.trace_id}","spanId":"{span.span_id}"',
        f',"traceState":{text(span.trace_state)}' if span.trace_state else "",
        f',"parentSpanId":"{span.parent_span_id}"' if span.parent_span_id else "",
        f',"flags":{span.flags}' if span.flags else "",
        f',"name":{text(span.name)}' if span.name else "",
        f',"kind":{int(span.kind)}' if span.kind else "",
        f',"startTimeUnixNano":"{span.start_ns}"' if span.start_ns else "",
        f',"endTimeUnixNano":"{span.end_ns}"' if span.end_ns else "",
        _status(status, written) if status.code or status.message else "",
    ]
    if attributes:
        out += (',"attributes":', attributes)
    if dropped_attributes_count:
        out.append(f',"droppedAttributesCount":{dropped_attributes_count}')
    if span.events:
        _list(out, "events", _event, span.events, written)
    if span.dropped_events_count:
        out.append(f',"droppedEventsCount":{span.dropped_events_count}')
    if span.links:
        _list(out, "links", _link, span.links, written)
    if span.dropped_links_count:
        out.append(f',"droppedLinksCount":{span.dropped_links_count}')
    out.append("}")
    return "".join(out)


def _resource_spans(out: BytesIO, group: ResourceSpans, written: Notation) -> None:
    around: list[str] = []
    _resource(around, group.resource, written)
    if group.scope_spans:
        around.append(f',"scopeSpans":[{_HOLE}]')
    _schema_url(around, group.schema_url, written)
    before, after = _around_the_hole(around)
    out.write(before)
    for scope_spans in _between_commas(out, group.scope_spans):
        _scope_spans(out, scope_spans, written)
    out.write(after)


def _scope_spans(out: BytesIO, scope_spans: ScopeSpans, written: Notation) -> None:
    around: list[str] = []
    _scope(around, scope_spans.scope, written)
    if scope_spans.spans:
        around.append(f',"spans":[{_HOLE}]')
    _schema_url(around, scope_spans.schema_url, written)
    before, after = _around_the_hole(around)
    out.write(before)
    for span in _between_commas(out, scope_spans.spans):
        out.write(_span(span, written).encode())
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


def _resource(out: list[str], resource: Resource, written: Notation) -> None:
    members: list[str] = []
    _attributes(members, resource.attributes, written)
    _member(out, "resource", members)


def _member(out: list[str], name: str, members: list[str]) -> None:
    """An object as a member of another, left out where it is empty."""
    if members:
        _close(members, 0, "{", "}")
        out += (f',"{name}":', *members)


def _scope(out: list[str], scope: InstrumentationScope, written: Notation) -> None:
    members: list[str] = []
    if scope.name:
        members.append(f',"name":{written.text(scope.name)}')
    if scope.version:
        members.append(f',"version":{written.text(scope.version)}')
    _attributes(members, scope.attributes, written)
    _member(out, "scope", members)


def _schema_url(out: list[str], url: str, written: Notation) -> None:
    if url:
        out.append(f',"schemaUrl":{written.text(url)}')


def _span(span: Span, written: Notation) -> str:
    attributes = span.attributes
    known = key_values(attributes, written) if attributes._values else ""
    return span_text(span, known, attributes.dropped_count, written)


def _status(status: Status, written: Notation) -> str:
    code = f',"code":{int(status.code)}' if status.code else ""
    message = f',"message":{written.text(status.message)}' if status.message else ""
    return f',"status":{{{(code + message)[1:]}}}'


def _list(
    out: list[str],
    name: str,
    write: Callable[[list[str], _T, Notation], None],
    items: Iterable[_T],
    written: Notation,
) -> None:
    out.append(f',"{name}":')
    first = len(out)
    for item in items:
        write(out, item, written)
    _close(out, first, "[", "]")


def _event(out: list[str], event: Event, written: Notation) -> None:
    start = len(out)
    if event.time_ns:
        out.append(f',"timeUnixNano":"{event.time_ns}"')
    if event.name:
        out.append(f',"name":{written.text(event.name)}')
    _attributes(out, event.attributes, written)
    _close(out, start, ",{", "}")


def _link(out: list[str], link: Link, written: Notation) -> None:
    out.append(f',{{"traceId":"{link.trace_id}","spanId":"{link.span_id}"')
    if link.trace_state:
        out.append(f',"traceState":{written.text(link.trace_state)}')
    _attributes(out, link.attributes, written)
    if link.flags:
        out.append(f',"flags":{link.flags}')
    out.append("}")


def _attributes(out: list[str], attributes: Attributes, written: Notation) -> None:
    if attributes._values:
        out += (',"attributes":', key_values(attributes, written))
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')
