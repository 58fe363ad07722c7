# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rows, and the attributes that a span gets from them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import Attributes
from otlpjson.openrouter import Truncation
from otlpjson.openrouter.compact import compact
from otlpjson.openrouter.spans.rows import Row, Selection

PROMPT = '{"messages":["' + "x" * 1000 + '"]}'
ROWS = (
    Row("name", lambda subject: subject.get("name")),
    Row("custom.", lambda subject: subject.get("custom", ())),
    Row("a.prompt", lambda subject: PROMPT, content=True, is_json=True),
    Row("b.prompt", lambda subject: PROMPT, content=True, is_json=True, on_failure=False),
)


def attributes(subject: dict[str, Any], **flags: Any) -> tuple[Attributes, tuple[str, ...]]:
    """The attributes from all rows, and the names of those that were cut."""
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
def test_a_selection_decides_which_rows_are_used(flags: dict[str, Any], keys: list[str]) -> None:
    """Privacy mode leaves out content; a failure leaves out rows of a success."""
    assert list(attributes({}, **flags)[0]) == keys


def test_a_row_with_a_dot_at_its_end_has_many_names() -> None:
    """Custom metadata is written below two prefixes."""
    assert ROWS[1].pairs({"custom": [("a", 1), ("b", None)]}) == [("custom.a", 1), ("custom.b", None)]
    assert ROWS[0].pairs({}) == []


def test_a_custom_name_that_is_taken_is_dropped_and_counted() -> None:
    """It may be reserved, or used before."""
    made, cut = attributes(
        {"custom": [("own", 1), ("twice", 2), ("twice", 3)]}, own_keys=frozenset({"custom.own", "name"})
    )

    assert made.get("custom.twice") == 2
    assert "custom.own" not in made
    assert (made.dropped_count, cut) == (2, ())


def test_a_prompt_that_is_written_twice_is_cut_once_and_stays_one_text() -> None:
    """So the encoder escapes it only once."""
    made, cut = attributes(
        {"custom": [("x", 1), ("x.truncated", 2)]}, truncation=Truncation(max_characters=100)
    )

    assert cut == ("a.prompt", "b.prompt")
    assert made["a.prompt"] is made["b.prompt"]
    assert made["a.prompt.truncated"] is made["b.prompt.truncated"] is True
    assert list(made)[-4:] == ["a.prompt", "a.prompt.truncated", "b.prompt", "b.prompt.truncated"]


def test_a_text_that_is_cut_as_json_and_as_text_has_a_form_of_each() -> None:
    """Each row has its own result."""
    long = json.dumps(["x"] * 100)
    rows = (Row("text", lambda subject: long), Row("json", lambda subject: long, is_json=True))
    made, _ = Selection(truncation=Truncation(max_characters=64)).attributes(rows, {})

    assert "[truncated]" in str(made["text"])
    assert json.loads(str(made["json"]))[:1] == ["x"]


def hundredfold(letter: str) -> Row:
    """A row that creates a new text at each reading."""
    return Row(letter, lambda subject: letter * 100)


def test_a_text_made_for_one_row_is_never_sent_for_another() -> None:
    """The first may already be freed when the second is created."""
    rows = tuple(hundredfold(letter) for letter in "abcdefgh")
    made, _ = Selection(truncation=Truncation(max_characters=64)).attributes(rows, {})

    assert [set(str(made[letter])) - set("[truncated]") - {letter} for letter in "abcdefgh"] == [set()] * 8
    assert [str(made[letter])[0] for letter in "abcdefgh"] == list("abcdefgh")


def test_a_custom_list_stays_a_list_when_it_is_cut() -> None:
    """So does an object; a text that only starts like one is cut as text."""
    numbers = list(range(100))
    custom = [("tags", compact(numbers)), ("o", compact({"k": numbers})), ("n", "1" * 100), ("t", "[" * 100)]
    made, _ = attributes({"custom": custom}, truncation=Truncation(max_characters=90))

    assert json.loads(str(made["custom.tags"]))[:3] == [0, 1, 2]
    assert list(json.loads(str(made["custom.o"]))) == ["k"]
    assert str(made["custom.n"]).startswith("111")
    assert str(made["custom.t"]).startswith("[[[")


def test_a_custom_name_replaced_by_a_mark_is_counted() -> None:
    """It may be before the value that is cut or after it."""
    long = ("x", "y" * 100)
    for custom in ([("x.truncated", 1), long], [long, ("x.truncated", 1)]):
        made, _ = attributes({"custom": custom}, truncation=Truncation(max_characters=64))

        assert (made["custom.x.truncated"], made.dropped_count) == (True, 1)
