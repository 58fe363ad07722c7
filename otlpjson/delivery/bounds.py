# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The check of a class whose fields are all bounds: sizes, counts and times that cannot be negative."""

from __future__ import annotations

from typing import Any

import attrs

from ..errors import InvalidValue, describe

__all__ = ["check_bounds"]


def check_bounds(bounds: Any) -> None:
    """
    Refuses a field of an attrs class that is no bound.

    Fields whose name ends in ``_s`` are seconds, for ever (``inf``) included; all others are whole numbers.

    Raises:
        InvalidValue: The first field that is negative, not a number, or of another type.
    """
    for field in attrs.fields(type(bounds)):
        value = getattr(bounds, field.name)
        in_seconds = field.name.endswith("_s")
        kinds = (int, float) if in_seconds else (int,)
        if type(value) not in kinds or not value >= 0:
            expected = "seconds, 0 or more" if in_seconds else "a whole number, 0 or more"
            raise InvalidValue(f"{type(bounds).__name__}.{field.name}", expected, describe(value))
