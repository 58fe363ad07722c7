# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Broadcast: what most programs import. Requests in, traces at every destination out.

    with Broadcast.from_config(path) as broadcast, broadcast.trace("Answer a question"):
        with broadcast.call(request) as call:
            call.response = requests.post(url, json=request, headers=headers).json()

Nothing here waits for the network, and none of our faults reaches the program: what goes wrong
is counted, and can be asked for.
"""

from __future__ import annotations

import atexit
import itertools
import os
import time
import traceback
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any, Callable, Final

import attrs

from ..core.errors import ConfigError, InvalidDocument
from ..core.ids import span_id_of
from ..core.model import Status, StatusCode
from ..delivery.ledger import Counts
from ..delivery.limits import DEFAULT_QUEUE_LIMITS, QueueLimits
from ..openrouter import Generation, read_record, step
from .call import Call, with_error
from .config import BroadcastDestination, resolved
from .config_file import read_document
from .route import Lane

__all__ = ["Broadcast", "Call"]

_EXIT_TIMEOUT_S: Final = 5.0


@attrs.frozen(kw_only=True)
class _Place:
    """Where requests are recorded at the moment: under which span of which trace."""

    trace_key: str
    trace_name: str
    session_id: str | None
    span_id: str
    numbers: Iterator[int]


class Broadcast:
    """
    Sends every recorded request as a trace to every destination.

    It may be used from any number of threads and tasks. It is a context manager, and closes
    itself at the end of the process.

    Args:
        destinations: Where to. Names must differ.

        predicate: Called with each ``Generation``; sent is what it is true for.

        queue: How much waits for each destination, and how long.

        timeout_s: The longest that one request to a destination may take.

    Raises:
        ConfigError: Two destinations of one name.
    """

    def __init__(
        self,
        destinations: Iterable[BroadcastDestination],
        *,
        predicate: Callable[[Generation], bool] | None = None,
        queue: QueueLimits = DEFAULT_QUEUE_LIMITS,
        timeout_s: float = 10.0,
    ) -> None:
        self._lanes = tuple(
            Lane.to(target, predicate=predicate, queue=queue, timeout_s=timeout_s) for target in destinations
        )
        names = Counter(lane.target.name for lane in self._lanes)
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise ConfigError(dict.fromkeys(twice, "expected one destination of this name"))
        self._place: ContextVar[_Place | None] = ContextVar("otlpjson_place", default=None)
        self._lock = Lock()
        self._refused: Counter[str] = Counter()
        self._errors: deque[Exception] = deque(maxlen=100)
        atexit.register(self.close)

    @classmethod
    def from_config(cls, path: str | os.PathLike[str], **options: Any) -> Broadcast:
        """
        With the saved destinations, or those that the environment names, which win.

        Raises:
            ConfigError: What is saved or named cannot be used, or nothing is.
        """
        return cls(resolved(os.environ, read_document(Path(path))).destinations, **options)

    def __enter__(self) -> Broadcast:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Broadcast({', '.join(lane.target.name for lane in self._lanes)})"

    def record(self, record: Mapping[str, Any]) -> bool:
        """
        Sends what already happened: request, response and times, as ``read_record`` takes them.

        Returns whether it was understood. If not, that is counted and among ``errors``.
        """
        return self._guarded(lambda: self._record(record))

    @contextmanager
    def call(self, request: Mapping[str, Any], *, api: str | None = None) -> Iterator[Call]:
        """
        Times a request and records it when the block ends, also where it ends with an exception.

        Set ``response`` on what it gives, or hand over the pieces of a stream with ``chunk``.
        """
        call = Call(request=request, api=api)
        start_ns = time.time_ns()
        raised: BaseException | None = None
        try:
            yield call
        except BaseException as error:
            raised = error
            raise
        finally:
            end_ns = max(time.time_ns(), start_ns)
            self._guarded(lambda: self._record(with_error(call.record(start_ns, end_ns), raised)))
            raised = None  # it refers to this frame

    @contextmanager
    def trace(
        self, name: str, *, trace_id: str | None = None, session_id: str | None = None
    ) -> Iterator[str]:
        """
        One root span over the requests that are recorded inside the block; gives the trace key.

        Args:
            name: Of the root span.

            trace_id: The trace key, as in a request's ``trace.trace_id``; drawn where not given.

            session_id:
                Of the requests inside that have none of their own. Give it where a session is
                sampled, so that the root is kept or dropped with its requests.
        """
        trace_key = trace_id or os.urandom(16).hex()
        place = _Place(
            trace_key=trace_key,
            trace_name=name,
            session_id=session_id,
            span_id=span_id_of(f"{trace_key}:root"),
            numbers=itertools.count(1),
        )
        with self._inside(place, name, parent=None):
            yield trace_key

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A step of the trace, over the requests inside the block; outside of a trace, one of its own."""
        above = self._place.get()
        if above is None:
            with self.trace(name):
                yield
            return
        number = next(above.numbers)
        place = attrs.evolve(above, span_id=span_id_of(f"{above.trace_key}:span-{number}"))
        with self._inside(place, name, parent=above.span_id):
            yield

    def flush(self, timeout_s: float = 10.0) -> bool:
        """Sends what waits; whether all of it was settled in time."""
        deadline_s = time.monotonic() + timeout_s
        for lane in self._lanes:
            lane.exporter.flush(0.0)  # all begin at once: one that hangs takes no time from the others
        done = [lane.exporter.flush(max(deadline_s - time.monotonic(), 0.0)) for lane in self._lanes]
        return all(done)

    def close(self, timeout_s: float = _EXIT_TIMEOUT_S) -> bool:
        """Sends what waits and ends; whether all of it was settled in time. Later records are dropped."""
        atexit.unregister(self.close)
        deadline_s = time.monotonic() + timeout_s
        for lane in self._lanes:
            lane.exporter.begin_close(timeout_s)
        done = [lane.exporter.close(max(deadline_s - time.monotonic(), 0.0)) for lane in self._lanes]
        return all(done)

    def counts(self) -> dict[str, Counts]:
        """What became of all spans, for each destination."""
        return {lane.target.name: lane.exporter.counts() for lane in self._lanes}

    @property
    def refused(self) -> dict[str, int]:
        """How many records and steps were not made spans of or sent, to one destination or all, by reason."""
        with self._lock:
            return dict(self._refused)

    @property
    def errors(self) -> tuple[Exception, ...]:
        """Why they were not; the latest 100."""
        with self._lock:
            return tuple(self._errors)

    def _record(self, record: Mapping[str, Any]) -> None:
        generation = self._placed(read_record(record))
        self._each_lane(lambda lane: lane.send(generation))

    def _each_lane(self, send: Callable[[Lane], None]) -> None:
        """Does it for every destination, also where it fails for one; then raises the first failure."""
        failures = []
        for lane in self._lanes:
            try:
                send(lane)
            except Exception as error:
                failures.append(error)
        if failures:
            raise failures[0]

    def _guarded(self, work: Callable[[], None]) -> bool:
        """Whether it went well; what did not is counted, and the caller's code never sees it."""
        try:
            work()
        except Exception as error:
            reason = "refused" if isinstance(error, InvalidDocument) else "internal_error"
            traceback.clear_frames(error.__traceback__)  # lines are kept, not the content of the records
            with self._lock:
                self._refused[reason] += 1
                self._errors.append(error)
            return False
        return True

    def _placed(self, generation: Generation) -> Generation:
        """The generation under the span that is open, unless it brings a trace or a parent of its own."""
        place, trace = self._place.get(), generation.trace
        if place is None or trace.trace_id is not None or trace.parent_span_id is not None:
            return generation
        trace = attrs.evolve(trace, trace_id=place.trace_key, parent_span_id=place.span_id, has_root=True)
        return attrs.evolve(generation, trace=trace, session_id=generation.session_id or place.session_id)

    @contextmanager
    def _inside(self, place: _Place, name: str, *, parent: str | None) -> Iterator[None]:
        token = self._place.set(place)
        start_ns, status = time.time_ns(), Status(code=StatusCode.OK)
        try:
            yield
        except BaseException as error:
            status = Status(code=StatusCode.ERROR, message=type(error).__name__)
            raise
        finally:
            with suppress(ValueError):  # ended in another context than begun, where it never held
                self._place.reset(token)
            members = {
                "span_id": place.span_id,
                "parent_span_id": parent,
                "name": name,
                "start_ns": start_ns,
                "end_ns": max(time.time_ns(), start_ns),
                "status": status,
            }
            self._guarded(lambda: self._send_step(place, members))

    def _send_step(self, place: _Place, members: Mapping[str, Any]) -> None:
        group = step(
            trace_key=place.trace_key, trace_name=place.trace_name, session_id=place.session_id, span=members
        )
        as_request = Generation(key=place.trace_key, session_id=place.session_id, start_ns=0, end_ns=0)
        self._each_lane(lambda lane: lane.send_step(group, as_request))
