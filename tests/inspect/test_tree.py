# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Spans as trees: what is said about twins, lost parents, cycles and times."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import Span
from otlpjson.core.findings import Findings
from otlpjson.inspect.tree import check_tree, cycles

from .. import strategies

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"


def span(number: int, parent: int | None = None, **fields: Any) -> Span:
    """A span whose id is this number, in the parent's time."""
    given = {"trace_id": TRACE_ID, "name": "pay", "start_ns": 1, "end_ns": 2, **fields}
    return Span(
        span_id=f"{number:016x}", parent_span_id=None if parent is None else f"{parent:016x}", **given
    )


def said(*spans: Span) -> list[str]:
    """What is said of these spans, each at the place of its index."""
    findings = Findings()
    check_tree([((None, index), span) for index, span in enumerate(spans)], findings)
    assert findings.failed is any(found.severity.value == "error" for found in findings.kept)
    return [f"{found.severity.value} {found.path} {found.message} {found.rule}" for found in findings.kept]


def test_a_good_trace_gives_no_finding() -> None:
    """Also one whose children stand before their parents, and one without any span."""
    assert said(span(3, 2), span(1), span(2, 1)) == []
    assert said() == []


def test_a_span_without_name_and_times_is_told() -> None:
    """VAL-2: all three are semantically required."""
    assert said(span(1, name="", start_ns=0, end_ns=0)) == [
        "warning body[0] no name VAL-2",
        "warning body[0] no start time VAL-2",
        "warning body[0] no end time VAL-2",
    ]


def test_an_id_given_twice_is_told_at_the_second_place() -> None:
    """VAL-8: in one trace; the same id in another trace is another span."""
    other = span(1, trace_id="1" * 32)

    assert said(span(1), other, span(1), span(2)) == [
        "warning body[2] duplicate span id 0000000000000001 VAL-8"
    ]


def test_a_parent_that_is_elsewhere_is_a_note() -> None:
    """VAL-9: it may well be in another body; a span of another trace is no parent."""
    assert said(span(1, trace_id="1" * 32), span(2, 1)) == [
        "note body[1] parent span 0000000000000001 is not in this body VAL-9"
    ]


def test_a_child_that_starts_before_its_parent_is_a_note() -> None:
    """VAL-9: it may end later, as every child at OpenRouter does; where a start is not known nothing is said."""
    parent = span(1, start_ns=10, end_ns=20)

    assert said(
        parent,
        span(2, 1, start_ns=9, end_ns=20),
        span(3, 1, start_ns=10, end_ns=21),
        span(4, 1, start_ns=10, end_ns=20),
    ) == ["note body[1] expected a start not before the parent's, 10, got 9 VAL-9"]
    assert said(span(1, start_ns=0, end_ns=5), span(2, 1, start_ns=1, end_ns=9)) == [
        "warning body[0] no start time VAL-2"
    ]


def test_a_span_that_is_its_own_ancestor_is_an_error() -> None:
    """VAL-9: one error per cycle, at the first span of it; spans below it are no part of it."""
    assert said(span(1, 1)) == ["error body[0] parent cycle of 1 span VAL-9"]
    assert said(span(4, 2), span(1, 3), span(2, 1), span(3, 2), span(5, 5)) == [
        "error body[2] parent cycle of 3 spans VAL-9",
        "error body[4] parent cycle of 1 span VAL-9",
    ]


@strategies.examples(200)
@given(st.lists(st.integers(0, 9) | st.none(), max_size=10))
def test_cycles_are_found_exactly_where_they_are(parents: list[int | None]) -> None:
    """Each span that is its own ancestor is in one cycle, and no other span is."""
    spans = [span(number + 1, None if up is None else up + 1) for number, up in enumerate(parents)]
    in_a_cycle = 0
    for start in range(len(parents)):
        at = parents[start]
        for _ in parents:
            if at is None or at >= len(parents) or at == start:
                break
            at = parents[at]
        in_a_cycle += at == start

    sizes = [int(text.split()[-3]) for text in said(*spans) if text.startswith("error")]

    assert sum(sizes) == in_a_cycle


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, []),
        ({1: None, 2: 1, 3: 2}, []),
        ({1: 9, 2: 1}, []),
        ({1: 1}, [[1]]),
        ({1: 2, 2: 3, 3: 1}, [[1, 2, 3]]),
        ({4: 2, 1: 3, 2: 1, 3: 2}, [[2, 1, 3]]),
        ({1: 2, 2: 1, 5: 2, 3: 4, 4: 3, 6: None}, [[1, 2], [3, 4]]),
    ],
)
def test_each_circle_is_given_once_from_where_it_is_reached(
    parents: dict[int, int | None], found: list[list[int]]
) -> None:
    """What only leads into one, or out, is no member."""
    assert list(cycles(parents)) == found
