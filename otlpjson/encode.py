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
from functools import lru_cache
from io import SEEK_END, BytesIO
from json.encoder import encode_basestring_ascii as _text
from typing import TYPE_CHECKING, Final

from .attributes import Attributes
from .bodies import EMPTY, HEAD, TAIL, Entry

if TYPE_CHECKING:
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

_KEYS_REMEMBERED: Final = 4096
_LONG: Final = 4096
"""From this length on, looking a text up costs much less than escaping it again."""


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
        f',"kind":{span.kind:d}' if span.kind else "",
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
    return f',"status":{{"code":{status.code:d}{message}}}'


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
        out.append(',"attributes":')
        _key_values(out, attributes, quote)
    if attributes.dropped_count:
        out.append(f',"droppedAttributesCount":{attributes.dropped_count}')


def _key_values(out: list[str], attributes: Attributes, quote: str) -> None:
    """A list of KeyValues, never an empty one; the two commonest types are written in place."""
    first = len(out)
    long_texts: dict[str, str] = {}
    for key, value in attributes.items():
        if isinstance(value, str):
            out += (_text_key(key), _text(value) if len(value) < _LONG else _once(value, long_texts), "}}")
        elif type(value) is int:
            out.append(f'{_key(key)}{{"intValue":{quote}{value}{quote}}}}}')
        else:
            out.append(_key(key))
            _value(out, value, quote)
            out.append("}")
    _wrap(out, first, "[", "]")


def _once(text: str, long_texts: dict[str, str]) -> str:
    """A long text that a span repeats, as a prompt is by Broadcast, is escaped once."""
    escaped = long_texts.get(text)
    if escaped is None:
        escaped = long_texts[text] = _text(text)
    return escaped


@lru_cache(maxsize=_KEYS_REMEMBERED)
def _key(key: str) -> str:
    return f',{{"key":{_text(key)},"value":'


@lru_cache(maxsize=_KEYS_REMEMBERED)
def _text_key(key: str) -> str:
    return f'{_key(key)}{{"stringValue":'


def _value(out: list[str], value: AttributeValue, quote: str) -> None:
    """An AnyValue: its chosen member is written also where it is empty, zero or false (ENC-1)."""
    if isinstance(value, str):
        out.append(f'{{"stringValue":{_text(value)}}}')
    elif isinstance(value, bool):
        out.append('{"boolValue":true}' if value else '{"boolValue":false}')
    elif isinstance(value, int):
        out.append(f'{{"intValue":{quote}{value}{quote}}}')
    elif isinstance(value, float):
        out.append(f'{{"doubleValue":{_double(value)}}}')
    elif isinstance(value, bytes):
        out.append(f'{{"bytesValue":"{base64.b64encode(value).decode("ascii")}"}}')
    elif isinstance(value, tuple):
        _array(out, value, quote)
    elif isinstance(value, Attributes):
        _map(out, value, quote)
    else:
        out.append("{}")


def _double(value: float) -> str:
    """The shortest text that reads back as the same number, or one of ProtoJSON's three words (ENC-7)."""
    if math.isfinite(value):
        return repr(value)
    return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'


def _array(out: list[str], values: tuple[AttributeValue, ...], quote: str) -> None:
    out.append('{"arrayValue":{')
    if values:
        out.append('"values":')
        first = len(out)
        for value in values:
            out.append(",")
            _value(out, value, quote)
        _wrap(out, first, "[", "]")
    out.append("}}")


def _map(out: list[str], attributes: Attributes, quote: str) -> None:
    out.append('{"kvlistValue":{')
    if attributes:
        out.append('"values":')
        _key_values(out, attributes, quote)
    out.append("}}")
