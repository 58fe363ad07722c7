# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Bodies in which one thing is wrong, odd or missing, each beside the same right body.

Written as text, because most of them cannot be made with a JSON encoder. Nothing here is
imported from the package, so that anything can be judged with them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["RIGHT_BODY", "WRONG_BODIES"]

_RIGHT: Final = {
    "traceId": '"5b8efff798038103d269b633813fc60c"',
    "spanId": '"eee19b7ec3c1b174"',
    "name": '"pay"',
    "kind": "1",
    "startTimeUnixNano": '"1771005600000000000"',
    "endTimeUnixNano": '"1771005601000000000"',
}
_DEPTH: Final = 250


def _span(**changes: str | None) -> str:
    """The right span with members changed, added or, with ``None``, taken out; values are JSON text."""
    members = {**_RIGHT, **changes}
    return "{" + ",".join(f'"{name}":{text}' for name, text in members.items() if text is not None) + "}"


def _body(*spans: str) -> str:
    return '{"resourceSpans":[{"scopeSpans":[{"spans":[' + ",".join(spans) + "]}]}]}"


def _with(**changes: str | None) -> str:
    return _body(_span(**changes))


def _value(text: str) -> str:
    """The right span with one attribute of this value."""
    return _with(attributes='[{"key":"k","value":' + text + "}]")


_TEXTS: Final[dict[str, str]] = {
    "trace id of 31 digits": _with(traceId='"5b8efff798038103d269b633813fc60"'),
    "trace id that is not hex": _with(traceId='"5b8efff798038103d269b633813fc60g"'),
    "trace id in base64": _with(traceId='"W47/95gDgQPSabYzgT/GDA=="'),
    "trace id of zeros": _with(traceId='"' + "0" * 32 + '"'),
    "trace id missing": _with(traceId=None),
    "span id of 17 digits": _with(spanId='"eee19b7ec3c1b1744"'),
    "span id of zeros": _with(spanId='"0000000000000000"'),
    "span id missing": _with(spanId=None),
    "parent id of 15 digits": _with(parentSpanId='"eee19b7ec3c1b17"'),
    "parent id of zeros": _with(parentSpanId='"0000000000000000"'),
    "end before start": _with(endTimeUnixNano='"1771005599000000000"'),
    "time below zero": _with(startTimeUnixNano='"-1"'),
    "time of 2^64": _with(endTimeUnixNano='"18446744073709551616"'),
    "status message without the code of an error": _with(status='{"code":1,"message":"fine"}'),
    "bad trace state": _with(traceState='"a=1,,=="'),
    "a key twice": _with(
        attributes='[{"key":"k","value":{"intValue":"1"}},{"key":"k","value":{"intValue":"2"}}]'
    ),
    "two values in one AnyValue": _value('{"stringValue":"a","intValue":"1"}'),
    "span that is its own parent": _with(parentSpanId=_RIGHT["spanId"]),
    "two spans that are each other's parents": _body(
        _span(parentSpanId='"eee19b7ec3c1b175"'),
        _span(spanId='"eee19b7ec3c1b175"', parentSpanId=_RIGHT["spanId"]),
    ),
    "kind as a name": _with(kind='"SPAN_KIND_CLIENT"'),
    "kind as digits in a text": _with(kind='"3"'),
    "status code as a name": _with(status='{"code":"STATUS_CODE_ERROR"}'),
    "integer with a fraction": _value('{"intValue":5.0}'),
    "integer of 2^63": _value('{"intValue":"9223372036854775808"}'),
    "name as a number": _with(name="7"),
    "attributes as an object": _with(attributes='{"k":1}'),
    "time as null": _with(startTimeUnixNano="null"),
    "name as null": _with(name="null"),
    "invalid base64": _value('{"bytesValue":"*"}'),
    "base64 of URLs": _value('{"bytesValue":"-_8="}'),
    "NaN as a token": _value('{"doubleValue":NaN}'),
    "double beyond range": _value('{"doubleValue":1e999}'),
    "lone surrogate": _with(name='"pay \\ud83e"'),
    "duplicate member": _with(name='"refund","name":"pay"'),
    "duplicate list": _with(attributes='[{"key":"a","value":{}}],"attributes":[{"key":"b","value":{}}]'),
    "cut text": _with()[:-5],
    "trailing text": _with() + "}",
    "two documents": _with() + _with(name='"second"'),
    "byte order mark": "\ufeff" + _with(),
    "empty text": "",
    "list at the top": "[" + _with() + "]",
    "null at the top": "null",
    "too deep": _value('{"arrayValue":{"values":[' * _DEPTH + "{}" + "]}}" * _DEPTH),
    "unknown kind": _with(kind="42"),
    "unknown status code": _with(status='{"code":7}'),
    "unknown member": _with(color='"red"'),
    "member in snake case": _with(kind=None, span_kind="3", parent_span_id='"eee19b7ec3c1b173"'),
    "member without a name": '{"":1,' + _with()[1:],
    "span id twice": _body(_span(), _span()),
    "empty name": _with(name='""'),
    "empty key": _with(attributes='[{"key":"","value":{"intValue":"1"}}]'),
    "parent not in the body": _with(parentSpanId='"eee19b7ec3c1b173"'),
    "child outside of its parent's time": _body(
        _span(),
        _span(
            spanId='"eee19b7ec3c1b175"',
            parentSpanId=_RIGHT["spanId"],
            startTimeUnixNano='"1771005500000000000"',
        ),
    ),
    "no groups": "{}",
    "no spans": _body(),
}

RIGHT_BODY: Final = _with().encode()
"""The body that the wrong ones differ from."""
WRONG_BODIES: Final = MappingProxyType(
    {
        **{name: text.encode("utf-8") for name, text in _TEXTS.items()},
        "not UTF-8": _with(name='"pay"').encode().replace(b"pay", b"p\xffy"),
    }
)
"""Body by what is wrong with it."""
