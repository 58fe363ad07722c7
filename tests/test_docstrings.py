# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Docstrings in griffe's form: nothing of them is lost."""

from __future__ import annotations

from .site.docstrings import for_griffe, items

OURS = """\
A pointer: to another span.

Args:
    one: First.

    left, right, up:
        The ids of that span:
        two lines.

    both, of_them: As above.

Raises:
    InvalidValue, OSError: Not an item with parameters.

Source: a proto, ``Link``;
a second line."""

GRIFFES = """\
A pointer: to another span.

Args:
    one: First.

    left: ``left``, ``right``, ``up``:
        The ids of that span:
        two lines.

    right: See ``left``.

    up: See ``left``.

    both: ``both``, ``of_them``: As above.

    of_them: See ``both``.

Raises:
    InvalidValue, OSError: Not an item with parameters.

**Source:** a proto, ``Link``;
a second line."""


def test_each_name_becomes_an_item_and_the_source_stands_out() -> None:
    """The first of several names has the text, the others refer to it."""
    assert for_griffe(OURS) == GRIFFES


def test_names_at_the_end_of_a_docstring_are_not_lost() -> None:
    """Without a section or a blank line after them."""
    given = "Two numbers.\n\nAttributes:\n    left, right: Numbers."

    assert for_griffe(given) == (
        "Two numbers.\n\nAttributes:\n    left: ``left``, ``right``: Numbers.\n    right: See ``left``.\n"
    )


def test_any_other_docstring_stays_as_it_is() -> None:
    """Also one with indented text that looks like an item."""
    for text in ("One line.", "Code:\n\n    left, right: int\n\nSource of it all.", ""):
        assert for_griffe(text) == text


def test_the_names_of_each_section_are_read() -> None:
    """Those of errors are none of them."""
    assert items(OURS) == {"Args": ["one", "left", "right", "up", "both", "of_them"]}
    assert items("Text.\n\nAttributes:\n    a, b: C.\n\nArgs:\n    d: E.\n") == {
        "Attributes": ["a", "b"],
        "Args": ["d"],
    }
