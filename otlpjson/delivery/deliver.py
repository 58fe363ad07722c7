# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The loop: fill bodies, send, wait, split, bisect, until every entry has its outcome.

    recorded = delivered + rejected + quarantined + pending        counted in spans
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, Protocol

import attrs

from ..bodies import MAX_BODY_BYTES, Body, Entry, fill
from .bounds import check_bounds
from .outcome import Outcome, OutcomeKind
from .retry import delay_s

__all__ = ["Fate", "Limits", "Report", "Settled", "Transport", "deliver", "settle"]

_TOO_LARGE_FOR_US: Final = "larger than the hard limit"


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


@attrs.frozen(kw_only=True)
class Limits:
    """
    When to split and when to give up.

    Attributes:
        max_wait_s: Seconds that one body is tried for; after them nothing is tried again.

        max_body_bytes: Bodies are filled up to this, before compression.

        hard_max_body_bytes: A single entry that is larger is never sent; Grafana's limit.

    Raises:
        InvalidValue: A bound that is negative or no number.
    """

    max_wait_s: float = 60.0
    max_body_bytes: int = MAX_BODY_BYTES
    hard_max_body_bytes: int = 15 * 1024 * 1024

    def __attrs_post_init__(self) -> None:
        check_bounds(self)


class Fate(Enum):
    """What became of an entry."""

    DELIVERED = "delivered"
    QUARANTINED = "quarantined"
    PENDING = "pending"


@attrs.frozen(kw_only=True)
class Settled:
    """
    Entries whose fate is known, and the outcome it follows from.

    Attributes:
        entries: In order; at least one.

        fate: What became of them.

        outcome: Of the last request that carried them, or would have.
    """

    entries: tuple[Entry, ...]
    fate: Fate
    outcome: Outcome

    @property
    def span_count(self) -> int:
        """How many spans these entries hold."""
        return sum(entry.span_count for entry in self.entries)


@attrs.define
class Report:
    """
    What became of all spans: ``recorded = delivered + rejected + quarantined + pending``.

    Attributes:
        delivered: The server has them.

        unconfirmed: Those of the delivered for which it gave an answer that is not OTLP's.

        rejected: It left them out of a body that it accepted.

        quarantined: It refused them, or failed on them; sending them again needs a decision.

        pending: Not sent, because sending was given up. They can be sent again as they are.

        outcomes: Every outcome but plain acceptance, with its number of spans; the latest 100.
    """

    delivered: int = 0
    unconfirmed: int = 0
    rejected: int = 0
    quarantined: int = 0
    pending: int = 0
    outcomes: deque[tuple[Outcome, int]] = attrs.field(factory=lambda: deque(maxlen=100))

    @property
    def recorded(self) -> int:
        """How many spans went in."""
        return self.delivered + self.rejected + self.quarantined + self.pending

    @property
    def complete(self) -> bool:
        """Whether the server has every span."""
        return self.recorded == self.delivered

    def __str__(self) -> str:
        """One line: ``12 spans recorded: 10 delivered, 2 quarantined``."""
        noun = "span" if self.recorded == 1 else "spans"
        parts = [f"{self.delivered} delivered"]
        parts += [f"{self.unconfirmed} of them unconfirmed"] if self.unconfirmed else []
        losses = (("rejected", self.rejected), ("quarantined", self.quarantined), ("pending", self.pending))
        parts += [f"{count} {name}" for name, count in losses if count]
        return f"{self.recorded} {noun} recorded: {', '.join(parts)}"

    def add(self, settled: Settled) -> None:
        """Counts entries whose fate is known."""
        spans, outcome = settled.span_count, settled.outcome
        if settled.fate is Fate.DELIVERED:
            rejected = min(outcome.rejected_spans, spans)
            self.rejected += rejected
            self.delivered += spans - rejected
            self.unconfirmed += spans if outcome.kind is OutcomeKind.UNCONFIRMED else 0
        elif settled.fate is Fate.QUARANTINED:
            self.quarantined += spans
        else:
            self.pending += spans
        if outcome.kind is not OutcomeKind.ACCEPTED or outcome.message:
            self.outcomes.append((outcome, spans))


def deliver(entries: Iterable[Entry], transport: Transport, limits: Limits = Limits()) -> Report:
    """
    Sends all entries and says what became of each span.

    Args:
        entries: In order; taken as they are needed.

        transport: A ``Sender``.

        limits: When to split and when to give up.
    """
    report = Report()
    for settled in settle(entries, transport, limits):
        report.add(settled)
    return report


def settle(entries: Iterable[Entry], transport: Transport, limits: Limits) -> Iterator[Settled]:
    """The same step by step: entries as soon as their fate is known, in order, each exactly once."""
    loop = _Loop(transport=transport, limits=limits, max_bytes=limits.max_body_bytes)
    for body in fill(entries, limits.max_body_bytes):
        yield from loop.settle(body)


@attrs.define(kw_only=True)
class _Loop:
    """One delivery under way: what it learned, and whether it was given up."""

    transport: Transport
    limits: Limits
    max_bytes: int
    given_up: Outcome | None = None

    def settle(self, whole: Body) -> Iterator[Settled]:
        # Depth first, so that entries settle in order: the front is split, the rest waits.
        waiting = [whole]
        while waiting:
            body = waiting.pop(0)
            if len(body.data) > self.max_bytes and len(body.entries) > 1:
                waiting[:0] = fill(body.entries, self.max_bytes)
                continue
            outcome = self.outcome(body)
            if outcome.kind in _SPLIT and len(body.entries) > 1:
                halves = body.halves()
                if outcome.kind is OutcomeKind.TOO_LARGE:
                    # Not half the bytes: the halves themselves would not fit, and lose an entry each.
                    self.max_bytes = max(len(half.data) for half in halves)
                waiting[:0] = halves
                continue
            yield Settled(entries=body.entries, fate=_fate(outcome), outcome=outcome)

    def outcome(self, body: Body) -> Outcome:
        """The outcome that counts: of the last try, or the one for which sending was given up."""
        if self.given_up is not None:
            return self.given_up
        if len(body.data) > self.limits.hard_max_body_bytes:
            return Outcome(kind=OutcomeKind.TOO_LARGE, message=_TOO_LARGE_FOR_US)
        attempt, start_s = 0, self.transport.now_s()
        while True:
            attempt += 1
            outcome = self.transport.send(body.data)
            if outcome.kind not in _WAIT:
                break
            wait_s = delay_s(
                attempt,
                retry_after_s=outcome.retry_after_s,
                jitter=self.transport.jitter(),
                left_s=start_s + self.limits.max_wait_s - self.transport.now_s(),
            )
            if wait_s is None:
                break
            self.transport.sleep(wait_s)
        if outcome.kind in _GIVE_UP:
            self.given_up = outcome
        return outcome


_WAIT: Final = frozenset({OutcomeKind.TRY_LATER, OutcomeKind.UNREACHABLE})
_SPLIT: Final = frozenset({OutcomeKind.TOO_LARGE, OutcomeKind.REJECTED})
_GIVE_UP: Final = _WAIT | {OutcomeKind.MISCONFIGURED}


def _fate(outcome: Outcome) -> Fate:
    if outcome.delivered:
        return Fate.DELIVERED
    return Fate.PENDING if outcome.kind in _GIVE_UP else Fate.QUARANTINED
