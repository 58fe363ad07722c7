# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The members of a message, checked and converted in one call each.

Each function looks for the usual type first and returns such a value as it is. ``path`` is the
member for the error, such as ``Span.name``.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, TypeVar

from . import ids
from .attributes import Attributes
from .errors import InvalidValue
from .integers import INT32, Range
from .python_scalars import clean_text
from .words import describe

__all__ = ["attributes", "instance", "items", "member", "number", "span_id", "text", "trace_id"]

_T = TypeVar("_T")


def text(path: str, value: str) -> str:
    """Plain text, with U+FFFD for lone surrogates."""
    if type(value) is str and value.isascii():
        return value
    if not isinstance(value, str):
        raise InvalidValue(path, "text", describe(value))
    return clean_text(str.__str__(value))


def trace_id(path: str, value: str) -> str:
    """32 hex digits in lower case, not all zero."""
    if not ids.is_trace_id(value):
        raise InvalidValue(path, "32 hex digits, not all zero", describe(value))
    return str.lower(value)


def span_id(path: str, value: str | None, *, expected: str = "16 hex digits, not all zero") -> str:
    """16 hex digits in lower case, not all zero."""
    if value is None or not ids.is_span_id(value):
        raise InvalidValue(path, expected, describe(value))
    return str.lower(value)


def number(path: str, value: int, bounds: Range) -> int:
    """A whole number within bounds, from an int or another library's integer, but not from a bool."""
    if type(value) is int and bounds.low <= value <= bounds.high:
        return value
    whole = _whole(value)
    if type(whole) is not int or not bounds.low <= whole <= bounds.high:
        raise InvalidValue(path, bounds.words, describe(whole))
    return whole


def _whole(value: int) -> int:
    """A plain int, if it is one, an enum's member or another library's integer; anything else as it is."""
    return (
        int(operator.index(value)) if hasattr(type(value), "__index__") and type(value) is not bool else value
    )


def member(path: str, value: int, enum: type[IntEnum]) -> int:
    """The enum's member with this number, or an int32 that it does not know."""
    if type(value) is enum:
        return value
    known = number(path, value, INT32)
    try:
        return enum(known)
    except ValueError:
        return known


def attributes(path: str, value: Mapping[Any, Any]) -> Attributes:
    """Any mapping as ``Attributes``."""
    if type(value) is Attributes:
        return value
    if not isinstance(value, (dict, Mapping)):
        raise InvalidValue(path, "a mapping (of pairs: dict(pairs))", describe(value))
    return Attributes(value)


def instance(path: str, value: _T, kind: type[_T]) -> _T:
    """A value of a class."""
    if type(value) is not kind:
        _require(path, value, kind)
    return value


def items(path: str, value: Iterable[_T], kind: type[_T]) -> tuple[_T, ...]:
    """Any iterable of values of one class as a tuple; the error names the first other value."""
    if value == ():
        return ()
    if not isinstance(value, Iterable):
        raise InvalidValue(path, f"a list of {kind.__name__}", describe(value))
    known = tuple(value)
    for index, item in enumerate(known):
        if type(item) is not kind:
            _require(f"{path}[{index}]", item, kind)
    return known


def _require(path: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise InvalidValue(path, f"{article} {kind.__name__}", describe(value))
