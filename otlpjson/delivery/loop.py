# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The delivery loop: fills bodies, sends, waits, splits and bisects until every entry has its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ..core.bodies import Body, fill
from ..core.entry import Entry
from .ledger import Counts, Fate, Settled
from .limits import DEFAULT_LIMITS, Limits
from .outcome import Outcome, OutcomeKind
from .retry import delay_s
from .transport import Transport

__all__ = ["Learned", "Loop", "deliver", "settle", "settle_bodies"]

_ABOVE_HARD_LIMIT: Final = "above the hard size limit"
_WAIT: Final = frozenset({OutcomeKind.TRY_LATER, OutcomeKind.UNREACHABLE})
_SPLIT: Final = frozenset({OutcomeKind.TOO_LARGE, OutcomeKind.REJECTED})
_TOO_MANY_REQUESTS: Final = 429
_RATES_BEFORE_HALVING: Final = 3
# A bad entry among good ones is found by halving. After so many bad ones in a row each delivery asks with
# one entry whether the server still refuses it, and all others stay pending.
_MAX_REFUSED: Final = 32
# What follows would meet the same fate, so the rest stays pending.
_GIVE_UP: Final = _WAIT | {OutcomeKind.MISCONFIGURED}


def deliver(entries: Iterable[Entry], transport: Transport, limits: Limits = DEFAULT_LIMITS) -> Counts:
    """
    Sends all entries and counts every span by what happened to it. Never raises for a network or a server.

    Args:
        entries: Sent in order; read only when they are needed, so an endless stream is possible.

        transport: A ``Sender``; it stays open.

        limits: When to split and when to give up.
    """
    counts = Counts()
    for settled in settle(entries, transport, limits):
        counts.add(settled)
    return counts


@attrs.define(kw_only=True)
class Learned:
    """
    What is known of a server from earlier deliveries; changed by each of them.

    Attributes:
        max_bytes: The size that bodies must not exceed, as far as is known.

        refused: The number of entries that it refused one by one since it last accepted something.
    """

    max_bytes: float = float("inf")
    refused: int = 0

    @property
    def refuses_everything(self) -> bool:
        """Whether it has refused so many that looking for a bad one among good ones is no use."""
        return self.refused >= _MAX_REFUSED


def settle(
    entries: Iterable[Entry], transport: Transport, limits: Limits, learned: Learned | None = None
) -> Iterator[Settled]:
    """
    As ``deliver``, step by step: entries as soon as their fate is known, in order, each exactly once.

    Args:
        entries, transport, limits: As for ``deliver``.

        learned: What earlier deliveries to the same server found out; this one adds to it.
    """
    return settle_bodies(fill(entries, limits.max_body_bytes), transport, limits, learned)


def settle_bodies(
    bodies: Iterable[Body], transport: Transport, limits: Limits, learned: Learned | None = None
) -> Iterator[Settled]:
    """As ``settle``, for entries that are in bodies already, which are split only if the server wants it."""
    loop = Loop(transport=transport, limits=limits, learned=learned or Learned())
    for body in bodies:
        yield from loop.settle(body)


@attrs.define(kw_only=True)
class Loop:
    """
    A running delivery.

    Attributes:
        transport, limits, learned: As for ``settle``.

        given_up: The outcome for which sending was given up; ``None`` while it goes on.
    """

    transport: Transport
    limits: Limits
    learned: Learned
    given_up: Outcome | None = None

    def settle(self, whole: Body) -> Iterator[Settled]:
        """The entries of a body, as ``settle`` gives them."""
        # Depth first, so that entries settle in order: the front is split, the rest waits.
        waiting = [whole]
        while waiting:
            body = waiting.pop(0)
            # Filled before the server's limit was known.
            if len(body.data) > self.learned.max_bytes and len(body.entries) > 1:
                waiting[:0] = fill(body.entries, int(self.learned.max_bytes))
                continue
            if self.learned.refuses_everything and self.given_up is None and len(body.entries) > 1:
                # One entry is enough to ask whether that is over.
                waiting[:0] = (Body(entries=body.entries[:1]), Body(entries=body.entries[1:]))
                continue
            outcome = self.outcome(body)
            halves = self.halves(body, outcome)
            if halves:
                waiting[:0] = halves
                continue
            yield Settled(entries=body.entries, fate=self.fate(outcome), outcome=outcome)

    def halves(self, body: Body, outcome: Outcome) -> tuple[Body, ...]:
        """The parts in which to send a body again; none if this outcome is the last."""
        if outcome is self.given_up or len(body.entries) == 1:
            return ()
        if outcome.kind not in _SPLIT and not _is_rate(outcome):
            return ()
        halves = body.halves()
        if outcome.kind is OutcomeKind.TOO_LARGE:
            # Not half the bytes: the halves themselves would not fit, and lose an entry each.
            self.learned.max_bytes = max(len(half.data) for half in halves)
        return halves

    def fate(self, outcome: Outcome) -> Fate:
        """What happens to a body with its last outcome."""
        if outcome.delivered:
            self.learned.refused = 0
            return Fate.DELIVERED
        if outcome is self.given_up:
            return Fate.PENDING
        if outcome.kind is OutcomeKind.REJECTED:
            self.learned.refused += 1
            if self.learned.refuses_everything:
                self.given_up = outcome
        return Fate.QUARANTINED

    def outcome(self, body: Body) -> Outcome:
        """The outcome of the last try, or the one for which sending was given up before."""
        if self.given_up is not None:
            return self.given_up
        if len(body.data) > self.limits.hard_max_body_bytes:
            return Outcome(kind=OutcomeKind.TOO_LARGE, message=_ABOVE_HARD_LIMIT)
        attempt, start_s = 0, self.transport.now_s()
        while True:
            attempt += 1
            outcome = self.transport.send(body.data)
            if outcome.kind not in _WAIT:
                break
            # A burst that is larger than the server's whole budget never fits, however long it waits.
            if _is_rate(outcome) and attempt == _RATES_BEFORE_HALVING and len(body.entries) > 1:
                return outcome
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


def _is_rate(outcome: Outcome) -> bool:
    return outcome.kind is OutcomeKind.TRY_LATER and outcome.status == _TOO_MANY_REQUESTS
