# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The leases of a spool: a process that sends entries has them for a few seconds at a time.

Their end is on the machine's monotonic clock, which no change of the time of day moves. After a restart
of the machine that clock begins anew, so a lease that would last longer than leases do is over.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Final

import attrs

__all__ = ["LEASE_S", "Lease", "others", "release", "renew", "take"]

LEASE_S: Final = 3.0
"""How long a process that died keeps its entries from the others."""


@attrs.frozen
class Lease:
    """
    A range of entries that one process sends.

    Attributes:
        first, last: The ids of its first and last entry.
    """

    first: int
    last: int

    def __contains__(self, entry: int) -> bool:
        return self.first <= entry <= self.last


def others(sql: sqlite3.Connection, destination: int, owner: int = -1) -> list[Lease]:
    """The leases of others that are not over; of all, without an owner."""
    now_ms = _now_ms()
    rows = sql.execute(
        "SELECT first, last FROM lease WHERE destination = ? AND owner <> ? AND until_ms BETWEEN ? AND ?",
        (destination, owner, now_ms, now_ms + int(LEASE_S * 1000)),
    )
    return [Lease(*row) for row in rows]


def take(sql: sqlite3.Connection, destination: int, owner: int, lease: Lease) -> None:
    """Takes a range, in the place of the one that this owner had."""
    sql.execute(
        "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?)",
        (destination, owner, lease.first, lease.last, _until_ms()),
    )


def renew(sql: sqlite3.Connection, owner: int) -> None:
    """Keeps all that this owner has."""
    sql.execute("UPDATE lease SET until_ms = ? WHERE owner = ?", (_until_ms(), owner))


def release(sql: sqlite3.Connection, destination: int, owner: int) -> None:
    """Gives back what this owner has of a destination."""
    sql.execute("DELETE FROM lease WHERE destination = ? AND owner = ?", (destination, owner))


def _until_ms() -> int:
    return _now_ms() + int(LEASE_S * 1000)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
