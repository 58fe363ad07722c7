# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Several requests at a time: what settles, settles in order and once, whatever the servers say."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from otlpjson.core.bodies import fill
from otlpjson.core.entry import Entry
from otlpjson.delivery import Fate, Limits, Outcome, OutcomeKind, settle
from otlpjson.delivery.parallel import settle_in_parallel

from .fakes import FakeTransport, entry, rules

ALONE = Limits(max_body_bytes=1, max_wait_s=0.0)
"""Every entry in a body of its own."""
ENTRIES = [entry(f"{number:03}") for number in range(60)]
ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
BUSY = Outcome(kind=OutcomeKind.TRY_LATER, status=503)


@pytest.mark.parametrize("lanes", [1, 2, 5])
@pytest.mark.parametrize("max_body_bytes", [1, 100, 10**6])
def test_all_settles_as_with_one_request_at_a_time(lanes: int, max_body_bytes: int) -> None:
    """In order, with the bad ones found."""
    limits = Limits(max_body_bytes=max_body_bytes)
    judge = rules(poison=b"042")
    transports = [FakeTransport(judge=judge) for _ in range(lanes)]
    with settle_in_parallel(fill(ENTRIES, max_body_bytes), transports, limits) as found:
        several = list(found)

    assert [(one.entries, one.fate) for one in several] == [
        (one.entries, one.fate) for one in settle(ENTRIES, FakeTransport(judge=judge), limits)
    ]
    assert [one.closed for one in transports] == [0] * lanes


def test_as_many_requests_are_under_way_as_there_are_transports() -> None:
    """They meet at a barrier, which one alone would not pass."""
    barrier = threading.Barrier(3)

    def together(body: bytes) -> Outcome:
        barrier.wait(30)
        return ACCEPTED

    with settle_in_parallel(
        fill(ENTRIES, 1), [FakeTransport(judge=together) for _ in range(3)], ALONE
    ) as found:
        assert [one.fate for one in found] == [Fate.DELIVERED] * 60


def test_only_a_few_bodies_are_read_ahead() -> None:
    """However many entries there are."""
    taken = 0

    def endless() -> Iterator[Entry]:
        nonlocal taken
        while True:
            taken += 1
            yield entry("x")

    with settle_in_parallel(fill(endless(), 1), [FakeTransport(), FakeTransport()], ALONE) as found:
        for _ in range(100):
            next(found)
        assert taken <= 100 + 4
        found.close()  # type: ignore[attr-defined]


def test_after_one_gives_up_nothing_more_is_sent() -> None:
    """All that is left is pending."""
    transports = [FakeTransport(judge=lambda body: BUSY) for _ in range(2)]
    with settle_in_parallel(fill(ENTRIES, 1), transports, ALONE) as found:
        settled = list(found)

    assert [one.fate for one in settled] == [Fate.PENDING] * 60
    assert {body[:20] for one in transports for body in one.sent} == {b'{"resourceSpans":[{"'}
    assert len({body for one in transports for body in one.sent}) <= 2


def test_an_error_of_a_transport_is_raised_where_its_entries_would_come() -> None:
    """Those before it settle."""

    def fails(body: bytes) -> Outcome:
        if b"003" in body:
            raise MemoryError
        return ACCEPTED

    seen: list[Entry] = []
    with (
        pytest.raises(MemoryError),
        settle_in_parallel(fill(ENTRIES, 1), [FakeTransport(judge=fails) for _ in range(2)], ALONE) as found,
    ):
        for one in found:
            seen += one.entries
    assert seen == ENTRIES[:3]


def test_a_block_that_ends_early_waits_for_nobody() -> None:
    """A server that asks to wait must not keep Ctrl-C from ending a command."""
    asked = threading.Event()

    def busy(body: bytes) -> Outcome:
        asked.set()
        return Outcome(kind=OutcomeKind.TRY_LATER, status=503, retry_after_s=3000.0)

    patient = Limits(max_body_bytes=1, max_wait_s=3600.0)
    begun_s = time.monotonic()
    with (
        pytest.raises(KeyboardInterrupt),
        settle_in_parallel(fill(ENTRIES, 1), [FakeTransport(judge=busy)], patient) as found,
    ):
        thread = threading.Thread(target=lambda: next(found, None))
        thread.start()
        assert asked.wait(30)
        raise KeyboardInterrupt
    thread.join(30)
    assert time.monotonic() - begun_s < 20
