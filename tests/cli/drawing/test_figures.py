# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Numbers as they are read: on both sides of each change of unit, and at the ends of what OTLP can say."""

from __future__ import annotations

import pytest

from otlpjson.cli.drawing.figures import (
    cost_text,
    duration_text,
    moment_text,
    tokens_text,
)

US, MS, S = 10**3, 10**6, 10**9


@pytest.mark.parametrize(
    ("duration_ns", "text"),
    [
        (0, "0 ms"),
        (1, "1 ns"),
        (999, "999 ns"),
        (US, "1.0 us"),
        (999_999, "999.9 us"),
        (MS, "1.0 ms"),
        (999_999_999, "999.9 ms"),
        (S, "1.000 s"),
        (1_203_456_789, "1.203 s"),
        (60 * S - 1, "59.999 s"),
        (60 * S, "1 min 00 s"),
        (3600 * S - 1, "59 min 59 s"),
        (3600 * S + 125 * S, "1 h 02 min"),
        (86_400 * S - 1, "23 h 59 min"),
        (86_400 * S * 3 + 4 * 3600 * S, "3 d 04 h"),
        (2**64 - 1, "213503 d 23 h"),
    ],
)
def test_a_duration_has_its_largest_fitting_unit(duration_ns: int, text: str) -> None:
    """It is never rounded up to one."""
    assert duration_text(duration_ns) == text


@pytest.mark.parametrize(
    ("time_ns", "text"),
    [
        (1, "1970-01-01 00:00:00.000 UTC"),
        (1771005600123999999, "2026-02-13 18:00:00.123 UTC"),
        (2**64 - 1, "2554-07-21 23:34:33.709 UTC"),
    ],
)
def test_a_time_is_shown_in_utc(time_ns: int, text: str) -> None:
    """To the millisecond, from the first to the last that OTLP can say."""
    assert moment_text(time_ns) == text


@pytest.mark.parametrize(
    ("given", "taken", "text"),
    [(12, 48, "12 → 48"), (0, None, "0 → ?"), ("12", 5, "? → 5"), (True, 1.5, ""), (None, None, "")],
)
def test_tokens_are_whole_numbers_or_a_question_mark(given: object, taken: object, text: str) -> None:
    """Nothing where neither is known."""
    assert tokens_text(given, taken, "→") == text


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (0.00051, "$0.000510"),
        (2, "$2.000000"),
        (0, "$0.000000"),
        (-1.5, "$-1.500000"),
        (1e300, "$1e+300"),
        (float("inf"), "$inf"),
        (None, ""),
        (True, ""),
        ("free", ""),
    ],
)
def test_a_cost_is_shown_to_the_millionth_of_a_dollar(cost: object, text: str) -> None:
    """Zero is a cost; what is no number is none."""
    assert cost_text(cost) == text
