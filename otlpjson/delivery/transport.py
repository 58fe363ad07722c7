# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A sender that can be closed: from then on nothing is sent, nobody waits, and no time is left."""

from __future__ import annotations

import threading
import time
from typing import Final, Protocol

from .outcome import Outcome, OutcomeKind

__all__ = ["RESTLESS_S", "Channel", "Gate", "Transport"]

RESTLESS_S: Final = 0.2
"""How long a wait may be while the exporter is being closed."""

_UNSENT: Final = Outcome(kind=OutcomeKind.UNREACHABLE, message="closed before it was sent")


class Channel(Protocol):
    """What the worker needs of a ``Sender``."""

    def send(self, body: bytes) -> Outcome:
        """One POST."""

    def now_s(self) -> float:
        """Seconds on a clock that is never set."""

    def jitter(self) -> float:
        """A random number from 0 up to 1."""

    def close(self) -> None:
        """Ends the connection."""


class Gate:
    """
    The channel as the loop sees it.

    Args:
        channel: What sends, usually a ``Sender``.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._closing = threading.Event()
        self._close_at_s = float("inf")
        self._ended = False
        self._why = _UNSENT

    def close_at(self, moment_s: float) -> None:
        """From this moment on nothing is sent; until then nobody waits long."""
        self._close_at_s = min(self._close_at_s, moment_s)
        self._closing.set()

    def closed(self) -> bool:
        """Whether the moment has come."""
        return time.monotonic() >= self._close_at_s

    def close(self) -> None:
        """Ends the connection, once."""
        if not self._ended:
            self._ended = True
            self._channel.close()

    def send(self, body: bytes) -> Outcome:
        """One POST; once it is closed, why there was none."""
        if self.closed():
            return self._why
        outcome = self._channel.send(body)
        may_heal = outcome.kind in (OutcomeKind.TRY_LATER, OutcomeKind.UNREACHABLE)
        self._why = outcome if may_heal else _UNSENT
        return outcome

    def now_s(self) -> float:
        """Seconds; none are left once it is closed."""
        return float("inf") if self.closed() else self._channel.now_s()

    def sleep(self, seconds: float) -> None:
        """Waits; while it is being closed hardly longer than the server asks, or not at all if in vain."""
        begun_s = time.monotonic()
        if self._closing.wait(seconds):
            now_s = time.monotonic()
            wait_s = max(min(seconds, RESTLESS_S), begun_s + self._why.retry_after_s - now_s)
            if now_s + wait_s < self._close_at_s:
                time.sleep(wait_s)
            else:
                self.close_at(now_s)

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
        return self._channel.jitter()


class Transport(Protocol):
    """What the loop needs of the world; ``Sender`` has it, tests bring their own."""

    def send(self, body: bytes) -> Outcome:
        """One POST."""

    def now_s(self) -> float:
        """Seconds on a clock that is never set."""

    def sleep(self, seconds: float) -> None:
        """Waits."""

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
