# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The counts of a spool: spans by destination and by what happened to them, over all processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from ..ledger import Counts, Settled
from ..outcome import OutcomeKind
from .schema import QUARANTINED, WAITING

__all__ = ["DROPPED", "RECORDED", "changes", "count", "counts", "delivered", "sum_of"]

RECORDED: Final = "recorded"
DROPPED: Final = "dropped "
"""How the names of counts begin that are followed by a reason."""

_DELIVERED: Final = "delivered"
_UNCONFIRMED: Final = "unconfirmed"
_REJECTED: Final = "rejected"


def count(sql: sqlite3.Connection, destination: int, changes: Iterable[tuple[str, int]]) -> None:
    """Adds to the counts of a destination."""
    sql.executemany(
        "INSERT INTO count VALUES (?, ?, ?) "
        "ON CONFLICT (destination, name) DO UPDATE SET value = value + excluded.value",
        [(destination, name, spans) for name, spans in changes if spans],
    )


def delivered(answer: Settled, spans: int) -> list[tuple[str, int]]:
    """What is added when so many spans were delivered with this answer."""
    # A server may claim to have rejected more spans than it was sent.
    rejected = min(answer.outcome.rejected_spans, spans)
    unconfirmed = spans if answer.outcome.kind is OutcomeKind.UNCONFIRMED else 0
    return [(_DELIVERED, spans - rejected), (_REJECTED, rejected), (_UNCONFIRMED, unconfirmed)]


def counts(sql: sqlite3.Connection, destination: int) -> Counts:
    """The counts of a destination."""
    names = dict(sql.execute("SELECT name, value FROM count WHERE destination = ?", (destination,)))
    held = dict(
        sql.execute("SELECT state, sum(spans) FROM item WHERE destination = ? GROUP BY state", (destination,))
    )
    return Counts(
        delivered=names.get(_DELIVERED, 0),
        unconfirmed=names.get(_UNCONFIRMED, 0),
        rejected=names.get(_REJECTED, 0),
        quarantined=held.get(QUARANTINED, 0),
        dropped={
            name[len(DROPPED) :]: value for name, value in sorted(names.items()) if name.startswith(DROPPED)
        },
        pending=held.get(WAITING, 0),
    )


def changes(counts: Counts) -> list[tuple[str, int]]:
    """What is added for spans that were settled in memory."""
    dropped = [(f"{DROPPED}{reason}", spans) for reason, spans in counts.dropped.items()]
    over = counts.delivered + counts.rejected + sum(counts.dropped.values())
    return [
        (RECORDED, over),
        (_DELIVERED, counts.delivered),
        (_REJECTED, counts.rejected),
        (_UNCONFIRMED, counts.unconfirmed),
        *dropped,
    ]


def sum_of(one: Counts, other: Counts) -> Counts:
    """Both together."""
    reasons = {**one.dropped, **other.dropped}
    return Counts(
        delivered=one.delivered + other.delivered,
        unconfirmed=one.unconfirmed + other.unconfirmed,
        rejected=one.rejected + other.rejected,
        quarantined=one.quarantined + other.quarantined,
        dropped={reason: one.dropped.get(reason, 0) + other.dropped.get(reason, 0) for reason in reasons},
        pending=one.pending + other.pending,
    )
