# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a program calls to record its requests, traces and steps: each becomes an item in the inbox."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, Callable, Final, TypeVar, overload

from ..capture import uncaptured
from ..core.errors import InvalidValue
from ..core.findings import Finding
from ..core.words import describe
from ..delivery.receipt import Receipt
from ..openrouter import Step
from ..openrouter.document import Document
from .call import Call, with_error
from .fan_out import Ended, Item, Recorded
from .inbox import Inbox
from .observe import inside, observed
from .open_step import OpenStep
from .place import Place
from .problems import Problems
from .remote_parent import RemoteParent, current_span
from .snapshot import snapshot

__all__ = ["Recording"]

_Function = TypeVar("_Function", bound=Callable[..., Any])
# About what a trace or step holds while it waits.
_STEP_BYTES: Final = 500


class Recording:
    """
    The recording half of ``Broadcast``.

    Args:
        inbox: Where items go.

        problems: Where is counted what could not be recorded.
    """

    def __init__(self, inbox: Inbox[Item], problems: Problems) -> None:
        self._inbox = inbox
        self._problems = problems
        # A context variable follows tasks and copied contexts; one for each Broadcast, so that two of
        # them have traces of their own.
        self._place: ContextVar[Place | None] = ContextVar("otlpjson_place", default=None)

    def record(self, record: Any) -> bool:
        """
        Sends a request that has already happened: its request, response and times, as for ``read_record``.

        Dicts and lists are copied, so they may be changed afterwards. What is wrong with the record
        is found later, counted in ``refused`` and kept in ``errors``.

        Returns:
            Whether it was accepted into the queue, which may be full or closed.
        """
        return self._put(record, self._place.get(), waits=True)

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
            # A client that records its requests by itself leaves this one alone.
            with uncaptured():
                yield call
        except BaseException as error:  # also if a task is cancelled: the request was made
            raised = error
            raise
        finally:
            # The wall clock may have been set back.
            end_ns = max(time.time_ns(), start_ns)
            self._put_call(call, (start_ns, end_ns), raised)
            raised = None  # it refers to this frame, which would keep both alive

    @contextmanager
    def trace(
        self,
        name: str,
        *,
        trace_id: str | None = None,
        session_id: str | None = None,
        parent: str | None = None,
    ) -> Iterator[str]:
        """
        A root span above the requests that are recorded inside the block; yields the trace key.

        Args:
            name: The name of the root span.

            trace_id: The trace key, as in a request's ``trace.trace_id``; random unless given.

            session_id:
                The session of the requests inside that have none of their own. Give it if
                sessions are sampled, so that the root is kept or dropped together with its requests.

            parent:
                The header ``traceparent`` of the request that the program is working on: the root
                becomes a child of that span. A text that is no such header is noted, and begins a
                new trace: others send it. Without it, and without a ``trace_id``, a span of
                OpenTelemetry that is active and sampled is the parent.

        Raises:
            InvalidValue: ``parent`` is no text, or ``trace_id`` is given as well.
        """
        place = self._root(name, trace_id, session_id, parent)
        with self._inside(place):
            yield place.trace_key

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A span of the open trace, above the requests inside the block; without one, a new trace."""
        with self._inside(self._below(name)):
            yield

    @overload
    def observe(self, function: _Function, *, name: str | None = None) -> _Function: ...

    @overload
    def observe(
        self, function: None = None, *, name: str | None = None
    ) -> Callable[[_Function], _Function]: ...

    def observe(self, function: Any = None, *, name: str | None = None) -> Any:
        """
        ``span`` as a decorator, for functions, coroutines, generators and asynchronous generators.

        A generator's span lasts until its end, and is open only while the generator runs.

        Args:
            name: The name of the span. Default: the function's.
        """
        if function is None:
            return lambda decorated: self.observe(decorated, name=name)
        title = name or str(getattr(function, "__name__", type(function).__name__))
        return observed(function, lambda: OpenStep(self._below(title), self._put_step), self._place)

    def _put_call(self, call: Call, times_ns: tuple[int, int], raised: BaseException | None) -> None:
        try:
            record = with_error(call.record(*times_ns), raised)
        except Exception as error:  # the text of the program's exception, or its facts, may raise anything
            self._problems.refuse(error)
        else:
            self._put(record, self._here())

    def _put(self, record: Any, place: Place | RemoteParent | None, *, waits: bool = False) -> bool:
        try:
            taken = snapshot(record)
        except Exception as error:  # a dict or list of a class that cannot be copied
            self._problems.refuse(error)
            return False
        receipt = self._receipt(waits=waits)
        return self._hand_in(Recorded(record=taken.value, place=place, receipt=receipt), taken.size)

    def _receipt(self, *, waits: bool) -> Receipt | None:
        """What an item is handed in with whose caller waits until it is written; ``None`` without a spool."""

    def _hand_in(self, item: Item, size: int) -> bool:
        return self._inbox.put(item, size)

    def _root(self, name: str, trace_id: str | None, session_id: str | None, parent: str | None) -> Place:
        if parent is not None and trace_id is not None:
            raise InvalidValue("Broadcast.trace.trace_id", "none beside a parent", "one")
        remote = None if parent is None else self._remote(parent)
        if remote is None and trace_id is None:
            remote = current_span()
        drawn = os.urandom(16).hex()
        if remote is None:
            return Place.root(name, trace_key=trace_id or drawn, session_id=session_id)
        return Place.under(remote, name, session_id=session_id, seed=drawn)

    def _remote(self, parent: str) -> RemoteParent | None:
        if not isinstance(parent, str):
            raise InvalidValue("Broadcast.trace.parent", "the text of a header", describe(parent))
        remote = RemoteParent.of_traceparent(parent)
        if remote is None:
            notes: list[Finding] = []
            Document("Broadcast.trace", {}, notes).note("parent", "is no traceparent, so a new trace began")
            self._problems.leave_out(notes)
        return remote

    def _here(self) -> Place | RemoteParent | None:
        """What a request that is made now belongs to."""
        return self._place.get() or current_span()

    def _below(self, name: str) -> Place:
        above = self._place.get()
        return self._root(name, None, None, None) if above is None else above.below(name)

    def _put_step(self, step: Step) -> None:
        self._hand_in(Ended(step=step, receipt=self._receipt(waits=False)), _STEP_BYTES)

    def _inside(self, place: Place) -> AbstractContextManager[None]:
        return inside(OpenStep(place, self._put_step), self._place)
