# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The first column of a waterfall: the names of spans, behind the lines of their tree."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

import attrs
from rich.cells import cell_len

from ...inspect.waterfall import Mark, Row
from ...openrouter import service_name
from .glyphs import Glyphs

__all__ = ["MARKS", "MIN_NAME", "Names", "Tree", "levels_drawn"]

MIN_NAME: Final = 12
"""The least width of a name that is worth drawing."""

MARKS: Final = MappingProxyType(
    {
        Mark.PARENT_MISSING: ("?", "whose parent is missing"),
        Mark.OWN_ANCESTOR: ("@", "in a parent cycle, drawn as a root"),
        Mark.DUPLICATE_ID: ("=", "with a duplicate id"),
    }
)
"""The sign of each mark, and the words after a number of spans that explain it."""

_MAX_LEVELS: Final = 10
_LEVEL_WIDTH: Final = 2


@attrs.frozen(kw_only=True)
class Names:
    """
    The names of one trace's spans.

    Attributes:
        glyphs: The characters of the output.

        with_service: Whether each name is followed by its service.

        max_width: The most columns of a name.
    """

    glyphs: Glyphs
    with_service: bool
    max_width: int

    def text(self, row: Row, levels: int = _MAX_LEVELS) -> str:
        """A span's name behind its mark and, if it is deeper than this many levels, its depth."""
        words = [MARKS[row.mark][0]] if row.mark else []
        if row.depth > levels:
            words.append(f"({row.depth})")
        words.append(row.span.name or "(no name)")
        service = service_name(row.resource)
        if self.with_service and isinstance(service, str):
            words.append(f"[{service}]")
        return self.glyphs.fit(" ".join(words), self.max_width)

    def widest(self, rows: Sequence[Row]) -> int:
        """The width of the widest name with the lines in front of it."""
        return max(_LEVEL_WIDTH * min(row.depth, _MAX_LEVELS) + cell_len(self.text(row)) for row in rows)


def levels_drawn(room: int, widest: int) -> int:
    """
    How many levels of the tree are drawn in a column; deeper spans are drawn at the last one.

    Args:
        room: The width of the column.

        widest: The width that all levels and names need.
    """
    if widest <= room:
        return _MAX_LEVELS
    return max(min(_MAX_LEVELS, (room - MIN_NAME) // _LEVEL_WIDTH), 1)


@attrs.frozen(kw_only=True)
class Tree:
    """
    The lines that lead from spans to their children.

    Attributes:
        glyphs: The characters of the output.

        levels: How many levels are drawn.
    """

    glyphs: Glyphs
    levels: int

    def before(self, row: Row, continues: Sequence[bool]) -> str:
        """
        The lines in front of a span's name.

        Args:
            continues: For each level from the top to the span, whether a sibling follows further down.
        """
        if row.depth == 0:
            return ""
        branch = self.glyphs.corner if row.is_last else self.glyphs.between
        return f"{self._lines(continues, min(row.depth, self.levels) - 1)}{branch} "

    def below(self, row: Row, continues: Sequence[bool]) -> str:
        """The lines in front of a further line about a span; arguments as ``before``."""
        return f"{self._lines(continues, row.depth)}{self._line(row.has_children)}  "

    def _lines(self, continues: Sequence[bool], depth: int) -> str:
        # Roots are not connected to each other, so the first level has no line.
        return "".join(map(self._line, continues[1 : min(depth, self.levels) + 1]))

    def _line(self, is_drawn: bool) -> str:
        return f"{self.glyphs.below} " if is_drawn else "  "
