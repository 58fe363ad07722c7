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

from .config import BroadcastDestination, resolved
from .delivery.exporter import DEFAULT_QUEUE, Counts, Exporter, Queue
from .delivery.sender import Sender
from .encode import encode_entry
from .entries import entries_of_generation
from .errors import ConfigError, InvalidDocument
from .ids import span_id_of
from .model import Status, StatusCode
from .openrouter import Generation, Policy, read_record, resource_spans, step
from .store import read_document

__all__ = ["Broadcast", "Call"]

_EXIT_TIMEOUT_S: Final = 5.0


@attrs.define
class Call:
    """
    One LLM request under way.

    Attributes:
        request: The body that is sent.

        response: The body that came back; set it before the block ends.

        api: ``chat``, ``messages`` or ``responses``, where the shape does not tell.

        observed: Facts that neither body carries, by OpenRouter's names.
    """

    request: Mapping[str, Any] = attrs.field(repr=False)
    response: Any = attrs.field(default=None, repr=False)
    api: str | None = None
    observed: dict[str, Any] = attrs.field(factory=dict, repr=False)
    _chunks: list[str | bytes] = attrs.field(factory=list, repr=False)

    def chunk(self, data: str | bytes | bytearray | memoryview) -> None:
        """A piece of a streamed answer, cut wherever it may be."""
        # A buffer may be filled again. What is no piece at all is found out when the call is recorded.
        self._chunks.append(bytes(data) if isinstance(data, (bytearray, memoryview)) else data)

    def record(self, start_ns: int, end_ns: int) -> dict[str, Any]:
        """The record of this call."""
        pieces = (
            piece.encode("utf-8", "replace") if isinstance(piece, str) else piece for piece in self._chunks
        )
        stream = {"response_stream": b"".join(pieces)} if self._chunks else {}
        return {
            "request": self.request,
            "response": self.response,
            **stream,
            "api": self.api,
            "observed": self.observed,
            "started_at": start_ns,
            "ended_at": end_ns,
        }


@attrs.frozen(kw_only=True)
class _Place:
    """Where requests are recorded at the moment: under which span of which trace."""

    trace_key: str
    trace_name: str
    session_id: str | None
    span_id: str
    numbers: Iterator[int]


@attrs.frozen(kw_only=True)
class _Lane:
    """One destination with what belongs to it."""

    target: BroadcastDestination
    policy: Policy
    exporter: Exporter


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
        queue: Queue = DEFAULT_QUEUE,
        timeout_s: float = 10.0,
    ) -> None:
        self._lanes = tuple(
            _Lane(
                target=target,
                policy=Policy(
                    enabled=target.enabled, sampling_rate=target.sampling_rate, predicate=predicate
                ),
                exporter=Exporter(
                    Sender(target.destination, timeout_s=timeout_s),
                    name=f"otlpjson: {target.name}",
                    queue=queue,
                ),
            )
            for target in destinations
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
            self._guarded(lambda: self._record(_with_error(call.record(start_ns, end_ns), raised)))
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
        self._each_lane(lambda lane: self._send(lane, generation))

    def _each_lane(self, send: Callable[[_Lane], None]) -> None:
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

    def _send(self, lane: _Lane, generation: Generation) -> None:
        target = lane.target
        try:
            refusal = lane.policy.refusal(generation)
        except Exception:  # of the caller's predicate; counted here in spans, and as a record where it ends
            self._drop(lane, generation, "internal_error")
            raise
        if refusal is not None:
            self._drop(lane, generation, refusal)
            return
        lane.exporter.add(
            entries_of_generation(
                generation,
                hierarchy=target.hierarchy,
                privacy_mode=target.privacy_mode,
                integers_as_numbers=target.integers_as_numbers,
            )
        )

    def _drop(self, lane: _Lane, generation: Generation, reason: str) -> None:
        """Counts the spans that there would have been; nothing is encoded for it."""
        groups = resource_spans(generation, hierarchy=lane.target.hierarchy)
        lane.exporter.drop(sum(group.span_count for group in groups), reason)

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
        # Sampled like the requests below it; a predicate is asked about requests alone.
        as_request = Generation(key=place.trace_key, session_id=place.session_id, start_ns=0, end_ns=0)

        def send(lane: _Lane) -> None:
            refusal = attrs.evolve(lane.policy, predicate=None).refusal(as_request)
            if refusal is not None:
                lane.exporter.drop(group.span_count, refusal)
                return
            lane.exporter.add([encode_entry(group, integers_as_numbers=lane.target.integers_as_numbers)])

        self._each_lane(send)


def _with_error(record: dict[str, Any], error: BaseException | None) -> dict[str, Any]:
    """The record of a call that ended with an exception, unless the caller said better what went wrong."""
    if error is None:
        return record
    message = ": ".join(filter(None, (type(error).__name__, str(error))))
    return {**record, "observed": {"error_message": message, **record["observed"]}}
