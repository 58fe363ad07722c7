# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries in the tables of a spool: added, taken in order, settled, refused, sent again, dropped."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from ...core.entry import Entry
from ..ledger import Fate, Settled
from ..outcome import Outcome, OutcomeKind
from . import leases, tallies
from .schema import QUARANTINED, WAITING, entry_check, item_check, packed

__all__ = [
    "Addition",
    "Claimed",
    "add",
    "claim",
    "drop",
    "expire",
    "held_spans",
    "is_waiting",
    "latest",
    "quarantined",
    "requeue",
    "settle",
    "used_bytes",
]

# Of what is set aside because its bytes are not those that were recorded.
_DAMAGED: Final = Outcome(kind=OutcomeKind.FAILED, message="damaged on the disk")


@attrs.frozen
class Addition:
    """
    An entry, and who gets it.

    Attributes:
        entry: The bytes.

        destinations: The ids of destinations that get these bytes.
    """

    entry: Entry
    destinations: tuple[int, ...]


@attrs.frozen
class Claimed:
    """
    An entry that was taken to be sent.

    Attributes:
        number: Its id.

        entry: The bytes.
    """

    number: int
    entry: Entry


def add(sql: sqlite3.Connection, additions: Sequence[Addition]) -> None:
    """Adds entries at the end, and counts them as recorded."""
    first, now_ms = latest(sql) + 1, time.time_ns() // 1_000_000
    entries, items = [], []
    recorded: dict[int, int] = {}
    for number, addition in enumerate(additions, first):
        data, spans = addition.entry.data, addition.entry.span_count
        ids = packed(addition.destinations)
        entries.append((number, spans, now_ms, ids, entry_check(number, spans, ids, data), data))
        for destination in addition.destinations:
            check = item_check(destination, number, spans, len(data))
            items.append((destination, WAITING, number, spans, len(data), check))
            recorded[destination] = recorded.get(destination, 0) + spans
    sql.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", entries)
    sql.executemany(
        "INSERT INTO item (destination, state, entry, spans, bytes, digest) VALUES (?, ?, ?, ?, ?, ?)", items
    )
    for destination, spans in recorded.items():
        tallies.count(sql, destination, [(tallies.RECORDED, spans)])


def claim(sql: sqlite3.Connection, destination: int, owner: int, max_bytes: int) -> list[Claimed]:
    """
    Takes the first entries that wait and that nobody else has, up to one body's worth.

    What is damaged is set aside on the way.
    """
    taken: list[Claimed] = []
    size = 0
    theirs = leases.others(sql, destination, owner)
    damaged = []
    for number, spans, check, data, whole in _waiting(sql, destination):
        if any(number in lease for lease in theirs):
            if taken:
                break  # a lease is one range
            continue
        if not whole or check != item_check(destination, number, spans, len(data)):
            damaged.append(number)
            continue
        if taken and size + len(data) > max_bytes:
            break
        taken.append(Claimed(number, Entry(data=data, span_count=spans)))
        size += len(data)
    if damaged:
        _quarantine(sql, destination, damaged, _DAMAGED)
    if taken:
        leases.take(sql, destination, owner, leases.Lease(taken[0].number, taken[-1].number))
    return taken


def _waiting(sql: sqlite3.Connection, destination: int) -> Iterator[tuple[int, int, int, bytes, bool]]:
    """Each that waits: id, spans, checksum of the item, bytes, and whether the bytes are those recorded."""
    rows = sql.execute(
        "SELECT item.entry, item.spans, item.digest, entry.spans, destinations, entry.digest, entry.data "
        "FROM item LEFT JOIN entry ON entry.id = item.entry WHERE destination = ? AND state = ? "
        "ORDER BY item.entry",
        (destination, WAITING),
    )
    for number, spans, check, entry_spans, ids, entry_digest, data in rows:
        kinds = (type(entry_spans), type(ids), type(data))
        whole = kinds == (int, bytes, bytes) and entry_check(number, entry_spans, ids, data) == entry_digest
        yield number, spans, check, data if whole else b"", whole


def latest(sql: sqlite3.Connection) -> int:
    """The id of the entry that was added last."""
    row = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    return row[0] if row else 0


def is_waiting(sql: sqlite3.Connection, destination: int, up_to: int) -> bool:
    """Whether an entry up to this id waits."""
    row = sql.execute(
        "SELECT 1 FROM item WHERE destination = ? AND state = ? AND entry <= ? LIMIT 1",
        (destination, WAITING, up_to),
    ).fetchone()
    return row is not None


def held_spans(sql: sqlite3.Connection, destination: int) -> int:
    """How many spans a destination has, waiting or refused."""
    row = sql.execute("SELECT sum(spans) FROM item WHERE destination = ?", (destination,)).fetchone()
    return row[0] or 0


def settle(sql: sqlite3.Connection, destination: int, numbers: Iterable[int], answer: Settled) -> int:
    """Removes or sets aside what was sent; returns how many spans, without what somebody else settled."""
    if answer.fate is Fate.QUARANTINED:
        return _quarantine(sql, destination, numbers, answer.outcome)
    spans = _remove(sql, destination, WAITING, numbers)
    tallies.count(sql, destination, tallies.delivered(answer, spans))
    return spans


def quarantined(sql: sqlite3.Connection, destination: int) -> tuple[Settled, ...]:
    """What was refused, in order, with the outcome."""
    rows = sql.execute(
        "SELECT entry.data, item.spans, kind, status, message FROM item JOIN entry ON entry.id = item.entry "
        "WHERE destination = ? AND state = ? ORDER BY item.entry",
        (destination, QUARANTINED),
    )
    return tuple(
        Settled(
            entries=(Entry(data=data, span_count=spans),),
            fate=Fate.QUARANTINED,
            outcome=Outcome(kind=_kind(kind), status=status, message=message or ""),
        )
        for data, spans, kind, status, message in rows
    )


def requeue(sql: sqlite3.Connection, destination: int, to: int) -> int:
    """Lets all that was refused, or all of another destination, wait; returns the number of spans."""
    states = (QUARANTINED,) if destination == to else (WAITING, QUARANTINED)
    moved = 0
    for state in states:
        rows = sql.execute(
            "SELECT entry, spans, bytes FROM item WHERE destination = ? AND state = ? "
            "AND (message IS NULL OR message <> ?)",
            (destination, state, _DAMAGED.message),
        ).fetchall()
        sql.executemany(
            "DELETE FROM item WHERE destination = ? AND state = ? AND entry = ?",
            [(destination, state, number) for number, _, _ in rows],
        )
        sql.executemany(
            "INSERT OR IGNORE INTO item (destination, state, entry, spans, bytes, digest) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (to, WAITING, number, spans, size, item_check(to, number, spans, size))
                for number, spans, size in rows
            ],
        )
        moved += sum(spans for _, spans, _ in rows)
    if destination != to:
        tallies.count(sql, destination, [(tallies.RECORDED, -moved)])
        tallies.count(sql, to, [(tallies.RECORDED, moved)])
    return moved


def drop(sql: sqlite3.Connection, destination: int, states: Iterable[int], reason: str) -> int:
    """Removes all of these states for good, and overwrites it; returns the number of spans."""
    # Otherwise the bytes would stay in the file until the room is used again.
    sql.execute("PRAGMA secure_delete=ON")
    spans = 0
    for state in states:
        rows = sql.execute("SELECT entry FROM item WHERE destination = ? AND state = ?", (destination, state))
        spans += _remove(sql, destination, state, [number for (number,) in rows.fetchall()])
    tallies.count(sql, destination, [(f"{tallies.DROPPED}{reason}", spans)])
    return spans


def expire(sql: sqlite3.Connection, before_ms: int) -> int:
    """Drops what was added before this time of day; returns the number of spans."""
    old = []
    for number, added_ms in sql.execute("SELECT id, added_ms FROM entry ORDER BY id"):
        if added_ms >= before_ms:
            break
        old.append(number)
    if not old:
        return 0
    expired = 0
    for (destination,) in sql.execute("SELECT id FROM destination").fetchall():
        spans = sum(_remove(sql, destination, state, old) for state in (WAITING, QUARANTINED))
        tallies.count(sql, destination, [(f"{tallies.DROPPED}expired", spans)])
        expired += spans
    return expired


def used_bytes(sql: sqlite3.Connection) -> int:
    """How much of the file is in use."""
    pages, free, size = (
        sql.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    used: int = (pages - free) * size
    return used


def _quarantine(sql: sqlite3.Connection, destination: int, numbers: Iterable[int], outcome: Outcome) -> int:
    spans = 0
    for number in numbers:
        row = sql.execute(
            "SELECT spans FROM item WHERE destination = ? AND state = ? AND entry = ?",
            (destination, WAITING, number),
        ).fetchone()
        if row is not None:
            spans += row[0]
            sql.execute(
                "UPDATE item SET state = ?, kind = ?, status = ?, message = ? "
                "WHERE destination = ? AND state = ? AND entry = ?",
                (
                    QUARANTINED,
                    outcome.kind.value,
                    outcome.status,
                    outcome.message,
                    destination,
                    WAITING,
                    number,
                ),
            )
    return spans


def _remove(sql: sqlite3.Connection, destination: int, state: int, numbers: Iterable[int]) -> int:
    spans = 0
    for number in numbers:
        key = (destination, state, number)
        row = sql.execute(
            "SELECT spans FROM item WHERE destination = ? AND state = ? AND entry = ?", key
        ).fetchone()
        if row is not None:
            spans += row[0]
            sql.execute("DELETE FROM item WHERE destination = ? AND state = ? AND entry = ?", key)
            sql.execute(
                "DELETE FROM entry WHERE id = ? AND NOT EXISTS (SELECT 1 FROM item WHERE entry = ? "
                f"AND state IN ({WAITING}, {QUARANTINED}) AND destination IN (SELECT id FROM destination))",
                (number, number),
            )
    return spans


def _kind(text: str) -> OutcomeKind:
    try:
        return OutcomeKind(text)
    except ValueError:
        return OutcomeKind.FAILED
