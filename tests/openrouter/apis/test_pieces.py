# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How pieces of a streamed response are put together."""

from __future__ import annotations

import pytest

from otlpjson.openrouter.apis.pieces import Text, reported
from otlpjson.openrouter.document import Document


@pytest.mark.parametrize(
    ("pieces", "text"), [([], ""), (["a", "b"], "ab"), ([None, "b", "", None], "b"), (["東", "京"], "東京")]
)
def test_pieces_of_text_are_joined(pieces: list[str | None], text: str) -> None:
    """A missing piece counts as empty."""
    known = Text()
    for piece in pieces:
        known.add(piece)

    assert (str(known), str(known)) == (text, text)


def test_missing_and_null_members_are_not_reported() -> None:
    """The others are in the order of their names."""
    owner = Document("x", {"a": 0, "b": None, "c": "", "d": 1}, [])

    assert list(reported(owner, "c", "b", "a", "e").items()) == [("c", ""), ("a", 0)]
