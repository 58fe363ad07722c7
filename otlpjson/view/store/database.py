# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The viewer's database: one connection that writes, and several that read at the same time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, LifoQueue
from threading import RLock
from typing import Final

from ...core.errors import ConfigError
from .schema import APPLICATION_ID, CREATE, VERSION

__all__ = ["Database"]

# Nothing is lost that cannot be sent again, so a write need not wait for the disk.
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
)
_BUSY_S: Final = 10.0
_START: Final = b"SQLite format 3\0"


class Database:
    """
    A file, or a database in memory.

    Args:
        path: The file; made with access for its owner alone. ``None``: in memory.

    Raises:
        ConfigError: It cannot be opened, is no database of the viewer, or SQLite has no full-text search.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = RLock()
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        try:
            if path is not None:
                _make_private(path)
            self._writing = self._connected()
            with _closed_on_failure(self._writing):
                self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise ConfigError({str(path or "database"): f"cannot be opened: {_reason(error)}"}) from None

    def close(self) -> None:
        """Closes all connections."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
        self._writing.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, one at a time."""
        with self._lock, self._writing:
            self._writing.execute("BEGIN IMMEDIATE")
            yield self._writing

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with."""
        if self._path is None:
            with self._lock:
                yield self._writing
            return
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connected()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    @property
    def size(self) -> int:
        """The bytes in use."""
        with self.reading() as connection:
            pages, free, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            ":memory:" if self._path is None else self._path,
            timeout=_BUSY_S,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.create_function("casefold", 1, _casefold, deterministic=True)
        return connection

    def _prepare(self) -> None:
        is_new = not self._asked("SELECT count(*) FROM sqlite_master")
        is_ours = [self._asked(f"PRAGMA {name}") for name in ("application_id", "user_version")] == [
            APPLICATION_ID,
            VERSION,
        ]
        if not (is_new or is_ours):
            raise ConfigError({str(self._path): "not a database of this version of the viewer"})
        for pragma in _PRAGMAS:
            self._writing.execute(pragma)
        if is_new:
            with self.writing() as connection:
                for statement in CREATE:
                    connection.execute(statement)

    def _asked(self, sql: str) -> int:
        return int(self._writing.execute(sql).fetchone()[0])


@contextmanager
def _closed_on_failure(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _casefold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _make_private(path: Path) -> None:
    # The journals of SQLite get the permissions of the file.
    with open(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "rb") as file:
        start = file.read(len(_START))
    if start not in (b"", _START):
        raise sqlite3.DatabaseError("not a database")
    path.chmod(0o600)


def _reason(error: Exception) -> str:
    text = str(error)
    if "fts5" in text:
        return "the SQLite of this Python has no full-text search (FTS5)"
    return (error.strerror if isinstance(error, OSError) else text) or type(error).__name__
