# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows how long the waits are, and when there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.delivery.retry import delay_s

LONG_S = 1e9


@pytest.mark.parametrize(
    ("attempt", "longest_s"),
    [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 10.0), (8, 10.0), (1100, 10.0)],
)
def test_backoff_has_a_cap(attempt: int, longest_s: float) -> None:
    """SND-5: a wait doubles up to ten seconds, also at attempt 1,100, where a power of two is no float."""
    waits = [delay_s(attempt, retry_after_s=0.0, jitter=jitter, left_s=LONG_S) for jitter in (0.0, 0.5, 1.0)]

    assert waits == [0.0, longest_s / 2, longest_s]


@pytest.mark.parametrize(
    ("retry_after_s", "wait_s"), [(0.0, 2.0), (1.0, 2.0), (2.0, 2.0), (2.5, 2.5), (3600.0, 3600.0)]
)
def test_a_server_that_asks_for_longer_gets_it(retry_after_s: float, wait_s: float) -> None:
    """B2: never earlier than asked."""
    assert delay_s(3, retry_after_s=retry_after_s, jitter=0.5, left_s=LONG_S) == wait_s


@pytest.mark.parametrize(
    ("left_s", "wait_s"), [(30.1, 30.0), (30.0, None), (29.9, None), (0.0, None), (-1.0, None)]
)
def test_a_wait_that_is_not_over_in_time_is_not_begun(left_s: float, wait_s: float | None) -> None:
    assert delay_s(1, retry_after_s=30.0, jitter=0.5, left_s=left_s) == wait_s


@pytest.mark.parametrize(
    ("left_s", "wait_s"), [(8.1, 8.0), (8.0, 8.0), (3.0, 3.0), (0.001, 0.001), (0.0, None)]
)
def test_the_time_that_is_left_is_used_whole(left_s: float, wait_s: float | None) -> None:
    """A wait of our own is cut to it, and the last try comes at its end."""
    assert delay_s(4, retry_after_s=0.0, jitter=1.0, left_s=left_s) == wait_s


@given(
    attempt=st.integers(1, 10**6),
    retry_after_s=st.floats(0, 3600),
    jitter=st.floats(0, 1, exclude_max=True),
    left_s=st.floats(-100, 10**4),
)
def test_every_wait_is_long_enough_and_short_enough(
    attempt: int, retry_after_s: float, jitter: float, left_s: float
) -> None:
    wait_s = delay_s(attempt, retry_after_s=retry_after_s, jitter=jitter, left_s=left_s)

    assert wait_s is None or retry_after_s <= wait_s <= left_s
    assert wait_s is None or wait_s <= max(10.0, retry_after_s)
