# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Times as whole nanoseconds since 1970-01-01 UTC, read exactly from RFC 3339 text, numbers or datetimes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from ..core.errors import InvalidDocument
from ..core.integers import NANOSECONDS
from .document import found

__all__ = ["LATEST_NS", "after", "nanoseconds"]

LATEST_NS: Final = NANOSECONDS.high
"""The latest time that a span can hold, in July 2554."""
# datetime.fromisoformat of Python 3.9 reads neither Z nor nanoseconds.
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)"  # date, and hours, minutes, seconds
    r"(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",  # a fraction, and an offset
    re.ASCII,
)
_DECIMAL: Final = re.compile(r"\d{1,20}", re.ASCII)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
# In March 1973. A smaller number of today counts seconds, milliseconds or microseconds.
_EARLIEST_NS: Final = 10**17
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Up to which number each unit is meant, for times between 1973 and 5138.
_UNITS: Final = ((10**11, "seconds"), (10**14, "milliseconds"), (_EARLIEST_NS, "microseconds"))
_EXPECTED: Final = "RFC 3339 text with an offset, such as 2026-02-13T18:00:00Z, or nanoseconds since 1970"


def nanoseconds(value: object, path: str) -> int:
    """
    A time in nanoseconds since 1970-01-01 UTC, 0 to 2**64 - 1.

    Args:
        value:
            RFC 3339 text with ``Z`` or an offset; a datetime with a time zone; or nanoseconds as a
            whole number or as decimal text. Digits beyond nanoseconds are dropped.

        path: The value's place in the record, for the error.

    Raises:
        InvalidDocument:
            The value is neither, is before 1970 or after 2554, or is a number too small to be
            nanoseconds.
    """
    if isinstance(value, str):
        match = _RFC_3339.fullmatch(value.strip())
        moment = _moment(match) if match else None
        if moment is None and _DECIMAL.fullmatch(value.strip()):
            moment = _whole(int(value), path)
    elif isinstance(value, datetime):
        moment = _of_datetime(value, path)
    else:
        moment = (
            _whole(value, path) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        )
    if moment is None or not NANOSECONDS.low <= moment <= NANOSECONDS.high:
        raise InvalidDocument(path, _EXPECTED, found(value))
    return moment


def after(start_ns: int, milliseconds: float) -> int:
    """
    A time some milliseconds later, in nanoseconds; ``milliseconds`` may be negative.

    A result beyond ``LATEST_NS`` is not exact.
    """
    # An infinite float cannot become a whole number.
    beyond = LATEST_NS + 1
    return start_ns + round(max(-beyond, min(milliseconds * 1_000_000, beyond)))


def _whole(number: int | float, path: str) -> int | None:
    if 0 <= number < _EARLIEST_NS:
        unit = next(unit for limit, unit in _UNITS if number < limit)
        raise InvalidDocument(
            path, "nanoseconds since 1970, 19 digits", f"{found(number)}; are these {unit}?"
        )
    # A float of this size is not exact.
    return number if isinstance(number, int) else None


def _of_datetime(moment: datetime, path: str) -> int:
    # Without a time zone, nobody knows which moment it is.
    if moment.utcoffset() is None:
        raise InvalidDocument(path, "a datetime with a time zone", "one without")
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def _moment(match: re.Match[str]) -> int | None:
    day, hours, minutes, seconds, fraction, sign, offset_hours, offset_minutes = match.groups()
    try:
        days = date.fromisoformat(day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    # Second 60, a leap second, is counted as the first second of the next minute, as in POSIX.
    moment_s = days * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    if sign is not None:
        offset_s = int(offset_hours) * 3600 + int(offset_minutes) * 60
        moment_s += offset_s if sign == "-" else -offset_s
    return moment_s * 10**9 + (int(fraction[:9].ljust(9, "0")) if fraction else 0)
