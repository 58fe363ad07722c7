# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One difference between two traces, and the words for the values that differ."""

from __future__ import annotations

import re
from typing import Final

import attrs

from ..core.attributes import Attributes, AttributeValue

__all__ = ["Difference", "first_difference", "place_of_key", "quoted", "words", "words_of_two"]

_SHOWN: Final = 60
_BEFORE: Final = 20
"""How many of the shown characters stand before the first one that differs."""
_QUOTE_OR_BACKSLASH: Final = re.compile(r'["\\]')


@attrs.frozen(kw_only=True)
class Difference:
    """
    One thing in which two traces differ.

    Attributes:
        path: Where: a span or what surrounds spans, and the field, such as
            ``span 00f067aa0ba902b7 "pay": attributes['amount']``.

        left, right: What stands there, in words, such as ``int 12``; ``None`` where nothing does.
            Both are empty texts or ``None`` where the path says it all.

        position: Where two long texts first differ, in characters from 0; ``None`` for all else.

        names: What the two sides are called.
    """

    path: str
    left: str | None
    right: str | None
    position: int | None = None
    names: tuple[str, str] = ("A", "B")

    def __str__(self) -> str:
        sides = [(self.left, self.names[0]), (self.right, self.names[1])]
        for text, name in sides:
            if text == "":
                return f"{self.path} only in {name}"
        place = "" if self.position is None else f" from position {self.position} on"
        found = ", ".join(f"{'nothing' if text is None else text} in {name}" for text, name in sides)
        return f"{self.path}{place}: {found}"


def words_of_two(left: AttributeValue, right: AttributeValue) -> tuple[str, str, int | None]:
    """
    What two values are; of long texts, what surrounds the first place where they differ.

    The third is that place, where both are texts or both bytes and one is long; else ``None``.
    """
    if isinstance(left, str) and isinstance(right, str):
        if max(len(left), len(right)) > _SHOWN:
            place = first_difference(left, right)
            return _excerpt(left, place), _excerpt(right, place), place
    elif isinstance(left, bytes) and isinstance(right, bytes) and max(len(left), len(right)) > _SHOWN // 2:
        place = first_difference(left, right)
        return _octets(left, place), _octets(right, place), place
    return words(left), words(right), None


def words(value: AttributeValue) -> str:
    """What a value is, with its OTLP type, on one line: ``int 12``, ``str "pay"``, ``array of 3``."""
    if isinstance(value, str):
        return f"str {quoted(value)}"
    if isinstance(value, bool):
        return f"bool {'true' if value else 'false'}"
    if isinstance(value, bytes):
        return _octets(value, 0)
    if isinstance(value, Attributes):
        return f"map of {len(value)}"
    if isinstance(value, tuple):
        return f"array of {len(value)}"
    if value is None:
        return "an empty value"
    return f"{'int' if isinstance(value, int) else 'double'} {value!r}"


def first_difference(left: str | bytes, right: str | bytes) -> int:
    """Where two texts or two bytes first differ, or where the shorter one ends."""
    # By bisection: comparing slices costs far less than comparing one by one.
    same, end = 0, min(len(left), len(right))
    while same < end:
        middle = (same + end + 1) // 2
        if left[same:middle] == right[same:middle]:
            same = middle
        else:
            end = middle - 1
    return same


def quoted(text: str) -> str:
    """The text in quotation marks, at most 60 characters of it, whatever does not print escaped."""
    return f'"{_escaped(text[:_SHOWN])}"{"…" if len(text) > _SHOWN else ""}'


def place_of_key(key: str) -> str:
    """An attribute's key as a step of a path: ``['amount']``."""
    shown = _escaped(key[:_SHOWN]).replace("'", "\\'")
    return f"['{shown}{'…' if len(key) > _SHOWN else ''}']"


def _excerpt(text: str, place: int) -> str:
    start = max(0, place - _BEFORE)
    before, after = "…" if start else "", "…" if len(text) > start + _SHOWN else ""
    return f'str {before}"{_escaped(text[start : start + _SHOWN])}"{after} of {len(text)} characters'


def _octets(value: bytes, place: int) -> str:
    start = max(0, place - _BEFORE // 2)
    end = start + _SHOWN // 2
    before, after = "…" if start else "", "…" if len(value) > end else ""
    return f"{len(value)} bytes {before}{value[start:end].hex()}{after}".rstrip()


def _escaped(text: str) -> str:
    if text.isprintable():
        return _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", text)
    return "".join(
        _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", character)
        if character.isprintable()
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
