# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Equal messages are folded."""

from __future__ import annotations

from otlpjson.cli.folding import Folding


def test_three_of_a_kind_are_shown_and_the_rest_is_counted() -> None:
    """Numbers make no difference."""
    folding = Folding()

    assert [folding.shows(f"column {number}") for number in range(10)] == [True] * 3 + [False] * 7
    assert folding.shows("another")
    assert list(folding.rest()) == [(7, "column 0")]


def test_any_number_of_kinds_takes_little_memory() -> None:
    """Beyond a thousand they are one kind."""
    folding = Folding()
    shown = [folding.shows("x" * number) for number in range(1, 2001)]

    assert (sum(shown), list(folding.rest())) == (1003, [(997, "x" * 1001)])
