# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A table of plain cells, one line per row, none of which is cut where a program may read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..core.words import printable

__all__ = ["print_table"]

_WIDE: Final = 400
_LONGEST: Final = 80


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes the rows below their headings to standard output."""
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    for cells in rows:
        table.add_row(*(Text(printable(cell, _LONGEST)) for cell in cells))
    console = Console(soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table)
