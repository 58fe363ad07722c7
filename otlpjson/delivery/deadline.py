# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The deadline of one request, shared by all of its phases."""

from __future__ import annotations

import time

__all__ = ["Deadline"]


class Deadline:
    """
    A moment that lies so many seconds ahead.

    Args:
        seconds: From now, on a clock that only runs forward.
    """

    def __init__(self, seconds: float) -> None:
        self._at_s = time.monotonic() + seconds

    def left_s(self) -> float:
        """
        The seconds that are left, more than 0.

        Raises:
            TimeoutError: None are.
        """
        left_s = self._at_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s
