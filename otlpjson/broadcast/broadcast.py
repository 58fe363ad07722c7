# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Broadcast: records a program's LLM requests and sends them as traces to every destination.

    with Broadcast.from_config() as broadcast, broadcast.trace("Answer a question"):
        with broadcast.call(request) as call:
            call.response = requests.post(url, json=request, headers=headers).json()
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Final, TypeVar

import attrs

from ..core.errors import ConfigError
from ..core.words import plural
from ..delivery.ledger import Counts, Settled
from ..delivery.limits import DEFAULT_QUEUE_LIMITS, QueueLimits, seconds
from ..delivery.receipt import Receipt
from ..delivery.sender import Sender
from ..delivery.transport import Transport
from ..openrouter import Generation
from .aws_lambda import flushing
from .capturing import Capturing
from .config import configured
from .destination import BroadcastDestination
from .event_loop import in_thread, may_block
from .fan_out import FanOut, Item
from .inbox import Inbox
from .problems import Problems
from .process_end import ProcessEnd
from .route import Route
from .signals import before_signals

if TYPE_CHECKING:
    from ..delivery.spool import Spool
    from .spooling import Spooling

__all__ = ["Broadcast"]

_LOG: Final = logging.getLogger("otlpjson")
_EXIT_TIMEOUT_S: Final = 5.0
_SPOOLED_EXIT_TIMEOUT_S: Final = 0.5
# How long a receipt may take before it is asked whether anybody works on it.
_NOTICE_S: Final = 0.5
_Handler = TypeVar("_Handler", bound=Callable[..., Any])


class Broadcast(Capturing):
    """
    Sends every recorded request as a trace to every destination.

    It may be used from any number of threads, tasks and signal handlers. It is a context manager,
    and closes itself at the end of the process. A forked child begins with empty queues. Recording
    only copies what it is given; a thread maps it, and one for each destination sends it. Nothing
    waits for the network but ``flush`` and ``close``, and no error of its own reaches the program:
    see ``refused``, ``errors`` and ``counts``.

    Args:
        destinations: Where to send. Their names must differ.

        predicate:
            Called with each ``Generation``, in the thread that maps; those for which it is false are
            not sent, and counted as ``predicate``.

        queue:
            How much waits to be mapped, and how much for each destination, and how long. ``None``:
            each recording waits until it is sent, up to ``timeout_s``. That is for processes that are
            stopped at any moment; every other program waits for nothing.

        timeout_s: Seconds that one request to a destination may take, at most 3600.

        transport:
            Makes what sends to a destination: a ``Sender`` with arguments of your own or, in tests,
            a ``FakeTransport`` of ``otlpjson.testing``. Default: a ``Sender`` with ``timeout_s``.

        spool:
            A folder, or a ``Spool`` of ``otlpjson.delivery.spool``, in which entries wait on the disk.
            Recording then waits until they are there, unless that would stop an event loop: about as
            long as the disk takes for one ``fsync``. Default: entries wait in memory.

    Raises:
        ConfigError:
            Two destinations have the same name, ``timeout_s`` is out of range, or the folder cannot
            be used.
    """

    def __init__(
        self,
        destinations: Iterable[BroadcastDestination],
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits | None = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
        transport: Callable[[BroadcastDestination], Transport] | None = None,
        spool: str | os.PathLike[str] | Spool | None = None,
    ) -> None:
        # First of all, so that a ``repr`` works in the traceback of what is raised below.
        self._routes: tuple[Route, ...] = ()
        limits = queue or DEFAULT_QUEUE_LIMITS
        make = transport or (lambda target: Sender(target.destination, timeout_s=timeout_s))
        targets = tuple(destinations)
        senders = [make(target) for target in targets]
        _check_names(targets)
        self._spooling = None if spool is None else _spooling(spool, targets, limits)
        holdings = self._spooling.holdings if self._spooling else {}
        self._routes = tuple(
            Route.to(
                target,
                predicate=predicate,
                queue=limits,
                transport=sender,
                holding=holdings.get(target.name),
            )
            for target, sender in zip(targets, senders)
        )
        problems = Problems()
        super().__init__(self._new_inbox(problems, limits), problems)
        self._timeout_s = timeout_s
        self._synchronous = queue is None
        if self._spooling is not None and self._spooling.begin(self._routes):
            # An earlier process has left something, whose leases are to be renewed while it is sent.
            self._inbox.start()
        # A short script may end before anything was sent.
        self._end = ProcessEnd(self.close)

    @classmethod
    def from_config(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits | None = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
        transport: Callable[[BroadcastDestination], Transport] | None = None,
        spool: str | os.PathLike[str] | Spool | None = None,
    ) -> Broadcast:
        """
        With the destinations that the commands use as well. The first match wins:

        1. the variables ``OTLPJSON_BASE_URL``, ``OTLPJSON_INSTANCE_ID`` and ``OTLPJSON_API_KEY``;
        2. the file at ``path``, else the one that ``OTLPJSON_CONFIG`` names, else the one that
           ``otlpjson configure`` saves in the platform's configuration folder;
        3. OpenTelemetry's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and so on.

        Args:
            path: A file that must exist.

            predicate, queue, timeout_s, transport: As for ``Broadcast``.

            spool:
                As for ``Broadcast``. Default: the folder that ``OTLPJSON_SPOOL`` or the file names,
                if one of them does.

        Raises:
            ConfigError:
                Nothing is configured, what is configured cannot be used, or a file that was
                named does not exist.
        """
        found = configured(os.environ, None if path is None else Path(path))
        return cls(
            found.destinations,
            predicate=predicate,
            queue=queue,
            timeout_s=timeout_s,
            transport=transport,
            spool=found.spool if spool is None else spool,
        )

    def __enter__(self) -> Broadcast:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    async def __aenter__(self) -> Broadcast:
        return self

    async def __aexit__(self, *details: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"Broadcast({', '.join(route.target.name for route in self._routes)})"

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
            timeout_s = _EXIT_TIMEOUT_S if self._spooling is None else _SPOOLED_EXIT_TIMEOUT_S
        timeout_s = seconds("Broadcast.close.timeout_s", timeout_s)
        deadline_s = time.monotonic() + timeout_s
        # Otherwise this object would stay in memory until the process ends.
        self._end.cancel()
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

    async def arecord(self, record: Any) -> bool:
        """As ``record``; with a spool, the event loop goes on while it is written."""
        taken = self._place.get()
        return await in_thread(lambda: self._put(record, taken, waits=True))

    async def aclose(self, timeout_s: float | None = None) -> bool:
        """As ``close``; the event loop goes on meanwhile."""
        return await in_thread(lambda: self.close(timeout_s))

    def install_signal_handlers(self, *signals: int, timeout_s: float = _EXIT_TIMEOUT_S) -> None:
        """
        Flushes when one of these signals comes, and then calls the handler that was there before.

        Python ends at SIGTERM without running anything, so what is queued would be lost. Servers such
        as uvicorn and gunicorn install handlers of their own when they start: call this in the process
        that serves, after that. A second signal while this flushes is handled at once.

        Args:
            signals: Signal numbers. Default: SIGTERM.

            timeout_s: Seconds that the flush may take.

        Raises:
            ConfigError: This is not the main thread, or a signal cannot be handled.
        """
        before_signals(lambda: self.flush(timeout_s), signals or (signal.SIGTERM,))

    def lambda_handler(self, handler: _Handler) -> _Handler:
        """
        A decorator for handlers of AWS Lambda: sends what is queued before the handler returns.

        It waits as long as the function has time left, and at most ten seconds.
        """
        return flushing(handler, self.flush)

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

    def adopt(self, parked: str, *names: str) -> int:
        """
        Sends what is parked in the spool to one of the destinations; returns the number of spans.

        Args:
            parked: The name that the destination had for which it was recorded.

            names: Where to send it, one name. Default: the only destination.

        Raises:
            ConfigError:
                There is no spool, or nothing is parked under that name; there is no one destination
                of that name, or it is in privacy mode and what is parked has content.
        """
        if self._spooling is None:
            raise ConfigError({"spool": "there is none"})
        known = {route.target.name: route for route in self._routes if route.target.enabled}
        chosen = names or tuple(known)
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
    def durable(self) -> bool:
        """Whether records are on the disk when they are acknowledged; false while the disk fails."""
        return self._spooling is not None and self._spooling.spool.is_durable

    def _new_inbox(self, problems: Problems, limits: QueueLimits) -> Inbox[Item]:
        fan_out = FanOut(routes=self._routes, problems=problems)
        group = None if self._spooling is None else self._spooling.group(self._routes, fan_out.send, problems)

        def give_up(item: Item, error: BaseException) -> None:
            problems.refuse(error)
            if item.receipt is not None:
                item.receipt.refuse()

        return Inbox(
            fan_out.send if group is None else group.handle,
            give_up,
            max_bytes=limits.max_bytes,
            max_items=limits.max_spans,
            group=group,
        )

    def _receipt(self, *, waits: bool) -> Receipt | None:
        if self._spooling is None or self._inbox.is_inside():
            return None
        return Receipt() if waits or may_block() else None

    def _hand_in(self, item: Item, size: int) -> bool:
        accepted = super()._hand_in(item, size)
        if self._synchronous:
            self.flush(self._timeout_s)
        if accepted and item.receipt is not None:
            return self._is_written(item.receipt)
        return accepted

    def _is_written(self, receipt: Receipt) -> bool:
        deadline_s = time.monotonic() + self._timeout_s
        if not receipt.wait(min(_NOTICE_S, self._timeout_s)):
            # At exit there may be no thread that handles it, and in a child of a fork none that will.
            self._inbox.drain(max(deadline_s - time.monotonic(), 0.0))
        return receipt.wait(0.0) and receipt.accepted


def _check_names(targets: Iterable[BroadcastDestination]) -> None:
    names = Counter(target.name for target in targets)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise ConfigError(dict.fromkeys(twice, "name of more than one destination"))


def _spooling(
    spool: str | os.PathLike[str] | Spool, targets: Sequence[BroadcastDestination], limits: QueueLimits
) -> Spooling:
    from .spooling import Spooling  # needs sqlite3, which not every Python has

    return Spooling(spool, targets, limits)
