# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How the columns of a terminal are shared out among the cells of a waterfall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

__all__ = ["GAP", "Columns", "columns_for"]

GAP: Final = 2
_MIN_NAME: Final = 16
_GOOD_NAME: Final = 36
_MIN_BAR: Final = 8
_GOOD_BAR: Final = 10
_MAX_BAR: Final = 60
_MIN_MODEL: Final = 14
_NAMES_SHARE: Final = 0.6
"""Of what bars and very long names share."""
_DISPENSABLE: Final = ("model", "tokens", "cost", "status")
"""What is left out where there is no room, the first of these first."""


@attrs.frozen(kw_only=True)
class Columns:
    """
    The widths of one trace's cells.

    Attributes:
        name, bar: Of the two that every row has.

        cells: Of the others that are shown, by their names, in order.
    """

    name: int
    bar: int
    cells: dict[str, int]


def columns_for(width: int, name: int, cells: Mapping[str, int], short_model: int) -> Columns:
    """
    The columns of a trace in a terminal so wide; together they are wider only where it is very narrow.

    Args:
        name: How wide the widest name is.

        cells: How wide the widest text of each other cell is, in the order in which they stand; 0 is none.

        short_model: The same of models without their authors, which go first.
    """
    shown = {cell: wanted for cell, wanted in cells.items() if wanted}
    rest = _rest(width, shown)
    if "model" in shown:
        missing = min(name, _GOOD_NAME) + _GOOD_BAR - rest
        if missing > 0:
            shrunk = max(shown["model"] - missing, min(shown["model"], _MIN_MODEL))
            shown["model"] = min(shrunk, short_model)
        rest = _rest(width, shown)
    for cell in _DISPENSABLE:
        if rest < _MIN_NAME + _MIN_BAR and cell in shown:
            del shown[cell]
            rest = _rest(width, shown)
    name = min(name, max(min(_GOOD_NAME, rest - _GOOD_BAR), int(rest * _NAMES_SHARE), _MIN_NAME))
    return Columns(name=name, bar=min(max(rest - name, _MIN_BAR), _MAX_BAR), cells=shown)


def _rest(width: int, shown: Mapping[str, int]) -> int:
    """What the other cells and the gaps leave for name and bar."""
    return width - GAP - sum(wanted + GAP for wanted in shown.values())
