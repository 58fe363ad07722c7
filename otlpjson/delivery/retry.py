# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How long to wait before the next try, or that it is over."""

from __future__ import annotations

from typing import Final

__all__ = ["delay_s"]

FIRST_S: Final = 1.0
CAP_S: Final = 60.0


def delay_s(attempt: int, *, retry_after_s: float, jitter: float, left_s: float) -> float | None:
    """
    Seconds to wait after a failed attempt, or ``None`` where that would take too long.

    Exponential with full jitter: up to 1 s after the first attempt, then up to 2, 4, … and
    never more than 60 s, also after attempt 1,100. Where the server asked for longer, that.

    Args:
        attempt: How many attempts have failed, from 1.

        retry_after_s: Seconds that the server asked for, or 0.

        jitter: A random number from 0 up to 1.

        left_s: Seconds that are left in all.
    """
    ceiling = min(CAP_S, FIRST_S * 2 ** min(attempt - 1, 16))
    wait = max(ceiling * jitter, retry_after_s)
    return wait if wait < left_s else None
