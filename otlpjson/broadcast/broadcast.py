# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Broadcast: records a program's LLM requests and sends them as traces to every destination.

    with Broadcast.from_config() as broadcast, broadcast.trace("Answer a question"):
        with broadcast.call(request) as call:
            call.response = requests.post(url, json=request, headers=headers).json()
"""

from __future__ import annotations

import atexit
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Callable, Final

import attrs

from ..core.errors import ConfigError
from ..core.model import Status, StatusCode
from ..delivery.ledger import Counts
from ..delivery.limits import DEFAULT_QUEUE_LIMITS, QueueLimits
from ..openrouter import Generation, Step, read_record, step_spans
from .call import Call, with_error
from .config import configured
from .destination import BroadcastDestination
from .place import Place
from .problems import Problems
from .repeats import Repeats
from .route import Route

__all__ = ["Broadcast"]

_EXIT_TIMEOUT_S: Final = 5.0


class Broadcast:
    """
    Sends every recorded request as a trace to every destination.

    It may be used from any number of threads and tasks. It is a context manager, and closes
    itself at the end of the process. Nothing here waits for the network but ``flush`` and
    ``close``, and no error of its own reaches the program: see ``refused``, ``errors`` and ``counts``.

    Args:
        destinations: Where to send. Their names must differ.

        predicate:
            Called with each ``Generation``; those for which it is false are not sent, and
            counted as ``predicate``.

        queue: How much waits for each destination, and how long.

        timeout_s: Seconds that one request to a destination may take, at most 3600.

    Raises:
        ConfigError: Two destinations have the same name, or ``timeout_s`` is out of range.
    """

    def __init__(
        self,
        destinations: Iterable[BroadcastDestination],
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
    ) -> None:
        self._routes = tuple(
            Route.to(target, predicate=predicate, queue=queue, timeout_s=timeout_s) for target in destinations
        )
        names = Counter(route.target.name for route in self._routes)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ConfigError(dict.fromkeys(twice, "name of more than one destination"))
        # A context variable follows tasks and copied contexts; one for each Broadcast, so that two of
        # them have traces of their own.
        self._place: ContextVar[Place | None] = ContextVar("otlpjson_place", default=None)
        self._problems = Problems()
        self._repeats = Repeats()
        # A short script may end before anything was sent.
        atexit.register(self.close)

    @classmethod
    def from_config(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
    ) -> Broadcast:
        """
        With the destinations that the commands use as well. The first match wins:

        1. the variables ``OTLPJSON_BASE_URL``, ``OTLPJSON_INSTANCE_ID`` and ``OTLPJSON_API_KEY``;
        2. the file at ``path``, else the one that ``OTLPJSON_CONFIG`` names, else the one that
           ``otlpjson configure`` saves in the platform's configuration folder;
        3. OpenTelemetry's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and so on.

        Args:
            path: A file that must exist.

            predicate, queue, timeout_s: As for ``Broadcast``.

        Raises:
            ConfigError:
                Nothing is configured, what is configured cannot be used, or a file that was
                named does not exist.
        """
        found = configured(os.environ, None if path is None else Path(path))
        return cls(found.destinations, predicate=predicate, queue=queue, timeout_s=timeout_s)

    def __enter__(self) -> Broadcast:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Broadcast({', '.join(route.target.name for route in self._routes)})"

    def record(self, record: Mapping[str, Any]) -> bool:
        """
        Sends a request that has already happened: its request, response and times, as for ``read_record``.

        Returns whether it could be sent. If not, it is counted in ``refused``, and the reason is
        in ``errors``.
        """
        return self._guarded(lambda: self._record(record))

    @contextmanager
    def call(self, request: Any, *, api: str | None = None) -> Iterator[Call]:
        """
        Times a request and records it when the block ends, also if it ends with an exception.

        In the block, set ``response`` of the ``Call``, or pass each piece of a stream to its
        ``chunk``. An exception after the response has arrived as a whole is not the request's.

        Args:
            request: The body of the request, or the keyword arguments of an SDK.

            api: As in a record; only needed if the bodies could be of more than one API.
        """
        call = Call(request=request, api=api)
        start_ns = time.time_ns()
        raised: BaseException | None = None
        try:
            yield call
        except BaseException as error:  # also if a task is cancelled: the request was made
            raised = error
            raise
        finally:
            # The wall clock may have been set back.
            end_ns = max(time.time_ns(), start_ns)
            self._guarded(lambda: self._record(with_error(call.record(start_ns, end_ns), raised)))
            raised = None  # it refers to this frame, which would keep both alive

    @contextmanager
    def trace(
        self, name: str, *, trace_id: str | None = None, session_id: str | None = None
    ) -> Iterator[str]:
        """
        A root span above the requests that are recorded inside the block; yields the trace key.

        Args:
            name: The name of the root span.

            trace_id: The trace key, as in a request's ``trace.trace_id``; random unless given.

            session_id:
                The session of the requests inside that have none of their own. Give it if
                sessions are sampled, so that the root is kept or dropped together with its requests.
        """
        place = Place.root(name, trace_key=trace_id or os.urandom(16).hex(), session_id=session_id)
        with self._inside(place):
            yield place.trace_key

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A span of the open trace, above the requests inside the block; without one, a new trace."""
        above = self._place.get()
        if above is None:
            with self.trace(name):
                yield
            return
        with self._inside(above.below(name)):
            yield

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Sends what is queued; returns whether all of it settled within this many seconds."""
        deadline_s = time.monotonic() + timeout_s
        for route in self._routes:
            route.exporter.flush(0.0)  # all start at once, so that one that hangs does not delay the others
        done = [route.exporter.flush(max(deadline_s - time.monotonic(), 0.0)) for route in self._routes]
        return all(done)

    def close(self, timeout_s: float = _EXIT_TIMEOUT_S) -> bool:
        """
        Sends what is queued and stops; returns whether all of it settled within this many seconds.

        What did not settle stays pending in ``counts``. Later records are dropped.
        """
        # Otherwise this object would stay in memory until the process ends.
        atexit.unregister(self.close)
        deadline_s = time.monotonic() + timeout_s
        for route in self._routes:
            route.exporter.begin_close(timeout_s)  # as in flush, all start at once
        done = [route.exporter.close(max(deadline_s - time.monotonic(), 0.0)) for route in self._routes]
        return all(done)

    def counts(self) -> dict[str, Counts]:
        """
        For each destination, all spans counted by what happened to them.

        ``left_out`` is the same for all of them: it counts values of the records.
        """
        left_out = self._problems.left_out
        return {
            route.target.name: attrs.evolve(route.exporter.counts(), left_out=left_out)
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

    def _record(self, record: Mapping[str, Any]) -> None:
        generation, place = read_record(record), self._place.get()
        if generation.generation_id is None:
            generation = generation.numbered(self._repeats.number(generation.key))
        if place is not None:
            generation = place.adopt(generation)
        self._each_route(lambda route: route.send(generation))
        self._problems.leave_out(generation.skipped)

    def _each_route(self, send: Callable[[Route], None]) -> None:
        """Calls this for every destination, also after it failed for one; then raises the first error."""
        failures = []
        for route in self._routes:
            try:
                send(route)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _guarded(self, work: Callable[[], None]) -> bool:
        """Does the work, counts and keeps an error of it, and returns whether there was none."""
        try:
            work()
        except Exception as error:
            self._problems.refuse(error)
            return False
        return True

    @contextmanager
    def _inside(self, place: Place) -> Iterator[None]:
        token = self._place.set(place)
        start_ns, status = time.time_ns(), Status(code=StatusCode.OK)
        try:
            yield
        except BaseException as error:
            # Not its text, which may hold content: privacy mode covers requests only.
            status = Status(code=StatusCode.ERROR, message=type(error).__name__)
            raise
        finally:
            with suppress(ValueError):  # a generator may end in another context, where this was never set
                self._place.reset(token)
            end_ns = max(time.time_ns(), start_ns)
            self._guarded(lambda: self._send_step(place.step(start_ns, end_ns, status)))

    def _send_step(self, step: Step) -> None:
        group = step_spans(step)
        # Sampled by its session or trace, as the requests in it are; the times do not matter.
        as_request = Generation(key=step.trace_key, session_id=step.session_id, start_ns=0, end_ns=0)
        self._each_route(lambda route: route.send_step(group, as_request))
