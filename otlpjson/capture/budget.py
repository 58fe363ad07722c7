# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The bytes that the copies of running responses may hold: each of them, and all together."""

from __future__ import annotations

from threading import RLock

__all__ = ["Budget"]


class Budget:
    """
    A bound that copies share; may be used from any thread.

    Args:
        max_bytes: How many bytes all copies may hold together.

        max_copy_bytes: How many one of them may hold.
    """

    def __init__(self, max_bytes: int, max_copy_bytes: int) -> None:
        self.max_copy_bytes = max_copy_bytes
        self._left = max_bytes
        # Re-entrant, because a finalizer may give back in the middle of taking.
        self._lock = RLock()

    def take(self, size: int) -> bool:
        """Takes so many bytes; returns whether there were as many."""
        with self._lock:
            if size > self._left:
                return False
            self._left -= size
            return True

    def give_back(self, size: int) -> None:
        """Returns what was taken."""
        with self._lock:
            self._left += size
