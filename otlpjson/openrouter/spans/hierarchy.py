# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The spans of one generation in both hierarchies: their names, ids, times and parents.

``documented`` is the hierarchy of OpenRouter's Grafana guide. ``trace_name`` names a root span
and ``span_name`` an intermediate span; each is created only if its key is given.
``generation_name`` names the span of the generation, which always exists. Each request has
spans of its own, so requests with the same ``trace_id`` never send one span twice with different
times.

``observed`` is the hierarchy of captured deliveries. The span of the generation is the root and
is named by ``generation_name``. ``trace_name`` is only an attribute, and ``span_name`` is not
used.

In both, the spans of provider attempts are below that of the generation, and so is, for a
streamed call, a span named ``generation``. Where OpenRouter's documentation and captures differ:

- The default name is ``LLM Generation``, as captured, not the name of the model.
- The spans below have a parent id, as captured, though the field matrix marks it as not sent.
- The ``moderation`` span is not created, because only its name is known.
- The request's ``trace`` object is used even if all providers failed, though users reported that
  OpenRouter loses it then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs

from ...core import ids
from ...core.model import Event, Span, SpanKind, Status, StatusCode
from ..generation import Generation
from ..times import LATEST_NS, after
from .rows import Row, Selection
from .table import (
    ATTEMPT_ROWS,
    CHILD_ROWS,
    EXCEPTION_ROWS,
    GENERATION_ROWS,
    PARENT_ROWS,
    TRUNCATED_EVENT,
    Child,
    truncation_attributes,
)

__all__ = ["SpansOfGeneration"]

_GENERATION_NAME: Final = "LLM Generation"


@attrs.frozen(kw_only=True)
class SpansOfGeneration:
    """
    The spans of one generation.

    Attributes:
        generation: The generation. In privacy mode, its content has been removed.

        selection: The rows of the attribute table that are used, and the limits for values.
    """

    generation: Generation
    selection: Selection

    def documented(self) -> Iterator[Span]:
        """The spans of the documented hierarchy: root, intermediate, generation, and those below."""
        generation, trace = self.generation, self.generation.trace
        parent = _parent_id(trace.parent_span_id)
        # A trace has one root.
        root_name = None if trace.has_root else trace.trace_name
        for name, suffix in ((root_name, "trace"), (trace.span_name, "span")):
            if name is not None:
                # The suffixes are ours: captures have only attempt-<n> and generation.
                span_id = ids.span_id_of(f"{generation.key}:{suffix}")
                attributes, cut = self.selection.attributes(PARENT_ROWS, generation)
                events = [*self._truncated(cut, generation.end_ns)]
                yield self._span(
                    span_id, parent_span_id=parent, name=name, attributes=attributes, events=events
                )
                parent = span_id
        yield self._own(parent)
        yield from self._children()

    def observed(self) -> Iterator[Span]:
        """The spans of the observed hierarchy: the generation, and those below it."""
        yield self._own(_parent_id(self.generation.trace.parent_span_id))
        yield from self._children()

    def _own(self, parent: str | None) -> Span:
        """The span of the generation itself, with all attributes."""
        generation = self.generation
        attributes, cut = self.selection.attributes(GENERATION_ROWS, generation)
        return self._span(
            ids.span_id_of(generation.key),
            parent_span_id=parent,
            name=generation.trace.generation_name or _GENERATION_NAME,
            # As captured; the guide names no kinds.
            kind=SpanKind.CLIENT,
            attributes=attributes,
            events=[*self._exception(), *self._truncated(cut, generation.end_ns)],
        )

    def _children(self) -> Iterator[Span]:
        """A span for each provider attempt and, for a streamed call, ``generation``."""
        generation = self.generation
        start_ns = generation.start_ns
        for index, attempt in enumerate(generation.attempts):
            key = f"{generation.key}:attempt-{index}"
            child = Child(key=key, operation=generation.operation, attempt=attempt, index=index)
            end_ns = self._after(start_ns, attempt.latency_ms)
            yield self._child(
                child,
                name=f"provider attempt {index + 1}: {attempt.provider_name or 'unknown'}",
                times=(start_ns, end_ns),
                rows=ATTEMPT_ROWS,
            )
            # No source has the start of a second attempt; it cannot be before the end of the first.
            start_ns = end_ns
        # As captured: the span is missing for calls without a stream, and on an error.
        if generation.attempts and generation.streamed and generation.failure is None:
            child = Child(key=f"{generation.key}:generation", operation=generation.operation)
            # It may end after the span above it, as captured.
            end_ns = self._after(start_ns, generation.timing.generation_ms)
            yield self._child(child, name="generation", times=(start_ns, end_ns), rows=CHILD_ROWS)

    def _child(self, child: Child, *, name: str, times: tuple[int, int], rows: tuple[Row, ...]) -> Span:
        start_ns, end_ns = times
        attributes, cut = self.selection.attributes(rows, child)
        return Span(
            trace_id=self._trace_id,
            span_id=ids.span_id_of(child.key),
            parent_span_id=ids.span_id_of(self.generation.key),
            name=name,
            kind=SpanKind.SERVER,
            start_ns=start_ns,
            end_ns=end_ns,
            status=Status(code=StatusCode.ERROR if child.failed else StatusCode.OK),
            attributes=attributes,
            events=[*self._truncated(cut, end_ns)],
        )

    def _span(self, span_id: str, **members: Any) -> Span:
        """A span with the trace id, times and status of the generation."""
        generation = self.generation
        return Span(
            trace_id=self._trace_id,
            span_id=span_id,
            start_ns=generation.start_ns,
            end_ns=generation.end_ns,
            status=self._status(),
            **members,
        )

    @property
    def _trace_id(self) -> str:
        given, key = self.generation.trace.trace_id, self.generation.key
        # Only the caller's own id is kept as it is.
        return ids.trace_id_of(given) if given else ids.hashed_trace_id(key)

    def _status(self) -> Status:
        if self.generation.failure:
            message = self.selection.truncation.cut(self.generation.failure.message)
            return Status(code=StatusCode.ERROR, message=message)
        # A success has the status OK, as captured; OpenTelemetry would leave it unset.
        return Status(code=StatusCode.OK if self.generation.complete else StatusCode.UNSET)

    def _exception(self) -> Iterator[Event]:
        """The event of a failure, at the end of the span."""
        if self.generation.failure:
            attributes, _ = self.selection.attributes(EXCEPTION_ROWS, self.generation.failure)
            yield Event(name="exception", time_ns=self.generation.end_ns, attributes=attributes)

    def _truncated(self, keys: tuple[str, ...], time_ns: int) -> Iterator[Event]:
        """The event that lists values that were cut, if there are any."""
        if keys:
            attributes = truncation_attributes(keys, self.selection.truncation)
            yield Event(name=TRUNCATED_EVENT, time_ns=time_ns, attributes=attributes)

    def _after(self, start_ns: int, milliseconds: float | None) -> int:
        """A time some milliseconds after the start; the generation's end if the duration is unknown."""
        # No duration is made up, and no span ends before its start, whatever was reported.
        if milliseconds is None:
            return max(start_ns, self.generation.end_ns)
        return min(after(start_ns, max(milliseconds, 0.0)), LATEST_NS)


def _parent_id(given: str | None) -> str | None:
    return given if given is None or ids.is_span_id(given) else ids.span_id_of(given)
