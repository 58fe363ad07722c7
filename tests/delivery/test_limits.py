# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bounds that are none are refused when they are given, not when a queue is full."""

from __future__ import annotations

import math
from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.delivery import Limits, QueueLimits


@pytest.mark.parametrize(
    ("bounds", "field", "value", "sentence"),
    [
        (Limits, "max_wait_s", math.nan, "Limits.max_wait_s: expected seconds, 0 or more, got float nan"),
        (Limits, "max_wait_s", True, "Limits.max_wait_s: expected seconds, 0 or more, got bool True"),
        (
            Limits,
            "max_body_bytes",
            5e5,
            "Limits.max_body_bytes: expected a whole number, 0 or more, got float 500000.0",
        ),
        (
            QueueLimits,
            "max_spans",
            -1,
            "QueueLimits.max_spans: expected a whole number, 0 or more, got int -1",
        ),
        (
            QueueLimits,
            "max_bytes",
            None,
            "QueueLimits.max_bytes: expected a whole number, 0 or more, got nothing",
        ),
        (
            QueueLimits,
            "max_age_s",
            -0.1,
            "QueueLimits.max_age_s: expected seconds, 0 or more, got float -0.1",
        ),
        (QueueLimits, "pause_s", "60", "QueueLimits.pause_s: expected seconds, 0 or more, got str '60'"),
    ],
)
def test_what_is_no_bound_is_refused(bounds: Any, field: str, value: Any, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        bounds(**{field: value})

    assert str(caught.value) == sentence


def test_nothing_and_for_ever_are_bounds() -> None:
    assert Limits(max_wait_s=math.inf, max_body_bytes=0).max_wait_s == math.inf
    assert QueueLimits(max_spans=0, max_age_s=0).max_spans == 0


def test_the_limits_are_those_of_grafana() -> None:
    assert Limits() == Limits(max_wait_s=60.0, max_body_bytes=500_000, hard_max_body_bytes=15 * 1024 * 1024)
