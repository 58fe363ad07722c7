# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Numbers of equal requests of one instant."""

from __future__ import annotations

from otlpjson.broadcast.repeats import Repeats


def test_equal_keys_are_numbered_from_zero() -> None:
    """Others are not concerned."""
    repeats = Repeats()

    assert [repeats.number(key) for key in "aabacb"] == [0, 1, 0, 2, 0, 1]


def test_only_the_latest_keys_are_known() -> None:
    """The instant of older ones is over."""
    repeats = Repeats()
    for number in range(10_000):
        repeats.number(str(number))
    kept = repeats.number("0")
    repeats.number("new")

    assert (kept, repeats.number("0"), repeats.number("1")) == (1, 2, 0)
