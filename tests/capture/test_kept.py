# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The bounded copy: whole within the bound, beginning and end over it, and what it claims is given back."""

from __future__ import annotations

import pytest

from otlpjson.capture.budget import Budget
from otlpjson.capture.kept import END_BYTES, Kept


def test_within_the_bound_every_piece_is_kept_with_its_time() -> None:
    kept = Kept(Budget(1000, 1000))
    kept.add(b"ab", 5)
    kept.add(b"c", 7)

    assert (kept.beginning, list(kept.times_ns), kept.end, kept.left_out) == ([b"ab", b"c"], [5, 7], b"", 0)


@pytest.mark.parametrize(("max_bytes", "max_copy_bytes"), [(10**9, 400), (400, 10**9)])
def test_over_the_bound_the_beginning_and_the_end_are_kept(max_bytes: int, max_copy_bytes: int) -> None:
    """Whether its own bound is reached or that of all copies."""
    kept = Kept(Budget(max_bytes, max_copy_bytes))
    pieces = [b"%04d" % number + b"x" * 1020 for number in range(200)]
    kept.add(b"first", 0)
    for piece in pieces:
        kept.add(piece, 0)

    assert kept.beginning == [b"first"]
    assert kept.end == b"".join(pieces[-64:])
    assert len(kept.end) == END_BYTES
    assert kept.left_out == 136 * 1024


def test_a_piece_that_is_longer_than_the_end_is_cut() -> None:
    kept = Kept(Budget(0, 0))
    kept.add(b"a" * 10 + b"b" * END_BYTES, 0)

    assert (kept.end, kept.left_out) == (b"b" * END_BYTES, 10)


def test_after_the_bound_nothing_joins_the_beginning() -> None:
    """A small piece that would fit again belongs to the end."""
    kept = Kept(Budget(200, 200))
    for piece in (b"a", b"b" * 300, b"c"):
        kept.add(piece, 0)

    assert (kept.beginning, kept.end) == ([b"a"], b"b" * 300 + b"c")


def test_many_small_pieces_are_counted_with_what_they_cost() -> None:
    """A server that drips single bytes cannot fill the memory."""
    kept = Kept(Budget(10_000, 10_000))
    for _ in range(1_000):
        kept.add(b"x", 0)

    assert len(kept.beginning) == 10_000 // 65
    assert kept.size <= 10_000 + 1_000


def test_the_budget_is_shared_and_given_back() -> None:
    budget = Budget(200, 1000)
    one, other = Kept(budget), Kept(budget)
    one.add(b"x" * 100, 0)
    other.add(b"y" * 100, 0)
    assert (one.beginning, other.beginning) == ([b"x" * 100], [])

    one.give_back()
    third = Kept(budget)
    third.add(b"z" * 100, 0)
    assert third.beginning == [b"z" * 100]
