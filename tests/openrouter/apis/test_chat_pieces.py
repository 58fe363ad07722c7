# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Members of a streamed message that grow piece by piece."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat_pieces import GrowingContent, GrowingObject
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("pieces", "value", "notes"),
    [
        ([], None, []),
        ([None], None, []),
        ([""], "", []),
        (["It ", None, "is"], "It is", []),
        ([[]], [], []),
        (
            ["A", [{"n": 1}, "B"], {"n": 2}],
            [{"type": "text", "text": "A"}, {"n": 1}, {"type": "text", "text": "B"}, {"n": 2}],
            [],
        ),
        (["A", 42], "A", ["delta.content: expected text, got int of 2 digits"]),
    ],
)
def test_content_is_a_text_or_a_list(pieces: list[Any], value: Any, notes: list[str]) -> None:
    """It is a list as soon as one piece is no text; other pieces are noted."""
    content, skipped = GrowingContent(), []
    for piece in pieces:
        delta = Document("delta", {"content": piece}, [])
        content.add(delta, "content")
        skipped += [str(note) for note in delta.skipped]

    assert (content.value(), skipped) == (value, notes)


def test_texts_of_an_object_grow_and_others_are_set() -> None:
    """Null changes nothing; a text that follows another value replaces it."""
    grown = GrowingObject(frozenset({"text"}))
    for piece in (
        {"text": 5, "id": "a"},
        {"text": "A", "id": None},
        {"text": "", "id": "b"},
        {"text": "B"},
    ):
        grown.add(piece)

    assert grown.value() == {"text": "AB", "id": "b"}
    assert (grown.get("id"), grown.get("unknown")) == ("b", None)
    grown.add({"text": {"no": "text"}})
    assert grown.value() == {"text": {"no": "text"}, "id": "b"}
