# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A JSON object from outside, read member by member with the type of each checked.

A member that is missing or null is read as ``None`` or as empty. So is a member of the wrong
type, which is also noted with its path. Members that are never read are ignored.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final, TypeVar

from ..core.findings import Finding, Severity
from ..core.problem import Mismatch, Problem, Reason
from ..core.words import plural
from .plain import OBJECT

__all__ = ["Document", "found", "is_one_of"]

_T = TypeVar("_T")

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
# A number of JSON, of a length that a count or a price can have.
_DECIMAL: Final = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)


class Document:
    """
    One JSON object in a record, with its path.

    Each method looks for the usual type first; the checks in ``_member`` see the rest.

    Args:
        path: The object's place in the record, such as ``record.response.usage``, or in the object above.

        members: The object itself.

        skipped:
            Notes on everything that was left out or changed. All objects of a record share this
            list and add to it.

        above: The object that it is a member of; ``None`` for a record.
    """

    __slots__ = ("_above", "_name", "members", "skipped")

    def __init__(
        self,
        path: str,
        members: Mapping[str, Any],
        skipped: list[Finding],
        above: Document | None = None,
    ) -> None:
        self._above = above
        self._name = path
        self.members = members
        self.skipped = skipped

    def __repr__(self) -> str:
        return f"Document(path={self.path!r})"

    @property
    def path(self) -> str:
        """The object's place in the record."""
        # Put together when a note needs it, which is hardly ever.
        return self._name if self._above is None else f"{self._above.path}.{self._name}"

    def below(self, name: str, members: Mapping[str, Any]) -> Document:
        """An object that is to be read as the member of this name."""
        return Document(name, members, self.skipped, self)

    def text(self, name: str) -> str | None:
        """A text, which may be empty."""
        value = self.members.get(name)
        if value is None or type(value) is str:
            return value
        return self._member(name, "text", lambda value: isinstance(value, str), str)

    def count(self, name: str) -> int | None:
        """A whole number, 0 or more; ``5.0`` and ``"5"`` are read as 5."""
        value = self.members.get(name)
        if value is None or (type(value) is int and value >= 0):
            return value
        return self._member(name, "a whole number, 0 or more", _is_count, _count)

    def number(self, name: str) -> float | None:
        """A finite number, as a float; it may be decimal text, as some servers write prices."""
        value = self.members.get(name)
        if value is None or (type(value) is float and math.isfinite(value)):
            return value
        return self._member(name, "a finite number", _is_number, float)

    def word(self, name: str) -> str | None:
        """A text, or a whole number as text. Error codes are one or the other."""
        value = self.members.get(name)
        if value is None or type(value) is str:
            return value
        return self._member(
            name, "text or a whole number", lambda value: isinstance(value, str) or _is_whole(value), str
        )

    def document(self, name: str) -> Document:
        """The object in a member; an empty one if there is none."""
        # An empty object, so that a path such as usage.cost_details can be read without checks in between.
        value = self.members.get(name)
        if type(value) is not dict and value is not None:
            value = self._member(name, "an object", lambda value: isinstance(value, OBJECT), _unchanged)
        return Document(name, _NOTHING if value is None else value, self.skipped, self)

    def objects(self, name: str) -> list[Document]:
        """The objects in a list, in order; other items are noted."""
        items = self.members.get(name)
        if items is None:
            return []
        if type(items) is not list:
            # Records from Python code may have tuples.
            items = self._member(name, "a list", lambda value: isinstance(value, (list, tuple)), list) or []
        documents = []
        for index, item in enumerate(items):
            if type(item) is dict or isinstance(item, OBJECT):
                documents.append(self.below(f"{name}[{index}]", item))
            else:
                self.skip(f"{name}[{index}]", "an object", item)
        return documents

    def is_list(self, name: str) -> bool:
        """Whether the member is a list."""
        return isinstance(self.members.get(name), (list, tuple))

    def flag(self, name: str) -> bool | None:
        """True or false."""
        return self._member(name, "true or false", lambda value: isinstance(value, bool), bool)

    def value(self, name: str) -> Any:
        """The member unchanged, whatever its type."""
        return self.members.get(name)

    def skip(self, name: str, expected: str, value: object) -> None:
        """
        Notes that a member was left out or changed, because it is not what it should be.

        Args:
            name: The member, with an index if it is an item of a list: ``choices[1]``.

            expected: What the member should be, in words.

            value: What it is.
        """
        self._note(name, Mismatch(expected, found(value)))

    def note(self, name: str, problem: str) -> None:
        """
        Notes a problem of a member for which no particular value was expected.

        Args:
            name: The member, with an index if it is an item of a list.

            problem: What is wrong, and what was done about it. Must not contain any of its text.
        """
        self._note(name, problem)

    def remark(self, problem: str) -> None:
        """Notes a problem of the object itself; as for ``note``."""
        self._find(self.path, problem)

    def _note(self, name: str, reason: Reason) -> None:
        self._find(f"{self.path}.{name}", reason)

    def _find(self, path: str, reason: Reason) -> None:
        self.skipped.append(Finding(severity=Severity.WARNING, problem=Problem(path, reason)))

    def _member(
        self, name: str, expected: str, accepts: Callable[[Any], bool], convert: Callable[[Any], _T]
    ) -> _T | None:
        value = self.members.get(name)
        # In all three APIs, null means that there is no value.
        if value is None:
            return None
        if not accepts(value):
            self.skip(name, expected, value)
            return None
        return convert(value)


def found(value: object) -> str:
    """
    The type of a value and its length, such as ``str of 12 characters``.

    The value itself is never shown, because it may be content.
    """
    kind = type(value).__name__
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"{kind} of {plural(len(value), 'character')}"
    if isinstance(value, (bytes, bytearray)):
        return plural(len(value), "byte")
    if isinstance(value, bool):
        return kind
    if isinstance(value, int):
        return f"{kind} of {plural(_digits(value), 'digit')}"
    if isinstance(value, OBJECT):
        return f"{kind} of {plural(len(value), 'member')}"
    return f"{kind} of {plural(len(value), 'item')}" if isinstance(value, (list, tuple)) else kind


def _digits(number: int) -> int:
    # The text of a long number is refused by Python.
    return len(str(abs(number))) if abs(number) < 10**100 else int(number.bit_length() * 0.30103) + 1


def is_one_of(names: frozenset[str], value: Any) -> bool:
    """Whether a value of any type is one of these texts."""
    return isinstance(value, str) and value in names


def _unchanged(value: _T) -> _T:
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _count(value: Any) -> int:
    return int(float(value)) if isinstance(value, str) and not value.isdigit() else int(value)


def _is_count(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_DECIMAL.fullmatch(value)) and float(value).is_integer() and float(value) >= 0
    # JSON does not distinguish 5.0 from 5.
    return (_is_whole(value) or (isinstance(value, float) and value.is_integer())) and value >= 0


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return bool(_DECIMAL.fullmatch(value)) and math.isfinite(float(value))
    # A whole number beyond the range of a double cannot become a float.
    return (_is_whole(value) and abs(value) < 2**1023) or (isinstance(value, float) and math.isfinite(value))
