# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies that are small on the wire and would cost much to a careless reader, made in any size."""

from __future__ import annotations

from typing import Callable, Final

from .documents import LINK, SPAN, document, link, span, with_value

__all__ = ["BOMBS", "DEEP", "NUMBERS", "Bomb"]

Bomb = Callable[[int], bytes]
"""A body of about so many bytes."""

DEEP: Final = "body: JSON is nested too deeply (DEC-11)"
_EVENT: Final = f"{SPAN}.events[0]"
_WHOLE: Final = "a whole number, bare or as decimal text"
_UINT32: Final = "a whole number from 0 to 2**32 - 1 (PROTO)"
_TIME: Final = "nanoseconds since 1970, 0 to 2**64 - 1 (VAL-2)"
_ENUM: Final = "the number of an enum's member (DEC-3)"

# Every place of a number: how a body holds it, its path, and what is expected where it has too many digits.
NUMBERS: Final[dict[str, tuple[Callable[[str], bytes], str, str]]] = {
    "flags": (lambda number: document(span(flags=number)), f"{SPAN}.flags", _UINT32),
    "kind": (lambda number: document(span(kind=number)), f"{SPAN}.kind", _ENUM),
    "start": (
        lambda number: document(span(startTimeUnixNano=number, endTimeUnixNano=None)),
        f"{SPAN}.startTimeUnixNano",
        _TIME,
    ),
    "end": (lambda number: document(span(endTimeUnixNano=number)), f"{SPAN}.endTimeUnixNano", _TIME),
    "code": (
        lambda number: document(span(status=f'{{"code":{number}}}')),
        f"{SPAN}.status.code",
        _ENUM,
    ),
    "dropped attributes": (
        lambda number: document(span(droppedAttributesCount=number)),
        f"{SPAN}.droppedAttributesCount",
        _UINT32,
    ),
    "dropped events": (
        lambda number: document(span(droppedEventsCount=number)),
        f"{SPAN}.droppedEventsCount",
        _UINT32,
    ),
    "dropped links": (
        lambda number: document(span(droppedLinksCount=number)),
        f"{SPAN}.droppedLinksCount",
        _UINT32,
    ),
    "event time": (
        lambda number: document(span(events=f'[{{"timeUnixNano":{number}}}]')),
        f"{_EVENT}.timeUnixNano",
        _TIME,
    ),
    "link flags": (
        lambda number: document(span(links=f"[{link(flags=number)}]")),
        f"{LINK}.flags",
        _UINT32,
    ),
    "int": (
        lambda number: with_value(f'{{"intValue":{number}}}'),
        f"{SPAN}.attributes[0].value.intValue",
        "a whole number within int64 (ENC-11)",
    ),
    "double": (
        lambda number: with_value(f'{{"doubleValue":{number}}}'),
        f"{SPAN}.attributes[0].value.doubleValue",
        "a number within a double's range (DEC-9)",
    ),
}


def _many(piece: str, size: int) -> str:
    return ",".join([piece] * (size // (len(piece) + 1)))


def _nested_arrays(size: int) -> bytes:
    count = size // len('{"arrayValue":{"values":[]}}')
    return with_value('{"arrayValue":{"values":[' * count + "]}}" * count)


def _numbered(form: str, size: int) -> bytes:
    pairs = size // (len(form) + 3)
    return ("{" + ",".join(form.format(number // 2) for number in range(pairs)) + "}").encode()


# What a strict reader refuses at once, and with which text.
BOMBS: Final[dict[str, tuple[Bomb, str]]] = {
    "lists in lists": (lambda size: b"[" * size, DEEP),
    "maps in maps": (lambda size: b'{"a":' * (size // 5), DEEP),
    "arrayValue in arrayValue": (_nested_arrays, DEEP),
    "one member many times": (
        lambda size: f"{{{_many(chr(34) + 'a' + chr(34) + ':1', size)}}}".encode(),
        "body.a: duplicate member (JSON)",
    ),
    "many members twice": (
        lambda size: _numbered('"a{}":1', size),
        "body.a0: duplicate member (JSON)",
    ),
    "a long name twice": (
        lambda size: b'{"%b":1,"%b":1}' % (b"a" * (size // 2), b"a" * (size // 2)),
        f"body.{'a' * 60}…: duplicate member (JSON)",
    ),
    "text after the value": (
        lambda size: b"{}" + b"x" * size,
        "body: more text after the JSON value, at character 2 (JSON)",
    ),
    "a byte order mark": (
        lambda size: b"\xef\xbb\xbf{}" + b" " * size,
        "body: byte order mark (JSON)",
    ),
    "bytes that are not UTF-8": (
        lambda size: b"\xff" * size,
        "body: expected UTF-8 text, got byte 0xff at offset 0 (JSON)",
    ),
    "NaN without quotes": (
        lambda size: with_value(
            f'{{"arrayValue":{{"values":[{_many("{" + chr(34) + "doubleValue" + chr(34) + ":NaN}", size)}]}}}}'
        ),
        f"{SPAN}.attributes[0].value.arrayValue.values[0].doubleValue:"
        ' expected a number, "NaN", "Infinity" or "-Infinity", got NaN, which is not JSON (DEC-9)',
    ),
    "long exponents": (
        lambda size: with_value(
            f'{{"arrayValue":{{"values":[{_many("{" + chr(34) + "intValue" + chr(34) + ":1e999999999}", size)}]}}}}'
        ),
        f"{SPAN}.attributes[0].value.arrayValue.values[0].intValue:"
        f" expected {_WHOLE}, got number 1e999999999 (PROTO)",
    ),
    "spans without ids": (
        lambda size: document(_many("{}", size)),
        f"{SPAN}.traceId: expected 32 hex digits, not all zero, got nothing (VAL-1)",
    ),
    "numbers for spans": (
        lambda size: document(_many("1", size)),
        f"{SPAN}: expected an object, got number 1 (PROTO)",
    ),
    "a long id": (
        lambda size: document(span(traceId=f'"{"0" * size}"')),
        f"{SPAN}.traceId: expected 32 hex digits, not all zero, got text '{'0' * 59}… (VAL-1)",
    ),
    "lone surrogates": (
        lambda size: document(span(name='"' + "\\ud800" * (size // 6) + '"')),
        f"{SPAN}.name: lone surrogate (ENC-5)",
    ),
}
