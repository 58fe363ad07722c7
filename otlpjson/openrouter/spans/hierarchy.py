# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The spans of one generation in both hierarchies, as drafts: their names, ids, times and parents.

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
from ...core.model import SpanKind, Status, StatusCode
from ...core.outline import Outline
from ...core.python_scalars import clean_text
from ..form import Hierarchy
from ..generation import Generation
from ..times import LATEST_NS, after
from .rows import Table
from .table import ATTEMPT_ROWS, CHILD_ROWS, GENERATION_ROWS, PARENT_ROWS, Child
from .truncate import Truncation

__all__ = ["Draft", "drafts", "is_broadcast"]

_GENERATION_NAME: Final = "LLM Generation"
_OK: Final = Status(code=StatusCode.OK)
_UNSET: Final = Status()
_ERROR: Final = Status(code=StatusCode.ERROR)
# Embeddings were seen in OpenRouter's log and at no destination; of the others nothing is known.
_BROADCAST_OPERATIONS: Final = frozenset({"chat", "text_completion"})


@attrs.define(kw_only=True)
class Draft(Outline):
    """
    A span whose attributes are not read yet.

    Attributes:
        table, subject: Where its attributes come from.

        is_own: Whether it is the span of the generation itself, which has the event of a failure.
    """

    table: Table
    subject: Any
    is_own: bool = False


def drafts(generation: Generation, hierarchy: Hierarchy, truncation: Truncation) -> list[list[Draft]]:
    """
    The spans of a generation, in the groups in which they are sent.

    Args:
        generation: In privacy mode, its content has been removed.

        hierarchy: A known one.

        truncation: How long the message of a failure may be.
    """
    made = _Drafts(generation, truncation)
    if hierarchy == "documented":
        return [[*made.above(), made.own(), *made.children()]]
    return [[draft] for draft in (made.own(), *made.children())] if is_broadcast(generation) else []


def is_broadcast(generation: Generation) -> bool:
    """Whether OpenRouter's own Broadcast sends such a request, as far as is known."""
    if generation.failure is not None and generation.failure.before_routing:
        return False
    return generation.operation in _BROADCAST_OPERATIONS


class _Drafts:
    """The drafts of one generation."""

    def __init__(self, generation: Generation, truncation: Truncation) -> None:
        given = generation.trace.trace_id
        self._generation = generation
        # Only the caller's own id is kept as it is.
        self._trace_id = ids.trace_id_of(given) if given else ids.hashed_trace_id(generation.key)
        self._span_id = ids.span_id_of(generation.key)
        self._parent = _parent_id(generation.trace.parent_span_id)
        self._status = _status(generation, truncation)

    def above(self) -> Iterator[Draft]:
        """The root and the intermediate span of the documented hierarchy, which become the parents."""
        generation, trace = self._generation, self._generation.trace
        # A trace has one root.
        root_name = None if trace.has_root else trace.trace_name
        for name, suffix in ((root_name, "trace"), (trace.span_name, "span")):
            if name is not None:
                # The suffixes are ours: captures have only attempt-<n> and generation.
                span_id = ids.span_id_of(f"{generation.key}:{suffix}")
                yield self._draft(span_id, name, SpanKind.INTERNAL, PARENT_ROWS)
                self._parent = span_id

    def own(self) -> Draft:
        """The span of the generation itself, with all attributes."""
        name = self._generation.trace.generation_name or _GENERATION_NAME
        # As captured; the guide names no kinds.
        return self._draft(self._span_id, name, SpanKind.CLIENT, GENERATION_ROWS, is_own=True)

    def children(self) -> Iterator[Draft]:
        """A span for each provider attempt and, for a streamed call, ``generation``."""
        generation = self._generation
        start_ns = generation.start_ns
        for index, attempt in enumerate(generation.attempts):
            key = f"{generation.key}:attempt-{index}"
            child = Child(key=key, operation=generation.operation, attempt=attempt, index=index)
            end_ns = self._after(start_ns, attempt.latency_ms)
            name = f"provider attempt {index + 1}: {attempt.provider_name or 'unknown'}"
            yield self._child(child, name, (start_ns, end_ns), ATTEMPT_ROWS)
            # No source has the start of a second attempt; it cannot be before the end of the first.
            start_ns = end_ns
        # As captured: the span is missing for calls without a stream, and on an error.
        if generation.attempts and generation.streamed and generation.failure is None:
            child = Child(key=f"{generation.key}:generation", operation=generation.operation)
            # It may end after the span above it, as captured.
            end_ns = self._after(start_ns, generation.timing.generation_ms)
            yield self._child(child, "generation", (start_ns, end_ns), CHILD_ROWS)

    def _draft(self, span_id: str, name: str, kind: SpanKind, table: Table, *, is_own: bool = False) -> Draft:
        """A span with the times and the status of the generation."""
        generation = self._generation
        return Draft(
            trace_id=self._trace_id,
            span_id=span_id,
            parent_span_id=self._parent,
            name=clean_text(name),
            kind=kind,
            start_ns=generation.start_ns,
            end_ns=generation.end_ns,
            status=self._status,
            table=table,
            subject=generation,
            is_own=is_own,
        )

    def _child(self, child: Child, name: str, times: tuple[int, int], table: Table) -> Draft:
        start_ns, end_ns = times
        return Draft(
            trace_id=self._trace_id,
            span_id=ids.span_id_of(child.key),
            parent_span_id=self._span_id,
            name=clean_text(name),
            kind=SpanKind.SERVER,
            start_ns=start_ns,
            end_ns=end_ns,
            status=_ERROR if child.failed else _OK,
            table=table,
            subject=child,
        )

    def _after(self, start_ns: int, milliseconds: float | None) -> int:
        """A time some milliseconds after the start; the generation's end if the duration is unknown."""
        # No duration is made up, and no span ends before its start, whatever was reported.
        if milliseconds is None:
            return max(start_ns, self._generation.end_ns)
        return min(after(start_ns, max(milliseconds, 0.0)), LATEST_NS)


def _status(generation: Generation, truncation: Truncation) -> Status:
    if generation.failure:
        return Status(code=StatusCode.ERROR, message=truncation.cut(generation.failure.message))
    # A success has the status OK, as captured; OpenTelemetry would leave it unset.
    return _OK if generation.complete else _UNSET


def _parent_id(given: str | None) -> str | None:
    if given is None:
        return None
    return given.lower() if ids.is_span_id(given) else ids.span_id_of(given)
