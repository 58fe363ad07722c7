# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Circles of parents: each once, with exactly its members."""

from __future__ import annotations

import pytest

from otlpjson.circles import circles


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({}, []),
        ({1: None, 2: 1, 3: 2}, []),
        ({1: 9, 2: 1}, []),
        ({1: 1}, [[1]]),
        ({1: 2, 2: 3, 3: 1}, [[1, 2, 3]]),
        ({4: 2, 1: 3, 2: 1, 3: 2}, [[2, 1, 3]]),
        ({1: 2, 2: 1, 5: 2, 3: 4, 4: 3, 6: None}, [[1, 2], [3, 4]]),
    ],
)
def test_each_circle_is_given_once_from_where_it_is_reached(
    parents: dict[int, int | None], found: list[list[int]]
) -> None:
    """What only leads into one, or out, is no member."""
    assert list(circles(parents)) == found
