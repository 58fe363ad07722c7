# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What a field of the model accepts: converters to the strict form, and the checks that follow.

A converter passes on what it cannot convert; the check after it knows the field's name and
refuses in one sentence.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Callable, Final

import attrs

from . import ids
from .attributes import Attributes, clean_text
from .errors import InvalidValue
from .words import describe

__all__ = [
    "ATTRIBUTES",
    "BOOLEAN",
    "COUNT",
    "INT32",
    "NANOSECONDS",
    "SPAN_ID",
    "SPAN_ID_OR_NONE",
    "TEXT",
    "TRACE_ID",
    "TRACE_STATE",
    "UINT32",
    "as_attributes",
    "as_tuple",
    "expect",
    "instance_of",
    "is_trace_state",
    "lower",
    "lower_or_none",
    "member_or_number",
    "one_of",
    "text",
    "tuple_of",
    "whole",
]

Check = Callable[[object, "attrs.Attribute[Any]", Any], None]

_TRACE_STATE_MEMBER: Final = re.compile(
    r"(?P<key>[a-z0-9][a-z0-9_\-*/@]{0,255})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)
_MAX_TRACE_STATE_MEMBERS: Final = 32


def text(value: str) -> str:
    """Plain text, with U+FFFD for lone surrogates."""
    return clean_text(str.__str__(value)) if isinstance(value, str) else value


def lower(value: str) -> str:
    """Hex digits in lower case (ENC-3)."""
    return value.lower() if isinstance(value, str) else value


def lower_or_none(value: str | None) -> str | None:
    """Hex digits in lower case, or ``None`` as it is."""
    return None if value is None else lower(value)


def whole(value: int) -> int:
    """A plain int from an int, an enum member or another library's integer; a bool is none."""
    kind = type(value)
    if kind is int:  # as most are
        return value
    return int(operator.index(value)) if hasattr(kind, "__index__") and kind is not bool else value


def member_or_number(enum: type[IntEnum], value: int) -> int:
    """The enum's member of this number, or the number where the enum does not know it."""
    number = whole(value)
    if type(number) is not int:  # a bool would be found in the enum as 0 or 1
        return number
    try:
        return enum(number)
    except ValueError:
        return number


def as_tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    """Any iterable as a tuple."""
    return tuple(value) if isinstance(value, Iterable) else value


def as_attributes(value: Mapping[Any, Any]) -> Attributes:
    """Any mapping as ``Attributes``."""
    return value if isinstance(value, Attributes) or not isinstance(value, Mapping) else Attributes(value)


def expect(expected: str, accepts: Callable[[Any], bool]) -> Check:
    """Refuses values for which ``accepts`` is false; ``expected`` says in words what it accepts."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not accepts(value):
            raise _refusal(owner, field, expected, value)

    return check


def _refusal(owner: object, field: attrs.Attribute[Any], expected: str, value: object) -> InvalidValue:
    return InvalidValue(f"{type(owner).__name__}.{field.name}", expected, describe(value))


def _whole_number(expected: str, low: int, high: int) -> Check:
    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, int) or type(value) is bool or not low <= value <= high:
            raise _refusal(owner, field, expected, value)

    return check


def one_of(choices: tuple[str, ...]) -> Check:
    """Accepts some texts, of which there are few."""
    return expect(" or ".join(choices), lambda value: type(value) is str and value in choices)


def instance_of(kind: type) -> Check:
    """Accepts values of one class of the model."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        if not isinstance(value, kind):
            raise _refusal(owner, field, _a(kind), value)

    return check


def tuple_of(kind: type) -> Check:
    """Accepts tuples of values of one class of the model, and names the first that is none."""

    def check(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
        path = f"{type(owner).__name__}.{field.name}"
        if type(value) is not tuple:
            raise InvalidValue(path, f"a list of {kind.__name__}", describe(value))
        for index, item in enumerate(value):
            if not isinstance(item, kind):
                raise InvalidValue(f"{path}[{index}]", _a(kind), describe(item))

    return check


def _a(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def is_trace_state(value: object) -> bool:
    """W3C Trace Context level 2, "tracestate Header Field Values"; members may be empty there (VAL-4)."""
    if type(value) is not str or value == "" or value.count(",") >= _MAX_TRACE_STATE_MEMBERS:
        return value == ""
    members = [member.strip(" \t") for member in value.split(",")]
    matches = [_TRACE_STATE_MEMBER.fullmatch(member) for member in members if member]
    keys = [match["key"] for match in matches if match]
    return 0 < len(matches) == len(keys) == len(set(keys))


BOOLEAN: Final = expect("true or false", lambda value: type(value) is bool)
COUNT: Final = expect("a whole number, 0 or more", lambda value: type(value) is int and value >= 0)
TEXT: Final = expect("text", lambda value: type(value) is str)
TRACE_ID: Final = expect("32 hex digits, not all zero", ids.is_trace_id)
SPAN_ID: Final = expect("16 hex digits, not all zero", ids.is_span_id)
SPAN_ID_OR_NONE: Final = expect(
    "16 hex digits, not all zero, or None", lambda value: value is None or ids.is_span_id(value)
)
TRACE_STATE: Final = expect("a W3C trace state such as 'vendor=value'", is_trace_state)
INT32: Final = _whole_number("a whole number within int32", -(2**31), 2**31 - 1)
UINT32: Final = _whole_number("a whole number from 0 to 2**32 - 1", 0, 2**32 - 1)
NANOSECONDS: Final = _whole_number("nanoseconds since 1970, 0 to 2**64 - 1", 0, 2**64 - 1)
ATTRIBUTES: Final = expect("a mapping (of pairs: dict(pairs))", lambda value: type(value) is Attributes)
