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
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Callable, Final, TypeVar

from ..core.errors import ConfigError
from ..core.python_scalars import scalar_bases
from ..delivery.any_sender import sender_to
from ..delivery.guard import is_guarded
from ..delivery.limits import DEFAULT_QUEUE_LIMITS, QueueLimits
from ..delivery.receipt import Receipt
from ..delivery.transport import Transport
from ..openrouter import Generation
from .aws_lambda import flushing
from .delivering import EXIT_TIMEOUT_S, Delivering
from .destination import BroadcastDestination
from .event_loop import in_thread, may_block
from .fan_out import FanOut, Item
from .inbox import Inbox
from .problems import Problems
from .route import Route

if TYPE_CHECKING:
    from ..delivery.spool import Spool
    from .spooling import Spooling

__all__ = ["Broadcast"]

_LOG: Final = logging.getLogger("otlpjson")
# How long a receipt may take before it is asked whether anybody works on it.
_NOTICE_S: Final = 0.5
_Handler = TypeVar("_Handler", bound=Callable[..., Any])


class Broadcast(Delivering):
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

        mask:
            Called with each text of a request, in the thread that maps: what it returns is stored and
            sent in place of the text. It sees prompts, completions, error messages, metadata, names of
            spans, user and session; texts in JSON one by one. If it raises, or takes longer than a
            second for one request, ``[masked]`` is sent.

        queue:
            How much waits to be mapped, and how much for each destination, and how long. ``None``:
            each recording waits until it is sent, up to ``timeout_s``. That is for processes that are
            stopped at any moment; every other program waits for nothing.

        timeout_s:
            Seconds that one request to a destination may take, at most 3600, unless the destination
            has a time of its own.

        transport:
            Makes what sends to a destination: a ``Sender`` with arguments of your own or, in tests,
            a ``FakeTransport`` of ``otlpjson.testing``. Default: a ``Sender`` with ``timeout_s``.

        spool:
            A folder, or a ``Spool`` of ``otlpjson.delivery.spool``, in which entries wait on the disk.
            Recording then waits until they are there, unless that would stop an event loop: about as
            long as the disk takes for one ``fsync``. Default: entries wait in memory.

        api_key_name:
            The name of the API key that the program uses, for requests that do not say it. It is sent,
            and decides with ``included_api_keys`` and ``excluded_api_keys`` of a destination.

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
        mask: Callable[[str], str] | None = None,
        queue: QueueLimits | None = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
        transport: Callable[[BroadcastDestination], Transport] | None = None,
        spool: str | os.PathLike[str] | Spool | None = None,
        api_key_name: str | None = None,
    ) -> None:
        limits = queue or DEFAULT_QUEUE_LIMITS
        make = transport or (lambda target: sender_to(target.destination, timeout_s=timeout_s))
        targets = tuple(destinations)
        senders = [make(target) for target in targets]
        _check_names(targets)
        spooling = None if spool is None else _spooling(spool, targets, limits)
        holdings = {} if spooling is None else spooling.holdings
        routes = tuple(
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
        # What this loads must not be loaded in a thread: a child that is forked meanwhile would wait for it.
        scalar_bases()
        self._timeout_s = timeout_s
        self._synchronous = queue is None
        fan_out = FanOut(routes=routes, problems=problems, mask=mask, api_key_name=api_key_name)
        super().__init__(_inbox(fan_out, spooling, limits), problems, routes, spooling)

    @classmethod
    def from_config(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        predicate: Callable[[Generation], bool] | None = None,
        mask: Callable[[str], str] | None = None,
        queue: QueueLimits | None = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
        transport: Callable[[BroadcastDestination], Transport] | None = None,
        spool: str | os.PathLike[str] | Spool | None = None,
        api_key_name: str | None = None,
    ) -> Broadcast:
        """
        With the destinations that the commands use as well. The first match wins:

        1. the variables ``OTLPJSON_BASE_URL``, ``OTLPJSON_INSTANCE_ID`` and ``OTLPJSON_API_KEY``;
        2. the file at ``path``, else the one that ``OTLPJSON_CONFIG`` names, else the one that
           ``otlpjson configure`` saves in the platform's configuration folder;
        3. OpenTelemetry's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and so on.

        Args:
            path: A file that must exist.

            predicate, mask, queue, timeout_s, transport: As for ``Broadcast``.

            spool:
                As for ``Broadcast``. Default: the folder that ``OTLPJSON_SPOOL`` or the file names,
                if one of them does.

            api_key_name: As for ``Broadcast``. Default: what ``OTLPJSON_API_KEY_NAME`` says.

        Raises:
            ConfigError:
                Nothing is configured, what is configured cannot be used, or a file that was
                named does not exist.
        """
        # Loaded here and not at the top: a program that names its destinations need not wait for it.
        from .config import configured

        found = configured(os.environ, path)
        for sentence in found.sentences:
            _LOG.warning("otlpjson: %s", sentence)
        return cls(
            found.destinations,
            predicate=predicate,
            mask=mask,
            queue=queue,
            timeout_s=timeout_s,
            transport=transport,
            spool=found.spool if spool is None else spool,
            api_key_name=found.api_key_name if api_key_name is None else api_key_name,
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
        # Also in the traceback of what the constructor raises.
        routes = getattr(self, "_routes", ())
        return f"Broadcast({', '.join(route.target.name for route in routes)})"

    async def arecord(self, record: Any) -> bool:
        """As ``record``; with a spool, the event loop goes on while it is written."""
        taken = self._place.get()
        return await in_thread(lambda: self._put(record, taken, waits=True))

    def install_signal_handlers(self, *signals: int, timeout_s: float = EXIT_TIMEOUT_S) -> None:
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
        # Loaded here and not at the top: few programs need it.
        from .signals import before_signals

        before_signals(lambda: self.flush(timeout_s), signals)

    def lambda_handler(self, handler: _Handler) -> _Handler:
        """
        A decorator for handlers of AWS Lambda: sends what is queued before the handler returns.

        It waits as long as the function has time left, and at most ten seconds.
        """
        return flushing(handler, self.flush)

    def _receipt(self, *, waits: bool) -> Receipt | None:
        if self._spooling is None or self._inbox.is_inside() or is_guarded():
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


def _inbox(fan_out: FanOut, spooling: Spooling | None, limits: QueueLimits) -> Inbox[Item]:
    problems = fan_out.problems
    group = None if spooling is None else spooling.group(fan_out.routes, fan_out.send, problems)

    def give_up(item: Item, error: BaseException) -> None:
        problems.refuse(error)
        if item.receipt is not None:
            item.receipt.refuse()

    return Inbox(
        fan_out.send if group is None else group.handle,
        give_up,
        refuse=problems.leave_behind,
        limits=limits,
        group=group,
    )


def _spooling(
    spool: str | os.PathLike[str] | Spool, targets: Sequence[BroadcastDestination], limits: QueueLimits
) -> Spooling:
    from .spooling import Spooling  # needs sqlite3, which not every Python has

    return Spooling(spool, targets, limits)
