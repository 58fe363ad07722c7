# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The model as OTLP/JSON bytes; the only writer of span members.

One function per message, each reading like the proto: its members in wire order, those at
their default left out (ENC-1). Nothing here can fail: the model's constructors have refused
what cannot be sent.

Each function adds pieces to ``out``. A member of an object or an element of a list begins
with a comma; ``_enclose`` and ``_wrap`` put the opening bracket in the place of the first one.
``quote`` stands around the digits of an ``intValue``: a quotation mark as OTLP wants it, or nothing for
bare numbers as OpenRouter sends them.

The pieces of a span are joined as soon as it is complete, so their memory is used again while
it is warm, and what is joined goes into one growing buffer, so the memory of a large body is
touched once: in a pure Python encoder that saves more than any trick with the pieces.
"""

from __future__ import annotations

import base64
import math
from functools import lru_cache, partial
from io import SEEK_END, BytesIO
from json.encoder import encode_basestring_ascii as _text
from typing import TYPE_CHECKING, Any, Callable, Final

from .attributes import Attributes
from .bodies import EMPTY, HEAD, TAIL, Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .attributes import AttributeValue
    from .model import (
        Event,
        InstrumentationScope,
        Link,
        Resource,
        ResourceSpans,
        ScopeSpans,
        Span,
        Status,
        TracesData,
    )

__all__ = ["encode", "encode_entry"]

_FORMS_REMEMBERED: Final = 256

_Writer = Callable[[Any], str]


def encode(traces: TracesData, *, integers_as_numbers: bool = False) -> bytes:
    """
    The body of one request: OTLP/JSON, ASCII, compact; ``{}`` where there are no groups.

    Args:
        integers_as_numbers:
            Write an ``intValue`` as a JSON number, as OpenRouter does, instead of decimal
            text. Times are decimal text in both forms.
    """
    quote = "" if integers_as_numbers else '"'
    if not traces.resource_spans:
        return EMPTY
    out = BytesIO()
    out.write(HEAD)
    for index, group in enumerate(traces.resource_spans):
        if index > 0:
            out.write(b",")
        _resource_spans(out, group, quote)
    out.write(TAIL)
    return out.getvalue()


def encode_entry(group: ResourceSpans, *, integers_as_numbers: bool = False) -> Entry:
    """One group as an entry, which delivery joins with others to bodies; arguments as ``encode``."""
    out = BytesIO()
    _resource_spans(out, group, "" if integers_as_numbers else '"')
    return Entry(data=out.getvalue(), span_count=group.span_count)


def _resource_spans(out: BytesIO, group: ResourceSpans, quote: str) -> None:
    start = out.tell()
    _resource(out, group.resource, quote)
    if group.scope_spans:
        out.write(b',"scopeSpans":')
        first = out.tell()
        for scope_spans in group.scope_spans:
            out.write(b",")
            _scope_spans(out, scope_spans, quote)
        _enclose(out, first, b"[]")
    _schema_url(out, group.schema_url)
    _enclose(out, start, b"{}")


def _enclose(out: BytesIO, start: int, brackets: bytes) -> None:
    """What was written since ``start`` becomes one object or list."""
    if out.tell() == start:
        out.write(brackets)
        return
    out.seek(start)
    out.write(brackets[:1])
    out.seek(0, SEEK_END)
    out.write(brackets[1:])


def _resource(out: BytesIO, resource: Resource, quote: str) -> None:
    members: list[str] = []
    _attributes(members, resource.attributes, quote)
    _named(out, "resource", members)


def _scope_spans(out: BytesIO, scope_spans: ScopeSpans, quote: str) -> None:
    start = out.tell()
    _scope(out, scope_spans.scope, quote)
    if scope_spans.spans:
        out.write(b',"spans":')
        first = out.tell()
        for span in scope_spans.spans:
            out.write(_span(span, quote))
        _enclose(out, first, b"[]")
    _schema_url(out, scope_spans.schema_url)
    _enclose(out, start, b"{}")


def _scope(out: BytesIO, scope: InstrumentationScope, quote: str) -> None:
    members: list[str] = []
    if scope.name:
        members.append(f',"name":{_text(scope.name)}')
    if scope.version:
        members.append(f',"version":{_text(scope.version)}')
    _attributes(members, scope.attributes, quote)
    _named(out, "scope", members)


def _named(out: BytesIO, name: str, members: list[str]) -> None:
    if members:
        _wrap(members, 0, "{", "}")
        out.write(f',"{name}":{"".join(members)}'.encode("ascii"))


def _schema_url(out: BytesIO, url: str) -> None:
    if url:
        out.write(f',"schemaUrl":{_text(url)}'.encode("ascii"))


def _span(span: Span, quote: str) -> bytes:
    out = [
        f',{{"traceId":"{span.trace_id}","spanId":"{span.span_id}"',
        f',"traceState":{_text(span.trace_state)}' if span.trace_state else "",
        f',"parentSpanId":"{span.parent_span_id}"' if span.parent_span_id else "",
        f',"flags":{span.flags}' if span.flags else "",
        f',"name":{_text(span.name)}' if span.name else "",
        f',"kind":{int(span.kind)}' if span.kind else "",
        f',"startTimeUnixNano":"{span.start_ns}"' if span.start_ns else "",
        f',"endTimeUnixNano":"{span.end_ns}"' if span.end_ns else "",
        _status(span.status) if span.status.code else "",
    ]
    _attributes(out, span.attributes, quote)
    if span.events:
        out.append(',"events":')
        first = len(out)
        for event in span.events:
            _event(out, event, quote)
        _wrap(out, first, "[", "]")
    if span.dropped_events_count:
        out.append(f',"droppedEventsCount":{span.dropped_events_count}')
    if span.links:
        out.append(',"links":')
        first = len(out)
        for link in span.links:
            _link(out, link, quote)
        _wrap(out, first, "[", "]")
    if span.dropped_links_count:
        out.append(f',"droppedLinksCount":{span.dropped_links_count}')
    out.append("}")
    return "".join(out).encode("ascii")


def _wrap(out: list[str], start: int, opening: str, closing: str) -> None:
    """What was added since ``start`` becomes one object or list."""
    if len(out) == start:
        out.append(opening)
    else:
        out[start] = opening + out[start][1:]
    out.append(closing)


def _status(status: Status) -> str:
    message = f',"message":{_text(status.message)}' if status.message else ""
    return f',"status":{{"code":{int(status.code)}{message}}}'


def _event(out: list[str], event: Event, quote: str) -> None:
    start = len(out)
    if event.time_ns:
        out.append(f',"timeUnixNano":"{event.time_ns}"')
    if event.name:
        out.append(f',"name":{_text(event.name)}')
    _attributes(out, event.attributes, quote)
    _wrap(out, start, ",{", "}")


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
        out += (',"attributes":', _key_values(attributes, quote))
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')


def _key_values(attributes: Attributes, quote: str) -> str:
    """A list of KeyValues, never an empty one: the form for these keys and types, filled with the values."""
    values = attributes.values()
    pieces, writers = _form(tuple(attributes), tuple(map(type, values)), quote)
    filled = pieces.copy()
    if attributes.has_long_text:
        filled[1::2] = _written_once(values, writers)
    else:
        filled[1::2] = [write(value) for write, value in zip(writers, values)]
    return "".join(filled)


def _written_once(values: Iterable[AttributeValue], writers: Iterable[_Writer]) -> list[str]:
    """A text that a span repeats, as Broadcast repeats a prompt, is escaped once."""
    known: dict[str, str] = {}
    written = []
    for write, value in zip(writers, values):
        if not isinstance(value, str):
            written.append(write(value))
            continue
        if value not in known:
            known[value] = write(value)
        written.append(known[value])
    return written


@lru_cache(maxsize=_FORMS_REMEMBERED)
def _form(
    keys: tuple[str, ...], kinds: tuple[type, ...], quote: str
) -> tuple[list[str], tuple[_Writer, ...]]:
    """
    What stands around the values of attributes with these keys and types, and what writes each value.

    Every second piece is the place of a value. Spans of one kind have the same keys and types
    again and again, so this is made once for them; it must not be changed.
    """
    pieces: list[str] = []
    writers = []
    closing = "["
    for key, kind in zip(keys, kinds):
        opening, writer, ending = _members(quote)[kind]
        pieces += (f'{closing}{{"key":{_text(key)},"value":{{{opening}', "")
        writers.append(writer)
        closing = f"{ending}}}}},"
    pieces.append(f"{closing[:-1]}]")
    return pieces, tuple(writers)


@lru_cache(maxsize=2)
def _members(quote: str) -> dict[type, tuple[str, _Writer, str]]:
    """
    For each type the member of an AnyValue: what opens it, what writes the value, what closes it.

    The chosen member is written also where it is empty, zero or false (ENC-1); None has none.
    """
    return {
        str: ('"stringValue":', _text, ""),
        bool: ('"boolValue":', {True: "true", False: "false"}.__getitem__, ""),
        int: (f'"intValue":{quote}', repr, quote),
        float: ('"doubleValue":', _double, ""),
        bytes: ('"bytesValue":"', _base64, '"'),
        tuple: ('"arrayValue":{', partial(_array, quote=quote), "}"),
        Attributes: ('"kvlistValue":{', partial(_map, quote=quote), "}"),
        type(None): ("", "".format, ""),
    }


def _double(value: float) -> str:
    """The shortest text that reads back as the same number, or one of ProtoJSON's three words (ENC-7)."""
    if math.isfinite(value):
        return repr(value)
    return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'


def _base64(value: bytes) -> str:
    """Standard base64 with padding (ENC-6)."""
    return base64.b64encode(value).decode("ascii")


def _array(values: tuple[AttributeValue, ...], quote: str) -> str:
    if not values:
        return ""
    members = _members(quote)
    parts = (members[type(value)] for value in values)
    items = [f"{{{opening}{write(value)}{ending}}}" for value, (opening, write, ending) in zip(values, parts)]
    return f'"values":[{",".join(items)}]'


def _map(attributes: Attributes, quote: str) -> str:
    return f'"values":{_key_values(attributes, quote)}' if attributes else ""
