# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Python's scalar types as plain values, without running any code of their subclasses."""

from __future__ import annotations

import math
import re
from enum import Enum
from functools import cache
from typing import Any, Callable, Final

__all__ = ["SCALARS", "class_name", "clean_text", "decimal", "json_number", "scalar_bases"]

SCALARS: Final = frozenset({str, int, bool, float, bytes})
"""The types that are OTLP values as they are."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which no JSON reader has to accept (ENC-5)."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def decimal(number: int) -> str:
    """The decimal digits of a whole number of any length."""
    from decimal import Decimal

    # str() refuses integers of more than 4,300 digits; Decimal writes them all.
    return str(Decimal(number))


def json_number(number: float) -> str:
    """A double as JSON's text, or one of ProtoJSON's three words."""
    if math.isfinite(number):
        return repr(number)
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _enum_name(member: Any) -> Any:
    # Before Python 3.11 a combination of flags has no name; its number stands for it.
    return member._value_ if member._name_ is None else str.__str__(member._name_)


class_name: Final[Callable[[type], str]] = type.__dict__["__name__"].__get__
"""A class's name; reading it as an attribute would run code of its metaclass."""


@cache
def scalar_bases() -> tuple[tuple[Any, Callable[[Any], Any]], ...]:
    """For each base class the function that gives the plain value of an object."""
    # Loaded here and not at the top: a program whose values are plain need not wait for these modules.
    from datetime import date, datetime, time
    from decimal import Decimal
    from pathlib import PurePath
    from uuid import UUID

    # Unbound methods of the base classes: a subclass's own code never runs. An enum's member may be an
    # int or a str as well, and a datetime is a date, so order matters.
    return (
        (Enum, _enum_name),
        (str, str.__str__),
        (int, int.__int__),
        (float, float.__float__),
        ((bytes, bytearray), lambda value: memoryview(value).tobytes()),
        (datetime, datetime.isoformat),
        (date, date.isoformat),
        (time, time.isoformat),
        (UUID, UUID.__str__),
        (Decimal, Decimal.__str__),
        (PurePath, PurePath.__str__),
    )
