# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Encoded entries, cut out of request bodies.

Only the brackets and commas around the entries are looked at, and how many spans each holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import attrs

from .entry import Entry
from .errors import InvalidDocument
from .findings import Findings
from .json_text import not_json, text_of, too_deep, trailing_text
from .words import describe

__all__ = ["entries_of"]

_LIST: Final = "resourceSpans"
_SPACE: Final = (" ", "\t", "\n", "\r")


def entries_of(body: bytes) -> tuple[Entry, ...]:
    """
    The entries of one OTLP/JSON traces body, in order, byte for byte as they stand in it.

    Only what surrounds the spans is checked. Members beside the list of groups are unknown to
    OTLP and left out (DEC-7).

    Raises:
        InvalidDocument:
            The body is not one JSON object in UTF-8 with a list of objects, or text follows it,
            which a receiver would lose without an error.
    """
    text = text_of(body, Findings(strict=True))
    try:
        return tuple(_entries(_Scanner(text)))
    except InvalidDocument:
        raise
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        raise not_json(error) from None


def _entries(scanner: _Scanner) -> Iterator[Entry]:
    if not scanner.passes("{"):
        raise InvalidDocument("body", "one JSON object", describe(scanner.value()))
    found = False
    for _ in scanner.items("}"):
        is_list = scanner.name() == _LIST
        if is_list and found:
            raise InvalidDocument.because(f"body.{_LIST}", "duplicate member", "JSON")
        found = found or is_list
        if is_list and scanner.passes("["):
            for index in scanner.items("]"):
                group, text = scanner.value_and_text()
                yield Entry(data=text.encode(), span_count=_span_count(group, index))
            continue
        value = scanner.value()
        if is_list and value is not None:
            raise InvalidDocument(f"body.{_LIST}", "a list of objects", describe(value))
    scanner.skip_space()
    if scanner.position != len(scanner.text):
        raise InvalidDocument.because("body", trailing_text(scanner.position), "JSON")


@attrs.define
class _Scanner:
    """A position in JSON text, moved over values, names and the brackets and commas around them."""

    # Python's reader does not say where in a text the values inside a value stand.

    text: str
    position: int = 0

    def skip_space(self) -> None:
        while self.text.startswith(_SPACE, self.position):
            self.position += 1

    def passes(self, mark: str) -> bool:
        """Whether this character is next; if so it is passed."""
        self.skip_space()
        is_next = self.text.startswith(mark, self.position)
        self.position += is_next
        return is_next

    def items(self, closing: str) -> Iterator[int]:
        """The index of each item up to the closing bracket; whoever iterates passes the item itself."""
        if self.passes(closing):
            return
        index = 0
        yield index
        while not self.passes(closing):
            if not self.passes(","):
                raise ValueError(f"expecting ',' or '{closing}' at character {self.position}")
            index += 1
            yield index

    def name(self) -> str:
        """A member's name, passed with its colon."""
        name = self.value()
        if not isinstance(name, str) or not self.passes(":"):
            raise ValueError(f"expecting a name and ':' at character {self.position}")
        return name

    def value(self) -> Any:
        """The next value."""
        return self.value_and_text()[0]

    def value_and_text(self) -> tuple[Any, str]:
        """The next value, and the text it was read from."""
        self.skip_space()
        start = self.position
        value, self.position = _DECODER.raw_decode(self.text, start)
        return value, self.text[start : self.position]


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
    raise ValueError(f"{token} is not a JSON number")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
