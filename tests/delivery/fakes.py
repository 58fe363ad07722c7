# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Transports without a network: one that hands out what it was given, one that judges bodies by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from otlpjson.core.bodies import Entry, join
from otlpjson.delivery import Outcome, OutcomeKind

__all__ = ["FakeTransport", "entries_of", "entry", "rules", "scripted"]

Judge = Callable[[bytes], Outcome]


@attrs.define(kw_only=True)
class FakeTransport:
    """
    A transport whose server is a function and whose clock moves only when it is used.

    Attributes:
        judge: The server: a body to its outcome.

        jitter_is: What every random number is.

        send_s: How long each request takes.

        sent: Every body, in order.

        waits_s: Every wait, in order.

        clock_s: The time.

        closed: How often it was closed.
    """

    judge: Judge
    jitter_is: float = 0.5
    send_s: float = 0.0
    sent: list[bytes] = attrs.field(factory=list)
    waits_s: list[float] = attrs.field(factory=list)
    clock_s: float = 1000.0
    closed: int = 0

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


def scripted(*outcomes: Outcome) -> Judge:
    """A server that gives these outcomes, one after another; asking for more fails the test."""
    waiting = iter(outcomes)

    def judge(body: bytes) -> Outcome:
        return next(waiting)

    return judge


def rules(*, max_bytes: int = 10**9, poison: bytes = b"no such text") -> Judge:
    """A server that refuses bodies above a size, and otherwise those that hold a text."""

    def judge(body: bytes) -> Outcome:
        if len(body) > max_bytes:
            return Outcome(kind=OutcomeKind.TOO_LARGE, status=413)
        if poison in body:
            return Outcome(kind=OutcomeKind.REJECTED, status=400)
        return Outcome(kind=OutcomeKind.ACCEPTED, status=200)

    return judge


def entry(text: str, *, spans: int = 1) -> Entry:
    """An entry of so many spans that holds a text."""
    return Entry(data=f'{{"schemaUrl":"{text}"}}'.encode(), span_count=spans)


def entries_of(body: bytes, known: Iterable[Entry]) -> tuple[Entry, ...]:
    """Which of the known entries a body holds; they must be all of it, in order."""
    found = tuple(item for item in known if item.data in body)
    if join(found) != body:
        raise AssertionError(f"the body holds something else than {found}: {body!r}")
    return found
