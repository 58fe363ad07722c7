# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a program calls to have its spans sent, counted, sent once more, and all of it closed."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import attrs

from ..core.errors import ConfigError
from ..core.words import plural
from ..delivery.ledger import Counts, Settled
from ..delivery.limits import seconds
from .capturing import Capturing
from .event_loop import in_thread
from .fan_out import Item
from .inbox import Inbox
from .problems import Problems
from .process_end import ProcessEnd
from .route import Route

if TYPE_CHECKING:
    from .spooling import Spooling

__all__ = ["EXIT_TIMEOUT_S", "Delivering"]

EXIT_TIMEOUT_S: Final = 5.0
"""How long the end of a process waits for the network."""
_SPOOLED_EXIT_TIMEOUT_S: Final = 0.5
_LOG: Final = logging.getLogger("otlpjson")


class Delivering(Capturing):
    """
    The delivering half of ``Broadcast``.

    Args:
        inbox: Where items go.

        problems: Where is counted what could not be recorded.

        routes: The way to each destination.

        spooling: Where entries wait; ``None`` if in memory.
    """

    def __init__(
        self,
        inbox: Inbox[Item],
        problems: Problems,
        routes: Sequence[Route],
        spooling: Spooling | None,
    ) -> None:
        super().__init__(inbox, problems)
        self._routes = tuple(routes)
        self._spooling = spooling
        if spooling is not None and spooling.begin(routes):
            # An earlier process has left something, whose leases are to be renewed while it is sent.
            inbox.start()
        # A short script may end before anything was sent.
        self._end = ProcessEnd(self.close)

    def flush(self, timeout_s: float = 10.0) -> bool:
        """
        Sends what is queued; returns whether all of it settled within this many seconds.

        Raises:
            InvalidValue: The time is no number of seconds.
        """
        timeout_s = seconds("Broadcast.flush.timeout_s", timeout_s)
        deadline_s = time.monotonic() + timeout_s
        mapped = self._inbox.drain(timeout_s)
        for route in self._routes:
            route.exporter.flush(0.0)  # all start at once, so that one that hangs does not delay the others
        done = [route.exporter.flush(max(deadline_s - time.monotonic(), 0.0)) for route in self._routes]
        return mapped and all(done)

    def close(self, timeout_s: float | None = None) -> bool:
        """
        Sends what is queued and stops; returns whether all of it settled within this many seconds.

        What did not settle stays pending in ``counts``, and in the spool if there is one. Later records
        are refused.

        Args:
            timeout_s: Default: 5 seconds; with a spool half a second, because nothing is lost then.

        Raises:
            InvalidValue: The time is no number of seconds.
        """
        if timeout_s is None:
            timeout_s = EXIT_TIMEOUT_S if self._spooling is None else _SPOOLED_EXIT_TIMEOUT_S
        timeout_s = seconds("Broadcast.close.timeout_s", timeout_s)
        deadline_s = time.monotonic() + timeout_s
        # Otherwise this object would stay in memory until the process ends.
        self._end.cancel()
        if self._capture is not None:
            self._capture.leave_all()
        mapped = self._inbox.close(timeout_s)
        left_s = max(deadline_s - time.monotonic(), 0.0)
        for route in self._routes:
            route.exporter.begin_close(left_s)  # as in flush, all start at once
        done = [route.exporter.close(max(deadline_s - time.monotonic(), 0.0)) for route in self._routes]
        if self._spooling is not None:
            self._spooling.close()
        unread = self._inbox.unread
        if unread:
            with suppress(Exception):  # a handler of the program may raise
                _LOG.warning("otlpjson: shut down with %s", plural(unread, "unread record"))
        return mapped and all(done)

    async def aflush(self, timeout_s: float = 10.0) -> bool:
        """As ``flush``; the event loop goes on meanwhile."""
        return await in_thread(lambda: self.flush(timeout_s))

    async def aclose(self, timeout_s: float | None = None) -> bool:
        """As ``close``; the event loop goes on meanwhile."""
        return await in_thread(lambda: self.close(timeout_s))

    def quarantined(self) -> dict[str, tuple[Settled, ...]]:
        """For each destination, what its server refused and is still kept, with the server's answer."""
        return {route.target.name: route.exporter.quarantined() for route in self._routes}

    def resend(self, *names: str) -> int:
        """
        Queues what servers refused once more, with the same ids and bytes; returns the number of spans.

        Args:
            names: The names of destinations. Default: all of them.

        Raises:
            ConfigError: There is no destination of that name.
        """
        known = {route.target.name: route for route in self._routes}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ConfigError(dict.fromkeys(unknown, f"expected one of {', '.join(known)}"))
        return sum(known[name].exporter.resend() for name in names or known)

    def adopt(self, parked: str, name: str | None = None) -> int:
        """
        Sends what is parked in the spool to one of the destinations; returns the number of spans.

        Args:
            parked: The name that the destination had for which it was recorded.

            name: Where to send it. Default: the only destination.

        Raises:
            ConfigError:
                There is no spool, or nothing is parked under that name; there is no one destination
                of that name, or it is in privacy mode and what is parked has content.
        """
        if self._spooling is None:
            raise ConfigError({"spool": "there is none"})
        known = {route.target.name: route for route in self._routes if route.target.enabled}
        chosen = [name] if name is not None else list(known)
        if len(chosen) != 1 or chosen[0] not in known:
            raise ConfigError({"destination": f"expected one of {', '.join(known)}"})
        moved = self._spooling.adopt(parked, known[chosen[0]].target)
        known[chosen[0]].exporter.wake()
        return moved

    def counts(self) -> dict[str, Counts]:
        """
        For each destination, all spans counted by what happened to them.

        ``unread`` and ``left_out`` are the same for all of them: they count records, and values of records.
        """
        unread, left_out = self._inbox.unread, self._problems.left_out
        return {
            route.target.name: attrs.evolve(route.exporter.counts(), unread=unread, left_out=left_out)
            for route in self._routes
        }

    @property
    def refused(self) -> dict[str, int]:
        """The number of records and steps that could not be sent to every destination, by reason."""
        return self._problems.refused

    @property
    def errors(self) -> tuple[Exception, ...]:
        """Why they could not, and what was left out of records that were sent; the latest 100."""
        return self._problems.errors

    @property
    def masked(self) -> int:
        """The number of texts that ``mask`` or a destination's named patterns changed."""
        return self._problems.masked

    @property
    def durable(self) -> bool:
        """Whether records are on the disk when they are acknowledged; false while the disk fails."""
        return self._spooling is not None and self._spooling.spool.is_durable
