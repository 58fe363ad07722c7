# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The ledger of one destination: every span counted by what happened to it, so that none is lost unnoticed.

    recorded = delivered + rejected + quarantined + dropped + pending
"""

from __future__ import annotations

from collections import deque
from enum import Enum

import attrs

from ..core.entry import Entry
from .outcome import Outcome, OutcomeKind

__all__ = ["Counts", "Fate", "Settled"]


class Fate(Enum):
    """What happened to an entry."""

    DELIVERED = "delivered"
    QUARANTINED = "quarantined"
    PENDING = "pending"


@attrs.frozen(kw_only=True)
class Settled:
    """
    Entries whose fate is known, and the outcome that decided it.

    Attributes:
        entries: In order; at least one.

        fate: What happened to them.

        outcome: Of the last request that carried them, or of the one after which sending was given up.
    """

    entries: tuple[Entry, ...]
    fate: Fate
    outcome: Outcome

    @property
    def span_count(self) -> int:
        """The number of spans in these entries."""
        return sum(entry.span_count for entry in self.entries)


@attrs.define(kw_only=True)
class Counts:
    """
    All spans of one destination, counted by what happened to them.

    Attributes:
        delivered: The server has them.

        unconfirmed: Those of the delivered for which the server answered 2xx, but not with OTLP's JSON.

        rejected: The server left them out of a body that it accepted.

        quarantined: The server refused them or failed on them; sending them again needs a decision.

        dropped: Never sent or no longer kept, by reason, such as ``sampled_out`` or ``queue_full``.

        pending: Not sent yet, or not sent because sending was given up. They can be sent again unchanged.

        in_memory: Those of the pending that could not be written into the spool, if there is one.

        unread:
            Records that are not mapped yet, so their spans are not known. Only ``Broadcast`` counts them.

        left_out:
            Values of the records that were left out or changed, because they could not be read.
            These are not spans. Only ``Broadcast`` counts them.

        outcomes: Each outcome other than plain success, with its number of spans; the latest 100.
    """

    delivered: int = 0
    unconfirmed: int = 0
    rejected: int = 0
    quarantined: int = 0
    dropped: dict[str, int] = attrs.field(factory=dict)
    pending: int = 0
    in_memory: int = 0
    unread: int = 0
    left_out: int = 0
    # Limited, because a server that is down for a day gives thousands of them.
    outcomes: deque[tuple[Outcome, int]] = attrs.field(
        factory=lambda: deque(maxlen=100), repr=lambda outcomes: f"<{len(outcomes)}>"
    )

    @property
    def recorded(self) -> int:
        """The number of all spans."""
        known = self.delivered + self.rejected + self.quarantined + self.pending
        return known + sum(self.dropped.values())

    @property
    def complete(self) -> bool:
        """Whether the server has every span."""
        return self.recorded == self.delivered and self.unread == 0

    @property
    def last(self) -> Outcome | None:
        """The latest outcome other than plain success."""
        return self.outcomes[-1][0] if self.outcomes else None

    def __str__(self) -> str:
        """One line, such as ``12 spans recorded: 10 delivered, 2 quarantined``."""
        noun = "span" if self.recorded == 1 else "spans"
        parts = [f"{self.delivered} delivered"]
        parts += [f"{self.unconfirmed} of them unconfirmed"] if self.unconfirmed else []
        losses = {
            "rejected": self.rejected,
            "quarantined": self.quarantined,
            **{f"dropped ({reason})": count for reason, count in self.dropped.items()},
            "pending": self.pending,
        }
        parts += [f"{count} {name}" for name, count in losses.items() if count]
        parts += [f"{self.in_memory} of them in memory alone"] if self.in_memory else []
        parts += [f"{self.unread} records not read yet"] if self.unread else []
        return f"{self.recorded} {noun} recorded: {', '.join(parts)}"

    def add(self, settled: Settled) -> None:
        """Counts entries whose fate is known."""
        spans, outcome = settled.span_count, settled.outcome
        if settled.fate is Fate.DELIVERED:
            # A server may claim to have rejected more spans than it was sent.
            rejected = min(outcome.rejected_spans, spans)
            self.rejected += rejected
            self.delivered += spans - rejected
            self.unconfirmed += spans if outcome.kind is OutcomeKind.UNCONFIRMED else 0
        elif settled.fate is Fate.QUARANTINED:
            self.quarantined += spans
        else:
            self.pending += spans
        if outcome.is_notable:
            self.outcomes.append((outcome, spans))

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""
        self.dropped[reason] = self.dropped.get(reason, 0) + spans

    def lose(self, spans: int, reason: str) -> None:
        """Counts spans that were quarantined, and are not kept any longer."""
        if spans:
            self.quarantined -= spans
            self.drop(spans, reason)

    def copy(self) -> Counts:
        """The counts at this moment; later changes do not show in it."""
        return attrs.evolve(self, dropped=dict(self.dropped), outcomes=self.outcomes.copy())
