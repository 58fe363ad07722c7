# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The waterfall of a trace: which span stands in which row, how deep, and when its bar begins and ends.

Every span of a trace has exactly one row, whatever the parents say: one whose parent is not
there stands at the top; where spans are each other's parents, the earliest of them does; and
a span id that is there twice has two rows, of which the first has the children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from ..core.model import Resource, Span, TracesData
from .tree import cycles

__all__ = ["Bar", "Mark", "Row", "Sourced", "Trace", "rows_of", "traces_of"]


class Mark(Enum):
    """What is odd about where a span stands."""

    PARENT_MISSING = "parent missing"
    OWN_ANCESTOR = "own ancestor"
    ID_AGAIN = "id again"


@attrs.frozen(kw_only=True)
class Sourced:
    """A span with what it comes from."""

    span: Span
    resource: Resource


@attrs.frozen(kw_only=True)
class Trace:
    """
    All spans of one trace.

    Attributes:
        trace_id: 32 hex digits.

        spans: In the order in which they came.
    """

    trace_id: str
    spans: tuple[Sourced, ...]

    @property
    def times_ns(self) -> tuple[int, int] | None:
        """The earliest and the latest time that any span names; ``None`` where none does."""
        times = [time for one in self.spans for time in (one.span.start_ns, one.span.end_ns) if time]
        return (min(times), max(times)) if times else None


@attrs.frozen(kw_only=True)
class Bar:
    """
    When a span ran, in parts of the trace's whole time.

    Attributes:
        start, end: From 0.0 to 1.0; the end is never before the start.

        ended: Whether the end is known; otherwise the bar goes on to the trace's end.
    """

    start: float
    end: float
    ended: bool = True

    def steps(self, count: int) -> tuple[int, int]:
        """
        The first of so many equal steps that the bar fills, and the one after its last.

        It fills at least one, so that a span which took no time is seen.
        """
        first = min(round(self.start * count), count - 1)
        return first, max(round(self.end * count), first + 1)


@attrs.frozen(kw_only=True)
class Row:
    """
    One span where it stands.

    Attributes:
        of: The span, and what it comes from.

        depth: How many spans stand above it, from 0.

        is_last: Whether no sibling follows.

        has_children: Whether the next row is its child.

        bar: ``None`` where its start is unknown.

        mark: What is odd about its place, if anything.
    """

    of: Sourced
    depth: int
    is_last: bool
    has_children: bool
    bar: Bar | None
    mark: Mark | None

    @property
    def span(self) -> Span:
        """The span itself."""
        return self.of.span


def traces_of(bodies: Iterable[TracesData]) -> tuple[Trace, ...]:
    """The traces in any number of bodies, each with all its spans, in the order in which they begin."""
    sourced = (
        Sourced(span=span, resource=group.resource)
        for body in bodies
        for group in body.resource_spans
        for scope_spans in group.scope_spans
        for span in scope_spans.spans
    )
    spans: dict[str, list[Sourced]] = {}
    for one in sourced:
        spans.setdefault(one.span.trace_id, []).append(one)
    return tuple(Trace(trace_id=trace_id, spans=tuple(found)) for trace_id, found in spans.items())


def rows_of(trace: Trace) -> Iterator[Row]:
    """The rows from the top down: children under their parents, siblings by their start."""
    family = _Family.of(trace.spans)
    times_ns = trace.times_ns
    waiting = [(index, 0, index == family.tops[-1]) for index in reversed(family.tops)]
    while waiting:
        index, depth, is_last = waiting.pop()
        children = family.children[index]
        yield Row(
            of=trace.spans[index],
            depth=depth,
            is_last=is_last,
            has_children=bool(children),
            bar=_bar(trace.spans[index].span, times_ns),
            mark=family.marks.get(index),
        )
        waiting += [(child, depth + 1, child == children[-1]) for child in reversed(children)]


@attrs.define
class _Family:
    """Who stands under whom, by index among the spans; each span once."""

    parents: list[int | None]
    children: list[list[int]]
    tops: list[int]
    marks: dict[int, Mark]

    @classmethod
    def of(cls, spans: tuple[Sourced, ...]) -> _Family:
        first: dict[str, int] = {}
        marks: dict[int, Mark] = {}
        for index, one in enumerate(spans):
            if first.setdefault(one.span.span_id, index) != index:
                marks[index] = Mark.ID_AGAIN
        parents = [first.get(one.span.parent_span_id or "") for one in spans]
        family = cls(parents=parents, children=[[] for _ in spans], tops=[], marks=marks)
        order = sorted(range(len(spans)), key=lambda index: _moment(spans[index].span))
        family.cut_cycles(order)
        for index in order:
            parent = parents[index]
            (family.tops if parent is None else family.children[parent]).append(index)
            if parent is None and spans[index].span.parent_span_id is not None:
                marks.setdefault(index, Mark.PARENT_MISSING)
        return family

    def cut_cycles(self, order: list[int]) -> None:
        """Removes the parent of the earliest span of each cycle."""
        rank = {index: place for place, index in enumerate(order)}
        for cycle in cycles({index: self.parents[index] for index in order}):
            earliest = min(cycle, key=rank.__getitem__)
            self.parents[earliest] = None
            self.marks[earliest] = Mark.OWN_ANCESTOR


def _moment(span: Span) -> tuple[bool, int]:
    """What siblings are sorted by; those whose start is unknown come last."""
    return (span.start_ns == 0, span.start_ns)


def _bar(span: Span, times_ns: tuple[int, int] | None) -> Bar | None:
    if times_ns is None or span.start_ns == 0:
        return None
    earliest_ns, latest_ns = times_ns
    whole_ns = (latest_ns - earliest_ns) or 1
    end_ns = span.end_ns or latest_ns
    return Bar(
        start=(span.start_ns - earliest_ns) / whole_ns,
        end=(end_ns - earliest_ns) / whole_ns,
        ended=span.end_ns != 0,
    )
