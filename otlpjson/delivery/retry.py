# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How long to wait before the next try, and when to give up."""

from __future__ import annotations

from typing import Final

__all__ = ["delay_s"]

_FIRST_S: Final = 1.0
# A server that is up again gets what waits within this time.
_CAP_S: Final = 10.0
# 2**16 s is far above the cap; without a limit the power overflows a float after 1,024 attempts.
_MAX_DOUBLINGS: Final = 16


def delay_s(attempt: int, *, retry_after_s: float, jitter: float, left_s: float) -> float | None:
    """
    Seconds to wait after a failed attempt, or ``None`` to give up.

    Exponential with full jitter: up to 1 s after the first attempt, then up to 2, 4, … and
    never more than 10 s; longer only if the server asks for it.

    Args:
        attempt: The number of failed attempts, from 1.

        retry_after_s: Seconds that the server asked for, or 0.

        jitter: A random number from 0 up to 1.

        left_s: Seconds that are left in all; the last try comes at their end.
    """
    ceiling = min(_CAP_S, _FIRST_S * 2 ** min(attempt - 1, _MAX_DOUBLINGS))
    # A server that asks for less than the backoff gets the backoff: many clients got the same answer.
    wait = max(ceiling * jitter, retry_after_s)
    # Not "left_s <= retry_after_s", which is false for nan.
    return min(wait, left_s) if retry_after_s < left_s else None
