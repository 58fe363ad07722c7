# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Any value as compact JSON text: the form in which OpenRouter sends lists and objects."""

from __future__ import annotations

import base64
import json
import math
from typing import Any, Final

from ..attributes import Attributes, AttributeValue

__all__ = ["compact"]

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def compact(value: Any) -> str:
    """
    The value as JSON without white space, in its own order; never raises.

    What JSON has no form for is written as an attribute of that value would be: see
    ``otlpjson.attributes``. Bytes become base64, NaN and the infinities their ProtoJSON words.
    """
    try:
        return _ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError):
        return _ENCODER.encode(_plain(Attributes({"value": value})["value"]))


def _plain(value: AttributeValue) -> Any:
    if isinstance(value, Attributes):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
