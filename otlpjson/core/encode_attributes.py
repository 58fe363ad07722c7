# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Attributes to the KeyValues and AnyValues of OTLP/JSON.

``quote`` is what surrounds the digits of an ``intValue``: a quotation mark, or nothing for
numbers as OpenRouter sends them.
"""

from __future__ import annotations

import base64
import math
from functools import lru_cache, partial
from json.encoder import encode_basestring_ascii as _text
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Callable, Final

from .attributes import Attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .attributes import AttributeValue

__all__ = ["key_values"]

_FORMS_REMEMBERED: Final = 256

_Writer = Callable[[Any], str]


def key_values(attributes: Attributes, quote: str) -> str:
    """The KeyValues of attributes that are not empty: their form, filled with the values."""
    values = attributes.raw
    pieces, writers = _form(tuple(values), tuple(map(type, values.values())), quote)
    filled = pieces.copy()
    filled[1::2] = [write(value) for write, value in zip(writers, values.values())]
    return "".join(filled)


@lru_cache(maxsize=_FORMS_REMEMBERED)
def _form(
    keys: tuple[str, ...], kinds: tuple[type, ...], quote: str
) -> tuple[list[str], tuple[_Writer, ...]]:
    """
    The text around the values of attributes with these keys and types, and their writers.

    Every second piece is the place of a value. The list must not be changed.
    """
    # Spans of one kind have the same keys and types, so their form is made once.
    pieces: list[str] = []
    writers = []
    closing = "["
    for key, kind in zip(keys, kinds):
        opening, writer, ending = _MEMBERS[quote][kind]
        pieces += (f'{closing}{{"key":{_text(key)},"value":{{{opening}', "")
        writers.append(writer)
        closing = f"{ending}}}}},"
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


def _array(values: tuple[AttributeValue, ...], quote: str) -> str:
    members = _MEMBERS[quote]
    parts = (members[type(value)] for value in values)
    items = [f"{{{opening}{write(value)}{ending}}}" for value, (opening, write, ending) in zip(values, parts)]
    return f'"values":[{",".join(items)}]'


def _map(attributes: Attributes, quote: str) -> str:
    # Written even if it is empty: the reader in Rust (opentelemetry-proto) refuses a body without it.
    return f'"values":{key_values(attributes, quote)}' if attributes else '"values":[]'


def _members(quote: str) -> Mapping[type, tuple[str, _Writer, str]]:
    return MappingProxyType(
        {
            str: ('"stringValue":', _text, ""),
            bool: ('"boolValue":', {True: "true", False: "false"}.__getitem__, ""),
            int: (f'"intValue":{quote}', repr, quote),
            float: ('"doubleValue":', _double, ""),
            bytes: ('"bytesValue":"', _base64, '"'),
            tuple: ('"arrayValue":{', partial(_array, quote=quote), "}"),
            Attributes: ('"kvlistValue":{', partial(_map, quote=quote), "}"),
            type(None): ("", "".format, ""),
        }
    )


_MEMBERS: Final = MappingProxyType({quote: _members(quote) for quote in ('"', "")})
"""
By quote and type the AnyValue's member: the text before the value, its writer, the text after it.

A member is written even if it is empty, zero or false (ENC-1); ``None`` has no member.
"""
