# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is in a spool, as values to be shown: by destination and entry by entry, without content."""

from __future__ import annotations

import sqlite3

import attrs

from ..ledger import Counts
from . import leases, tallies
from .schema import QUARANTINED, WAITING

__all__ = ["Kept", "Stock", "entry_data", "kept", "stocks"]


@attrs.frozen(kw_only=True)
class Stock:
    """
    What a spool has for one destination.

    Attributes:
        name: The destination's.

        parked: Why nothing is sent there; ``None`` if it is.

        counts: All its spans.

        recorded: How many were ever added, counted when they were; equal to the sum of the counts.

        in_flight: How many of the pending a process is sending now.

        bytes: How many bytes are kept for it.

        oldest_ms: When the oldest of them was added, in milliseconds since 1970; ``None`` without any.

        private: Whether what is kept has no content.

        number: Its id.
    """

    name: str
    parked: str | None
    counts: Counts
    recorded: int
    in_flight: int
    bytes: int
    oldest_ms: int | None
    private: bool
    number: int = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Kept:
    """
    One entry for one destination.

    Attributes:
        number: The entry's.

        destination: The destination's name.

        state: ``pending``, ``in flight``, ``parked`` or ``quarantined``.

        reason: Why it is parked or quarantined; without the server's words, which may quote content.

        spans, bytes: How many it has.

        added_ms: When it was added, in milliseconds since 1970.
    """

    number: int
    destination: str
    state: str
    reason: str
    spans: int
    bytes: int
    added_ms: int


def stocks(sql: sqlite3.Connection) -> list[Stock]:
    """One for each destination, by name."""
    found = []
    for number, name, private, parked in sql.execute(
        "SELECT * FROM destination ORDER BY name, id"
    ).fetchall():
        size, oldest = sql.execute(
            "SELECT coalesce(sum(bytes), 0), min(entry) FROM item WHERE destination = ?", (number,)
        ).fetchone()
        added = sql.execute("SELECT added_ms FROM entry WHERE id = ?", (oldest,)).fetchone()
        recorded = sql.execute(
            "SELECT value FROM count WHERE destination = ? AND name = ?", (number, tallies.RECORDED)
        ).fetchone()
        in_flight = sum(
            sql.execute(
                "SELECT coalesce(sum(spans), 0) FROM item "
                "WHERE destination = ? AND state = ? AND entry BETWEEN ? AND ?",
                (number, WAITING, lease.first, lease.last),
            ).fetchone()[0]
            for lease in leases.others(sql, number)
        )
        found.append(
            Stock(
                name=name,
                parked=parked,
                counts=tallies.counts(sql, number),
                recorded=recorded[0] if recorded else 0,
                in_flight=in_flight,
                bytes=size,
                oldest_ms=added[0] if added else None,
                private=bool(private),
                number=number,
            )
        )
    return found


def kept(sql: sqlite3.Connection, after: int, most: int) -> list[Kept]:
    """The next so many entries after this id, once for each destination; empty at the end."""
    rows = sql.execute(
        "SELECT entry.id, destination.id, name, parked, state, kind, status, item.spans, bytes, added_ms "
        "FROM entry JOIN destination JOIN item ON item.destination = destination.id "
        f"AND item.entry = entry.id AND state IN ({WAITING}, {QUARANTINED}) "
        "WHERE entry.id IN (SELECT id FROM entry WHERE id > ? ORDER BY id LIMIT ?) ORDER BY entry.id, name",
        (after, most),
    ).fetchall()
    flying = {number: leases.others(sql, number) for number in {row[1] for row in rows}}
    return [
        Kept(
            number=entry,
            destination=name,
            state=_state(state, parked, any(entry in lease for lease in flying[destination])),
            reason=_reason(state, parked, kind, status),
            spans=spans,
            bytes=size,
            added_ms=added_ms,
        )
        for entry, destination, name, parked, state, kind, status, spans, size, added_ms in rows
    ]


def entry_data(sql: sqlite3.Connection, number: int) -> bytes | None:
    """The bytes of an entry, which are content; ``None`` if there is none of this id."""
    row = sql.execute("SELECT data FROM entry WHERE id = ?", (number,)).fetchone()
    return row[0] if row else None


def _state(state: int, parked: str | None, is_flying: bool) -> str:
    if state == QUARANTINED:
        return "quarantined"
    if parked is not None:
        return "parked"
    return "in flight" if is_flying else "pending"


def _reason(state: int, parked: str | None, kind: str | None, status: int | None) -> str:
    if state == QUARANTINED:
        return f"{kind} ({status})" if status else kind or ""
    return f"destination {parked}" if parked else ""
