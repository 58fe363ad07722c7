# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What became of all spans of one destination: the ledger in which none is missing."""

from __future__ import annotations

from collections import deque
from enum import Enum

import attrs

from ..core.bodies import Entry
from .outcome import Outcome, OutcomeKind

__all__ = ["Counts", "Fate", "Report", "Settled"]


@attrs.frozen(kw_only=True)
class Counts:
    """
    What became of all spans of one destination, at one moment.

    Attributes:
        delivered, unconfirmed, rejected, quarantined: As in ``Report``.

        dropped: Spans that were never queued, by reason.

        pending: Queued, or under way.

        last: The latest outcome that was no plain success, or ``None``.
    """

    delivered: int = 0
    unconfirmed: int = 0
    rejected: int = 0
    quarantined: int = 0
    dropped: dict[str, int] = attrs.field(factory=dict)
    pending: int = 0
    last: Outcome | None = None

    @property
    def recorded(self) -> int:
        """How many spans there were."""
        known = self.delivered + self.rejected + self.quarantined + self.pending
        return known + sum(self.dropped.values())


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
