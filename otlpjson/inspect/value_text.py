# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The value of an attribute, with its type, and the kind of a span as texts for people."""

from __future__ import annotations

import json

from ..core.attributes import Attributes, AttributeValue
from ..core.model import SpanKind

__all__ = ["kind_text", "typed_text"]


def kind_text(kind: int) -> str:
    """``client``, and so on; one that OTLP does not define as its number."""
    return kind.name.lower() if isinstance(kind, SpanKind) else str(kind)


def typed_text(value: AttributeValue) -> tuple[str, str]:
    """A value's type, such as ``text`` or ``int``, and its text; strings are without quotes."""
    if value is None:
        return "empty", ""
    if isinstance(value, str):
        return "text", value
    # Before int, because a bool is an int.
    if isinstance(value, bool):
        return "bool", _nested(value)
    if isinstance(value, (int, float)):
        return "int" if isinstance(value, int) else "double", _nested(value)
    if isinstance(value, bytes):
        return "bytes", value.hex()
    return "map" if isinstance(value, Attributes) else "array", _nested(value)


def _nested(value: AttributeValue) -> str:
    """A value inside an array or a map: like JSON, with bytes as hex digits after ``0x``."""
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_nested, value))}]"
    if isinstance(value, Attributes):
        return f"{{{', '.join(f'{_nested(key)}: {_nested(item)}' for key, item in value.items())}}}"
    # Readable; what the output's encoding lacks is escaped when it is drawn.
    return json.dumps(value, ensure_ascii=False)
