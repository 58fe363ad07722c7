# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A transport without a network, for tests of programs that record or deliver."""

from __future__ import annotations

from typing import Callable

import attrs

from ..core.decoder import decode
from ..core.model import Span
from ..delivery.outcome import Outcome, OutcomeKind

__all__ = ["FakeTransport"]


def _accepts(body: bytes) -> Outcome:
    return Outcome(kind=OutcomeKind.ACCEPTED, status=200)


@attrs.define(kw_only=True)
class FakeTransport:
    """
    A transport whose server is a function, and whose clock moves only when it is used.

    Attributes:
        judge: The server: from a body to its outcome. Default: everything is accepted.

        jitter_is: What every random number is.

        send_s: How long each request takes.

        sent: Every body, in order.

        waits_s: Every wait, in order.

        clock_s: The time.

        closed: How often it was closed.
    """

    judge: Callable[[bytes], Outcome] = _accepts
    jitter_is: float = 0.5
    send_s: float = 0.0
    sent: list[bytes] = attrs.field(factory=list)
    waits_s: list[float] = attrs.field(factory=list)
    clock_s: float = 1000.0
    closed: int = 0

    @property
    def spans(self) -> list[Span]:
        """The spans in all bodies, in order, also in those that the server did not accept."""
        return [
            span
            for body in self.sent
            for group in decode(body).resource_spans
            for scope_spans in group.scope_spans
            for span in scope_spans.spans
        ]

    def send(self, body: bytes) -> Outcome:
        """Remembers the body and asks the server."""
        self.sent.append(body)
        self.clock_s += self.send_s
        return self.judge(body)

    def now_s(self) -> float:
        """The time on its own clock."""
        return self.clock_s

    def sleep(self, seconds: float) -> None:
        """Remembers the wait; the clock jumps."""
        self.waits_s.append(seconds)
        self.clock_s += seconds

    def jitter(self) -> float:
        """Always the same."""
        return self.jitter_is

    def close(self) -> None:
        """Counts."""
        self.closed += 1
