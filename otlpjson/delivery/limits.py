# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The limits of a delivery and of the queue before it: bytes, spans and seconds."""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..core.bodies import MAX_BODY_BYTES, MAX_MESSAGE_BYTES
from ..core.errors import InvalidValue
from ..core.words import describe

__all__ = ["DEFAULT_LIMITS", "DEFAULT_QUEUE_LIMITS", "Limits", "QueueLimits"]


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

        max_age_s: Seconds that an entry waits at most for others to be sent with it.

        max_body_bytes: When this many bytes wait, they are sent at once.

        pause_s: Seconds without any request after a misconfiguration, such as a wrong key.

    Raises:
        InvalidValue: A limit is negative or not a number.
    """

    max_bytes: int = attrs.field(default=32 * 1024 * 1024, validator=_is_limit)
    max_spans: int = attrs.field(default=50_000, validator=_is_limit)
    max_age_s: float = attrs.field(default=2.0, validator=_is_limit)
    max_body_bytes: int = attrs.field(default=MAX_BODY_BYTES, validator=_is_limit)
    pause_s: float = attrs.field(default=60.0, validator=_is_limit)


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
