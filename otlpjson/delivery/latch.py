# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A latch: threads wait until another one opens it."""

from __future__ import annotations

from threading import Lock

__all__ = ["Latch"]


class Latch:
    """
    Opened once, by any thread.

    Unlike ``threading.Event`` it has no lock of its own that a waiting thread holds for a moment: a
    signal handler that interrupts a thread in that moment and waits too would stop whoever opens both.

    Attributes:
        is_open: Whether it was opened.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._closed = Lock()
        self._closed.acquire()

    def open(self) -> None:
        """Lets go whoever waits."""
        if not self.is_open:
            self.is_open = True
            self._closed.release()

    def wait(self, timeout_s: float) -> bool:
        """Waits until it is open; returns whether it is."""
        if self.is_open:
            return True
        in_time = self._closed.acquire(timeout=timeout_s)
        if in_time:
            self._closed.release()
        return in_time
