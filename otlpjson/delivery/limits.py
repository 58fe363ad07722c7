# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The bounds of what waits for one destination."""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..core.bodies import MAX_BODY_BYTES, MAX_MESSAGE_BYTES
from ..core.errors import InvalidValue
from ..core.words import describe

__all__ = ["DEFAULT_LIMITS", "DEFAULT_QUEUE", "Limits", "Queue", "check_bounds"]


@attrs.frozen(kw_only=True)
class Queue:
    """
    How much waits, and how long.

    Attributes:
        max_bytes, max_spans: What is over either is dropped as ``queue_full``.

        max_age_s: An entry waits at most so long for others to travel with.

        max_body_bytes: So many bytes travel at once without waiting.

        pause_s: After a misconfiguration, such as a wrong key, nothing is sent for so long.

    Raises:
        InvalidValue: A bound that is negative or no number.
    """

    max_bytes: int = 32 * 1024 * 1024
    max_spans: int = 50_000
    max_age_s: float = 2.0
    max_body_bytes: int = MAX_BODY_BYTES
    pause_s: float = 60.0

    def __attrs_post_init__(self) -> None:
        check_bounds(self)


@attrs.frozen(kw_only=True)
class Limits:
    """
    When to split and when to give up.

    Attributes:
        max_wait_s: Seconds that one body is tried for; after them nothing is tried again.

        max_body_bytes: Bodies are filled up to this, before compression.

        hard_max_body_bytes: A single entry that is larger is never sent; Grafana's limit.

    Raises:
        InvalidValue: A bound that is negative or no number.
    """

    max_wait_s: float = 60.0
    max_body_bytes: int = MAX_BODY_BYTES
    hard_max_body_bytes: int = MAX_MESSAGE_BYTES

    def __attrs_post_init__(self) -> None:
        check_bounds(self)


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


DEFAULT_QUEUE: Final = Queue()
DEFAULT_LIMITS: Final = Limits()
