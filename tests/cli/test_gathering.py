# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Traces as their bodies come."""

from __future__ import annotations

from collections.abc import Iterable

from otlpjson.cli.gathering import Gathering
from otlpjson.core.traces import Trace

from ..view.spans import body, span


def brief(traces: Iterable[Trace]) -> list[tuple[int, list[int]]]:
    """Each trace's number, and the numbers of its spans."""
    return [(int(one.trace_id, 16), [int(span.span_id, 16) for span in one.spans]) for one in traces]


def test_a_trace_is_handed_on_with_its_root() -> None:
    """With what came before it; what comes later by itself, when it has waited."""
    gathering = Gathering()
    assert brief(gathering.add(body(span(1, 2, 1), span(2, 1)), 0)) == [(2, [1])]
    assert brief(gathering.add(body(span(1, 3, 2)), 1)) == []
    assert brief(gathering.add(body(span(1, 1)), 2)) == [(1, [2, 3, 1])]
    assert brief(gathering.add(body(span(1, 4, 1)), 3)) == []
    assert brief(gathering.due(7.9)) == []
    assert brief(gathering.due(8)) == [(1, [4])]
    assert brief(gathering.due(100)) == brief(gathering.rest()) == []


def test_spans_wait_from_the_first_one_on() -> None:
    """Later ones do not let it wait longer."""
    gathering = Gathering(patience_s=2)
    for second in range(3):
        assert brief(gathering.add(body(span(1, second + 2, 1)), second)) == []

    assert brief(gathering.due(2)) == [(1, [2, 3, 4])]


def test_at_the_end_everything_is_handed_on() -> None:
    """In the order in which it came."""
    gathering = Gathering()
    for number in (3, 1, 2):
        assert brief(gathering.add(body(span(number, 2, 1)), 0)) == []

    assert [number for number, _ in brief(gathering.rest())] == [3, 1, 2]


def test_not_everything_can_wait() -> None:
    """Above ten thousand spans the oldest trace is handed on without its root."""
    gathering = Gathering()
    many = [span(1, number, 1) for number in range(2, 6002)]
    assert brief(gathering.add(body(*many), 0)) == []
    handed_on = brief(gathering.add(body(*(span(2, number, 1) for number in range(2, 6002))), 1))

    assert [(number, len(spans)) for number, spans in handed_on] == [(1, 6000)]
    assert [(number, len(spans)) for number, spans in brief(gathering.rest())] == [(2, 6000)]
