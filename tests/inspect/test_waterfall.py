# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which span stands where, and when its bar begins and ends, for any graph of parents and any times."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import Resource, ResourceSpans, ScopeSpans, Span, TracesData
from otlpjson.core.traces import Trace, traces_of
from otlpjson.inspect.waterfall import Bar, Mark, Row, rows_of

TRACE = "5b8efff798038103d269b633813fc60c"
OTHER = "0af7651916cd43dd8448eb211c80319c"
SHOP = Resource(attributes={"service.name": "shop"})

_small = st.integers(1, 6)
_times = st.sampled_from([0, 1, 5, 5, 9, 10**18, 10**18 + 7, 2**64 - 1])


def span(number: int, parent: int | None = None, start_ns: int = 0, **fields: Any) -> Span:
    """A span named after its number; without times unless given."""
    return Span(
        trace_id=fields.pop("trace_id", TRACE),
        span_id=f"{number:016x}",
        parent_span_id=None if parent is None else f"{parent:016x}",
        name=str(number),
        start_ns=start_ns,
        **{"end_ns": start_ns, **fields},
    )


def trace(*spans: Span) -> Trace:
    """A trace of these."""
    return Trace(trace_id=TRACE, spans=spans, resources=(SHOP,) * len(spans))


def body(*spans: Span, resource: Resource = SHOP) -> TracesData:
    """A body with each span in a scope of its own."""
    scopes = [ScopeSpans(spans=[one]) for one in spans]
    return TracesData(resource_spans=[ResourceSpans(resource=resource, scope_spans=scopes)])


def placed(*spans: Span) -> list[tuple[int, str, Mark | None]]:
    """How deep each name stands, and with which mark."""
    return [(row.depth, row.span.name, row.mark) for row in rows_of(trace(*spans))]


@st.composite
def any_trace(draw: st.DrawFn) -> Trace:
    """Any parents, any times, ids that are there again."""
    spans = []
    for _ in range(draw(st.integers(0, 12))):
        start_ns, end_ns = draw(_times), draw(_times)
        parent = draw(st.none() | _small)
        spans.append(span(draw(_small), parent, start_ns, end_ns=end_ns and max(start_ns, end_ns)))
    return trace(*spans)


def test_children_stand_under_their_parents_and_siblings_by_their_start() -> None:
    """In whatever order they came; those whose start is unknown come last."""
    spans = (span(5, 1), span(4, 1, 30), span(3, 2, 25), span(2, 1, 20), span(6, 1, 20), span(1, None, 10))

    assert placed(*spans) == [
        (0, "1", None),
        (1, "2", None),
        (2, "3", None),
        (1, "6", None),
        (1, "4", None),
        (1, "5", None),
    ]
    assert [(row.is_last, row.has_children) for row in rows_of(trace(*spans))] == [
        (True, True),
        (False, True),
        (True, False),
        (False, False),
        (False, False),
        (True, False),
    ]


def test_a_span_whose_parent_is_not_there_stands_at_the_top() -> None:
    """With its children under it."""
    assert placed(span(1, None, 20), span(2, 99, 10), span(3, 2)) == [
        (0, "2", Mark.PARENT_MISSING),
        (1, "3", None),
        (0, "1", None),
    ]


def test_a_cycle_is_cut_at_its_earliest_span() -> None:
    """Not at one that only hangs on it, however early; each cycle by itself."""
    spans = (span(1, 3, 30), span(2, 1, 20), span(3, 2, 40), span(4, 3, 10), span(5, 5, 50))

    assert placed(*spans) == [
        (0, "2", Mark.OWN_ANCESTOR),
        (1, "3", None),
        (2, "4", None),
        (2, "1", None),
        (0, "5", Mark.OWN_ANCESTOR),
    ]


def test_an_id_that_is_there_twice_has_two_rows() -> None:
    """Children stand under the first; a second one that names itself as parent stands there as well."""
    assert placed(span(1, None, 20), span(1, None, 10), span(1, 1, 5), span(2, 1)) == [
        (0, "1", Mark.DUPLICATE_ID),
        (0, "1", None),
        (1, "1", Mark.DUPLICATE_ID),
        (1, "2", None),
    ]


@pytest.mark.slow
def test_a_very_deep_trace_costs_no_recursion() -> None:
    """Ten thousand generations."""
    rows = [*rows_of(trace(*(span(number, number - 1 or None) for number in range(1, 10_001))))]

    assert [row.depth for row in rows] == [*range(10_000)]


def test_bars_are_parts_of_the_traces_time() -> None:
    """A span that has not ended goes on to the end; one whose start is unknown has no bar."""
    spans = (
        span(1, None, 100, end_ns=500),
        span(2, None, 200, end_ns=300),
        span(3, None, 400, end_ns=0),
        span(4, None, 0, end_ns=450),
        span(5),
    )

    assert [row.bar for row in rows_of(trace(*spans))] == [
        Bar(start=0.0, end=1.0),
        Bar(start=0.25, end=0.5),
        Bar(start=0.75, end=1.0, ended=False),
        None,
        None,
    ]
    assert trace(*spans).times_ns == (100, 500)


def test_a_trace_without_times_or_of_one_moment_has_bars_without_length() -> None:
    """Nothing is divided by nothing."""
    assert [row.bar for row in rows_of(trace(span(1)))] == [None]
    assert trace(span(1)).times_ns is None
    assert [row.bar for row in rows_of(trace(span(1, None, 7), span(2, None, 7, end_ns=0)))] == [
        Bar(start=0.0, end=0.0),
        Bar(start=0.0, end=0.0, ended=False),
    ]


@pytest.mark.parametrize(
    ("bar", "steps"),
    [
        (Bar(start=0.0, end=1.0), (0, 10)),
        (Bar(start=0.0, end=0.0), (0, 1)),
        (Bar(start=1.0, end=1.0), (9, 10)),
        (Bar(start=0.5, end=0.52), (5, 6)),
        (Bar(start=0.24, end=0.76), (2, 8)),
    ],
)
def test_a_bar_fills_at_least_one_step(bar: Bar, steps: tuple[int, int]) -> None:
    """Also at the very end."""
    assert bar.steps(10) == steps


def test_bodies_of_the_same_trace_are_one() -> None:
    """Over scopes, groups and bodies; traces and spans in the order in which they came."""
    billing = Resource(attributes={"service.name": "billing"})
    first, second, third = span(1), span(2, trace_id=OTHER), span(3, 1)

    assert traces_of([body(first, second), TracesData(), body(third, resource=billing)]) == (
        Trace(trace_id=TRACE, spans=(first, third), resources=(SHOP, billing)),
        Trace(trace_id=OTHER, spans=(second,), resources=(SHOP,)),
    )
    assert traces_of([]) == ()


@given(any_trace())
def test_every_span_has_exactly_one_row(of: Trace) -> None:
    """For any graph of parents; a row is at most one level deeper than the one above it."""
    rows = [*rows_of(of)]
    depths = [row.depth for row in rows]

    assert sorted(id(row.span) for row in rows) == sorted(map(id, of.spans))
    assert all(row.resource is SHOP for row in rows)
    assert all(below <= above + 1 for above, below in zip(depths, depths[1:]))
    assert depths[:1] in ([], [0])
    assert [row.has_children for row in rows] == [
        below > above for above, below in zip(depths, [*depths[1:], 0])
    ]
    assert [row.is_last for row in rows] == [is_last(rows, index) for index in range(len(rows))]
    assert all(parent_of(rows, index) for index in range(len(rows)))


def is_last(rows: list[Row], index: int) -> bool:
    """Whether no row of the same depth follows before a higher one."""
    following = next((row.depth for row in rows[index + 1 :] if row.depth <= rows[index].depth), -1)
    return following < rows[index].depth


def parent_of(rows: list[Row], index: int) -> bool:
    """Whether the row above is the parent that the span names; at the top there is none."""
    row = rows[index]
    above = [one for one in rows[:index] if one.depth == row.depth - 1]
    return row.depth == 0 or above[-1].span.span_id == row.span.parent_span_id


@given(any_trace(), st.integers(1, 200))
def test_bars_stay_within_bounds(of: Trace, count: int) -> None:
    """Whatever the times and the width."""
    bars = [row.bar for row in rows_of(of) if row.bar]

    for bar in bars:
        first, after = bar.steps(count)
        assert 0.0 <= bar.start <= bar.end <= 1.0
        assert 0 <= first < after <= count
    assert len(bars) == sum(one.start_ns > 0 for one in of.spans)
