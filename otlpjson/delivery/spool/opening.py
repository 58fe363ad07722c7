# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The opening of a spool's database: made where there is none, and refused where it is damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from .schema import PAGE_BYTES, TABLES, VERSION, create
from .wal import is_damaged as is_log_damaged

__all__ = ["Damaged", "connected", "is_damaged", "means_damage"]

# For programs that do not use the gate, such as sqlite's shell; on Windows for all.
_BUSY_S: Final = 5.0
_CHECKPOINT_PAGES: Final = 1000


class Damaged(Exception):
    """The database is not as it was written."""


def connected(path: Path) -> sqlite3.Connection:
    """
    A connection to a database that is whole; an empty file becomes one.

    Raises:
        Damaged: It is not whole.
        sqlite3.Error: The disk fails.
    """
    log = Path(f"{path}-wal")
    # Before sqlite opens it, and forgets what follows a damaged frame.
    if log.exists() and is_log_damaged(log.read_bytes()):
        raise Damaged
    sql = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        _set_up(sql)
    except BaseException:
        sql.close()
        raise
    return sql


def _set_up(sql: sqlite3.Connection) -> None:
    try:
        sql.execute(f"PRAGMA page_size={PAGE_BYTES}")
        sql.execute("PRAGMA synchronous=FULL")
        # All rows are fetched: a statement that is not over keeps the mode from being changed.
        version = sql.execute("PRAGMA user_version").fetchall()[0][0]
        tables = {name for (name,) in sql.execute("SELECT name FROM sqlite_master").fetchall()}
        if version == 0 and not tables:
            # Before there is a log, so that the file's head says at once whose it is.
            sql.execute("BEGIN IMMEDIATE")
            create(sql)
            sql.execute("COMMIT")
        elif version != VERSION or not tables >= TABLES:
            raise Damaged
        sql.execute("PRAGMA journal_mode=WAL").fetchall()
        sql.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        # What an earlier process wrote and did not get to the disk is written anew, not trusted.
        sql.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if sql.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
            raise Damaged
    except sqlite3.Error as error:
        if means_damage(error):
            raise Damaged from None
        raise


def is_damaged(path: Path) -> bool:
    """Whether a database is not whole."""
    try:
        connected(path).close()
    except Damaged:
        return True
    return False


def means_damage(error: sqlite3.Error) -> bool:
    """Whether an error is about what the file holds, and not about the disk."""
    # Operational errors are the system's, but for tables that are not there any more.
    return not isinstance(error, sqlite3.OperationalError) or "no such" in str(error)
