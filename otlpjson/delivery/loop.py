# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The delivery loop: fills bodies, sends, waits, splits and bisects until every entry has its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ..core.bodies import Body, Entry, fill
from .ledger import Counts, Fate, Settled
from .limits import DEFAULT_LIMITS, Limits
from .outcome import Outcome, OutcomeKind
from .retry import delay_s
from .transport import Transport

__all__ = ["deliver", "settle"]

_ABOVE_HARD_LIMIT: Final = "above the hard size limit"
_WAIT: Final = frozenset({OutcomeKind.TRY_LATER, OutcomeKind.UNREACHABLE})
_SPLIT: Final = frozenset({OutcomeKind.TOO_LARGE, OutcomeKind.REJECTED})
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


def settle(entries: Iterable[Entry], transport: Transport, limits: Limits) -> Iterator[Settled]:
    """As ``deliver``, step by step: entries as soon as their fate is known, in order, each exactly once."""
    loop = _Loop(transport=transport, limits=limits, max_bytes=limits.max_body_bytes)
    for body in fill(entries, limits.max_body_bytes):
        yield from loop.settle(body)


@attrs.define(kw_only=True)
class _Loop:
    """
    A running delivery.

    Attributes:
        transport, limits: As for ``settle``.

        max_bytes: The largest body that the server is known to accept, at most that of ``limits``.

        given_up: The outcome for which sending was given up; ``None`` while it goes on.
    """

    transport: Transport
    limits: Limits
    max_bytes: int
    given_up: Outcome | None = None

    def settle(self, whole: Body) -> Iterator[Settled]:
        # Depth first, so that entries settle in order: the front is split, the rest waits.
        waiting = [whole]
        while waiting:
            body = waiting.pop(0)
            # Filled before the server's limit was known.
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


def _fate(outcome: Outcome) -> Fate:
    if outcome.delivered:
        return Fate.DELIVERED
    return Fate.PENDING if outcome.kind in _GIVE_UP else Fate.QUARANTINED
