# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Attributes to the KeyValues and AnyValues of OTLP/JSON, in a notation."""

from __future__ import annotations

import base64
import math
from functools import lru_cache, partial
from json.encoder import encode_basestring_ascii
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, Final

import attrs

from .attributes import Attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .attributes import AttributeValue

__all__ = ["ESCAPED", "Escape", "Member", "Notation", "key_values", "member_of", "notation"]

Escape = Callable[[str], str]
"""Writes a text as JSON, with its quotation marks."""

ESCAPED: Final[Escape] = encode_basestring_ascii
"""In ASCII, by the function in C that ``json`` uses."""

Member = tuple[str, Callable[[Any], str], str]
"""The text before a value, its writer, and the text after it."""

_FORMS_REMEMBERED: Final = 256
_NOTATIONS_REMEMBERED: Final = 8


@attrs.frozen(eq=False)
class Notation:
    """
    How values are written. Those with equal settings are one object, so that it is a quick key.

    Attributes:
        text: Writes a text.

        values: By type, the member of an AnyValue: the text before the value, its writer, the text after it.
    """

    text: Escape
    values: Mapping[type, Member]


@lru_cache(maxsize=_NOTATIONS_REMEMBERED)
def notation(integers_as_numbers: bool = False, text: Escape = ESCAPED) -> Notation:
    """
    The notation with these settings.

    Args:
        integers_as_numbers: Write an ``intValue`` without quotation marks, as OpenRouter does.

        text: Writes a text as JSON, with its quotation marks.
    """
    quote = "" if integers_as_numbers else '"'
    values: dict[type, Member] = {}
    written = Notation(text, MappingProxyType(values))
    # A member is written even if it is empty, zero or false (ENC-1); ``None`` has no member.
    values.update(
        {
            str: ('"stringValue":', text, ""),
            bool: ('"boolValue":', {True: "true", False: "false"}.__getitem__, ""),
            int: (f'"intValue":{quote}', repr, quote),
            float: ('"doubleValue":', _double, ""),
            bytes: ('"bytesValue":"', _base64, '"'),
            tuple: ('"arrayValue":{', partial(_array, written=written), "}"),
            Attributes: ('"kvlistValue":{', partial(_map, written=written), "}"),
            type(None): ("", "".format, ""),
        }
    )
    return written


def key_values(attributes: Attributes, written: Notation) -> str:
    """The KeyValues of attributes that are not empty: their form, filled with the values."""
    values = attributes._values
    pieces, writers = _form(tuple(values), tuple(map(type, values.values())), written)
    filled = pieces.copy()
    filled[1::2] = [write(value) for write, value in zip(writers, values.values())]
    return "".join(filled)


def member_of(key: str, kind: type, written: Notation) -> Member:
    """The KeyValue of a key and a type of value: the text before the value, its writer, the text after it."""
    opening, write, ending = written.values[kind]
    return f'{{"key":{ESCAPED(key)},"value":{{{opening}', write, f"{ending}}}}}"


@lru_cache(maxsize=_FORMS_REMEMBERED)
def _form(
    keys: tuple[str, ...], kinds: tuple[type, ...], written: Notation
) -> tuple[list[str], tuple[Callable[[Any], str], ...]]:
    """
    The text around the values of attributes with these keys and types, and their writers.

    Every second piece is the place of a value. The list must not be changed.
    """
    # Spans of one kind have the same keys and types, so their form is made once.
    pieces: list[str] = []
    writers = []
    closing = "["
    for key, kind in zip(keys, kinds):
        opening, write, ending = member_of(key, kind, written)
        pieces += (closing + opening, "")
        writers.append(write)
        closing = f"{ending},"
    pieces.append(f"{closing[:-1]}]")
    return pieces, tuple(writers)


def _double(value: float) -> str:
    """The shortest text that reads back as the same number, or one of ProtoJSON's three words (ENC-7)."""
    if math.isfinite(value):
        return repr(value)
    return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'


def _base64(value: bytes) -> str:
    """Standard base64 with padding (ENC-6)."""
    return base64.b64encode(value).decode()


def _array(values: tuple[AttributeValue, ...], written: Notation) -> str:
    members = (written.values[type(value)] for value in values)
    items = [
        f"{{{opening}{write(value)}{ending}}}" for value, (opening, write, ending) in zip(values, members)
    ]
    return f'"values":[{",".join(items)}]'


def _map(attributes: Attributes, written: Notation) -> str:
    # Written even if it is empty: the reader in Rust (opentelemetry-proto) refuses a body without it.
    return f'"values":{key_values(attributes, written)}' if attributes else '"values":[]'
