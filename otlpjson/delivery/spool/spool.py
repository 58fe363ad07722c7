# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The spool: what is recorded is on the disk before it is acknowledged, and leaves it when it is settled."""

from __future__ import annotations

import errno
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from ...core.errors import ConfigError
from ...core.words import plural
from ..forks import watch
from ..limits import DEFAULT_SPOOL_LIMITS, QueueLimits, SpoolLimits
from . import items, listing
from .commit import Commit
from .database import Unavailable
from .disk import Disk
from .folder import SpoolFolder
from .holding import SpoolHolding
from .listing import Kept, Stock
from .registry import Registered, register
from .schema import QUARANTINED, WAITING

__all__ = ["Spool"]

# Errors at the start that somebody has to mend; all others, and all of them later, are waited for.
_LASTING: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG}
)
_EXPIRE_EVERY_S: Final = 60.0
_PAGE: Final = 1000
_BY_HAND: Final = "by hand"
# 2020: a clock that shows less has not been set yet, so what it dated has no known age.
_CLOCK_IS_SET_MS: Final = 1_577_836_800_000


class Spool:
    """
    A durable queue in a folder, for any number of destinations and processes.

    Entries are added and committed by one thread; each destination takes and settles its own.

    Args:
        path: The folder; made with mode 0700 if it does not exist.

        limits: How much is kept, and how long.

    Attributes:
        path: The folder.

        commit: What is written next.

    Raises:
        ConfigError: The folder, or the file in it, may not be used.
    """

    def __init__(self, path: str | os.PathLike[str], limits: SpoolLimits = DEFAULT_SPOOL_LIMITS) -> None:
        self.path = Path(os.path.abspath(path))
        self._limits = limits
        self._disk = Disk(SpoolFolder(self.path))
        self.commit = Commit(self._disk, max_bytes=limits.max_bytes)
        self._holdings: dict[str, SpoolHolding] = {}
        self._expire_at_s = 0.0
        watch(self)
        try:
            self._disk.open()
        except Unavailable as error:
            if error.code in _LASTING:
                raise ConfigError({str(self.path): f"cannot be used as a spool: {error}"}) from None
            self._disk.fail(error)

    def __repr__(self) -> str:
        return f"Spool({str(self.path)!r})"

    def after_fork(self) -> None:
        """In a child process: nothing waits for a commit. Called by itself."""
        self.commit.after_fork()

    @property
    def is_durable(self) -> bool:
        """Whether what is recorded now is written to the disk, and not held in memory."""
        return not self._disk.is_failing

    def register(self, destinations: Sequence[Registered], queue: QueueLimits) -> Mapping[str, SpoolHolding]:
        """
        The holdings of destinations, by name; what the spool has for others is parked.

        Args:
            destinations: All that are sent to.

            queue: How much is held in memory while the disk cannot be written, and when batches are due.
        """
        self._holdings = {
            target.name: SpoolHolding(self._disk, self.commit, target.number, queue)
            for target in destinations
        }
        parked = self._disk.attempt(lambda sql: register(sql, destinations)) or []
        for name, spans, reason in parked:
            text = f"{plural(spans, 'span')} parked, because destination {name!r} {reason}"
            self._disk.tell(logging.WARNING, text)
        self._disk.announce()
        return self._holdings

    def stocks(self) -> list[Stock]:
        """
        What is kept for each destination.

        Raises:
            Unavailable: The disk fails.
        """
        return self._disk.read(listing.stocks)

    def kept(self) -> Iterator[Kept]:
        """
        Every entry for every destination, in order, without content.

        Raises:
            Unavailable: The disk fails.
        """
        after = 0
        while True:
            page = self._disk.read(partial(listing.kept, after=after, most=_PAGE))
            if not page:
                return
            yield from page
            after = page[-1].number

    def entry_data(self, number: int) -> bytes | None:
        """
        The bytes of an entry, which are content; ``None`` if there is no such entry.

        Raises:
            Unavailable: The disk fails.
        """
        return self._disk.read(partial(listing.entry_data, number=number))

    def requeue(self, stock: Stock, to: Registered) -> int:
        """
        Lets what was refused, or what is parked, wait for a destination; returns the number of spans.

        Raises:
            Unavailable: The disk fails.
        """
        return self._disk.read(partial(items.requeue, destination=stock.number, to=to.number))

    def drop(self, stock: Stock, *, pending: bool) -> int:
        """
        Removes what was refused for good, counted as ``by hand``; returns the number of spans.

        Args:
            stock: Of which destination.

            pending: Also what was not sent yet.

        Raises:
            Unavailable: The disk fails.
        """
        states = (QUARANTINED, WAITING) if pending else (QUARANTINED,)
        return self._disk.read(partial(items.drop, destination=stock.number, states=states, reason=_BY_HAND))

    def tick(self) -> None:
        """What is to be done about each second: leases, what is in memory, what is too old, the log."""
        for holding in self._holdings.values():
            holding.renew()
            if not self.is_durable:
                holding.heal()
        if time.monotonic() >= self._expire_at_s:
            self._expire_at_s = time.monotonic() + _EXPIRE_EVERY_S
            self._expire()
        self._disk.announce()

    def announce(self) -> None:
        """Logs what happened."""
        self._disk.announce()

    def close(self) -> None:
        """Closes the file; what is in memory alone is written before, if it can be."""
        for holding in self._holdings.values():
            holding.heal()
            holding.counts()  # known from now on
        self._disk.close()

    def _expire(self) -> None:
        before_ms = int((time.time() - self._limits.max_age_s) * 1000)
        if before_ms > _CLOCK_IS_SET_MS:
            spans = self._disk.attempt(lambda sql: items.expire(sql, before_ms))
            if spans:
                self._disk.tell(logging.WARNING, f"dropped {plural(spans, 'span')}: expired")
