# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The characters of a drawing in the encoding of the output; texts and bars drawn with them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import attrs
from rich.cells import cell_len, set_cell_size

from ...core.words import printable
from ...inspect.waterfall import Bar

__all__ = ["Glyphs", "glyphs_for"]


@attrs.frozen(kw_only=True)
class Glyphs:
    """
    The characters of a drawing in one encoding.

    Attributes:
        encoding: The encoding of the output, as Python names it.

        full, left, right: A column that a bar fills whole, or only its left or right half.

        going_on: A column of a bar whose end is unknown.

        below, between, corner: The lines that lead from a span to its children.

        arrow, ellipsis: Used in texts.
    """

    encoding: str
    full: str = "━"
    left: str = "╸"
    right: str = "╺"
    going_on: str = "╍"
    below: str = "│"
    between: str = "├"
    corner: str = "└"
    arrow: str = "→"
    ellipsis: str = "…"

    def fit(self, text: str, width: int | None) -> str:
        """
        Any text as one line of at most ``width`` terminal columns; ``None`` for no limit.

        Characters that control a terminal become spaces, and those that the encoding lacks
        become escapes such as ``\\xe9``. A text that is cut ends with an ellipsis.
        """
        # Cut early, because an attribute may have megabytes, but not to the width: combining
        # characters take no column, so a text may have more characters than columns.
        line = printable(text, len(text) + 1 if width is None else 4 * width + 4)
        line = line.encode(self.encoding, "backslashreplace").decode(self.encoding)
        if width is None or cell_len(line) <= width:
            return line
        return set_cell_size(line, max(width - len(self.ellipsis), 0)).rstrip() + self.ellipsis

    def bar(self, bar: Bar, width: int) -> str:
        """A bar in a field of ``width`` columns, exact to half a column."""
        first, after = bar.steps(2 * width)
        columns = []
        for column in range(width):
            halves = (first <= 2 * column < after, first <= 2 * column + 1 < after)
            columns.append(self._column(halves, bar.ended))
        return "".join(columns).rstrip()

    def _column(self, halves: tuple[bool, bool], ended: bool) -> str:
        if not any(halves):
            return " "
        if not ended:
            return self.going_on
        return self.full if all(halves) else self.left if halves[0] else self.right


def glyphs_for(encoding: str) -> Glyphs:
    """The glyphs for an encoding: box-drawing characters, or ASCII if it lacks one of them."""
    glyphs = Glyphs(encoding=encoding)
    try:
        "".join(attrs.astuple(glyphs)[1:]).encode(encoding)  # all but the name of the encoding
    except UnicodeEncodeError:
        return Glyphs(encoding=encoding, **_ASCII)
    return glyphs


_ASCII: Final = MappingProxyType(
    {
        **dict.fromkeys(("full", "left", "right"), "="),
        "going_on": "-",
        "below": "|",
        "between": "+",
        "corner": "`",
        "arrow": "->",
        "ellipsis": "...",
    }
)
