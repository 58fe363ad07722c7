# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bars to the half of a column, and texts that fit, in every encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from otlpjson.cli.drawing.glyphs import Glyphs, glyphs_for
from otlpjson.inspect.waterfall import Bar

from ...strategies import any_text

LINES, ASCII = glyphs_for("utf-8"), glyphs_for("ascii")


def test_lines_are_drawn_where_the_encoding_has_them() -> None:
    """Else everything is ASCII."""
    ascii_alone = Glyphs(
        encoding="cp1252",
        full="=",
        left="=",
        right="=",
        going_on="-",
        below="|",
        between="+",
        corner="`",
        arrow="->",
        ellipsis="...",
    )

    assert glyphs_for("utf-8") == Glyphs(encoding="utf-8")
    assert glyphs_for("cp1252") == ascii_alone


@pytest.mark.parametrize(
    ("bar", "lines", "plain"),
    [
        (Bar(start=0.0, end=1.0), "━━━━━━━━━━", "=========="),
        (Bar(start=0.0, end=0.0), "╸", "="),
        (Bar(start=1.0, end=1.0), "         ╺", "         ="),
        (Bar(start=0.25, end=0.75), "  ╺━━━━╸", "  ======"),
        (Bar(start=0.5, end=0.55), "     ╸", "     ="),
        (Bar(start=0.5, end=1.0, ended=False), "     ╍╍╍╍╍", "     -----"),
    ],
)
def test_a_bar_stands_where_its_span_ran(bar: Bar, lines: str, plain: str) -> None:
    """To the half of a column; one that took no time is seen; one that goes on looks like it."""
    assert LINES.bar(bar, 10) == lines
    assert ASCII.bar(bar, 10) == plain


@pytest.mark.parametrize(
    ("text", "width", "lines", "plain"),
    [
        ("short", 5, "short", "short"),
        ("too long", 5, "too…", "to..."),
        ("too long", None, "too long", "too long"),
        ("漢字漢字", 8, "漢字漢字", "\\u6f2..."),
        ("漢字漢字", 6, "漢字…", "\\u6..."),
        ("é\x1b[2J\nx", 12, "é [2J x", "\\xe9 [2J x"),
        ("a" + "\u0301" * 100, 5, "a" + "\u0301" * 22 + "…", "a\\..."),
        ("anything", 0, "…", "..."),
    ],
)
def test_a_text_fits_or_ends_with_an_ellipsis(text: str, width: int | None, lines: str, plain: str) -> None:
    """By columns, not by characters; without what steers a terminal."""
    assert LINES.fit(text, width) == lines
    assert ASCII.fit(text, width) == plain


@given(any_text, st.integers(3, 12), st.sampled_from([LINES, ASCII, glyphs_for("cp1252")]))
def test_any_text_fits_and_can_be_encoded(text: str, width: int, glyphs: Glyphs) -> None:
    """Whatever it is made of."""
    fitted = glyphs.fit(text, width)

    assert cell_len(fitted) <= width
    assert fitted.encode(glyphs.encoding).decode(glyphs.encoding) == fitted
