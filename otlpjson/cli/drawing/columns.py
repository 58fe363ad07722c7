# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The widths of a waterfall's columns, shared out among the columns of a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

__all__ = ["GAP", "Columns", "columns_for"]

GAP: Final = 2
"""The empty terminal columns between two columns of the drawing."""

_MIN_NAME: Final = 16
_GOOD_NAME: Final = 36
_MIN_BAR: Final = 8
_GOOD_BAR: Final = 10
_MAX_BAR: Final = 60
_MIN_MODEL: Final = 14

# Very long names get at most this share of what names and bars have together.
_NAMES_SHARE: Final = 0.6

# Left out, in this order, until there is room for name and bar.
_DISPENSABLE: Final = ("model", "tokens", "cost", "status")


@attrs.frozen(kw_only=True)
class Columns:
    """
    The widths of one trace's columns.

    Attributes:
        name, bar: The widths of the two columns that are always drawn.

        cells: The widths of the other columns that are drawn, by their names, in order.

        is_cut: Whether other columns are left out, which a mark in the head says.
    """

    name: int
    bar: int
    cells: dict[str, int]
    is_cut: bool = False


def columns_for(width: int, name: int, cells: Mapping[str, int], short_model: int, mark: int = 1) -> Columns:
    """
    The columns for a terminal of this width; wider than the terminal only if it is very narrow.

    Args:
        width: The terminal's width.

        name: The width of the widest name.

        cells: The width of the widest text of each other column, in drawing order; 0 leaves it out.

        short_model: The width of the widest model name without its author.

        mark: The width of the mark that says that columns are left out.
    """
    shown = {cell: wanted for cell, wanted in cells.items() if wanted}
    rest = _rest(width, shown)
    if "model" in shown:
        missing = min(name, _GOOD_NAME) + _GOOD_BAR - rest
        if missing > 0:
            # Authors are the first thing to be left out, and only then are model names cut.
            shrunk = max(shown["model"] - missing, min(shown["model"], _MIN_MODEL))
            shown["model"] = min(shrunk, short_model)
        rest = _rest(width, shown)
    for cell in _DISPENSABLE:
        if rest < _MIN_NAME + _MIN_BAR and cell in shown:
            del shown[cell]
            rest = _rest(width - GAP - mark, shown)
    name = min(name, max(min(_GOOD_NAME, rest - _GOOD_BAR), int(rest * _NAMES_SHARE), _MIN_NAME))
    is_cut = any(wanted and cell not in shown for cell, wanted in cells.items())
    return Columns(name=name, bar=min(max(rest - name, _MIN_BAR), _MAX_BAR), cells=shown, is_cut=is_cut)


def _rest(width: int, shown: Mapping[str, int]) -> int:
    """What the other columns and the gaps leave for name and bar."""
    return width - GAP - sum(wanted + GAP for wanted in shown.values())
