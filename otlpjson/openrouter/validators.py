# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Converters and validators for the fields of value classes.

A converter returns a value that it cannot convert unchanged; the validator that follows knows
the field's name and raises the error.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Callable, Final

import attrs

from . import ids, integers
from .attributes import Attributes
from .errors import InvalidValue
from .integers import Range
from .python_scalars import clean_text
from .words import describe

__all__ = [
    "ATTRIBUTES",
    "BOOLEAN",
    "COUNT",
    "INT32",
    "NANOSECONDS",
    "SPAN_ID",
    "TEXT",
    "TRACE_ID",
    "UINT32",
    "as_attributes",
    "as_tuple",
    "expect",
    "instance_of",
    "lower",
    "member_or_number",
    "one_of",
    "require",
    "text",
    "tuple_of",
    "whole",
]

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]


def text(value: str) -> str:
    """Plain text, with U+FFFD for lone surrogates."""
    if type(value) is str and value.isascii():
        return value
    return clean_text(str.__str__(value)) if isinstance(value, str) else value


def lower(value: str) -> str:
    """Hex digits in lower case (ENC-3)."""
    return value.lower() if isinstance(value, str) else value


def whole(value: int) -> int:
    """A plain int from an int, an enum member or another library's integer, but not from a bool."""
    kind = type(value)
    if kind is int:
        return value
    return int(operator.index(value)) if hasattr(kind, "__index__") and kind is not bool else value


def member_or_number(enum: type[IntEnum], value: int) -> int:
    """The enum's member with this number, or the number itself where there is no such member."""
    if type(value) is enum:
        return value
    number = whole(value)
    # The enum would accept a bool as 0 or 1.
    if type(number) is not int:
        return number
    try:
        return enum(number)
    except ValueError:
        return number


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """Any iterable as a tuple."""
    if type(value) is tuple:
        return value
    return tuple(value) if isinstance(value, Iterable) else value


def as_attributes(value: Mapping[Any, Any]) -> Attributes:
    """Any mapping as ``Attributes``."""
    if type(value) is Attributes or not isinstance(value, (dict, Mapping)):
        return value
    return Attributes(value)


def expect(expected: str, accepts: Callable[[Any], bool]) -> Check:
    """Refuses values for which ``accepts`` is false; ``expected`` says in words what it accepts."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not accepts(value):
            raise _refusal(owner, field, expected, value)

    return check


def _refusal(owner: object, field: attrs.Attribute[Any], expected: str, value: object) -> InvalidValue:
    return InvalidValue(f"{type(owner).__name__}.{field.name}", expected, describe(value))


def _within(bounds: Range) -> Check:
    low, high, words = bounds.low, bounds.high, bounds.words

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if type(value) is int and low <= value <= high:
            return
        if not isinstance(value, int) or type(value) is bool or not low <= value <= high:
            raise _refusal(owner, field, words, value)

    return check


def one_of(choices: tuple[str, ...]) -> Check:
    """Accepts a few texts."""
    return expect(" or ".join(choices), lambda value: type(value) is str and value in choices)


def require(path: str, value: object, kind: type) -> None:
    """
    Checks an argument's class.

    Raises:
        InvalidValue: It is of another class.
    """
    if not isinstance(value, kind):
        raise InvalidValue(path, _a(kind), describe(value))


def instance_of(kind: type) -> Check:
    """Accepts values of one class."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind):
            raise _refusal(owner, field, _a(kind), value)

    return check


def tuple_of(kind: type) -> Check:
    """Accepts tuples of values of one class; the error names the first other value."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if value == ():
            return
        path = f"{type(owner).__name__}.{field.name}"
        if type(value) is not tuple:
            raise InvalidValue(path, f"a list of {kind.__name__}", describe(value))
        for index, item in enumerate(value):
            if not isinstance(item, kind):
                raise InvalidValue(f"{path}[{index}]", _a(kind), describe(item))

    return check


def _a(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


BOOLEAN: Final = expect("true or false", lambda value: type(value) is bool)
COUNT: Final = expect("a whole number, 0 or more", lambda value: type(value) is int and value >= 0)
TEXT: Final = expect("text", lambda value: type(value) is str)
TRACE_ID: Final = expect("32 hex digits, not all zero", ids.is_trace_id)
SPAN_ID: Final = expect("16 hex digits, not all zero", ids.is_span_id)
INT32: Final = _within(integers.INT32)
UINT32: Final = _within(integers.UINT32)
NANOSECONDS: Final = _within(integers.NANOSECONDS)
ATTRIBUTES: Final = expect("a mapping (of pairs: dict(pairs))", lambda value: type(value) is Attributes)
