# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Reads a canonical OTLP/JSON trace body, strictly, knowing nothing of the encoder.

Written from the protocol text alone. The first half knows JSON and no OTLP, the second half knows
the messages of the proto and no JSON. Every violation raises :class:`Refused` with a rule:

    JSON    the bytes are not one JSON object with distinct member names
    PROTO   a member, a JSON type or a form or range of number that the message does not have
    ENC-1   the canonical profile: compact text, members in order, defaults absent
    ENC-2   a KeyValue has a key and a value     ENC-9   at most 64 containers in one another
    ENC-3   ids are lower-case hex               ENC-11  an int is a decimal int64
    ENC-4   enums are integers                   VAL-1   ids are present and not all zero
    ENC-5   ASCII, escapes, no lone surrogate    VAL-2   a span does not end before it starts
    ENC-6   bytes are padded standard base64     VAL-5   keys are unique
    ENC-7   doubles are shortest, or one of
            the three texts
    ENC-8   no null
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar, Union

__all__ = ["Refused", "read"]

_T = TypeVar("_T")
_Path = tuple[Union[str, int], ...]
_Value = tuple[Any, ...]

_MAX_CONTAINERS: Final = 64
# The deepest legal value, a map in maps on an event, lies 268 steps below the root: 11 to the
# attribute's value, 4 for each of the 64 maps, 1 to its member. Some more are read, so that a value
# slightly too deep gets its exact path; a limit there must be, because reading recurses.
_MAX_STEPS: Final = 300
_INT_KINDS: Final = {"text": "string", "number": "number"}

_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*"')
_WORD: Final = re.compile(r"[-+.0-9A-Za-z]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_SHORT_ESCAPES: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}

# Twenty digits hold 2**64; more would only make int() slow, or raise above its own limit.
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,19}")
_DOUBLE_TEXTS: Final = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


class Refused(ValueError):
    """Tells that a body breaks a rule.

    Attributes:
        rule: One of the ids above, such as ``"ENC-1"``.
        path: Where, such as ``"resourceSpans[0].resource"``; empty for the body itself.
        reason: What is wrong, as a sentence.
    """

    def __init__(self, rule: str, path: str, reason: str) -> None:
        super().__init__(f"{rule} at {path or 'the root'}: {reason}")
        self.rule = rule
        self.path = path
        self.reason = reason


def read(body: bytes, *, integers: str = "text") -> list[dict[str, Any]]:
    """Gives the resource spans of a body as plain values, absent members at their proto3 default.

    Args:
        body: The whole body of one request, uncompressed.
        integers: How ``intValue`` has to be written, ``"text"`` or ``"number"``.

    Raises:
        Refused: The body is not canonical.
        ValueError: ``integers`` is neither of the two.
    """
    if integers not in _INT_KINDS:
        raise ValueError(f"integers: expected 'text' or 'number', got {integers!r}")
    return _Messages(_INT_KINDS[integers]).envelope(_document(body))


# --- JSON text ---


class _Node(NamedTuple):
    """One JSON value with its place, and for a number its digits as they were written."""

    path: _Path
    kind: str
    data: Any

    def refused(self, rule: str, reason: str) -> Refused:
        """Gives the error for this value."""
        return _refused(self.path, rule, reason)


def _refused(path: _Path, rule: str, reason: str) -> Refused:
    """Gives the error for a place, in the notation of JavaScript."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return Refused(rule, "".join(steps).removeprefix("."), reason)


def _document(body: bytes) -> _Node:
    """Gives the one JSON value that the bytes consist of."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise _refused((), "JSON", "The body starts with a byte order mark.")
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError as error:
        raise _refused((), "ENC-5", f"Byte {error.start} is not ASCII.") from None
    node, end = _value(text, 0, ())
    if end != len(text):
        raise _unexpected(text, end, ())
    return node


def _value(text: str, at: int, path: _Path) -> tuple[_Node, int]:
    """Reads the value that starts here; like all readers, gives also the position after it."""
    if len(path) > _MAX_STEPS:
        raise _refused(path, "ENC-9", "No legal body is nested as deeply.")
    start = text[at : at + 1]
    if start == "{":
        return _object(text, at, path)
    if start == "[":
        return _array(text, at, path)
    if start == '"':
        content, end = _string(text, at, path)
        return _Node(path, "string", content), end
    return _word(text, at, path)


def _object(text: str, at: int, path: _Path) -> tuple[_Node, int]:
    """Reads an object, its members in the order of the text."""
    members: dict[str, _Node] = {}
    if text.startswith("{}", at):
        return _Node(path, "object", members), at + 2
    while True:
        name, at = _string(text, at + 1, path)
        if name in members:
            raise _refused((*path, name), "JSON", "The member is there twice.")
        if text[at : at + 1] != ":":
            raise _unexpected(text, at, path)
        members[name], at = _value(text, at + 1, (*path, name))
        if text[at : at + 1] == "}":
            return _Node(path, "object", members), at + 1
        if text[at : at + 1] != ",":
            raise _unexpected(text, at, path)


def _array(text: str, at: int, path: _Path) -> tuple[_Node, int]:
    """Reads an array."""
    items: list[_Node] = []
    if text.startswith("[]", at):
        return _Node(path, "array", items), at + 2
    while True:
        item, at = _value(text, at + 1, (*path, len(items)))
        items.append(item)
        if text[at : at + 1] == "]":
            return _Node(path, "array", items), at + 1
        if text[at : at + 1] != ",":
            raise _unexpected(text, at, path)


def _string(text: str, at: int, path: _Path) -> tuple[str, int]:
    """Reads a string and checks that it was written in the canonical form."""
    if text[at : at + 1] != '"':
        raise _unexpected(text, at, path)
    match = _STRING.match(text, at)
    if match is None:
        raise _refused(path, "JSON", "The string is not closed, or holds a raw control or a bad escape.")
    content: str = json.loads(match.group())
    if any(0xD800 <= ord(character) <= 0xDFFF for character in content):
        raise _refused(path, "ENC-5", "A surrogate stands alone.")
    canonical = '"' + "".join(map(_escaped, content)) + '"'
    # JSON lets DEL stand as it is, and it is a control character too: both forms can be argued for.
    if match.group() not in (canonical, canonical.replace("\x7f", "\\u007f")):
        raise _refused(path, "ENC-5", "A character is escaped without need or in another form.")
    return content, match.end()


def _escaped(character: str) -> str:
    """Gives the canonical form of a character inside a string."""
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if " " <= character <= "\x7f":
        return character
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _word(text: str, at: int, path: _Path) -> tuple[_Node, int]:
    """Reads a number or a boolean, and knows the words that must not be there."""
    match = _WORD.match(text, at)
    if match is None:
        raise _unexpected(text, at, path)
    word = match.group()
    if word in ("true", "false"):
        return _Node(path, "boolean", word == "true"), match.end()
    if _NUMBER.fullmatch(word):
        return _Node(path, "number", word), match.end()
    if word == "null":
        raise _refused(path, "ENC-8", "The value is null.")
    if word in _DOUBLE_TEXTS:
        raise _refused(path, "ENC-7", f"{word} is not JSON; it has to be quoted.")
    raise _refused(path, "JSON", "The value is neither a JSON number nor true or false.")


def _unexpected(text: str, at: int, path: _Path) -> Refused:
    """Gives the error for a character that cannot follow here."""
    if at >= len(text):
        return _refused(path, "JSON", "The text ends early.")
    if text[at] in " \t\r\n":
        return _refused(path, "ENC-1", f"White space stands at position {at}.")
    return _refused(path, "JSON", f"{text[at]!r} at position {at} does not fit there.")


# --- Messages, each in the order of the proto ---


@dataclass(frozen=True)
class _Messages:
    """The messages that contain attributes, for one way to write integers.

    Attributes:
        int_kind: The JSON type of ``intValue``.
    """

    int_kind: str

    def envelope(self, node: _Node) -> list[dict[str, Any]]:
        """Reads ExportTraceServiceRequest."""
        _check_members(node, "resourceSpans")
        return _list(node, "resourceSpans", self.resource_spans)

    def resource_spans(self, node: _Node) -> dict[str, Any]:
        """Reads ResourceSpans."""
        _check_members(node, "resource scopeSpans schemaUrl")
        return {
            "resource": _message(node, "resource", self.resource),
            "scope_spans": _list(node, "scopeSpans", self.scope_spans),
            "schema_url": _text(node, "schemaUrl"),
        }

    def resource(self, node: _Node) -> dict[str, Any]:
        """Reads Resource."""
        _check_members(node, "attributes droppedAttributesCount")
        return {
            "attributes": self.key_values(node, "attributes"),
            "dropped_attributes_count": _uint32(node, "droppedAttributesCount"),
        }

    def scope_spans(self, node: _Node) -> dict[str, Any]:
        """Reads ScopeSpans."""
        _check_members(node, "scope spans schemaUrl")
        return {
            "scope": _message(node, "scope", self.scope),
            "spans": _list(node, "spans", self.span),
            "schema_url": _text(node, "schemaUrl"),
        }

    def scope(self, node: _Node) -> dict[str, Any]:
        """Reads InstrumentationScope."""
        _check_members(node, "name version attributes droppedAttributesCount")
        return {
            "name": _text(node, "name"),
            "version": _text(node, "version"),
            "attributes": self.key_values(node, "attributes"),
            "dropped_attributes_count": _uint32(node, "droppedAttributesCount"),
        }

    def span(self, node: _Node) -> dict[str, Any]:
        """Reads Span."""
        _check_members(
            node,
            "traceId spanId traceState parentSpanId flags name kind startTimeUnixNano endTimeUnixNano status"
            " attributes droppedAttributesCount events droppedEventsCount links droppedLinksCount",
        )
        span: dict[str, Any] = {
            "trace_id": _own_id(node, "traceId", 32),
            "span_id": _own_id(node, "spanId", 16),
            "trace_state": _text(node, "traceState"),
            "parent_span_id": _id(node, "parentSpanId", 16),
            "flags": _uint32(node, "flags"),
            "name": _text(node, "name"),
            "kind": _enum(node, "kind"),
            "start_time_unix_nano": _time(node, "startTimeUnixNano"),
            "end_time_unix_nano": _time(node, "endTimeUnixNano"),
            "status": _message(node, "status", _status),
            "attributes": self.key_values(node, "attributes"),
            "dropped_attributes_count": _uint32(node, "droppedAttributesCount"),
            "events": _list(node, "events", self.event),
            "dropped_events_count": _uint32(node, "droppedEventsCount"),
            "links": _list(node, "links", self.link),
            "dropped_links_count": _uint32(node, "droppedLinksCount"),
        }
        if 0 < span["end_time_unix_nano"] < span["start_time_unix_nano"]:
            raise node.data["endTimeUnixNano"].refused("VAL-2", "The span ends before it starts.")
        return span

    def event(self, node: _Node) -> dict[str, Any]:
        """Reads Event."""
        _check_members(node, "timeUnixNano name attributes droppedAttributesCount")
        return {
            "time_unix_nano": _time(node, "timeUnixNano"),
            "name": _text(node, "name"),
            "attributes": self.key_values(node, "attributes"),
            "dropped_attributes_count": _uint32(node, "droppedAttributesCount"),
        }

    def link(self, node: _Node) -> dict[str, Any]:
        """Reads Link."""
        _check_members(node, "traceId spanId traceState attributes droppedAttributesCount flags")
        return {
            "trace_id": _own_id(node, "traceId", 32),
            "span_id": _own_id(node, "spanId", 16),
            "trace_state": _text(node, "traceState"),
            "attributes": self.key_values(node, "attributes"),
            "dropped_attributes_count": _uint32(node, "droppedAttributesCount"),
            "flags": _uint32(node, "flags"),
        }

    def key_values(self, node: _Node, name: str) -> list[tuple[str, _Value]]:
        """Reads a repeated KeyValue, the keys of which are unique."""
        pairs = _list(node, name, self.key_value)
        seen: set[str] = set()
        for index, (key, _) in enumerate(pairs):
            if key in seen:
                raise node.data[name].data[index].data["key"].refused("VAL-5", "The key is there twice.")
            seen.add(key)
        return pairs

    def key_value(self, node: _Node) -> tuple[str, _Value]:
        """Reads KeyValue."""
        _check_members(node, "key value")
        for name in ("key", "value"):
            if name not in node.data:
                raise _refused((*node.path, name), "ENC-2", "The member is missing.")
        key: str = _expect(node.data["key"], "string").data
        if not key:
            raise node.data["key"].refused("ENC-2", "The key is empty.")
        return key, self.any_value(node.data["value"])

    def any_value(self, node: _Node) -> _Value:
        """Reads AnyValue, a oneof, as a tuple of its kind and its content."""
        _check_names(
            node,
            [
                "stringValue",
                "boolValue",
                "intValue",
                "doubleValue",
                "arrayValue",
                "kvlistValue",
                "bytesValue",
            ],
        )
        if not node.data:
            return ("empty",)
        if len(node.data) > 1:
            raise node.refused("PROTO", "More than one member of a oneof is there.")
        name, member = next(iter(node.data.items()))
        if name == "stringValue":
            return "string", _expect(member, "string").data
        if name == "boolValue":
            return "bool", _expect(member, "boolean").data
        if name == "intValue":
            return "int", _int64(_expect(member, self.int_kind, "ENC-11"))
        if name == "doubleValue":
            return "double", _double(member)
        if name == "bytesValue":
            return "bytes", _bytes(_expect(member, "string", "ENC-6"))
        return self.container(name, member)

    def container(self, name: str, node: _Node) -> _Value:
        """Reads ArrayValue or KeyValueList."""
        _check_members(node, "values")
        # In a path these two names stand for nothing else, so they count the containers around.
        if node.path.count("arrayValue") + node.path.count("kvlistValue") > _MAX_CONTAINERS:
            raise node.refused("ENC-9", f"It is nested in {_MAX_CONTAINERS} other containers.")
        # One list is written even if it is empty: receivers in Rust refuse a body without it.
        if "values" not in node.data:
            raise node.refused("ENC-1", "The list of values is missing.")
        if _expect(node.data["values"], "array").data == []:
            return ("array", []) if name == "arrayValue" else ("map", [])
        if name == "arrayValue":
            return "array", _list(node, "values", self.any_value)
        return "map", self.key_values(node, "values")


def _status(node: _Node) -> dict[str, Any]:
    """Reads Status."""
    _check_members(node, "code message")
    return {"code": _enum(node, "code"), "message": _text(node, "message")}


# --- Members ---


def _check_members(node: _Node, names: str) -> None:
    """Refuses what is not an object with these members in this order, absent ones left out."""
    order = names.split()
    _check_names(node, order)
    last = -1
    for name, member in node.data.items():
        if order.index(name) < last:
            raise member.refused("ENC-1", f"The member stands after {order[last]}.")
        last = order.index(name)


def _check_names(node: _Node, names: list[str]) -> None:
    """Refuses what is not an object, and members with other names."""
    for name, member in _expect(node, "object").data.items():
        if name not in names:
            raise member.refused("PROTO", "The message has no such member.")


def _expect(node: _Node, kind: str, rule: str = "PROTO") -> _Node:
    """Gives the value back if it has this JSON type."""
    if node.kind != kind:
        raise node.refused(rule, f"The value is not a JSON {kind}, it is a JSON {node.kind}.")
    return node


def _message(node: _Node, name: str, reader: Callable[[_Node], _T]) -> _T:
    """Reads a member that is a message, absent when it has no members."""
    member = node.data.get(name)
    if member is None:
        return reader(_Node((*node.path, name), "object", {}))
    result = reader(member)
    if not member.data:
        raise member.refused("ENC-1", "An empty message is left out.")
    return result


def _list(node: _Node, name: str, reader: Callable[[_Node], _T]) -> list[_T]:
    """Reads a repeated member, absent when it has no elements."""
    member = node.data.get(name)
    if member is None:
        return []
    if not _expect(member, "array").data:
        raise member.refused("ENC-1", "An empty list is left out.")
    return [reader(item) for item in member.data]


def _text(node: _Node, name: str, rule: str = "PROTO") -> str:
    """Reads a string member, absent when it is empty."""
    member = node.data.get(name)
    if member is None:
        return ""
    text: str = _expect(member, "string", rule).data
    if not text:
        raise member.refused("ENC-1", "An empty string is left out.")
    return text


def _own_id(node: _Node, name: str, digits: int) -> str:
    """Reads an id that a span or a link cannot be without."""
    if name not in node.data:
        raise _refused((*node.path, name), "VAL-1", "The id is missing.")
    return _id(node, name, digits)


def _id(node: _Node, name: str, digits: int) -> str:
    """Reads an id."""
    text = _text(node, name, "ENC-3")
    if text and not re.fullmatch(f"[0-9a-f]{{{digits}}}", text):
        raise node.data[name].refused("ENC-3", f"The id is not {digits} lower-case hex digits.")
    if text and not text.strip("0"):
        raise node.data[name].refused("VAL-1", "The id is all zeros.")
    return text


def _uint32(node: _Node, name: str) -> int:
    """Reads a uint32 or fixed32 member."""
    return _integer(node, name, "number", "PROTO", range(1, 2**32))


def _enum(node: _Node, name: str) -> int:
    """Reads an enum member, the number of which need not be a known one."""
    return _integer(node, name, "number", "ENC-4", range(-(2**31), 2**31))


def _time(node: _Node, name: str) -> int:
    """Reads a fixed64 member, nanoseconds since 1970."""
    return _integer(node, name, "string", "PROTO", range(1, 2**64))


def _integer(node: _Node, name: str, kind: str, rule: str, allowed: range) -> int:
    """Reads an integer member, absent when it is zero."""
    member = node.data.get(name)
    if member is None:
        return 0
    digits = _expect(member, kind, rule).data
    if digits == "0":
        raise member.refused("ENC-1", "Zero is left out.")
    if not _INTEGER.fullmatch(digits) or int(digits) not in allowed:
        raise member.refused(rule, f"The value is not a decimal from {allowed[0]} to {allowed[-1]}.")
    return int(digits)


def _int64(node: _Node) -> int:
    """Reads intValue, which is written even when it is zero."""
    if not _INTEGER.fullmatch(node.data) or not -(2**63) <= int(node.data) < 2**63:
        raise node.refused("ENC-11", "The value is not a decimal int64.")
    return int(node.data)


def _double(node: _Node) -> str:
    """Reads doubleValue as hexadecimal text, which keeps the sign of zero and compares exactly."""
    if node.kind == "string" and node.data in _DOUBLE_TEXTS:
        return _DOUBLE_TEXTS[node.data]
    if node.kind != "number":
        raise node.refused("ENC-7", "The value is neither a number nor one of the three texts.")
    number = float(node.data)
    if repr(number) != node.data:
        raise node.refused("ENC-7", "The number is not in its shortest form with a fraction or an exponent.")
    return number.hex()


def _bytes(node: _Node) -> bytes:
    """Reads bytesValue."""
    try:
        content = base64.b64decode(node.data, validate=True)
    except ValueError:
        content = b""
    if base64.b64encode(content).decode() != node.data:
        raise node.refused("ENC-6", "The text is not padded standard base64.")
    return content
