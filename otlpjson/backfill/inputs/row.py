# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values of a row as another program wrote them: numbers and JSON may be text; what is empty is missing."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ...core.errors import InvalidDocument

__all__ = ["flag", "instant", "known", "number", "parsed", "whole"]


def known(members: Mapping[str, Any]) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None and value not in ("", {}, [])}


def number(value: Any) -> float | None:
    """A number, also one in text; ``None`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(value: Any) -> int | None:
    """A whole number, also one in text; ``None`` for anything else."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def flag(value: Any) -> bool | None:
    """True or false, also in text; ``None`` for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def parsed(value: Any) -> Any:
    """A JSON value, where a column holds it as text; any other text is itself."""
    if not isinstance(value, str) or value.lstrip()[:1] not in {"{", "["}:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def instant(value: Any, path: str) -> datetime | None:
    """
    A time; one without a time zone is in UTC, as databases write it. ``None`` if there is none.

    Raises:
        InvalidDocument: It is a text that is no time.
    """
    if not isinstance(value, str) or not value.strip():
        return None
    # The reader of Python before 3.11 knows neither Z nor fractions of other than three or six digits.
    text = value.strip().replace("Z", "+00:00").replace("z", "+00:00")
    whole_part, dot, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    if dot and digits:
        text = f"{whole_part}.{digits[:6].ljust(6, '0')}{rest[len(digits) :]}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidDocument(
            path, "a time such as 2026-02-13 18:00:00.123", "text of another form"
        ) from None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=timezone.utc)
