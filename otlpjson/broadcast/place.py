# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An open trace or step: the span above the requests that are recorded in it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import attrs

from ..core.ids import span_id_of
from ..core.model import Status
from ..openrouter import Generation, Step

__all__ = ["Place"]


@attrs.frozen(kw_only=True)
class Place:
    """
    An open trace or step.

    Attributes:
        trace_key, trace_name: The key of its trace, and the name of that trace's root.

        session_id: The session of the requests in it that have none of their own, or ``None``.

        span_id, parent_span_id, name: Its span's; a root has no parent.

        numbers: The numbers of further steps in the same trace, from 1; shared by all of its places.
    """

    trace_key: str
    trace_name: str
    session_id: str | None
    span_id: str
    parent_span_id: str | None
    name: str
    numbers: Iterator[int]

    @classmethod
    def root(cls, name: str, *, trace_key: str, session_id: str | None) -> Place:
        """A new trace."""
        return cls(
            trace_key=trace_key,
            trace_name=name,
            session_id=session_id,
            span_id=span_id_of(f"{trace_key}:root"),
            parent_span_id=None,
            name=name,
            numbers=itertools.count(1),
        )

    def below(self, name: str) -> Place:
        """A new step in this trace or step."""
        # Numbered in the whole trace, so that no two steps have the same id.
        span_id = span_id_of(f"{self.trace_key}:span-{next(self.numbers)}")
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
