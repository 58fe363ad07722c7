# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of a trace drawn as a waterfall: order and depth of spans, begin and end of their bars."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import attrs

from ..core.model import Resource, Span
from ..core.traces import Trace
from .tree import cycles

__all__ = ["Bar", "Mark", "Row", "rows_of"]


class Mark(Enum):
    """What is unusual about a span's place in the tree."""

    PARENT_MISSING = "parent missing"
    OWN_ANCESTOR = "own ancestor"
    DUPLICATE_ID = "duplicate id"


@attrs.frozen(kw_only=True)
class Bar:
    """
    When a span ran, as fractions of the trace's duration.

    Attributes:
        start, end: From 0.0 to 1.0; the end is never before the start.

        ended: Whether the end is known; if not, the bar extends to the end of the trace.
    """

    start: float
    end: float
    ended: bool = True

    def steps(self, count: int) -> tuple[int, int]:
        """The first step that the bar fills and the first one after it, of ``count`` equal steps."""
        first = min(round(self.start * count), count - 1)
        # At least one step, so that a span without a duration is visible.
        return first, max(round(self.end * count), first + 1)


@attrs.frozen(kw_only=True)
class Row:
    """
    One span at its place in the drawing.

    Attributes:
        span, resource: The span and the resource that it belongs to.

        depth: The number of its ancestors in the drawing, from 0.

        is_last: Whether no sibling follows.

        has_children: Whether the next row is its child.

        bar: ``None`` if the span's start is unknown.

        mark: What is unusual about its place, or ``None``.
    """

    span: Span
    resource: Resource
    depth: int
    is_last: bool
    has_children: bool
    bar: Bar | None
    mark: Mark | None


def rows_of(trace: Trace) -> Iterator[Row]:
    """
    The rows from top to bottom: children below their parents, siblings by start time.

    Every span has exactly one row. A span whose parent is missing is at the top; so is the
    earliest span of a parent cycle. Where a span id is duplicated, the first span with it gets
    the children.
    """
    tree = _Tree.of(trace.spans)
    times_ns = trace.times_ns
    # A stack instead of recursion: a trace may be deeper than Python's own stack.
    waiting = [(index, 0, index == tree.roots[-1]) for index in reversed(tree.roots)]
    while waiting:
        index, depth, is_last = waiting.pop()
        children = tree.children[index]
        yield Row(
            span=trace.spans[index],
            resource=trace.resources[index],
            depth=depth,
            is_last=is_last,
            has_children=bool(children),
            bar=_bar(trace.spans[index], times_ns),
            mark=tree.marks.get(index),
        )
        waiting += [(child, depth + 1, child == children[-1]) for child in reversed(children)]


@attrs.define
class _Tree:
    """Parents and children by their index among the spans; every span is in it once."""

    parents: list[int | None]
    children: list[list[int]]
    roots: list[int]
    marks: dict[int, Mark]

    @classmethod
    def of(cls, spans: tuple[Span, ...]) -> _Tree:
        first: dict[str, int] = {}
        marks: dict[int, Mark] = {}
        for index, span in enumerate(spans):
            if first.setdefault(span.span_id, index) != index:
                marks[index] = Mark.DUPLICATE_ID
        parents = [first.get(span.parent_span_id or "") for span in spans]
        tree = cls(parents=parents, children=[[] for _ in spans], roots=[], marks=marks)
        order = sorted(range(len(spans)), key=lambda index: _sort_key(spans[index]))
        tree.cut_cycles(order)
        for index in order:
            parent = parents[index]
            (tree.roots if parent is None else tree.children[parent]).append(index)
            if parent is None and spans[index].parent_span_id is not None:
                marks.setdefault(index, Mark.PARENT_MISSING)
        return tree

    def cut_cycles(self, order: list[int]) -> None:
        """Makes the earliest span of each parent cycle a root."""
        rank = {index: place for place, index in enumerate(order)}
        for cycle in cycles({index: self.parents[index] for index in order}):
            earliest = min(cycle, key=rank.__getitem__)
            self.parents[earliest] = None
            self.marks[earliest] = Mark.OWN_ANCESTOR


def _sort_key(span: Span) -> tuple[bool, int]:
    """By start time; spans whose start is unknown come last."""
    return (span.start_ns == 0, span.start_ns)


def _bar(span: Span, times_ns: tuple[int, int] | None) -> Bar | None:
    if times_ns is None or span.start_ns == 0:
        return None
    earliest_ns, latest_ns = times_ns
    # A trace of a single moment has no duration; its bars are still drawn.
    duration_ns = (latest_ns - earliest_ns) or 1
    end_ns = span.end_ns or latest_ns
    return Bar(
        start=(span.start_ns - earliest_ns) / duration_ns,
        end=(end_ns - earliest_ns) / duration_ns,
        ended=span.end_ns != 0,
    )
