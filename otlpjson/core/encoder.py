# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The model to OTLP/JSON bytes; the only writer of span members.

One function per message, each reading like the proto: its members in wire order, those at
their default left out (ENC-1). Nothing here can fail, because the model's constructors refuse
what cannot be sent.

Each function adds pieces of text to ``out``, and each member begins with a comma; ``_close``
puts the opening bracket in the place of the first comma. ``quote`` is what surrounds the digits
of an ``intValue``: a quotation mark, or nothing for numbers as OpenRouter sends them.
"""

from __future__ import annotations

import base64
import math
from functools import lru_cache, partial
from io import BytesIO
from json.encoder import encode_basestring_ascii as _text
from typing import TYPE_CHECKING, Any, Callable, Final

from . import fields
from .attributes import Attributes
from .bodies import EMPTY, HEAD, TAIL, Entry
from .model import ResourceSpans, TracesData

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .attributes import AttributeValue
    from .model import Event, InstrumentationScope, Link, Resource, ScopeSpans, Span, Status

__all__ = ["encode", "encode_entry"]

_FORMS_REMEMBERED: Final = 256
# The place of a list's items in the text around them; JSON never holds this character unescaped.
_HOLE: Final = "\0"
# A text of this many characters costs more to escape than to look up.
_LONG: Final = 4096

_Writer = Callable[[Any], str]


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
    for index, group in enumerate(traces.resource_spans):
        if index > 0:
            out.write(b",")
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
    for index, scope_spans in enumerate(group.scope_spans):
        if index > 0:
            out.write(b",")
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
    for index, span in enumerate(scope_spans.spans):
        if index > 0:
            out.write(b",")
        out.write(_span(span, quote).encode("ascii"))
    out.write(after)


def _around_the_hole(members: list[str]) -> tuple[bytes, bytes]:
    """The object with these members, as what stands before and after the items of its list."""
    _close(members, 0, "{", "}")
    before, _, after = "".join(members).partition(_HOLE)
    return before.encode("ascii"), after.encode("ascii")


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


def _span(span: Span, quote: str) -> str:
    out = [
        f'{{"traceId":"{span.trace_id}","spanId":"{span.span_id}"',
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
    message = f',"message":{_text(status.message)}' if status.message else ""
    return f',"status":{{"code":{int(status.code)}{message}}}'


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
        out += (',"attributes":', _key_values(attributes, quote))
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')


def _key_values(attributes: Attributes, quote: str) -> str:
    """The KeyValues of attributes that are not empty: their form, filled with the values."""
    values = attributes.values()
    pieces, writers = _form(tuple(attributes), tuple(map(type, values)), quote)
    filled = pieces.copy()
    if len([value for value in values if type(value) is str and len(value) >= _LONG]) > 1:
        filled[1::2] = _written_once(values, writers)
    else:
        filled[1::2] = [write(value) for write, value in zip(writers, values)]
    return "".join(filled)


def _written_once(values: Iterable[AttributeValue], writers: Iterable[_Writer]) -> list[str]:
    """The same for values among which long texts occur twice, as Broadcast repeats a prompt: escaped once."""
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
    The text around the values of attributes with these keys and types, and the writer of each value.

    Every second piece is the place of a value. The list must not be changed.
    """
    # Spans of one kind have the same keys and types, so their form is made once.
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
    For each type the AnyValue's member: the text before the value, its writer, the text after it.

    A member is written even if it is empty, zero or false (ENC-1); ``None`` has no member.
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
