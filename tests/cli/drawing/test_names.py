# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The first column: what a name says, how wide it is, and the lines in front of it."""

from __future__ import annotations

import attrs
import pytest

from otlpjson import Resource, Span
from otlpjson.cli.drawing.glyphs import glyphs_for
from otlpjson.cli.drawing.names import MARKS, Names, Tree, levels_drawn
from otlpjson.inspect.waterfall import Mark, Row

GLYPHS = glyphs_for("utf-8")
PLAIN = Names(glyphs=GLYPHS, with_service=False, max_width=20)
ROW = Row(
    span=Span(trace_id="1" * 32, span_id="2" * 16, name="pay", start_ns=1, end_ns=2),
    resource=Resource(attributes={"service.name": "shop"}),
    depth=0,
    is_last=True,
    has_children=False,
    bar=None,
    mark=None,
)


def test_every_mark_has_a_sign_and_an_explanation() -> None:
    """The explanation follows a number of spans."""
    assert dict(MARKS) == {
        Mark.PARENT_MISSING: ("?", "whose parent is missing"),
        Mark.OWN_ANCESTOR: ("@", "in a parent cycle, drawn as a root"),
        Mark.DUPLICATE_ID: ("=", "with a duplicate id"),
    }
    assert list(MARKS) == list(Mark)


def test_a_name_has_its_mark_depth_and_service() -> None:
    """Each only where it says something."""
    deep = attrs.evolve(ROW, depth=3, mark=Mark.DUPLICATE_ID)
    unknown = attrs.evolve(ROW, resource=Resource(attributes={"service.name": 7}))
    with_service = attrs.evolve(PLAIN, with_service=True)

    assert PLAIN.text(ROW) == "pay"
    assert PLAIN.text(deep, 3) == "= pay"
    assert with_service.text(deep, 2) == "= (3) pay [shop]"
    assert with_service.text(unknown) == "pay"
    assert PLAIN.text(attrs.evolve(ROW, span=attrs.evolve(ROW.span, name=""))) == "(no name)"
    assert PLAIN.text(attrs.evolve(ROW, span=attrs.evolve(ROW.span, name="x" * 21))) == "x" * 19 + "…"


def test_the_widest_name_counts_the_lines_in_front_of_it() -> None:
    """Two columns per level, and no more than ten levels."""
    assert PLAIN.widest([ROW]) == 3
    assert PLAIN.widest([ROW, attrs.evolve(ROW, depth=2)]) == 7
    assert PLAIN.widest([attrs.evolve(ROW, depth=12)]) == 20 + len("(12) pay")


@pytest.mark.parametrize(
    ("room", "widest", "levels"),
    [(30, 30, 10), (30, 31, 9), (40, 41, 10), (15, 31, 1), (3, 31, 1), (16, 17, 2)],
)
def test_as_many_levels_are_drawn_as_leave_room_for_names(room: int, widest: int, levels: int) -> None:
    """All if everything fits; at least one."""
    assert levels_drawn(room, widest) == levels


@pytest.mark.parametrize(
    ("depth", "is_last", "has_children", "continues", "before", "below"),
    [
        (0, True, False, [False], "", "    "),
        (0, False, True, [True], "", "│   "),
        (1, True, False, [True, False], "└ ", "      "),
        (1, False, True, [True, True], "├ ", "│ │   "),
        (2, True, True, [False, True, False], "│ └ ", "│   │   "),
        (3, True, False, [False, True, False, False], "│ └ ", "│       "),
    ],
)
def test_lines_lead_to_names_and_past_them(
    depth: int, is_last: bool, has_children: bool, continues: list[bool], before: str, below: str
) -> None:
    """Roots are not connected; a span below the last level drawn stands on it."""
    row = attrs.evolve(ROW, depth=depth, is_last=is_last, has_children=has_children)
    tree = Tree(glyphs=GLYPHS, levels=2)

    assert tree.before(row, continues) == before
    assert tree.below(row, continues) == below
