# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies sent at a rate that a destination accepts."""

from __future__ import annotations

import threading

from .outcome import Outcome
from .transport import Transport

__all__ = ["Pace", "PacedTransport"]


class Pace:
    """
    A rate that several transports share.

    Args:
        bytes_per_s: Of bodies, before compression.
    """

    def __init__(self, bytes_per_s: float) -> None:
        self._bytes_per_s = bytes_per_s
        self._lock = threading.Lock()
        self._free_s = 0.0

    def wait_s(self, size: int, now_s: float) -> float:
        """How long a body has to wait; the next one waits for it, too."""
        with self._lock:
            begin_s = max(now_s, self._free_s)
            self._free_s = begin_s + size / self._bytes_per_s
        return begin_s - now_s


class PacedTransport:
    """
    A transport that waits before it sends.

    Args:
        transport: What sends, usually a ``Sender``.

        pace: How fast.
    """

    def __init__(self, transport: Transport, pace: Pace) -> None:
        self._transport = transport
        self._pace = pace

    def send(self, body: bytes) -> Outcome:
        """One POST, when it is due."""
        wait_s = self._pace.wait_s(len(body), self._transport.now_s())
        if wait_s > 0:
            self._transport.sleep(wait_s)
        return self._transport.send(body)

    def now_s(self) -> float:
        """Seconds on a clock that only runs forward."""
        return self._transport.now_s()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        self._transport.sleep(seconds)

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
        return self._transport.jitter()

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()
