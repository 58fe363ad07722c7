# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The database and its failures: after one the disk is left alone for a second, and that is logged once."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import time
from collections import deque
from contextlib import suppress
from typing import Callable, Final, TypeVar

from ...core.errors import ConfigError
from ..forks import watch
from .database import Database, Unavailable
from .folder import SpoolFolder

__all__ = ["Disk"]

_LOG: Final = logging.getLogger("otlpjson")
_T = TypeVar("_T")
_PAUSE_S: Final = 1.0


class Disk:
    """
    What a process knows of the disk that its spool is on.

    Args:
        folder: The folder of the spool.

    Attributes:
        owner: What leases of this process are known by.

        is_failing: Whether what is recorded is held in memory.
    """

    def __init__(self, folder: SpoolFolder) -> None:
        self._path = folder.path
        self._news: deque[tuple[int, str]] = deque()
        # The list and not this object, which the database would keep alive otherwise.
        self._database = Database(folder, self._news)
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """In a child process: leases of its own, and a disk that is tried. Called by itself."""
        self.owner = secrets.randbits(62)
        self.is_failing = False
        self._retry_at_s = 0.0

    def open(self) -> None:
        """
        Opens the database.

        Raises:
            ConfigError: It may not be used.
            Unavailable: The disk fails.
        """
        self._database.open()

    def close(self) -> None:
        """Closes the database for good; what is still to be written opens it for that moment."""
        self._database.retire()
        self.announce()

    def attempt(self, work: Callable[[sqlite3.Connection], _T], *, durable: bool = False) -> _T | None:
        """What ``work`` returns from inside a transaction; ``None`` if the disk fails, or just failed."""
        if time.monotonic() < self._retry_at_s:
            return None
        try:
            result = self._database.run(work, durable=durable)
        except (Unavailable, ConfigError) as error:
            self.fail(error)
            return None
        if durable and self.is_failing:
            self.is_failing = False
            self.tell(logging.WARNING, "the spool can be written again")
        return result

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """
        What ``work`` returns from inside a transaction.

        Raises:
            Unavailable: The disk fails.
        """
        return self._database.run(work)

    def fail(self, error: Exception) -> None:
        """Notes that the disk failed."""
        self._retry_at_s = time.monotonic() + _PAUSE_S
        if not self.is_failing:
            self.is_failing = True
            self.tell(logging.WARNING, f"the spool cannot be used, records wait in memory: {error}")

    def tell(self, level: int, text: str) -> None:
        """Notes what the log should say."""
        self._news.append((level, text))

    def announce(self) -> None:
        """Logs what happened; not where it happens, because the program's handlers may call this package."""
        while self._news:
            level, text = self._news.popleft()
            with suppress(Exception):
                _LOG.log(level, "%s: %s", self._path, text)
