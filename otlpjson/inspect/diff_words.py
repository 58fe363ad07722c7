# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One difference between two traces, and the words for values that differ."""

from __future__ import annotations

from typing import Final

import attrs

from ..core.attributes import Attributes, AttributeValue
from ..core.words import MAX_SHOWN, escaped, quoted

__all__ = ["Difference", "first_difference", "texts_of_two", "words", "words_of_two"]

# How many of the characters shown stand before the first one that differs.
_BEFORE: Final = 20


@attrs.frozen
class Difference:
    """
    One thing in which two traces differ.

    Attributes:
        path: The place: a span or what surrounds spans, and the field, such as
            ``span 00f067aa0ba902b7 "pay": attributes['amount']``.

        left, right: The values there in words, such as ``int 12``; ``None`` on a side that has
            none, and an empty text on the other side where the path says it all.

        position: Where two long texts first differ, in characters from 0; ``None`` otherwise.

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

    def below(self, path: str) -> Difference:
        """The same difference with a path that begins further out."""
        return attrs.evolve(self, path=path + self.path)


def words_of_two(left: AttributeValue, right: AttributeValue) -> tuple[str, str, int | None]:
    """
    Two values in words, with their OTLP types.

    Of long texts and bytes that differ, the words show the surroundings of the first difference,
    and the third item is its position; otherwise that is ``None``.
    """
    if isinstance(left, str) and isinstance(right, str):
        here, there, place = texts_of_two(left, right)
        return f"text {here}", f"text {there}", place
    if isinstance(left, bytes) and isinstance(right, bytes) and max(len(left), len(right)) > MAX_SHOWN // 2:
        place = first_difference(left, right)
        return _octets(left, place), _octets(right, place), place
    return words(left), words(right), None


def texts_of_two(left: str, right: str) -> tuple[str, str, int | None]:
    """The same for two texts, without their type."""
    if max(len(left), len(right)) <= MAX_SHOWN:
        return quoted(left), quoted(right), None
    place = first_difference(left, right)
    return _excerpt(left, place), _excerpt(right, place), place


def words(value: AttributeValue) -> str:
    """A value with its OTLP type, on one line: ``int 12``, ``text "pay"``, ``array of 3``."""
    if isinstance(value, str):
        return f"text {quoted(value)}"
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
    """The position where two texts or two bytes first differ, or where the shorter one ends."""
    # By bisection: comparing slices costs far less than comparing one by one.
    same, end = 0, min(len(left), len(right))
    while same < end:
        middle = (same + end + 1) // 2
        if left[same:middle] == right[same:middle]:
            same = middle
        else:
            end = middle - 1
    return same


def _excerpt(text: str, place: int) -> str:
    start = max(0, place - _BEFORE)
    before, after = "…" if start else "", "…" if len(text) > start + MAX_SHOWN else ""
    return f'{before}"{escaped(text[start : start + MAX_SHOWN])}"{after} of {len(text)} characters'


def _octets(value: bytes, place: int) -> str:
    start = max(0, place - _BEFORE // 2)
    end = start + MAX_SHOWN // 2
    before, after = "…" if start else "", "…" if len(value) > end else ""
    return f"{len(value)} bytes {before}{value[start:end].hex()}{after}".rstrip()
