# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Who gets how much of a terminal's width, and who goes first where there is too little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.cli.drawing.columns import GAP, Columns, columns_for

CELLS = {"duration": 8, "status": 5, "model": 26, "tokens": 9, "cost": 9}


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (200, Columns(name=33, bar=60, cells=CELLS)),
        (120, Columns(name=33, bar=18, cells=CELLS)),
        (100, Columns(name=33, bar=10, cells={**CELLS, "model": 14})),
        (90, Columns(name=23, bar=10, cells={**CELLS, "model": 14})),
        (
            80,
            Columns(name=26, bar=10, cells={"duration": 8, "status": 5, "tokens": 9, "cost": 9}, is_cut=True),
        ),
    ],
)
def test_names_come_first_and_models_shrink(width: int, columns: Columns) -> None:
    """Then models go altogether."""
    assert columns_for(width, 33, CELLS, 20) == columns


@pytest.mark.parametrize(
    ("width", "left"),
    [
        (60, ["duration", "status", "cost"]),
        (50, ["duration", "status"]),
        (40, ["duration"]),
        (10, ["duration"]),
    ],
)
def test_in_a_narrow_terminal_the_duration_stays(width: int, left: list[str]) -> None:
    """Name and bar have their least width, even if that is too much."""
    columns = columns_for(width, 33, CELLS, 20)

    assert [*columns.cells] == left
    assert columns.is_cut
    assert columns.name >= 16 and columns.bar >= 8


def test_columns_that_are_empty_are_left_out() -> None:
    """A name that is short needs no more; a model without its author none either."""
    assert columns_for(100, 6, {"duration": 8, "status": 0, "model": 0, "tokens": 0, "cost": 0}, 5) == (
        Columns(name=6, bar=60, cells={"duration": 8})
    )
    assert columns_for(60, 20, {"duration": 8, "model": 26}, 9) == (
        Columns(name=20, bar=17, cells={"duration": 8, "model": 9})
    )


@given(
    st.integers(42, 300),
    st.integers(1, 200),
    st.fixed_dictionaries({cell: st.integers(0, 40) for cell in ("status", "model", "tokens", "cost")}),
    st.integers(5, 40),
    st.sampled_from([1, 3]),
)
def test_together_they_are_never_wider_than_the_terminal(
    width: int, name: int, cells: dict[str, int], short_model: int, mark: int
) -> None:
    """From 42 columns on, for any widths of names and cells, with the mark of what is left out."""
    columns = columns_for(width, name, {"duration": 9, **cells}, short_model, mark)
    marked = GAP + mark if columns.is_cut else 0

    assert columns.is_cut == (
        {cell for cell, wanted in cells.items() if wanted} != {*columns.cells} - {"duration"}
    )
    assert (
        columns.name + GAP + columns.bar + sum(cell + GAP for cell in columns.cells.values()) + marked
        <= width
    )
    assert columns.name <= name
