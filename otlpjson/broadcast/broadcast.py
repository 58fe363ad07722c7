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
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Final, TypeVar

import attrs

from ..core.errors import ConfigError
from ..core.words import plural
from ..delivery.ledger import Counts, Settled
from ..delivery.limits import DEFAULT_QUEUE_LIMITS, QueueLimits, seconds
from ..delivery.sender import Sender
from ..delivery.transport import Transport
from ..openrouter import Generation
from .aws_lambda import flushing
from .capturing import Capturing
from .config import configured
from .destination import BroadcastDestination
from .fan_out import FanOut, Item
from .inbox import Inbox
from .problems import Problems
from .process_end import ProcessEnd
from .route import Route
from .signals import before_signals

__all__ = ["Broadcast"]

_LOG: Final = logging.getLogger("otlpjson")
_EXIT_TIMEOUT_S: Final = 5.0
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

    Raises:
        ConfigError: Two destinations have the same name, or ``timeout_s`` is out of range.
    """

    def __init__(
        self,
        destinations: Iterable[BroadcastDestination],
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits | None = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
        transport: Callable[[BroadcastDestination], Transport] | None = None,
    ) -> None:
        limits = queue or DEFAULT_QUEUE_LIMITS
        make = transport or (lambda target: Sender(target.destination, timeout_s=timeout_s))
        self._routes = tuple(
            Route.to(target, predicate=predicate, queue=limits, transport=make) for target in destinations
        )
        names = Counter(route.target.name for route in self._routes)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ConfigError(dict.fromkeys(twice, "name of more than one destination"))
        problems = Problems()
        inbox: Inbox[Item] = Inbox(
            FanOut(routes=self._routes, problems=problems).send,
            lambda item, error: problems.refuse(error),
            max_bytes=limits.max_bytes,
            max_items=limits.max_spans,
        )
        super().__init__(inbox, problems)
        self._timeout_s = timeout_s
        self._synchronous = queue is None
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

    def close(self, timeout_s: float = _EXIT_TIMEOUT_S) -> bool:
        """
        Sends what is queued and stops; returns whether all of it settled within this many seconds.

        What did not settle stays pending in ``counts``. Later records are refused.

        Raises:
            InvalidValue: The time is no number of seconds.
        """
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
        unread = self._inbox.unread
        if unread:
            with suppress(Exception):  # a handler of the program may raise
                _LOG.warning("otlpjson: shut down with %s", plural(unread, "unread record"))
        return mapped and all(done)

    async def aflush(self, timeout_s: float = 10.0) -> bool:
        """As ``flush``; the event loop goes on meanwhile."""
        return await _in_thread(lambda: self.flush(timeout_s))

    async def aclose(self, timeout_s: float = _EXIT_TIMEOUT_S) -> bool:
        """As ``close``; the event loop goes on meanwhile."""
        return await _in_thread(lambda: self.close(timeout_s))

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

    def _accepted(self, refusal: str | None) -> bool:
        if self._synchronous:
            self.flush(self._timeout_s)
        return super()._accepted(refusal)


async def _in_thread(work: Callable[[], bool]) -> bool:
    import asyncio  # takes long to import, and only programs that use it come here

    return await asyncio.get_running_loop().run_in_executor(None, work)
