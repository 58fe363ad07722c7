# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An open trace or step: the span above the requests that are recorded in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import attrs

from ..core.ids import span_id_of, trace_id_of
from ..core.model import Status
from ..openrouter import Generation, Step
from .remote_parent import RemoteParent

__all__ = ["Place"]


@attrs.frozen(kw_only=True)
class Place:
    """
    An open trace or step.

    Attributes:
        trace_key, trace_name: The key of its trace, and the name of that trace's root.

        session_id: The session of the requests in it that have none of their own, or ``None``.

        span_id, parent_span_id, name: Its span's; a root has none, or one of another program.

        seed: What the ids of its spans are derived from.

        numbers: The numbers of further steps in the same trace, from 1; shared by all of its places.
    """

    trace_key: str
    trace_name: str
    session_id: str | None
    span_id: str
    parent_span_id: str | None
    name: str
    seed: str
    numbers: Iterator[int]

    @classmethod
    def root(cls, name: str, *, trace_key: str, session_id: str | None) -> Place:
        """A new trace."""
        return cls._topmost(name, trace_key=trace_key, session_id=session_id, parent=None, seed=trace_key)

    @classmethod
    def under(cls, parent: RemoteParent, name: str, *, session_id: str | None, seed: str) -> Place:
        """
        A new part of a trace that another program began.

        Args:
            seed: Text that no other part of that trace has.
        """
        return cls._topmost(
            name, trace_key=parent.trace_id, session_id=session_id, parent=parent.span_id, seed=seed
        )

    @classmethod
    def _topmost(
        cls, name: str, *, trace_key: str, session_id: str | None, parent: str | None, seed: str
    ) -> Place:
        return cls(
            trace_key=trace_key,
            trace_name=name,
            session_id=session_id,
            span_id=span_id_of(f"{seed}:root"),
            parent_span_id=parent,
            name=name,
            seed=seed,
            numbers=itertools.count(1),
        )

    @property
    def traceparent(self) -> str:
        """The header for a request that is made in this span."""
        return RemoteParent(trace_id_of(self.trace_key), self.span_id).traceparent

    def below(self, name: str) -> Place:
        """A new step in this trace or step."""
        # Numbered in the whole trace, so that no two steps have the same id.
        span_id = span_id_of(f"{self.seed}:span-{next(self.numbers)}")
        return attrs.evolve(self, span_id=span_id, parent_span_id=self.span_id, name=name)

    def adopt(self, generation: Generation) -> Generation:
        """The generation as a child of this span, unless it has its own trace or parent."""
        trace = generation.trace
        if trace.trace_id is not None or trace.parent_span_id is not None:
            return generation
        # ``has_root``: the request gets no root span of its own.
        trace = attrs.evolve(trace, trace_id=self.trace_key, parent_span_id=self.span_id, has_root=True)
        return attrs.evolve(generation, trace=trace, session_id=generation.session_id or self.session_id)

    def step(self, start_ns: int, end_ns: int, status: Status) -> Step:
        """What is sent when it ends; times in nanoseconds since 1970."""
        return Step(
            trace_key=self.trace_key,
            trace_name=self.trace_name,
            session_id=self.session_id,
            span_id=self.span_id,
            parent_span_id=self.parent_span_id,
            name=self.name,
            start_ns=start_ns,
            end_ns=end_ns,
            status=status,
        )
