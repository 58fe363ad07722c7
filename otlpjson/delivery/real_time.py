# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The clock and the chance of a transport that is no test's."""

from __future__ import annotations

import random
import time

__all__ = ["RealTime"]


class RealTime:
    """What each transport that sends for real has in common."""

    def now_s(self) -> float:
        """Seconds on a clock that only runs forward."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
        return random.random()
