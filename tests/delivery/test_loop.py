# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows by transports without a network that every entry has its fate, once, in order, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.core.bodies import join
from otlpjson.core.entry import Entry
from otlpjson.delivery import (
    Counts,
    Fate,
    Learned,
    Limits,
    Outcome,
    OutcomeKind,
    Settled,
    deliver,
    settle,
)

from .fakes import FakeTransport, entries_of, entry, rules, scripted

ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
WARNED = Outcome(kind=OutcomeKind.ACCEPTED, status=200, message="old version")
UNCONFIRMED = Outcome(kind=OutcomeKind.UNCONFIRMED, status=200)
FAILED = Outcome(kind=OutcomeKind.FAILED, status=500)
REJECTED = Outcome(kind=OutcomeKind.REJECTED, status=400)
TOO_LARGE = Outcome(kind=OutcomeKind.TOO_LARGE, status=413)
BUSY = Outcome(kind=OutcomeKind.TRY_LATER, status=503)
TOO_MANY = Outcome(kind=OutcomeKind.TRY_LATER, status=429)
UNREACHABLE = Outcome(kind=OutcomeKind.UNREACHABLE, message="timed out")
ABOVE_HARD_LIMIT = Outcome(kind=OutcomeKind.TOO_LARGE, message="above the hard size limit")

ONE, TWO, THREE = entry("one"), entry("two", spans=2), entry("three", spans=3)
ALONE = Limits(max_body_bytes=1)
"""Every entry in a body of its own."""


def partly(rejected: int) -> Outcome:
    return Outcome(kind=OutcomeKind.PARTLY_ACCEPTED, status=200, rejected_spans=rejected)


def busy_for(seconds: float) -> Outcome:
    return Outcome(kind=OutcomeKind.TRY_LATER, status=429, retry_after_s=seconds)


def settled(fate: Fate, outcome: Outcome, *entries: Entry) -> Settled:
    return Settled(entries=entries, fate=fate, outcome=outcome)


def counts(report: Counts) -> dict[str, int]:
    names = ("delivered", "unconfirmed", "rejected", "quarantined", "pending")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


# One body


def test_no_entries_are_no_request() -> None:
    transport = FakeTransport(judge=scripted())
    report = deliver([], transport)

    assert (report, transport.sent, report.complete) == (Counts(), [], True)


def test_all_that_fits_goes_in_one_body() -> None:
    transport = FakeTransport(judge=scripted(ACCEPTED))
    report = deliver([ONE, TWO, THREE], transport)

    assert transport.sent == [join([ONE, TWO, THREE])]
    assert (counts(report), list(report.outcomes), report.complete) == ({"delivered": 6}, [], True)


@pytest.mark.parametrize(
    ("outcome", "fate", "counted"),
    [
        (ACCEPTED, Fate.DELIVERED, {"delivered": 6}),
        (WARNED, Fate.DELIVERED, {"delivered": 6}),
        (UNCONFIRMED, Fate.DELIVERED, {"delivered": 6, "unconfirmed": 6}),
        (partly(1), Fate.DELIVERED, {"delivered": 5, "rejected": 1}),
        (partly(6), Fate.DELIVERED, {"rejected": 6}),
        (partly(10**18), Fate.DELIVERED, {"rejected": 6}),
        (FAILED, Fate.QUARANTINED, {"quarantined": 6}),
        (Outcome(kind=OutcomeKind.MISCONFIGURED, status=401), Fate.PENDING, {"pending": 6}),
        (Outcome(kind=OutcomeKind.MISCONFIGURED, status=302), Fate.PENDING, {"pending": 6}),
        (Outcome(kind=OutcomeKind.MISCONFIGURED, message="the certificate…"), Fate.PENDING, {"pending": 6}),
    ],
)
def test_what_is_not_tried_again_is_sent_once(outcome: Outcome, fate: Fate, counted: dict[str, int]) -> None:
    transport = FakeTransport(judge=scripted(outcome))
    steps = list(settle([ONE, TWO, THREE], transport, Limits()))
    report = deliver([ONE, TWO, THREE], FakeTransport(judge=scripted(outcome)))

    assert steps == [settled(fate, outcome, ONE, TWO, THREE)]
    assert (counts(report), report.recorded) == (counted, 6)
    assert report.complete is (counted.get("delivered") == 6)
    assert list(report.outcomes) == ([] if outcome == ACCEPTED else [(outcome, 6)])
    assert (len(transport.sent), transport.waits_s) == (1, [])


# Waiting


def test_what_may_heal_is_tried_again_with_the_same_bytes() -> None:
    """B8: a resend is byte-identical."""
    transport = FakeTransport(judge=scripted(BUSY, UNREACHABLE, ACCEPTED))
    report = deliver([ONE, TWO], transport)

    assert transport.sent == [join([ONE, TWO])] * 3
    assert transport.waits_s == [0.5, 1.0]
    assert (counts(report), list(report.outcomes)) == ({"delivered": 3}, [])


def test_the_server_is_not_asked_again_before_it_said() -> None:
    """B2: Retry-After where it is longer than our own wait."""
    transport = FakeTransport(judge=scripted(busy_for(7), busy_for(0.1), ACCEPTED))
    deliver([ONE], transport)

    assert transport.waits_s == [7, 1.0]


def test_long_retry_after_is_waited_for() -> None:
    """SND-5: longer than any request may take, and no reason to give the spans up."""
    transport = FakeTransport(judge=scripted(busy_for(50), ACCEPTED))

    assert counts(deliver([ONE], transport)) == {"delivered": 1}
    assert transport.waits_s == [50]


def test_read_timeout_is_retried() -> None:
    """SND-5: the server may have been busy; a span sent twice is recognised by its id."""
    transport = FakeTransport(judge=scripted(UNREACHABLE, ACCEPTED))

    assert counts(deliver([ONE], transport)) == {"delivered": 1}
    assert transport.sent == [join([ONE])] * 2


def test_waits_grow_until_the_total_is_reached_and_the_rest_stays_pending() -> None:
    transport = FakeTransport(judge=lambda body: UNREACHABLE)
    steps = list(settle([ONE, TWO, THREE], transport, Limits(max_body_bytes=1, max_wait_s=60)))

    assert steps == [settled(Fate.PENDING, UNREACHABLE, one) for one in (ONE, TWO, THREE)]
    assert transport.waits_s == [0.5, 1.0, 2.0, 4.0, *[5.0] * 10, 2.5]
    assert sum(transport.waits_s) == 60
    assert transport.sent == [join([ONE])] * 16


def test_a_wait_that_would_take_too_long_is_not_begun() -> None:
    transport = FakeTransport(judge=scripted(busy_for(60)))
    report = deliver([ONE], transport)

    assert (counts(report), transport.waits_s) == ({"pending": 1}, [])


def test_the_total_runs_over_all_requests_of_a_body() -> None:
    outcomes = (busy_for(20), busy_for(20), busy_for(20))
    transport = FakeTransport(judge=scripted(*outcomes), send_s=1.0)
    report = deliver([ONE, TWO, THREE], transport, ALONE)

    assert (counts(report), transport.waits_s) == ({"pending": 6}, [20, 20])


def test_a_long_delivery_that_goes_well_is_still_patient() -> None:
    """The total begins anew with each body: what went well before does not count."""
    outcomes = (busy_for(20), busy_for(20), ACCEPTED, busy_for(20), busy_for(20), ACCEPTED, ACCEPTED)
    transport = FakeTransport(judge=scripted(*outcomes), send_s=1.0)

    assert counts(deliver([ONE, TWO, THREE], transport, ALONE)) == {"delivered": 6}
    assert transport.waits_s == [20, 20, 20, 20]


def test_the_total_does_not_stop_what_goes_well() -> None:
    transport = FakeTransport(judge=lambda body: ACCEPTED, send_s=100.0)

    assert counts(deliver([ONE, TWO, THREE], transport, ALONE)) == {"delivered": 6}


@pytest.mark.parametrize("stop", [busy_for(3600), Outcome(kind=OutcomeKind.MISCONFIGURED, status=403)])
def test_after_giving_up_nothing_more_is_sent(stop: Outcome) -> None:
    """Also not the second half of a body that was split, nor what is larger than we ever send."""
    giant = entry("x" * 100, spans=5)
    transport = FakeTransport(judge=scripted(REJECTED, ACCEPTED, stop))
    limits = Limits(max_body_bytes=len(join([ONE, TWO, THREE])), hard_max_body_bytes=100)
    steps = list(settle([ONE, TWO, THREE, giant, ONE], transport, limits))

    assert steps == [
        settled(Fate.DELIVERED, ACCEPTED, ONE),
        settled(Fate.PENDING, stop, TWO, THREE),
        settled(Fate.PENDING, stop, giant),
        settled(Fate.PENDING, stop, ONE),
    ]
    assert len(transport.sent) == 3


# Splitting


def test_a_poison_entry_alone_is_quarantined() -> None:
    transport = FakeTransport(judge=rules(poison=TWO.data))
    steps = list(settle([ONE, TWO, THREE], transport, Limits()))

    assert steps == [
        settled(Fate.DELIVERED, ACCEPTED, ONE),
        settled(Fate.QUARANTINED, REJECTED, TWO),
        settled(Fate.DELIVERED, ACCEPTED, THREE),
    ]


def test_one_bad_span_does_not_cost_the_batch() -> None:
    """B5: 19 of 20 arrive, and the one at fault is known."""
    good, bad = [entry(f"good {place}") for place in range(19)], entry("bad")
    transport = FakeTransport(judge=rules(poison=b"bad"))
    steps = list(settle([*good[:7], bad, *good[7:]], transport, Limits()))

    assert [one for step in steps if step.fate is Fate.DELIVERED for one in step.entries] == good
    assert [step.entries for step in steps if step.fate is not Fate.DELIVERED] == [(bad,)]


@pytest.mark.parametrize("poisoned", [1, 3, 17])
def test_few_poison_entries_cost_few_requests(poisoned: int) -> None:
    """B5: 512 spans, k of them poison, at most k * 2 * log2(512) + 1 requests."""
    bad = {(512 // poisoned) * place for place in range(poisoned)}
    entries = [entry("bad" if place in bad else "good") for place in range(512)]
    transport = FakeTransport(judge=rules(poison=b"bad"))
    report = deliver(entries, transport)

    assert counts(report) == {"delivered": 512 - poisoned, "quarantined": poisoned}
    assert len(transport.sent) <= poisoned * 2 * 9 + 1


def test_a_server_that_refuses_everything_is_not_asked_about_every_entry() -> None:
    """After 32 in a row the rest stays pending."""
    transport = FakeTransport(judge=lambda body: REJECTED)

    assert counts(deliver([ONE] * 100, transport)) == {"quarantined": 32, "pending": 68}
    assert len(transport.sent) < 80


def test_bad_entries_among_good_ones_are_all_found() -> None:
    """As long as there are not 32 in a row."""
    entries = [entry(f"{'poison' if number % 3 else 'good'} {number}") for number in range(120)]
    transport = FakeTransport(judge=rules(poison=b"poison"))

    assert counts(deliver(entries, transport)) == {"delivered": 40, "quarantined": 80}


def test_a_server_that_refused_everything_is_asked_with_one_entry() -> None:
    """It is quarantined if it is refused; if not, all of the rest is sent."""
    learned = Learned(refused=32)
    transport = FakeTransport(judge=scripted(REJECTED, ACCEPTED, ACCEPTED))
    first = list(settle([ONE, TWO, THREE], transport, Limits(), learned))
    second = list(settle([TWO, THREE], transport, Limits(), learned))

    assert first == [settled(Fate.QUARANTINED, REJECTED, ONE), settled(Fate.PENDING, REJECTED, TWO, THREE)]
    assert second == [settled(Fate.DELIVERED, ACCEPTED, TWO), settled(Fate.DELIVERED, ACCEPTED, THREE)]
    assert transport.sent == [join([ONE]), join([TWO]), join([THREE])]
    assert learned.refused == 0


def test_a_body_that_is_always_too_much_for_a_rate_is_halved() -> None:
    """A burst above the server's whole budget never fits, however long it waits."""

    def judge(body: bytes) -> Outcome:
        return ACCEPTED if len(body) < 100 else TOO_MANY

    entries = [entry(f"{number:03}") for number in range(16)]
    transport = FakeTransport(judge=judge)

    assert counts(deliver(entries, transport)) == {"delivered": 16}
    assert [
        item for body in transport.sent if len(body) < 100 for item in entries_of(body, entries)
    ] == entries
    assert len(transport.sent) < 60


def test_a_single_entry_is_asked_about_until_the_time_is_over() -> None:
    """There is nothing to halve."""
    transport = FakeTransport(judge=lambda body: TOO_MANY)

    assert counts(deliver([ONE], transport)) == {"pending": 1}
    assert len(transport.sent) == 16


def test_the_size_that_a_server_accepts_is_known_to_the_next_delivery() -> None:
    """It answers 413 once, and not once for each delivery."""
    learned, transport = Learned(), FakeTransport(judge=rules(max_bytes=640))
    for _ in range(3):
        for step in settle([entry("x" * 10)] * 40, transport, Limits(), learned):
            assert step.fate is Fate.DELIVERED

    assert [len(body) > 640 for body in transport.sent].count(True) <= 3
    assert [len(body) > 640 for body in transport.sent][10:].count(True) == 0


def test_one_entry_too_large_for_the_server_is_quarantined_and_the_rest_arrives() -> None:
    """B4: 200 spans of 1 kB and one of 10 MB, and a server that takes 64 kB."""
    small, huge = entry("x" * 1000), entry("y" * 10_000_000)
    transport = FakeTransport(judge=rules(max_bytes=64_000))
    report = deliver([*[small] * 100, huge, *[small] * 100], transport)

    assert counts(report) == {"delivered": 200, "quarantined": 1}
    assert [len(body) > 64_000 for body in transport.sent].count(True) == 2
    assert len(transport.sent) == 6


def test_the_limit_of_a_server_is_learned_once() -> None:
    """B4: at most one further 413 in 1,000 bodies."""
    small = entry("x" * 10)
    transport = FakeTransport(judge=rules(max_bytes=640))
    report = deliver([small] * 30_000, transport, Limits(max_body_bytes=5000))

    refused = [len(body) > 640 for body in transport.sent]
    assert counts(report) == {"delivered": 30_000}
    assert (refused.count(True), refused.index(False)) == (3, 3)
    assert len(refused) > 1000


def test_halves_are_sent_as_halves() -> None:
    """Learning the limit does not take single entries off them."""
    entries = [entry(f"{number:03}") for number in range(7)]
    transport = FakeTransport(judge=scripted(TOO_LARGE, ACCEPTED, ACCEPTED))
    steps = list(settle(entries, transport, Limits()))

    assert [len(step.entries) for step in steps] == [3, 4]


def test_bodies_filled_before_the_limit_was_learned_are_filled_again() -> None:
    entries = [entry(f"{number:03}") for number in range(16)]
    limits = Limits(max_body_bytes=len(join(entries[:8])))
    transport = FakeTransport(judge=rules(max_bytes=len(join(entries[:4]))))
    steps = list(settle(entries, transport, limits))

    assert [len(step.entries) for step in steps] == [4, 4, 4, 4]
    assert [len(entries_of(body, entries)) for body in transport.sent] == [8, 4, 4, 4, 4]


def test_an_entry_above_the_hard_limit_is_never_sent() -> None:
    giant = entry("x" * 100, spans=5)
    transport = FakeTransport(judge=rules())
    limits = Limits(hard_max_body_bytes=100)
    steps = list(settle([ONE, giant, TWO], transport, limits))

    assert steps == [
        settled(Fate.DELIVERED, ACCEPTED, ONE),
        settled(Fate.QUARANTINED, ABOVE_HARD_LIMIT, giant),
        settled(Fate.DELIVERED, ACCEPTED, TWO),
    ]
    assert max(map(len, transport.sent)) <= 100


def test_an_entry_as_large_as_the_hard_limit_is_sent() -> None:
    transport = FakeTransport(judge=rules())

    assert counts(deliver([ONE], transport, Limits(hard_max_body_bytes=len(join([ONE]))))) == {"delivered": 1}


def test_entries_are_taken_as_they_are_needed() -> None:
    """An endless source is fine, and what was settled is known at once."""

    def endless() -> Iterator[Entry]:
        taken = 0
        while True:
            taken += 1
            yield entry(f"{taken}")

    steps = settle(endless(), FakeTransport(judge=rules()), ALONE)

    assert [next(steps).entries for _ in range(3)] == [(entry("1"),), (entry("2"),), (entry("3"),)]


# Laws


OUTCOMES = st.builds(
    Outcome,
    kind=st.sampled_from(OutcomeKind),
    status=st.sampled_from([None, 200, 400, 413, 503]),
    message=st.sampled_from(["", "words"]),
    rejected_spans=st.sampled_from([0, 1, 10**18]),
    retry_after_s=st.sampled_from([0.0, 1.0, 30.0]),
)
ENTRIES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 5)), max_size=40).map(
    lambda sizes: [entry(f"{at}-{'x' * size}", spans=spans) for at, (size, spans) in enumerate(sizes)]
)
LIMITS = st.builds(
    Limits,
    max_wait_s=st.sampled_from([0.0, 10.0, 60.0]),
    max_body_bytes=st.integers(1, 3000),
    hard_max_body_bytes=st.integers(1, 3000),
)


@given(entries=ENTRIES, limits=LIMITS, script=st.lists(OUTCOMES, min_size=1, max_size=20))
def test_whatever_the_server_says_every_entry_settles_once_in_order_and_is_counted(
    entries: list[Entry], limits: Limits, script: list[Outcome]
) -> None:
    """recorded = delivered + rejected + quarantined + pending, after every step."""
    said: list[Outcome] = []

    def judge(body: bytes) -> Outcome:
        said.append(script[len(said) % len(script)])
        return said[-1]

    transport = FakeTransport(judge=judge, send_s=1.0)
    report, seen, stopped = Counts(), list[Entry](), False
    for step in settle(entries, transport, limits):
        requests = len(transport.sent)
        report.add(step)
        seen += step.entries

        assert seen == entries[: len(seen)]
        assert report.recorded == sum(one.span_count for one in seen)
        assert min(report.delivered, report.rejected, report.quarantined, report.pending) >= 0
        assert step.fate is Fate.PENDING or not stopped
        stopped = stopped or step.fate is Fate.PENDING

    assert seen == entries
    assert report.recorded == sum(one.span_count for one in entries)
    assert not entries or len(transport.sent) == requests
    # What the server has was sent to it once with success, and what was sent is entries in order.
    carried = [entries_of(body, entries) for body in transport.sent]
    taken = [one for group, outcome in zip(carried, said) if outcome.delivered for one in group]
    assert len(taken) == len(set(map(id, taken)))
    assert sum(one.span_count for one in taken) == report.delivered + report.rejected
    assert max(map(len, transport.sent), default=0) <= limits.hard_max_body_bytes


@given(count=st.integers(1, 200), places=st.sets(st.integers(0, 199), max_size=6))
def test_exactly_the_poison_is_quarantined_at_little_cost(count: int, places: set[int]) -> None:
    """B5: at most k * 2 * log2(n) + 1 requests for k poison entries among n."""
    bad = {place for place in places if place < count}
    entries = [entry(f"{'bad' if place in bad else 'good'} {place}") for place in range(count)]
    transport = FakeTransport(judge=rules(poison=b"bad"))
    steps = list(settle(entries, transport, Limits()))

    quarantined = [one for step in steps if step.fate is Fate.QUARANTINED for one in step.entries]
    delivered = [one for step in steps if step.fate is Fate.DELIVERED for one in step.entries]
    assert quarantined == [entries[place] for place in sorted(bad)]
    assert delivered == [one for one in entries if one not in quarantined]
    assert len(transport.sent) <= len(bad) * 2 * ceil(log2(count)) + 1


@given(sizes=st.lists(st.integers(0, 400), max_size=60), max_bytes=st.integers(60, 500))
def test_whatever_fits_into_the_server_arrives(sizes: list[int], max_bytes: int) -> None:
    entries = [entry("x" * size) for size in sizes]
    report = deliver(entries, FakeTransport(judge=rules(max_bytes=max_bytes)))
    fitting = sum(len(join([one])) <= max_bytes for one in entries)

    assert (report.delivered, report.quarantined) == (fitting, len(entries) - fitting)
