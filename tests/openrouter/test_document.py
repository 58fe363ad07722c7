# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Reading the members of a JSON object by their types."""

from __future__ import annotations

from collections import UserDict
from typing import Any

import pytest

from otlpjson.openrouter.document import Document

from .notes import note


def document(**members: Any) -> Document:
    """An object of a record, with notes of its own."""
    return Document("record", members, [])


@pytest.mark.parametrize(
    ("getter", "value", "result"),
    [
        ("text", "x", "x"),
        ("text", "", ""),
        ("text", None, None),
        ("count", 0, 0),
        ("count", 10**30, 10**30),
        ("count", 5.0, 5),
        ("number", 1, 1.0),
        ("number", -0.5, -0.5),
        ("count", "12", 12),
        ("count", "5.0", 5),
        ("count", "0", 0),
        ("number", "0.00007", 0.00007),
        ("number", "-1e-3", -0.001),
        ("word", "rate_limit", "rate_limit"),
        ("word", 429, "429"),
        ("flag", False, False),
    ],
)
def test_a_member_of_the_right_type_is_returned(getter: str, value: Any, result: Any) -> None:
    """Null is the same as missing, and nothing is noted."""
    given = document(name=value)

    assert repr(getattr(given, getter)("name")) == repr(result)
    assert getattr(given, getter)("missing") is None
    assert given.skipped == []


@pytest.mark.parametrize(
    ("getter", "value", "note"),
    [
        ("text", 5, "expected text, got int of 1 digit"),
        ("count", -1, "expected a whole number, 0 or more, got int of 1 digit"),
        ("count", True, "expected a whole number, 0 or more, got bool"),
        ("count", 1.5, "expected a whole number, 0 or more, got float"),
        ("count", -1.0, "expected a whole number, 0 or more, got float"),
        ("count", float("nan"), "expected a whole number, 0 or more, got float"),
        ("number", "1,5", "expected a finite number, got str of 3 characters"),
        ("number", "nan", "expected a finite number, got str of 3 characters"),
        ("number", "1e999", "expected a finite number, got str of 5 characters"),
        ("number", "1" * 5000, "expected a finite number, got str of 5000 characters"),
        ("count", "1.5", "expected a whole number, 0 or more, got str of 3 characters"),
        ("count", "-1", "expected a whole number, 0 or more, got str of 2 characters"),
        ("count", "1e999", "expected a whole number, 0 or more, got str of 5 characters"),
        ("flag", "true", "expected true or false, got str of 4 characters"),
        ("flag", 1, "expected true or false, got int of 1 digit"),
        ("number", float("inf"), "expected a finite number, got float"),
        ("number", 10**400, "expected a finite number, got int of 401 digits"),
        ("number", False, "expected a finite number, got bool"),
        ("word", 1.5, "expected text or a whole number, got float"),
        ("word", True, "expected text or a whole number, got bool"),
    ],
)
def test_a_member_of_the_wrong_type_is_noted(getter: str, value: Any, note: str) -> None:
    """It is read as missing."""
    given = document(name=value)

    assert getattr(given, getter)("name") is None
    assert [str(item) for item in given.skipped] == [f"record.name: {note}"]


def test_objects_are_read_along_their_path() -> None:
    """Notes on inner objects are in the same list, with the whole path."""
    given = document(usage=UserDict(cost="x"), choices=[{"message": {"content": 1}}, 7])

    assert given.document("usage").number("cost") is None
    assert [choice.document("message").text("content") for choice in given.objects("choices")] == [None]
    assert given.document("missing").document("deeper").text("x") is None
    assert given.objects("missing") == []
    assert given.skipped == [
        note("record.usage.cost", "a finite number", "str of 1 character"),
        note("record.choices[1]", "an object", "int of 1 digit"),
        note("record.choices[0].message.content", "text", "int of 1 digit"),
    ]


def test_items_that_are_not_objects_are_noted() -> None:
    """The objects beside them are read."""
    given = document(choices={}, items=[7, {"a": 1}, "secret"])

    assert given.objects("choices") == []
    assert [item.members for item in given.objects("items")] == [{"a": 1}]
    assert [str(note) for note in given.skipped] == [
        "record.choices: expected a list, got dict of 0 members",
        "record.items[0]: expected an object, got int of 1 digit",
        "record.items[2]: expected an object, got str of 6 characters",
    ]


def test_a_problem_is_noted_without_an_expectation() -> None:
    """The finding is a warning with the problem as what was found."""
    given = document(choices=[])
    given.note("choices", "only the first choice is recorded")
    (finding,) = given.skipped

    assert (finding.path, finding.expected) == ("record.choices", "")
    assert finding.found == "only the first choice is recorded"
    assert str(finding) == "record.choices: only the first choice is recorded"


@pytest.mark.parametrize(
    ("value", "expected"), [([], True), ((1,), True), ("text", False), ({}, False), (None, False)]
)
def test_a_list_is_recognised(value: Any, expected: bool) -> None:
    """Tuples are lists as well; asking notes nothing."""
    given = document(name=value)

    assert given.is_list("name") is expected
    assert given.skipped == []


def test_repr_shows_no_content() -> None:
    """Members may be prompts."""
    assert repr(document(messages="secret")) == "Document(path='record')"
