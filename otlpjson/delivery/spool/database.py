# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The database of a spool: opened when needed, one transaction at a time, rebuilt when it is damaged."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections import deque
from contextlib import closing, suppress
from pathlib import Path
from typing import Callable, Final, TypeVar

from ...core.errors import ConfigError
from ..forks import hold
from ..gate import Gate
from ..guard import Guard
from .folder import SpoolFolder
from .opening import Damaged, connected, is_damaged, means_damage
from .salvage import finish, rebuild
from .schema import APPLICATION_ID, VERSION

__all__ = ["Database", "Unavailable"]

_T = TypeVar("_T")

_OLDEST_SQLITE: Final = (3, 24, 0)
_MOST_WRONG_BITS: Final = 8
_LATEST_VERSION: Final = 1000
_MAGIC: Final = b"SQLite format 3\0"
_RESERVE_BYTES: Final = 2 * 1024 * 1024


class Unavailable(Exception):
    """
    The disk is full, fails, or is locked for too long: nothing was written.

    Args:
        reason: What happened, in the words of the system or of sqlite.

        code: The system's error number; 0 if there is none.
    """

    def __init__(self, reason: str, code: int = 0) -> None:
        super().__init__(reason)
        self.code = code


class Database:
    """
    One file that several processes and threads use.

    Args:
        folder: Where it is.

        news: What the log should say is added: a level and a text.
    """

    def __init__(self, folder: SpoolFolder, news: deque[tuple[int, str]]) -> None:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            raise ConfigError({"spool": f"needs sqlite 3.24 or newer, got {sqlite3.sqlite_version}"})
        self._folder = folder
        self._news = news
        # A connection that a fork found in use: closing it in the child would let go of its parent's locks.
        self._abandoned: list[object] = []
        self._start()
        hold(self)

    def __del__(self) -> None:
        if getattr(self, "_sql", None) is not None:  # nobody closed it, and sqlite3 would complain
            self.close()

    def _start(self) -> None:
        # Re-entrant, because a signal handler may interrupt a transaction in its own thread.
        self._guard = Guard()
        self._running = False
        self._lingers = True
        self._has_reserve = False
        self._sql: sqlite3.Connection | None = None
        self._gate: Gate | None = None
        self._identity: tuple[int, int] | None = None

    def run(self, work: Callable[[sqlite3.Connection], _T], *, durable: bool = False) -> _T:
        """
        What ``work`` returns, from inside a transaction.

        Args:
            work: Reads and writes. It may be called again, and its first result is then forgotten.

            durable:
                Whether to return only when it is on the disk. Otherwise it survives the end of the
                process, and is on the disk with the next transaction that is durable.

        Raises:
            Unavailable: Nothing was changed.
            ConfigError: The file was replaced by one that may not be used.
        """
        with self._guard:
            if self._running:
                raise Unavailable("interrupted in the middle of a transaction")
            self._running = True
            try:
                return self._tried(work, durable)
            except ConfigError:
                self.close()
                raise
            except (sqlite3.Error, OSError, Damaged) as error:
                self.close()
                raise _unavailable(error) from None
            finally:
                self._running = False
                if not self._lingers:
                    self.close()

    def open(self) -> None:
        """
        Opens the file, and makes it if it does not exist.

        Raises:
            ConfigError: It is something else, or may not be used.
            Unavailable: The disk is full or fails.
        """
        self.run(lambda sql: None)

    def close(self) -> None:
        """Closes the file; the next transaction opens it again."""
        with self._guard:
            sql, self._sql = self._sql, None
            gate, self._gate = self._gate, None
            try:
                if sql is not None:
                    with suppress(sqlite3.Error):
                        sql.close()
            finally:
                if gate is not None:
                    gate.close()

    def retire(self) -> None:
        """Closes the file for good: what is still to be written opens it for that moment."""
        with self._guard:
            self._lingers = False
            self.close()

    def before_fork(self) -> None:
        """Waits for the transaction that runs, and closes the file: sqlite's locks do not survive a fork."""
        self._guard.lock.acquire()
        if not self._running:
            self.close()

    def after_fork_in_parent(self) -> None:
        """The file may be opened again."""
        self._guard.lock.release()

    def after_fork(self) -> None:
        """In a child process: nothing is open, and nobody holds the lock. Called by itself."""
        self._abandoned += [self._sql, self._gate]
        self._start()

    def _tried(self, work: Callable[[sqlite3.Connection], _T], durable: bool) -> _T:
        try:
            result = self._transaction(work, durable)
            if durable and not self._has_reserve:
                self._folder.keep_reserve(_RESERVE_BYTES)
                self._has_reserve = True
            return result
        except Damaged:
            self._rebuild()
        except sqlite3.OperationalError as error:
            # Room for what frees room; what takes more of it has to do without.
            if durable or not _is_full(error) or not self._folder.give_up_reserve():
                raise
            self._has_reserve = False
            self.close()
        return self._transaction(work, durable)

    def _transaction(self, work: Callable[[sqlite3.Connection], _T], durable: bool) -> _T:
        sql, gate = self._opened()
        with gate.inside():
            if _identity(self._folder.database) == self._identity:
                return _inside(sql, work, durable)
        # Another process has put another file in its place, or somebody has deleted it.
        self.close()
        sql, gate = self._opened()
        with gate.inside():
            return _inside(sql, work, durable)

    def _opened(self) -> tuple[sqlite3.Connection, Gate]:
        if self._sql is None or self._gate is None:
            self.close()
            self._folder.prepare()
            self._gate = Gate(self._folder.gate)
            with self._gate.inside():
                finish(self._folder)
                self._folder.prepare_database()
                self._check_kind()
                self._sql = connected(self._folder.database)
                self._identity = _identity(self._folder.database)
        return self._sql, self._gate

    def _check_kind(self) -> None:
        """Refuses files of other programs, and of versions to come; damaged ones pass."""
        with open(self._folder.database, "rb") as file:
            head = file.read(100)
        path = str(self._folder.database)
        found, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
        wrong_bits = bin(found ^ APPLICATION_ID).count("1")
        # A head of zeros, or with a few wrong bits, was ours.
        if any(head) and wrong_bits > _MOST_WRONG_BITS:
            raise ConfigError({path: "not a spool"})
        # Versions to come differ from this one in two bits or more, so that a wrong bit makes none.
        is_newer = VERSION < version <= _LATEST_VERSION and bin(version ^ VERSION).count("1") > 1
        if head.startswith(_MAGIC) and wrong_bits == 0 and is_newer:
            raise ConfigError({path: f"made by a newer version of otlpjson: {version}"})

    def _rebuild(self) -> None:
        self.close()
        with closing(Gate(self._folder.gate)) as gate, gate.inside():
            # Another process may have done it meanwhile.
            if is_damaged(self._folder.database):
                aside = rebuild(self._folder)
                text = f"the spool was damaged and is rebuilt; the old file is kept as {aside.name}"
                self._news.append((logging.WARNING, text))


def _inside(sql: sqlite3.Connection, work: Callable[[sqlite3.Connection], _T], durable: bool) -> _T:
    try:
        sql.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        sql.execute("BEGIN IMMEDIATE")
        try:
            result = work(sql)
            sql.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                sql.execute("ROLLBACK")
            raise
        return result
    except sqlite3.Error as error:
        if means_damage(error):
            raise Damaged from None
        raise


def _is_full(error: sqlite3.Error) -> bool:
    return "full" in str(error)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _unavailable(error: Exception) -> Unavailable:
    if isinstance(error, OSError):
        return Unavailable(error.strerror or type(error).__name__, error.errno or 0)
    return Unavailable(str(error) or "damaged again")
