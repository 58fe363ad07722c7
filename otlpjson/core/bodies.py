# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Encoded entries joined to request bodies under a byte limit.

An entry is the JSON of one element of a body's list of groups. Delivery joins, splits and
sets aside entries; it never looks inside.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Callable, Final

import attrs

from .errors import InvalidDocument
from .words import describe

__all__ = [
    "EMPTY",
    "HEAD",
    "MAX_BODY_BYTES",
    "MAX_MESSAGE_BYTES",
    "TAIL",
    "Body",
    "Entry",
    "entries_of",
    "fill",
    "join",
]

MAX_MESSAGE_BYTES: Final = 15 * 1024 * 1024
"""The largest message that Grafana's gateway accepts; grafana/tempo issue 3831."""

MAX_BODY_BYTES: Final = 500_000
"""Grafana Cloud's default burst, counted in protobuf, which is never larger than our JSON (SND-3)."""

HEAD: Final = b'{"resourceSpans":['

TAIL: Final = b"]}"

EMPTY: Final = b"{}"
"""What stands around a body's entries, and a body without any (ENC-1)."""


def _size_only(data: bytes) -> str:
    return f"<{len(data)} bytes>"


@attrs.frozen(kw_only=True)
class Entry:
    """
    One encoded group.

    Attributes:
        data: The JSON of one ResourceSpans. Not looked at here.

        span_count: How many spans it holds.
    """

    data: bytes = attrs.field(repr=_size_only)
    span_count: int


@attrs.frozen(kw_only=True)
class Body:
    """
    What one request carries.

    Attributes:
        entries: In order; at least one.

        data: The bytes of the request, before compression.
    """

    entries: tuple[Entry, ...]
    data: bytes = attrs.field(init=False, repr=_size_only)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "data", join(self.entries))

    @property
    def span_count(self) -> int:
        """How many spans the body holds."""
        return sum(entry.span_count for entry in self.entries)

    def halves(self) -> tuple[Body, Body]:
        """The body split in the middle of its entries; it must have two or more."""
        middle = len(self.entries) // 2
        return Body(entries=self.entries[:middle]), Body(entries=self.entries[middle:])


def join(entries: Iterable[Entry]) -> bytes:
    """The body that holds these entries; ``{}`` without any (ENC-1)."""
    pieces = [HEAD]
    for entry in entries:
        pieces += (entry.data, b",")
    if len(pieces) == 1:
        return EMPTY
    pieces[-1] = TAIL
    return b"".join(pieces)


def fill(entries: Iterable[Entry], max_bytes: int = MAX_BODY_BYTES) -> Iterator[Body]:
    """
    Entries in order as bodies of at most ``max_bytes`` each.

    An entry that is larger by itself makes a body alone. Entries are taken as they are
    needed, so an endless source is fine.
    """
    waiting: list[Entry] = []
    size = len(HEAD) + len(TAIL) - 1
    for entry in entries:
        if waiting and size + len(entry.data) + 1 > max_bytes:
            yield Body(entries=tuple(waiting))
            waiting, size = [], len(HEAD) + len(TAIL) - 1
        waiting.append(entry)
        size += len(entry.data) + 1
    if waiting:
        yield Body(entries=tuple(waiting))


_SPACE: Final = re.compile(r"[ \t\n\r]*")

_LIST: Final = "resourceSpans"


def entries_of(body: bytes) -> tuple[Entry, ...]:
    """
    The entries of one OTLP/JSON traces body, in order; none for an empty one.

    Members beside the list of groups are unknown to OTLP and left out (DEC-7).

    Raises:
        InvalidDocument:
            Not one JSON object in UTF-8 with a list of objects; or more text after it, which
            a receiver would lose without an error.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            "body", "UTF-8 text", f"byte {body[error.start]:#04x} at offset {error.start}"
        ) from None
    try:
        return _groups(_Cursor(text))
    except InvalidDocument:
        raise
    except RecursionError:
        raise InvalidDocument("body", "JSON that a reader can follow", "too many nested values") from None
    except ValueError as error:
        raise InvalidDocument("body", "one JSON object", f"text that is not JSON ({error})") from None


@attrs.define
class _Cursor:
    """A place in JSON text; only what stands around the entries is read by hand."""

    text: str
    position: int = 0

    def skip_space(self) -> None:
        self.position = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]  # matches always

    def value(self) -> tuple[Any, str]:
        """The next value, and the text that it was read from."""
        self.skip_space()
        start = self.position
        value, self.position = _DECODER.raw_decode(self.text, start)
        return value, self.text[start : self.position]

    def take(self, mark: str) -> bool:
        """Whether the next character is this one, which is passed if so."""
        self.skip_space()
        found = self.text.startswith(mark, self.position)
        self.position += found
        return found

    def expect(self, mark: str) -> None:
        if not self.take(mark):
            raise ValueError(f"expecting '{mark}' at character {self.position}")

    def each(self, closing: str, read: Callable[[], None]) -> None:
        """Reads comma-separated items up to the closing bracket."""
        if self.take(closing):
            return
        read()
        while self.take(","):
            read()
        self.expect(closing)


def _groups(cursor: _Cursor) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    seen: list[str] = []

    def element() -> None:
        value, text = cursor.value()
        entries.append(Entry(data=text.encode("utf-8"), span_count=_span_count(value, len(entries))))

    def member() -> None:
        name, _ = cursor.value()
        cursor.expect(":")
        if name != _LIST:
            cursor.value()
        elif name in seen:
            raise InvalidDocument("body", f"one member {_LIST}", "two")
        elif cursor.take("["):
            cursor.each("]", element)
        else:
            value, _ = cursor.value()
            if value is not None:
                raise InvalidDocument(f"body.{_LIST}", "a list of objects", describe(value))
        seen.append(name)

    if not cursor.take("{"):
        value, _ = cursor.value()
        raise InvalidDocument("body", "one JSON object", describe(value))
    cursor.each("}", member)
    cursor.skip_space()
    if cursor.position != len(cursor.text):
        raise InvalidDocument(
            "body", "one JSON object", f"more text after it, at character {cursor.position}"
        )
    return tuple(entries)


def _span_count(group: Any, index: int) -> int:
    path = f"body.{_LIST}[{index}]"
    scopes = _list_in(group, path, "scopeSpans")
    return sum(len(_list_in(scope, f"{path}.scopeSpans[{i}]", "spans")) for i, scope in enumerate(scopes))


def _list_in(value: Any, path: str, name: str) -> list[Any]:
    if type(value) is not dict:
        raise InvalidDocument(path, "an object", describe(value))
    items = value.get(name)
    if items is not None and type(items) is not list:
        raise InvalidDocument(f"{path}.{name}", "a list", describe(items))
    return items or []


def _refuse_constant(token: str) -> None:
    raise ValueError(f"{token} is no JSON number")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
