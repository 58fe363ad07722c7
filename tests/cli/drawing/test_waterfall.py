# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The drawing of anything that can be built: never wider than the terminal, each span once."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from otlpjson import Resource, Span, TracesData
from otlpjson.cli.drawing.waterfall import draw
from otlpjson.core.traces import Trace, traces_of

from ... import strategies

TRACE = f"{1:032x}"


def drawn(*traces: Trace, width: int = 60, encoding: str = "utf-8", **options: bool) -> list[str]:
    """The lines in a terminal without colours."""
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding, newline="\n") as output:
        console = Console(file=output, force_terminal=True, color_system=None, width=width)
        draw(console, traces, **options)
        output.flush()
        return raw.getvalue().decode(encoding).split("\n")[:-1]


def span(number: int, parent: int | None = None) -> Span:
    """A span that starts later the greater its number is."""
    above = None if parent is None else f"{parent:016x}"
    return Span(
        trace_id=TRACE,
        span_id=f"{number:016x}",
        parent_span_id=above,
        name=f"<{number}>",
        start_ns=number,
        end_ns=number,
    )


@given(strategies.traces, st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_anything_fits_into_a_terminal(traces: TracesData, encoding: str) -> None:
    """Whatever its names, times, attributes and parents are, in any encoding."""
    lines = drawn(*traces_of([traces]), encoding=encoding, with_attributes=True)

    assert [line for line in lines if cell_len(line) > 60] == []


@pytest.mark.parametrize("width", [1, 20, 37])
def test_a_very_narrow_terminal_is_drawn_in_as_well(width: int) -> None:
    """With the least of everything, which the terminal cuts."""
    rows = drawn(trace(span(1), span(2, 1)), width=width)[-2:]

    assert [row.split()[:2] for row in rows] == [["<1>", "╸"], ["└", "<2>"]]


@given(st.lists(st.integers(0, 15), max_size=15))
def test_every_span_is_drawn_once(parents: list[int]) -> None:
    """For any graph of parents, whatever is drawn around them."""
    spans = [span(number, parent or None) for number, parent in enumerate(parents, 1)]
    text = "\n".join(drawn(*([trace(*spans)] if spans else []), width=100))

    assert [text.count(f"<{number}>") for number in range(1, len(spans) + 1)] == [1] * len(spans)


def trace(*spans: Span) -> Trace:
    """A trace of these, of nobody."""
    return Trace(trace_id=TRACE, spans=spans, resources=(Resource(),) * len(spans))
