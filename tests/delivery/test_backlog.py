# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries that wait for one destination."""

from __future__ import annotations

import pytest

from otlpjson.delivery import QueueLimits
from otlpjson.delivery.backlog import Backlog

from .fakes import entry

ONE, TWO, THREE = entry("1"), entry("2"), entry("3")
SIZE = len(ONE.data)


def backlog(**limits: float) -> Backlog:
    """An empty one."""
    return Backlog(limits=QueueLimits(**limits))  # type: ignore[arg-type]


def test_what_is_taken_and_not_settled_goes_back_to_its_place() -> None:
    """Its bytes count until it is settled."""
    waiting = backlog(max_body_bytes=2 * SIZE + 1)
    waiting.add([ONE, TWO], 0.0)
    waiting.add([THREE], 0.0)
    batch = waiting.take()

    assert (batch, len(waiting), waiting.size) == ([ONE, TWO], 1, 3 * SIZE)
    waiting.settle([ONE])
    waiting.put_back([TWO])
    assert waiting.size == 2 * SIZE
    assert waiting.take() == [TWO, THREE]


def test_a_batch_is_less_than_a_body_or_one_entry() -> None:
    """However large that one is."""
    waiting = backlog(max_body_bytes=SIZE)
    waiting.add([ONE, TWO], 0.0)

    assert [waiting.take(), waiting.take()] == [[ONE], [TWO]]


@pytest.mark.parametrize(
    ("added_s", "urgent", "due_s"),
    [
        ([], False, None),
        ([], True, None),
        ([10.0], False, 10.5),
        ([10.0, 10.4], False, 10.9),
        ([10.0, 10.4, 10.8, 11.2, 11.6], False, 12.0),
        ([10.0], True, 0.0),
    ],
)
def test_entries_are_due_when_no_more_come_or_at_a_certain_age(
    added_s: list[float], urgent: bool, due_s: float | None
) -> None:
    """Whichever is sooner; at once if it is urgent."""
    waiting = backlog(quiet_s=0.5, max_age_s=2.0)
    for moment_s in added_s:
        waiting.add([ONE], moment_s)

    assert waiting.due_s(urgent=urgent) == due_s


def test_a_full_body_is_due_at_once() -> None:
    """There is nothing to wait for."""
    waiting = backlog(max_body_bytes=2 * SIZE)
    waiting.add([ONE, TWO], 10.0)

    assert waiting.due_s(urgent=False) == 0.0


def test_an_entry_after_an_empty_moment_has_an_age_of_its_own() -> None:
    """Not that of entries that have left."""
    waiting = backlog(quiet_s=9.0, max_age_s=2.0)
    waiting.add([ONE], 10.0)
    waiting.take()
    waiting.add([TWO], 20.0)

    assert waiting.due_s(urgent=False) == 22.0
