# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Bodies on which one rule decides, by the words of the second table in ``docs/rules.md``.

Written as text, compact and in the canonical order, because most of them cannot be made with an
encoder, and because the oracle reads nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

import attrs

__all__ = ["EXAMPLES", "REFUSED", "Example"]

REFUSED: Final = "refuses"
"""The vote of a judge that does not read the body at all."""

_ORDER: Final = (
    *("traceId", "spanId", "traceState", "parentSpanId", "flags", "name", "kind", "startTimeUnixNano"),
    *("endTimeUnixNano", "status", "attributes"),
)
_SPAN: Final = {
    "traceId": '"5b8efff798038103d269b633813fc60c"',
    "spanId": '"eee19b7ec3c1b174"',
    "name": '"pay"',
    "kind": "1",
    "startTimeUnixNano": '"1771005600000000000"',
    "endTimeUnixNano": '"1771005601000000000"',
}
_UPPER: Final = '"5B8EFFF798038103D269B633813FC60C"'
_FIRST_ID: Final = "eee19b7ec3c1b174"
_SECOND_ID: Final = "eee19b7ec3c1b175"
_LONG: Final = 12


@attrs.frozen(kw_only=True)
class Example:
    """
    A body, and where its rule shows.

    Attributes:
        body: Bytes as they would arrive.

        look: What a judge's reading, in the oracle's plain form, says at that place.
    """

    body: bytes
    look: Callable[[list[dict[str, Any]]], str]

    def vote(self, plain: list[dict[str, Any]]) -> str:
        """The vote of a judge that has read the body as this."""
        spans = _spans(plain)
        return self.look(spans) if spans else "no span"


def _spans(plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [span for group in plain for scope_spans in group["scope_spans"] for span in scope_spans["spans"]]


def _span(**changes: str | None) -> str:
    members = {**_SPAN, **changes}
    names = [*(name for name in _ORDER if name in members), *(name for name in changes if name not in _ORDER)]
    return "{" + ",".join(f'"{name}":{members[name]}' for name in names if members[name] is not None) + "}"


def _body(*spans: str) -> bytes:
    return ('{"resourceSpans":[{"scopeSpans":[{"spans":[' + ",".join(spans) + "]}]}]}").encode()


def _at(member: str, **changes: str | None) -> Example:
    """The base span with members changed, looked at in one of them."""
    return Example(body=_body(_span(**changes)), look=lambda spans: _text(spans[0][member]))


def _text(value: Any) -> str:
    text = ascii(value)[1:-1] if isinstance(value, str) else str(value)
    return f"{text[:_LONG]}…" if len(text) > _LONG else text or "empty"


def _value(value: str) -> Example:
    """One attribute with this AnyValue."""
    return _pairs(f'[{{"key":"k","value":{value}}}]')


def _pairs(pairs: str) -> Example:
    def look(spans: list[dict[str, Any]]) -> str:
        shown = [f"{_shown(value)} of key {key!r}" for key, value in spans[0]["attributes"]]
        return ", ".join(shown).replace(" of key 'k'", "") or "no attribute"

    return Example(body=_body(_span(attributes=pairs)), look=look)


def _shown(value: tuple[Any, ...]) -> str:
    kind, *rest = value
    if not rest:
        return str(kind)
    (content,) = rest
    if kind == "double":
        content = float.fromhex(content) if content not in ("nan", "inf", "-inf") else content
    if kind == "bytes":
        content = content.hex() or "none"
    if kind == "array":
        content = f"of {len(content)}" if content != [("empty",)] else "of an empty value"
    return f"{kind} {ascii(content) if isinstance(content, str) and kind == 'string' else content}"


def _nested(depth: int) -> Example:
    """Lists in one another; the vote is how many were read."""

    def look(spans: list[dict[str, Any]]) -> str:
        value, found = spans[0]["attributes"][0][1], 0
        while value[0] == "array":
            found, value = found + 1, (value[1] or [("none",)])[0]
        return f"{found} lists"

    opening, closing = '{"arrayValue":{"values":[', "]}}"
    value = opening * (depth - 1) + '{"arrayValue":{"values":[]}}' + closing * (depth - 1)
    pairs = f'[{{"key":"k","value":{value}}}]'
    return Example(body=_body(_span(attributes=pairs)), look=look)


def _counted(*spans: str) -> Example:
    return Example(body=_body(*spans), look=lambda spans: f"{len(spans)} spans")


def _attributes(count: int) -> Example:
    pairs = ",".join(f'{{"key":"{number}","value":{{"intValue":"1"}}}}' for number in range(count))
    look = _size("attributes", "attributes")
    return Example(body=_body(_span(attributes=f"[{pairs}]")), look=look)


def _size(member: str, unit: str) -> Callable[[list[dict[str, Any]]], str]:
    return lambda spans: f"{len(spans[0][member])} {unit}"


def _name_of(length: int) -> Example:
    return Example(body=_body(_span(name='"' + "x" * length + '"')), look=_size("name", "characters"))


def _long_text(length: int) -> Example:
    pairs = f'[{{"key":"k","value":{{"stringValue":"{"x" * length}"}}}}]'
    return Example(
        body=_body(_span(attributes=pairs)),
        look=lambda spans: f"{len(spans[0]['attributes'][0][1][1])} characters",
    )


def _edited(edit: Callable[[bytes], bytes]) -> Example:
    """The base body as another text."""
    return Example(body=edit(_body(_span())), look=lambda spans: _text(spans[0]["name"]))


def _sdk_name() -> Example:
    name = '{"key":"telemetry.sdk.name","value":{"stringValue":"opentelemetry"}}'
    resource = f'{{"resourceSpans":[{{"resource":{{"attributes":[{name}]}},'.encode()
    return _edited(lambda body: body.replace(b'{"resourceSpans":[{', resource))


EXAMPLES: Final = MappingProxyType(
    {
        "white space between tokens": _edited(lambda body: body.replace(b",", b", ")),
        "a default that is written": _at("flags", flags="0"),
        "a key without a value": _pairs('[{"key":"k"}]'),
        "ids in upper case": _at("trace_id", traceId=_UPPER),
        "an id of four digits": _at("trace_id", traceId='"abcd"'),
        "an id of 31 digits": _at("trace_id", traceId=_SPAN["traceId"].replace("5b", "5")),
        "an id with spaces": _at("span_id", spanId='"eee19b7e c3c1b174"'),
        "an id of zeros": _at("trace_id", traceId=f'"{"0" * 32}"'),
        "an id that is empty": _at("span_id", spanId='""'),
        "a parent id of zeros": _at("parent_span_id", parentSpanId=f'"{"0" * 16}"'),
        "a kind as a name": _at("kind", kind='"SPAN_KIND_CLIENT"'),
        "a kind as digits in a text": _at("kind", kind='"3"'),
        "an unknown kind": _at("kind", kind="42"),
        "characters beyond ASCII": _at("name", name='"caf\u00e9"'),
        "a lone surrogate": _at("name", name='"a\\ud83e"'),
        "bytes without padding": _value('{"bytesValue":"AQI"}'),
        "bytes in the alphabet of URLs": _value('{"bytesValue":"-_-_"}'),
        "bytes that are no base64": _value('{"bytesValue":"AQ*I="}'),
        "NaN without quotes": _value('{"doubleValue":NaN}'),
        "a double that is null": _value('{"doubleValue":null}'),
        "a double as a text": _value('{"doubleValue":"0.5"}'),
        "a double beyond range": _value('{"doubleValue":1e999}'),
        "minus zero without a fraction": _value('{"doubleValue":-0}'),
        "a name that is null": _at("name", name="null"),
        "a time that is null": _at("end_time_unix_nano", endTimeUnixNano="null"),
        "null in a list": _value('{"arrayValue":{"values":[null]}}'),
        "48 nested lists": _nested(48),
        "65 nested lists": _nested(65),
        "flags with all ten known bits": _at("flags", flags=str(0x3FF)),
        "an integer of 2^63": _value('{"intValue":"9223372036854775808"}'),
        "a foreign telemetry.sdk.name": _sdk_name(),
        "two values in one": _value('{"stringValue":"a","intValue":"1"}'),
        "two values in one, the text last": _value('{"intValue":"1","stringValue":"a"}'),
        "an integer as a bare number": _value('{"intValue":9007199254740993}'),
        "an integer as 5.0": _value('{"intValue":5.0}'),
        "an integer with an underscore": _value('{"intValue":"1_0"}'),
        "a member in snake case": _at(
            "start_time_unix_nano", startTimeUnixNano=None, start_time_unix_nano='"7"'
        ),
        "an unknown member": _at("name", colour='"red"'),
        "100,000 nested lists": Example(body=b"[" * 100_000, look=lambda spans: "100,000 lists"),
        "an end before the start": _at("end_time_unix_nano", endTimeUnixNano='"7"'),
        "a time below zero": _at("start_time_unix_nano", startTimeUnixNano='"-1"'),
        "no name": _at("name", name=None),
        "a message without an error": Example(
            body=_body(_span(status='{"code":1,"message":"fine"}')),
            look=lambda spans: _text(spans[0]["status"]["message"]),
        ),
        "a bad trace state": _at("trace_state", traceState='"a=1,,=="'),
        "a key twice": _pairs('[{"key":"k","value":{"intValue":"1"}},{"key":"k","value":{"intValue":"2"}}]'),
        "an empty key": _pairs('[{"key":"","value":{"intValue":"1"}}]'),
        "129 attributes": _attributes(129),
        "a span twice": _counted(_span(), _span()),
        "a span that is its own parent": _at("parent_span_id", parentSpanId=f'"{_FIRST_ID}"'),
        "a parent cycle of two spans": _counted(
            _span(parentSpanId=f'"{_SECOND_ID}"'),
            _span(spanId=f'"{_SECOND_ID}"', parentSpanId=f'"{_FIRST_ID}"'),
        ),
        "a member twice": _edited(lambda body: body.replace(b'"name":', b'"name":"refund","name":')),
        "text after the body": _edited(lambda body: body + b"{}"),
        "a byte order mark": _edited(lambda body: b"\xef\xbb\xbf" + body),
        "a body that is cut": _edited(lambda body: body[:-5]),
        "a byte that is not UTF-8": _edited(lambda body: body.replace(b"pay", b"p\xffy")),
        "a name that is a number": _at("name", name="7"),
        "attributes that are an object": _pairs('{"k":1}'),
        "flags as a text": _at("flags", flags='"1"'),
        "flags that are true": _at("flags", flags="true"),
        "flags of 2^32": _at("flags", flags=str(2**32)),
        "a text of 2,049 bytes": _long_text(2049),
        "a body above 500,000 bytes": _name_of(500_000),
        "a line above 1 MiB": _name_of(2**20),
        "a trace above 3,000,000 bytes": _name_of(3_000_000),
    }
)
"""Example by what is special about it."""
