# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The tables of a spool, and the checksums that its rows carry."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Final
from zlib import crc32

__all__ = [
    "APPLICATION_ID",
    "PAGE_BYTES",
    "QUARANTINED",
    "TABLES",
    "VERSION",
    "WAITING",
    "create",
    "destination_id",
    "entry_check",
    "item_check",
    "packed",
    "unpacked",
]

APPLICATION_ID: Final = 0x6F746C70
"""In the header of every spool: ``otlp``. A file without it is not opened."""
VERSION: Final = 1
PAGE_BYTES: Final = 4096
_ID_BYTES: Final = 8

TABLES: Final = frozenset({"entry", "item", "destination", "count", "lease"})
WAITING: Final = 0
QUARANTINED: Final = 1
"""The two states of an item. An item that waits may be leased; see the table ``lease``."""

_STATEMENTS: Final = (
    # The bytes, once for all destinations that get the same, and those destinations, from which items can
    # be made again. Ids are never used twice, so they are in the order of time, and a lease can name a range.
    """
    CREATE TABLE entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        spans INTEGER NOT NULL,
        added_ms INTEGER NOT NULL,
        destinations BLOB NOT NULL,
        digest INTEGER NOT NULL,
        data BLOB NOT NULL
    )
    """,
    # An entry for a destination. In the order in which they are sent.
    f"""
    CREATE TABLE item (
        destination INTEGER NOT NULL,
        state INTEGER NOT NULL CHECK (state IN ({WAITING}, {QUARANTINED})),
        entry INTEGER NOT NULL,
        spans INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        digest INTEGER NOT NULL,
        kind TEXT,
        status INTEGER,
        message TEXT,
        PRIMARY KEY (destination, state, entry)
    ) WITHOUT ROWID
    """,
    # Names, to be shown; which destination an item belongs to is in its id.
    """
    CREATE TABLE destination (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        private INTEGER NOT NULL,
        parked TEXT
    )
    """,
    """
    CREATE TABLE count (
        destination INTEGER, name TEXT, value INTEGER NOT NULL, PRIMARY KEY (destination, name)
    ) WITHOUT ROWID
    """,
    # Who sends which entries, and until when nobody else does: milliseconds on the machine's monotonic clock.
    """
    CREATE TABLE lease (
        destination INTEGER,
        owner INTEGER,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        until_ms INTEGER NOT NULL,
        PRIMARY KEY (destination, owner)
    ) WITHOUT ROWID
    """,
)


def create(sql: sqlite3.Connection) -> None:
    """Makes the tables in an empty file; in a transaction."""
    for statement in _STATEMENTS:
        sql.execute(statement)
    sql.execute(f"PRAGMA application_id={APPLICATION_ID}")
    sql.execute(f"PRAGMA user_version={VERSION}")


def destination_id(name: str, url: str, *, private: bool) -> int:
    """
    What a destination is known by: its name, URL and privacy mode, hashed.

    Another key changes nothing, and of the URL nothing can be read from it.
    """
    text = f"{name}\0{url.partition('?')[0]}\0{private}"
    return (
        int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_ID_BYTES], "big") >> 1
    )


def packed(destinations: Iterable[int]) -> bytes:
    """The ids of destinations as an entry has them."""
    return b"".join(number.to_bytes(_ID_BYTES, "big") for number in destinations)


def unpacked(ids: bytes) -> list[int]:
    """The ids that were packed."""
    return [int.from_bytes(ids[at : at + _ID_BYTES], "big") for at in range(0, len(ids), _ID_BYTES)]


def entry_check(number: int, spans: int, destinations: bytes, data: bytes) -> int:
    """The checksum of an entry."""
    return crc32(data, crc32(destinations, crc32(b"%d:%d" % (number, spans))))


def item_check(destination: int, number: int, spans: int, size: int) -> int:
    """The checksum of an item: a damaged one must not reach another destination."""
    return crc32(b"%d:%d:%d:%d" % (destination, number, spans, size))
