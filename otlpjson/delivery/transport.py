# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a delivery needs of a sender, and a sender that can be closed while a delivery is running."""

from __future__ import annotations

import threading
import time
from typing import Final, Protocol

from .outcome import Outcome, OutcomeKind

__all__ = ["CLOSING_WAIT_S", "ClosingTransport", "Transport"]

CLOSING_WAIT_S: Final = 0.2
"""The longest wait between two tries while the exporter is closing, unless the server asks for more."""

_UNSENT: Final = Outcome(kind=OutcomeKind.UNREACHABLE, message="closed before it was sent")


class Transport(Protocol):
    """What a delivery needs of a ``Sender``; tests bring their own, without a network or a clock."""

    def send(self, body: bytes) -> Outcome:
        """One POST."""

    def now_s(self) -> float:
        """Seconds on a clock that only runs forward."""

    def sleep(self, seconds: float) -> None:
        """Waits."""

    def jitter(self) -> float:
        """A random number from 0 up to 1."""

    def close(self) -> None:
        """Closes the connection."""


class ClosingTransport:
    """
    A transport with a closing time, after which nothing is sent and nothing waits.

    Args:
        transport: What sends, usually a ``Sender``.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._closing = threading.Event()
        self._close_at_s = float("inf")
        self._ended = False
        # What the loop gets instead of an answer once this is closed. The server's last answer
        # says more about the reason than "closed".
        self._why = _UNSENT

    def close_at(self, moment_s: float) -> None:
        """Sets the closing time, on ``time.monotonic``; until then all waits are short."""
        self._close_at_s = min(self._close_at_s, moment_s)
        self._closing.set()

    def closed(self) -> bool:
        """Whether the closing time has passed."""
        return time.monotonic() >= self._close_at_s

    def close(self) -> None:
        """Closes the connection; does nothing the second time."""
        if not self._ended:
            self._ended = True
            self._transport.close()

    def send(self, body: bytes) -> Outcome:
        """One POST; after the closing time none, and the reason instead."""
        if self.closed():
            return self._why
        outcome = self._transport.send(body)
        may_heal = outcome.kind in (OutcomeKind.TRY_LATER, OutcomeKind.UNREACHABLE)
        self._why = outcome if may_heal else _UNSENT
        return outcome

    def now_s(self) -> float:
        """Seconds; infinity after the closing time, so that the loop has no time left."""
        return float("inf") if self.closed() else self._transport.now_s()

    def sleep(self, seconds: float) -> None:
        """Waits; while closing only as long as the server asked, and not at all beyond the closing time."""
        begun_s = time.monotonic()
        if self._closing.wait(seconds):
            now_s = time.monotonic()
            # Before the server's Retry-After has passed, it would give the same answer.
            wait_s = max(min(seconds, CLOSING_WAIT_S), begun_s + self._why.retry_after_s - now_s)
            if now_s + wait_s < self._close_at_s:
                time.sleep(wait_s)
            else:
                self.close_at(now_s)

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
        return self._transport.jitter()
