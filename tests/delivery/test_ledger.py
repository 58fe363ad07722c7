# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows that the counts of a destination add up, at every moment, and how they are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.delivery import (
    Counts,
    Fate,
    Limits,
    Outcome,
    OutcomeKind,
    Settled,
    deliver,
)

from .fakes import FakeTransport, entry, scripted

ONE = entry("one")
ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
FAILED = Outcome(kind=OutcomeKind.FAILED, status=500)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (Counts(), "0 spans recorded: 0 delivered"),
        (Counts(delivered=1), "1 span recorded: 1 delivered"),
        (
            Counts(delivered=5, unconfirmed=2, rejected=1, quarantined=3, pending=4),
            "13 spans recorded: 5 delivered, 2 of them unconfirmed, 1 rejected, 3 quarantined, 4 pending",
        ),
        (
            Counts(delivered=1, quarantined=2, dropped={"queue_full": 3, "closed": 1}, pending=4),
            "11 spans recorded: 1 delivered, 2 quarantined, 3 dropped (queue_full), 1 dropped (closed), "
            "4 pending",
        ),
    ],
)
def test_counts_are_one_sentence(counts: Counts, sentence: str) -> None:
    """What people print."""
    assert str(counts) == sentence


def test_counts_keep_the_latest_hundred_outcomes_and_counts_all() -> None:
    outcomes = [Outcome(kind=OutcomeKind.FAILED, status=500, message=str(number)) for number in range(150)]
    counts = deliver([ONE] * 150, FakeTransport(judge=scripted(*outcomes)), Limits(max_body_bytes=1))

    assert counts == Counts(quarantined=150, outcomes=counts.outcomes)
    assert list(counts.outcomes) == [(outcome, 1) for outcome in outcomes[50:]]


SETTLED = st.builds(
    Settled,
    entries=st.lists(st.integers(1, 9).map(lambda spans: entry("x", spans=spans)), min_size=1).map(tuple),
    fate=st.sampled_from(Fate),
    outcome=st.builds(Outcome, kind=st.sampled_from(OutcomeKind), rejected_spans=st.integers(0, 20)),
)


@given(st.lists(st.one_of(SETTLED, st.tuples(st.integers(0, 9), st.sampled_from(["disabled", "closed"])))))
def test_every_span_is_counted_once(booked: list[Settled | tuple[int, str]]) -> None:
    """recorded = delivered + rejected + quarantined + dropped + pending, whatever happens to the spans."""
    counts = Counts()
    for item in booked:
        if isinstance(item, Settled):
            counts.add(item)
        else:
            counts.drop(*item)
    spans = sum(item.span_count if isinstance(item, Settled) else item[0] for item in booked)

    assert counts.recorded == spans
    assert counts.recorded == (
        counts.delivered
        + counts.rejected
        + counts.quarantined
        + sum(counts.dropped.values())
        + counts.pending
    )
    assert counts.unconfirmed <= counts.delivered
    assert counts.complete is (counts.delivered == spans)


def test_the_last_outcome_is_the_latest_that_was_no_plain_success() -> None:
    counts = Counts()
    assert counts.last is None
    counts.add(Settled(entries=(ONE,), fate=Fate.QUARANTINED, outcome=FAILED))
    counts.add(Settled(entries=(ONE,), fate=Fate.DELIVERED, outcome=ACCEPTED))

    assert counts.last == FAILED


def test_a_copy_does_not_change_with_the_counts() -> None:
    counts = Counts(delivered=1, dropped={"disabled": 1})
    copy = counts.copy()
    counts.drop(1, "disabled")
    counts.add(Settled(entries=(ONE,), fate=Fate.QUARANTINED, outcome=FAILED))

    assert copy == Counts(delivered=1, dropped={"disabled": 1})
    assert copy.outcomes.maxlen == 100


def test_counts_show_the_number_of_outcomes_and_none_of_the_servers_messages() -> None:
    """Up to a hundred of them would hide the numbers."""
    counts = Counts()
    counts.add(Settled(entries=(ONE,), fate=Fate.QUARANTINED, outcome=FAILED))

    assert repr(counts) == (
        "Counts(delivered=0, unconfirmed=0, rejected=0, quarantined=1, dropped={}, pending=0, in_memory=0, unread=0, left_out=0, outcomes=<1>)"
    )
