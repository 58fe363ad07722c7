# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The limits of a delivery and of the queue before it: bytes, spans and seconds."""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..core.bodies import MAX_BODY_BYTES, MAX_MESSAGE_BYTES
from ..core.errors import InvalidValue
from ..core.words import describe

__all__ = [
    "DEFAULT_LIMITS",
    "DEFAULT_QUEUE_LIMITS",
    "DEFAULT_SPOOL_LIMITS",
    "Limits",
    "QueueLimits",
    "SpoolLimits",
    "seconds",
]


# Windows waits at most 49 days.
_LONGEST_S: Final = 4_000_000.0


def seconds(path: str, value: float) -> float:
    """
    A number of seconds to wait, cut to what a lock can wait on every system.

    Raises:
        InvalidValue: It is negative, or no number.
    """
    # Not "value < 0", which is false for nan.
    if type(value) not in (int, float) or not value >= 0:
        raise InvalidValue(path, "seconds, 0 or more", describe(value))
    return min(value, _LONGEST_S)


def _is_limit(owner: object, field: attrs.Attribute[Any], value: Any) -> None:
    """Accepts seconds, ``inf`` included, for a field whose name ends in ``_s``; else a whole number."""
    in_seconds = field.name.endswith("_s")
    kinds = (int, float) if in_seconds else (int,)
    # The exact types, because a bool is an int too; and not "value < 0", which is false for nan.
    if type(value) not in kinds or not value >= 0:
        expected = "seconds, 0 or more" if in_seconds else "a whole number, 0 or more"
        raise InvalidValue(f"{type(owner).__name__}.{field.name}", expected, describe(value))


@attrs.frozen(kw_only=True)
class QueueLimits:
    """
    How much waits for one destination, and how long.

    Attributes:
        max_bytes, max_spans: Entries that would exceed either are dropped as ``queue_full``.

        quiet_s: When no entry has been added for so many seconds, those that wait are sent.

        max_age_s: Seconds that an entry waits at most for others to be sent with it.

        max_body_bytes: When this many bytes wait, they are sent at once.

        pause_s:
            Seconds without any request after a misconfiguration, such as a wrong key, or an error of
            this package.

        max_quarantine_bytes: How much of what a server refused is kept; beyond it the oldest is
            dropped as ``quarantine_full``.

    Raises:
        InvalidValue: A limit is negative or not a number.
    """

    max_bytes: int = attrs.field(default=32 * 1024 * 1024, validator=_is_limit)
    max_spans: int = attrs.field(default=50_000, validator=_is_limit)
    quiet_s: float = attrs.field(default=0.1, validator=_is_limit)
    max_age_s: float = attrs.field(default=2.0, validator=_is_limit)
    max_body_bytes: int = attrs.field(default=MAX_BODY_BYTES, validator=_is_limit)
    pause_s: float = attrs.field(default=10.0, validator=_is_limit)
    max_quarantine_bytes: int = attrs.field(default=8 * 1024 * 1024, validator=_is_limit)


@attrs.frozen(kw_only=True)
class SpoolLimits:
    """
    How much a spool keeps, and how long.

    Attributes:
        max_bytes: What would make the file larger is refused as ``queue_full``; nothing older goes for it.

        max_age_s: What was recorded longer ago is dropped as ``expired``, also if a server refused it.

    Raises:
        InvalidValue: A limit is negative or not a number.
    """

    max_bytes: int = attrs.field(default=512 * 1024 * 1024, validator=_is_limit)
    max_age_s: float = attrs.field(default=7 * 24 * 3600.0, validator=_is_limit)


@attrs.frozen(kw_only=True)
class Limits:
    """
    When a delivery splits a body, and when it gives up.

    Attributes:
        max_wait_s: Seconds for one body, waits included; after them it is not tried again.

        max_body_bytes: Bodies are filled up to this size, before compression.

        hard_max_body_bytes: A single entry above this size is never sent. Default: Grafana's limit, 15 MiB.

    Raises:
        InvalidValue: A limit is negative or not a number.
    """

    max_wait_s: float = attrs.field(default=60.0, validator=_is_limit)
    max_body_bytes: int = attrs.field(default=MAX_BODY_BYTES, validator=_is_limit)
    hard_max_body_bytes: int = attrs.field(default=MAX_MESSAGE_BYTES, validator=_is_limit)


DEFAULT_QUEUE_LIMITS: Final = QueueLimits()
DEFAULT_LIMITS: Final = Limits()
DEFAULT_SPOOL_LIMITS: Final = SpoolLimits()
