# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Compact JSON text of any value: the form in which OpenRouter sends lists and objects as attributes."""

from __future__ import annotations

import base64
import json
import math
from contextlib import suppress
from typing import Any, Final

from ..core.attributes import Attributes, AttributeValue

__all__ = ["compact", "is_deep"]

# The json module of some Pythons can write deeper values, that of others cannot.
_MAX_DEPTH: Final = 200
_CONTAINERS: Final = (dict, list, tuple)
_MANY: Final = 64
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def compact(value: Any) -> str:
    """
    The value as JSON text without white space, members in their own order; never raises.

    A value that JSON cannot hold, or that is nested more than 200 deep, is first converted as
    an attribute value would be; see ``core.attributes``. In it, bytes are written as base64, and
    NaN and the infinities as the texts of ProtoJSON, such as ``"NaN"``.
    """
    # Most values are plain JSON, which needs no conversion.
    if not is_deep(value):
        with suppress(TypeError, ValueError):
            return _ENCODER.encode(value)
    return _ENCODER.encode(_plain(Attributes({"value": value})["value"]))


def is_deep(value: Any) -> bool:
    """Whether lists and objects are nested more than 200 deep in the value."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(_MAX_DEPTH):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, _CONTAINERS)
        ]
        if not level:
            return False
        if len(level) > _MANY:
            # One that is in several places is looked into once per level: they would double at each.
            level = list({id(item): item for item in level}.values())
    return True


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
