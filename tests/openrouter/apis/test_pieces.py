# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How pieces of a streamed response are put together."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.pieces import appended, joined, reported
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("known", "more", "text"),
    [("a", "b", "ab"), (None, "b", "b"), ("a", None, "a"), (5, "b", "b"), ("", "", "")],
)
def test_pieces_of_text_are_joined(known: Any, more: str | None, text: str) -> None:
    """A value that is not text counts as empty."""
    assert joined(known, more) == text


@pytest.mark.parametrize(
    ("known", "items", "expected"),
    [([1], (2, 3), [1, 2, 3]), (None, (1,), [1]), ("text", (1,), [1]), ([1], (), [1]), ([], (None,), [None])],
)
def test_items_are_appended(known: Any, items: tuple[Any, ...], expected: list[Any]) -> None:
    """A value that is not a list counts as empty."""
    assert appended(known, *items) == expected


def test_the_list_appended_to_is_not_changed() -> None:
    """It may be part of the caller's record."""
    known = [1]

    assert appended(known, 2) == [1, 2]
    assert known == [1]


def test_members_that_are_null_are_not_reported() -> None:
    """Empty and false values are; the order is that of the names."""
    owner = Document("event", {"a": None, "b": "", "c": 0, "d": [], "unasked": 1}, [])

    assert list(reported(owner, "d", "a", "b", "missing", "c").items()) == [("d", []), ("b", ""), ("c", 0)]
