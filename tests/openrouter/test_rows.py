# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rows, and how attributes are made of them."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Attributes
from otlpjson.openrouter import Truncation
from otlpjson.openrouter.rows import Row, Selection

PROMPT = '{"messages":["' + "x" * 1000 + '"]}'
ROWS = (
    Row("name", lambda subject: subject.get("name")),
    Row("custom.", lambda subject: subject.get("custom", ())),
    Row("a.prompt", lambda subject: PROMPT, content=True, is_json=True),
    Row("b.prompt", lambda subject: PROMPT, content=True, is_json=True, on_failure=False),
)


def attributes(subject: dict[str, Any], **flags: Any) -> tuple[Attributes, tuple[str, ...]]:
    """What the rows give."""
    return Selection(**flags).attributes(ROWS, subject)


@pytest.mark.parametrize(
    ("flags", "keys"),
    [
        ({}, ["a.prompt", "b.prompt"]),
        ({"privacy_mode": True}, []),
        ({"failed": True}, ["a.prompt"]),
        ({"failed": True, "privacy_mode": True}, []),
    ],
)
def test_a_selection_says_which_rows_count(flags: dict[str, Any], keys: list[str]) -> None:
    """Content stays behind in privacy mode, and what only a success has where it failed."""
    assert list(attributes({}, **flags)[0]) == keys


def test_a_row_with_a_dot_at_its_end_has_many_names() -> None:
    """Custom metadata is written under two beginnings."""
    assert ROWS[1].pairs({"custom": [("a", 1), ("b", None)]}) == [("custom.a", 1), ("custom.b", None)]
    assert ROWS[0].pairs({}) == []


def test_a_custom_name_loses_and_is_counted() -> None:
    """Against one that is reserved, and against one that was there before."""
    made, cut = attributes(
        {"custom": [("own", 1), ("twice", 2), ("twice", 3)]}, own_keys=frozenset({"custom.own", "name"})
    )

    assert made.get("custom.twice") == 2
    assert "custom.own" not in made
    assert (made.dropped_count, cut) == (2, ())


def test_a_prompt_that_is_written_twice_is_cut_once_and_stays_one_text() -> None:
    """The encoder then escapes it once."""
    made, cut = attributes(
        {"custom": [("x", 1), ("x.truncated", 2)]}, truncation=Truncation(max_characters=100)
    )

    assert cut == ("a.prompt", "b.prompt")
    assert made["a.prompt"] is made["b.prompt"]
    assert made["a.prompt.truncated"] is made["b.prompt.truncated"] is True
    assert list(made)[-4:] == ["a.prompt", "a.prompt.truncated", "b.prompt", "b.prompt.truncated"]
