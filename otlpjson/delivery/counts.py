# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What became of all spans of one destination: the ledger in which none is missing."""

from __future__ import annotations

import attrs

from .outcome import Outcome

__all__ = ["Counts"]


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
