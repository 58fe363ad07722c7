# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The bounds of what waits for one destination."""

from __future__ import annotations

from typing import Final

import attrs

from ..bodies import MAX_BODY_BYTES
from .bounds import check_bounds

__all__ = ["DEFAULT_QUEUE", "Queue"]


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


DEFAULT_QUEUE: Final = Queue()
