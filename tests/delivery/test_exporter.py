# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The background worker: every span is accounted for at every moment, and nobody waits for the network.

Most tests use a transport without a network, whose server is a function; the others a server on
loopback that misbehaves as it is told.
"""

from __future__ import annotations

import logging
import os
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Callable

import attrs
import pytest

from otlpjson.core.bodies import join
from otlpjson.core.entry import Entry
from otlpjson.delivery import (
    Counts,
    Destination,
    Exporter,
    Outcome,
    OutcomeKind,
    QueueLimits,
    Sender,
    grafana_cloud,
    otel_collector,
)

from .fakes import entry, rules, scripted
from .fault_server import (
    OK,
    Behaviour,
    FaultServer,
    Visit,
    answer,
    answering,
    blackhole,
)

ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
UNCONFIRMED = Outcome(kind=OutcomeKind.UNCONFIRMED, status=200)
BUSY = Outcome(kind=OutcomeKind.TRY_LATER, status=503)
FAILED = Outcome(kind=OutcomeKind.FAILED, status=500, message="the server quotes: ATTENTION-CONTENT")
REJECTED = Outcome(kind=OutcomeKind.REJECTED, status=400)
UNREACHABLE = Outcome(kind=OutcomeKind.UNREACHABLE, message="connection refused")
WRONG_KEY = Outcome(kind=OutcomeKind.MISCONFIGURED, status=401, message="ATTENTION-CONTENT")
PARTLY = Outcome(kind=OutcomeKind.PARTLY_ACCEPTED, status=200, rejected_spans=2)

AT_ONCE = QueueLimits(max_age_s=0.0)
NEVER = QueueLimits(max_age_s=3600.0, quiet_s=3600.0, pause_s=3600.0)
"""Sends nothing by itself: only when it is flushed, full or closed."""
SOON_S = 30.0
"""Far more than anything here takes."""
ONE, TWO, THREE, FOUR = (entry(name, spans=number + 1) for number, name in enumerate(("1", "2", "3", "4")))


@attrs.define(kw_only=True)
class HangingTransport:
    """
    A transport whose server is a function, which can be made to hang, and whose clock runs an hour per request.

    So an answer that asks for patience ends the round, and nothing here sleeps.

    Attributes:
        judge: The server: a body to its outcome.

        open: While it is not set, requests hang.

        sent: Every body, in order.

        closed: How often it was closed.
    """

    judge: Callable[[bytes], Outcome] = rules()
    open: threading.Event = attrs.field(factory=threading.Event)
    sent: list[bytes] = attrs.field(factory=list)
    closed: int = 0

    def __attrs_post_init__(self) -> None:
        self.open.set()

    def send(self, body: bytes) -> Outcome:
        """Remembers the body, hangs, and asks the server."""
        self.sent.append(body)
        if not self.open.wait(SOON_S):
            raise AssertionError("nobody let it go on")
        return self.judge(body)

    def now_s(self) -> float:
        """An hour for each request."""
        return 3600.0 * len(self.sent)

    def sleep(self, seconds: float) -> None:
        """Nothing here waits that way: the exporter does it itself, so that closing can end the wait."""
        raise AssertionError("the exporter waits by itself")

    def jitter(self) -> float:
        """Always the same."""
        return 0.5

    def close(self) -> None:
        """Counts."""
        self.closed += 1


def eventually(claim: Callable[[], bool]) -> bool:
    """Whether it becomes true."""
    end_s = time.monotonic() + SOON_S
    while not claim():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.002)
    return True


def threads() -> set[str]:
    """The names of our threads that live."""
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("otlpjson")}


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged; all of it must be a warning of one logger."""
    assert {(record.name, record.levelname) for record in caplog.records} <= {("otlpjson", "WARNING")}
    return [record.getMessage() for record in caplog.records]


def ledger(exporter: Exporter) -> dict[str, int]:
    """The counts that are not zero."""
    counts = exporter.counts()
    names = ("delivered", "unconfirmed", "rejected", "quarantined", "pending")
    named = {name: getattr(counts, name) for name in names}
    return {name: count for name, count in {**named, **counts.dropped}.items() if count}


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Every test ends with no thread of ours."""
    assert threads() == set()
    yield
    assert eventually(lambda: threads() == set())


def test_the_fake_transport_hangs_until_it_is_let_go_on() -> None:
    transport = HangingTransport(judge=scripted(ACCEPTED))
    transport.open.clear()
    outcomes: list[Outcome] = []
    asking = threading.Thread(target=lambda: outcomes.append(transport.send(b"{}")))
    asking.start()
    assert eventually(lambda: transport.sent == [b"{}"])
    before = list(outcomes)
    transport.open.set()
    asking.join(SOON_S)

    assert (before, outcomes, transport.now_s()) == ([], [ACCEPTED], 3600.0)


# The ledger


def test_what_was_never_used_has_no_thread_and_nothing_to_count() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, name="one")

    assert (exporter.counts(), exporter.counts().recorded, threads()) == (Counts(), 0, set())
    assert repr(exporter) == f"Exporter('one', {Counts()!r})"
    assert exporter.flush(0.0)
    assert exporter.close(0.0)
    assert (transport.sent, transport.closed) == ([], 1)


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (ACCEPTED, {"delivered": 6}),
        (UNCONFIRMED, {"delivered": 6, "unconfirmed": 6}),
        (PARTLY, {"delivered": 4, "rejected": 2}),
        (FAILED, {"quarantined": 6}),
    ],
)
def test_every_outcome_is_counted_in_spans(outcome: Outcome, counted: dict[str, int]) -> None:
    exporter = Exporter(HangingTransport(judge=scripted(outcome)), queue=NEVER)
    exporter.add([ONE, TWO, THREE])

    assert ledger(exporter) == {"pending": 6}
    assert exporter.flush(SOON_S)
    assert (ledger(exporter), exporter.counts().recorded) == (counted, 6)
    assert exporter.counts().last == (None if outcome is ACCEPTED else outcome)
    assert exporter.close(SOON_S)


def test_a_poison_entry_alone_is_quarantined() -> None:
    transport = HangingTransport(judge=rules(poison=TWO.data))
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE, TWO, THREE])

    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 4, "quarantined": 2}


def test_what_is_not_to_be_sent_is_counted_by_reason() -> None:
    exporter = Exporter(HangingTransport())
    exporter.drop(3, "sampled_out")
    exporter.drop(2, "disabled")
    exporter.drop(1, "sampled_out")

    assert exporter.counts() == Counts(dropped={"sampled_out": 4, "disabled": 2})
    assert (exporter.counts().recorded, threads()) == (6, set())


def test_counts_are_a_picture_of_one_moment() -> None:
    exporter = Exporter(HangingTransport())
    before = exporter.counts()
    exporter.drop(1, "disabled")

    assert before == Counts()


def test_the_ledger_is_balanced_at_every_moment() -> None:
    """Sampled by another thread while others add and a server accepts, rejects, fails and raises."""
    turns = iter(range(10**9))
    answers = (ACCEPTED, PARTLY, FAILED, UNREACHABLE, None)

    def judge(body: bytes) -> Outcome:
        outcome = answers[next(turns) % len(answers)]
        if outcome is None:
            raise ValueError("a fault of ours")
        return outcome

    exporter = Exporter(
        HangingTransport(judge=judge),
        queue=QueueLimits(max_age_s=0.0, max_spans=200, max_body_bytes=200, pause_s=0.0),
    )
    done = threading.Event()
    samples: list[tuple[int, Counts, int]] = []
    begun, ended = [0] * 4, [0] * 4

    def sample() -> None:
        while not done.is_set():
            low = sum(ended)
            counts = exporter.counts()
            samples.append((low, counts, sum(begun)))

    def add(place: int) -> None:
        for number in range(500):
            begun[place] += 3
            exporter.add([entry(str(number), spans=3)])
            ended[place] += 3

    workers = [threading.Thread(target=add, args=(place,)) for place in range(4)]
    sampler = threading.Thread(target=sample)
    for thread in (sampler, *workers):
        thread.start()
    for thread in workers:
        thread.join()
    done.set()
    sampler.join()
    exporter.close(0.5)

    assert len(samples) > 10
    assert all(low <= counts.recorded <= high for low, counts, high in samples)
    assert all(0 <= counts.pending <= 200 for _, counts, _ in samples)
    assert exporter.counts().recorded == 6000


# The bounds of the queue


def test_what_finds_no_room_in_bytes_is_dropped_whole() -> None:
    room = len(ONE.data) + len(TWO.data)
    exporter = Exporter(HangingTransport(), queue=attrs.evolve(NEVER, max_bytes=room))

    assert [exporter.add(entries) for entries in ([ONE], [TWO, THREE], [TWO], [FOUR])] == [
        True,
        False,
        True,
        False,
    ]
    assert ledger(exporter) == {"pending": 3, "queue_full": 9}
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 3, "queue_full": 9}


def test_what_finds_no_room_in_spans_is_dropped_whole() -> None:
    exporter = Exporter(HangingTransport(), queue=attrs.evolve(NEVER, max_spans=5))

    assert [exporter.add(entries) for entries in ([THREE], [THREE], [ONE, TWO], [ONE], [TWO])] == [
        True,
        False,
        False,
        True,
        False,
    ]
    assert ledger(exporter) == {"pending": 4, "queue_full": 8}
    assert exporter.close(SOON_S)


def test_what_was_settled_makes_room_again() -> None:
    exporter = Exporter(HangingTransport(), queue=attrs.evolve(NEVER, max_spans=3, max_bytes=len(THREE.data)))

    for _ in range(10):
        assert exporter.add([THREE])
        assert exporter.flush(SOON_S)
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 30}


def test_what_is_under_way_takes_room() -> None:
    transport = HangingTransport()
    transport.open.clear()
    exporter = Exporter(transport, queue=QueueLimits(max_age_s=0.0, max_spans=3))
    exporter.add([THREE])

    assert eventually(lambda: len(transport.sent) == 1)
    assert not exporter.add([ONE])
    transport.open.set()
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 3, "queue_full": 1}


def test_nothing_added_is_nothing_to_do() -> None:
    exporter = Exporter(HangingTransport(), queue=AT_ONCE)

    assert exporter.add([])
    assert (threads(), exporter.counts()) == (set(), Counts())


def test_adding_never_waits_for_the_network() -> None:
    transport = HangingTransport()
    transport.open.clear()
    exporter = Exporter(transport, queue=AT_ONCE)
    exporter.add([ONE])
    assert eventually(lambda: len(transport.sent) == 1)
    start_s = time.monotonic()
    for _ in range(1000):
        exporter.add([ONE])
        exporter.counts()
    took_s = time.monotonic() - start_s
    transport.open.set()

    assert took_s < 5
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 1001}


# Batches


def test_entries_wait_for_others_to_travel_with() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)
    for one in (ONE, TWO, THREE):
        exporter.add([one])

    assert transport.sent == []
    assert exporter.flush(SOON_S)
    assert transport.sent == [join([ONE, TWO, THREE])]
    assert exporter.close(SOON_S)


def test_entries_wait_no_longer_than_their_age_allows() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=QueueLimits(max_age_s=0.2, quiet_s=3600.0))
    start_s = time.monotonic()
    exporter.add([ONE])

    assert eventually(lambda: ledger(exporter) == {"delivered": 1})
    assert time.monotonic() - start_s >= 0.2
    assert exporter.close(SOON_S)


def test_a_full_body_does_not_wait() -> None:
    transport = HangingTransport()
    size = len(join([ONE, TWO]))
    exporter = Exporter(transport, queue=attrs.evolve(NEVER, max_body_bytes=size))
    exporter.add([ONE])
    assert transport.sent == []
    exporter.add([TWO, THREE, FOUR])

    assert eventually(lambda: len(transport.sent) > 0)
    assert exporter.close(SOON_S)
    assert transport.sent[0] == join([ONE, TWO])
    assert all(len(body) <= size for body in transport.sent)
    assert ledger(exporter) == {"delivered": 10}


def test_an_entry_that_fills_a_body_travels_alone() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=attrs.evolve(NEVER, max_body_bytes=1))
    exporter.add([ONE, TWO, THREE])

    assert exporter.close(SOON_S)
    assert transport.sent == [join([ONE]), join([TWO]), join([THREE])]


# Flush


def test_flush_says_that_all_was_settled() -> None:
    exporter = Exporter(HangingTransport(judge=scripted(ACCEPTED, FAILED)), queue=NEVER)
    exporter.add([ONE])
    first = exporter.flush(SOON_S)
    exporter.add([TWO])

    assert (first, exporter.flush(SOON_S)) == (True, True)
    assert ledger(exporter) == {"delivered": 1, "quarantined": 2}
    assert exporter.close(SOON_S)


def test_flush_says_that_time_was_up() -> None:
    transport = HangingTransport()
    transport.open.clear()
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE])

    assert not exporter.flush(0.05)
    transport.open.set()
    assert exporter.flush(SOON_S)
    assert exporter.close(SOON_S)


def test_flush_does_not_wait_for_what_comes_later() -> None:
    """Otherwise it would never come back while others go on adding."""
    transport = HangingTransport()
    exporter = Exporter(transport, queue=attrs.evolve(NEVER, max_body_bytes=1))

    def judge(body: bytes) -> Outcome:
        exporter.add([TWO])
        return ACCEPTED

    transport.judge = judge
    exporter.add([ONE])

    assert exporter.flush(SOON_S)
    transport.judge = rules()
    assert exporter.close(SOON_S)
    assert ledger(exporter)["delivered"] >= 3


def test_flushing_nothing_does_not_hurry_what_comes_later() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)

    assert exporter.flush(SOON_S)
    exporter.add([ONE])
    time.sleep(0.1)
    assert (transport.sent, ledger(exporter)) == ([], {"pending": 1})
    assert exporter.close(SOON_S)


# Failed rounds


@pytest.mark.parametrize("outcome", [UNREACHABLE, BUSY, WRONG_KEY])
def test_what_is_pending_goes_back_to_its_place(outcome: Outcome) -> None:
    transport = HangingTransport(judge=scripted(outcome, ACCEPTED))
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE, TWO])
    exporter.flush(0.0)
    assert eventually(lambda: exporter.counts().last == outcome)
    exporter.add([THREE])

    assert ledger(exporter) == {"pending": 6}
    assert exporter.flush(SOON_S)
    assert transport.sent == [join([ONE, TWO]), join([ONE, TWO, THREE])]
    assert (ledger(exporter), exporter.counts().last) == ({"delivered": 6}, outcome)
    assert exporter.close(SOON_S)


def test_a_flush_under_way_goes_on_after_the_pause() -> None:
    """It does not wait for the entries' age again."""
    transport = HangingTransport(judge=scripted(UNREACHABLE, ACCEPTED))
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE])

    assert exporter.flush(SOON_S)
    assert transport.sent == [join([ONE])] * 2
    assert exporter.close(SOON_S)


def test_only_what_is_left_of_a_batch_goes_back() -> None:
    transport = HangingTransport(judge=scripted(REJECTED, ACCEPTED, UNREACHABLE, ACCEPTED))
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE, TWO, THREE])

    exporter.flush(0.0)
    assert eventually(lambda: exporter.counts().last == UNREACHABLE)
    assert ledger(exporter) == {"delivered": 1, "pending": 5}
    assert exporter.close(SOON_S)
    assert transport.sent == [join([ONE, TWO, THREE]), join([ONE]), join([TWO, THREE]), join([TWO, THREE])]
    assert ledger(exporter) == {"delivered": 6}


def test_after_a_wrong_key_nothing_is_sent_until_it_is_asked_for() -> None:
    transport = HangingTransport(judge=scripted(WRONG_KEY, ACCEPTED))
    exporter = Exporter(transport, queue=QueueLimits(max_age_s=0.0, pause_s=3600.0))
    exporter.add([ONE])
    assert eventually(lambda: exporter.counts().last == WRONG_KEY)
    exporter.add([TWO])
    time.sleep(0.1)

    assert (transport.sent, ledger(exporter)) == ([join([ONE])], {"pending": 3})
    assert exporter.flush(SOON_S)
    assert transport.sent == [join([ONE]), join([ONE, TWO])]
    assert exporter.close(SOON_S)


def test_a_pause_ends_by_itself() -> None:
    transport = HangingTransport(judge=scripted(WRONG_KEY, ACCEPTED))
    exporter = Exporter(transport, queue=QueueLimits(max_age_s=0.0, pause_s=0.05))
    exporter.add([ONE])

    assert eventually(lambda: ledger(exporter) == {"delivered": 1})
    assert exporter.close(SOON_S)


def test_a_server_that_heals_gets_everything() -> None:
    """A wait between two requests, on the real clock."""
    behaviour = answering(answer(503))
    with FaultServer(lambda visit: behaviour(visit)) as server, Sender(otel_collector(server.url)) as sender:
        exporter = Exporter(sender, queue=AT_ONCE)
        exporter.add([ONE, TWO])
        assert eventually(lambda: len(server.received) > 0)
        behaviour = answering(OK)
        sender.close()

        assert exporter.flush(SOON_S)
        assert exporter.close(SOON_S)
        assert ledger(exporter) == {"delivered": 3}


def test_a_flush_keeps_the_time_that_a_server_asked_for() -> None:
    """However often it is called; only closing, the last chance, ends the wait."""
    asking = attrs.evolve(BUSY, retry_after_s=3600.0)
    transport = HangingTransport(judge=scripted(asking, ACCEPTED))
    exporter = Exporter(transport, queue=AT_ONCE)
    exporter.add([ONE])
    assert eventually(lambda: exporter.counts().last == asking)

    assert [exporter.flush(0.02) for _ in range(5)] == [False] * 5
    assert transport.sent == [join([ONE])]
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 1}


def test_entries_leave_when_no_more_come() -> None:
    """Long before their age would make them."""
    transport = HangingTransport()
    exporter = Exporter(transport, queue=QueueLimits(max_age_s=3600.0))
    start_s = time.monotonic()
    exporter.add([ONE])
    exporter.add([TWO])

    assert eventually(lambda: ledger(exporter) == {"delivered": 3})
    assert time.monotonic() - start_s >= 0.1
    assert transport.sent == [join([ONE, TWO])]
    assert exporter.close(SOON_S)


# What a server refuses


def test_what_is_refused_is_kept_and_can_be_sent_again() -> None:
    """Whatever the reason; it is listed with the server's answer."""
    transport = HangingTransport(judge=scripted(FAILED, ACCEPTED))
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE, TWO])
    assert exporter.flush(SOON_S)

    (kept,) = exporter.quarantined()
    assert (kept.entries, kept.outcome, ledger(exporter)) == ((ONE, TWO), FAILED, {"quarantined": 3})
    assert exporter.resend() == 3
    assert (exporter.quarantined(), ledger(exporter)) == ((), {"pending": 3})
    assert exporter.flush(SOON_S)
    assert (ledger(exporter), exporter.resend()) == ({"delivered": 3}, 0)
    assert exporter.close(SOON_S)


def test_beyond_its_bound_the_oldest_of_what_is_refused_goes() -> None:
    """It is counted, and the newest stays."""
    room = attrs.evolve(NEVER, max_quarantine_bytes=len(ONE.data))
    exporter = Exporter(HangingTransport(judge=scripted(FAILED, FAILED)), queue=room)
    for one in (TWO, THREE):
        exporter.add([one])
        assert exporter.flush(SOON_S)

    assert [kept.entries for kept in exporter.quarantined()] == [(THREE,)]
    assert ledger(exporter) == {"quarantined": 3, "quarantine_full": 2}
    assert exporter.close(SOON_S)


def test_after_the_end_nothing_is_sent_again() -> None:
    """What is kept stays where it is."""
    exporter = Exporter(HangingTransport(judge=scripted(FAILED)), queue=NEVER)
    exporter.add([ONE])
    assert exporter.close(SOON_S)

    assert (exporter.resend(), ledger(exporter)) == (0, {"quarantined": 1})


def test_a_server_that_refuses_everything_is_asked_no_more() -> None:
    """The entries that it has not been asked about stay pending, and wait for the pause."""
    transport = HangingTransport(judge=lambda body: REJECTED)
    exporter = Exporter(transport, queue=attrs.evolve(NEVER, max_age_s=0.0))
    exporter.add([entry(str(number)) for number in range(512)])
    assert eventually(
        lambda: exporter.counts().last == REJECTED and ledger(exporter).get("quarantined") == 32
    )
    asked = len(transport.sent)
    time.sleep(0.1)

    assert ledger(exporter) == {"quarantined": 32, "pending": 480}
    assert len(transport.sent) == asked < 100
    exporter.flush(0.2)
    assert (len(transport.sent), ledger(exporter)) == (asked + 1, {"quarantined": 33, "pending": 479})
    transport.judge = rules()
    assert exporter.flush(SOON_S)
    assert exporter.resend() == 33
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 512}


# Faults of our own


@pytest.mark.parametrize("error", [KeyError("ATTENTION-CONTENT"), MemoryError()])
def test_after_an_internal_error_everything_is_sent_later(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    broken = [True]

    def judge(body: bytes) -> Outcome:
        if broken.pop() if broken else False:
            raise error
        return ACCEPTED

    transport = HangingTransport(judge=judge)
    exporter = Exporter(transport, name="one", queue=NEVER)
    exporter.add([ONE, TWO])
    first = exporter.flush(0.2)
    exporter.add([THREE])

    assert (first, exporter.flush(SOON_S)) == (False, True)
    assert transport.sent[1] == join([ONE, TWO, THREE])
    assert ledger(exporter) == {"delivered": 6}
    assert exporter.close(SOON_S)
    assert messages(caplog) == [f"one: internal error: {type(error).__name__}; delivery paused"]


class Refusing(logging.Handler):
    """A handler of a program that is broken itself."""

    def emit(self, record: logging.LogRecord) -> None:
        raise OSError("disk full")


def test_a_handler_of_the_program_that_raises_costs_nothing() -> None:
    """Neither the batch nor the worker; and nothing is raised where a program adds."""
    handler = Refusing()
    logging.getLogger("otlpjson").addHandler(handler)
    try:
        closed = Exporter(HangingTransport())
        assert closed.close(SOON_S)
        assert closed.add([ONE]) is False
        exporter = Exporter(HangingTransport(judge=scripted(FAILED, ACCEPTED)), queue=NEVER)
        exporter.add([ONE])
        assert exporter.flush(SOON_S)
        exporter.add([TWO])
        assert exporter.close(SOON_S)
    finally:
        logging.getLogger("otlpjson").removeHandler(handler)

    assert ledger(exporter) == {"quarantined": 1, "delivered": 2}


# A child process


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_has_nothing_of_its_parents() -> None:
    """Neither entries nor counts nor a worker nor a lock that is held; what it adds itself is sent."""
    transport = HangingTransport()
    transport.open.clear()
    exporter = Exporter(transport, queue=AT_ONCE)
    exporter.add([ONE, TWO])
    assert eventually(lambda: transport.sent == [join([ONE, TWO])])
    reading, writing = os.pipe()
    with exporter._guard:
        pid = os.fork()
        if pid == 0:
            transport.open.set()
            before = ledger(exporter)
            exporter.add([THREE])
            done = exporter.close(SOON_S)
            os.write(writing, repr((before, done, ledger(exporter))).encode())
            os._exit(0)
    transport.open.set()
    os.close(writing)
    os.waitpid(pid, 0)

    assert os.read(reading, 1000) == repr(({}, True, {"delivered": 3})).encode()
    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 3}
    os.close(reading)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("again", ["add", "flush", "close"])
def test_a_worker_that_was_ended_from_outside_loses_nothing(again: str) -> None:
    broken = [True]

    def judge(body: bytes) -> Outcome:
        if broken.pop() if broken else False:
            raise SystemExit
        return ACCEPTED

    transport = HangingTransport(judge=judge)
    exporter = Exporter(transport, queue=AT_ONCE)
    exporter.add([ONE, TWO])
    assert eventually(lambda: transport.sent == [join([ONE, TWO])] and threads() == set())
    before = ledger(exporter)
    if again == "add":
        exporter.add([THREE])
    elif again == "flush":
        assert exporter.flush(SOON_S)

    assert exporter.close(SOON_S)
    assert before == {"pending": 3}
    assert ledger(exporter) == {"delivered": 6 if again == "add" else 3}


def test_where_no_thread_can_be_started_closing_does_the_work() -> None:
    """As at the interpreter's exit; here because no memory has room for such a stack."""
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)
    usual = threading.stack_size(2**45)
    try:
        added = exporter.add([ONE])
        alive = threads()
        closed = exporter.close(SOON_S)
    finally:
        threading.stack_size(usual)

    assert (added, alive, closed) == (True, set(), True)
    assert (ledger(exporter), transport.sent, transport.closed) == ({"delivered": 1}, [join([ONE])], 1)


# Closing


def test_after_the_end_entries_are_dropped_as_closed() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE])

    assert exporter.close(SOON_S)
    assert not exporter.add([TWO])
    assert (ledger(exporter), transport.closed) == ({"delivered": 1, "closed": 2}, 1)


def test_a_worker_that_is_done_before_the_end_has_closed_the_channel() -> None:
    """As quick as a worker may be: the end then finds nothing to do."""
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)
    exporter.add([ONE])
    exporter.begin_close(SOON_S)
    for thread in threading.enumerate():
        if thread.name == "otlpjson-exporter":
            thread.join(SOON_S)

    assert exporter.close(SOON_S)
    assert (ledger(exporter), transport.closed, len(transport.sent)) == ({"delivered": 1}, 1, 1)


def test_a_second_end_is_the_first_one(caplog: pytest.LogCaptureFixture) -> None:
    transport = HangingTransport(judge=scripted(WRONG_KEY))
    exporter = Exporter(transport, name="one", queue=NEVER)
    exporter.add([ONE])

    assert [exporter.close(SOON_S) for _ in range(3)] == [False] * 3
    assert (ledger(exporter), transport.closed, len(transport.sent)) == ({"pending": 1}, 1, 1)
    assert messages(caplog) == [
        "one: delivery paused: misconfigured (401)",
        "one: shut down with 1 undelivered span",
    ]


def test_a_worker_without_work_ends_at_once() -> None:
    exporter = Exporter(HangingTransport(), queue=AT_ONCE)
    exporter.add([ONE])
    exporter.flush(SOON_S)
    start_s = time.monotonic()

    assert exporter.close(SOON_S)
    assert time.monotonic() - start_s < 5


def test_several_may_be_told_to_end_before_one_is_waited_for() -> None:
    transports = [HangingTransport(), HangingTransport()]
    exporters = [Exporter(transport, queue=NEVER) for transport in transports]
    for exporter in exporters:
        exporter.add([ONE])
    for exporter in exporters:
        exporter.begin_close(SOON_S)

    assert eventually(lambda: [ledger(exporter) for exporter in exporters] == [{"delivered": 1}] * 2)
    assert [exporter.add([TWO]) for exporter in exporters] == [False, False]
    assert [exporter.close(SOON_S) for exporter in exporters] == [True, True]
    assert all(transport.closed for transport in transports)


def test_an_answer_that_comes_after_the_end_is_still_counted() -> None:
    transport = HangingTransport()
    transport.open.clear()
    exporter = Exporter(transport, queue=AT_ONCE)
    exporter.add([ONE])
    closed = exporter.close(0.1)
    before = ledger(exporter)
    transport.open.set()

    assert eventually(lambda: threads() == set())
    assert (closed, before, ledger(exporter)) == (False, {"pending": 1}, {"delivered": 1})
    assert exporter.close(0.0)


@pytest.mark.parametrize("seconds", [50, 3600])
def test_at_the_end_a_server_that_asks_for_too_long_is_not_waited_for(seconds: int) -> None:
    """B2: nor asked again before it said, but for the one time that the end itself is worth."""
    with FaultServer(answering(answer(503, b"", f"Retry-After: {seconds}"))) as server:
        exporter = Exporter(Sender(otel_collector(server.url)), queue=AT_ONCE)
        exporter.add([ONE])
        assert eventually(lambda: len(server.received) == 1)
        start_s = time.monotonic()

        assert not exporter.close(SOON_S)
        assert time.monotonic() - start_s < 10
        assert ledger(exporter) == {"pending": 1}
        assert len(server.received) <= 2


def test_at_the_end_a_server_that_asks_for_little_is_given_it() -> None:
    """B2."""
    turns = iter([answering(answer(503, b"", "Retry-After: 1", "Connection: close")), answering(OK)])
    times_s: list[float] = []

    def behave(visit: Visit) -> None:
        times_s.append(time.monotonic())
        next(turns)(visit)

    with FaultServer(behave) as server:
        exporter = Exporter(Sender(otel_collector(server.url)), queue=NEVER)
        exporter.add([ONE])

        assert exporter.close(SOON_S)
        assert ledger(exporter) == {"delivered": 1}
    assert times_s[1] - times_s[0] >= 0.9


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("behaviour", "reasons"),
    [
        (None, {"unreachable"}),
        (blackhole, {"unreachable"}),
        (answering(answer(401)), {"misconfigured (401)"}),
        (answering(answer(503)), {"try later (503)"}),
    ],
    ids=["dead", "hanging", "401", "503"],
)
def test_the_end_keeps_its_deadline_and_says_what_was_not_delivered(
    behaviour: Behaviour | None, reasons: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    with FaultServer(behaviour or blackhole) as server:
        port = free_port() if behaviour is None else server.port
        destination = otel_collector(f"http://127.0.0.1:{port}/v1/traces")
        exporter = Exporter(Sender(destination, timeout_s=20.0), name="one", queue=AT_ONCE)
        exporter.add([ONE, TWO])
        exporter.add([THREE])
        start_s = time.monotonic()
        closed = exporter.close(1.0)
        took_s = time.monotonic() - start_s
        said = messages(caplog)
        counted = ledger(exporter)
        kinds = {told(outcome) for outcome in [exporter.counts().last] if outcome is not None}

    assert (closed, counted) == (False, {"pending": 6})
    assert took_s < 6
    assert said[-1] == "one: shut down with 6 undelivered spans"
    assert said[:-1] in ([], [f"one: delivery paused: {next(iter(reasons))}"])
    assert kinds <= reasons


def told(outcome: Outcome) -> str:
    """An outcome as messages name it."""
    return outcome.kind.value if outcome.status is None else f"{outcome.kind.value} ({outcome.status})"


def test_the_last_outcome_is_the_servers_and_not_that_of_the_end() -> None:
    with FaultServer(answering(answer(503))) as server:
        exporter = Exporter(Sender(otel_collector(server.url)), queue=AT_ONCE)
        exporter.add([ONE])
        assert eventually(lambda: len(server.received) > 0)
        exporter.close(0.5)

        assert eventually(lambda: exporter.counts().last is not None)
        assert exporter.counts().last == BUSY


def test_what_was_never_tried_before_the_end_says_so() -> None:
    """And an acceptance of before does not count for what came after it."""
    transport = HangingTransport()
    exporter = Exporter(transport, queue=attrs.evolve(NEVER, max_body_bytes=1))

    def judge(body: bytes) -> Outcome:
        exporter.begin_close(0.0)
        return ACCEPTED

    transport.judge = judge
    exporter.add([ONE, TWO])

    assert not exporter.close(SOON_S)
    assert (ledger(exporter), transport.sent) == ({"delivered": 1, "pending": 2}, [join([ONE])])


def test_a_batch_that_is_cut_short_by_the_end_stays_pending() -> None:
    transport = HangingTransport()
    exporter = Exporter(transport, queue=NEVER)
    answers = iter([REJECTED, ACCEPTED])

    def judge(body: bytes) -> Outcome:
        outcome = next(answers)
        if outcome is ACCEPTED:
            exporter.begin_close(0.0)
        return outcome

    transport.judge = judge
    exporter.add([ONE, TWO])

    assert not exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": 1, "pending": 2}
    assert exporter.counts().last == Outcome(
        kind=OutcomeKind.UNREACHABLE, message="closed before it was sent"
    )


# What is said


def test_one_message_a_minute_without_content(caplog: pytest.LogCaptureFixture) -> None:
    transport = HangingTransport(judge=lambda body: FAILED)
    exporter = Exporter(transport, name="one", queue=attrs.evolve(NEVER, max_spans=10))
    for _ in range(20):
        exporter.add([entry("ATTENTION-CONTENT", spans=10)])
        exporter.add([FOUR])
        exporter.flush(SOON_S)
    exporter.close(SOON_S)

    assert ledger(exporter) == {"quarantined": 200, "queue_full": 80}
    assert messages(caplog) == ["one: dropped 4 spans: queue_full"]


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (FAILED, "one: quarantined 3 spans: failed (500)"),
        (WRONG_KEY, "one: delivery paused: misconfigured (401)"),
        (UNREACHABLE, "one: delivery paused: unreachable"),
    ],
)
def test_a_message_tells_the_kind_of_trouble_and_not_the_servers_words(
    outcome: Outcome, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    exporter = Exporter(HangingTransport(judge=scripted(outcome, ACCEPTED)), name="one", queue=NEVER)
    exporter.add([THREE])
    exporter.flush(0.0)

    assert eventually(lambda: messages(caplog) == [text])
    assert exporter.close(SOON_S)
    assert messages(caplog) == [text]


def test_no_secret_is_ever_said(caplog: pytest.LogCaptureFixture) -> None:
    """E1: not even when the server says it all back."""
    caplog.set_level(logging.DEBUG)
    key = "glc_SECRET-RECOGNISABLE"
    with FaultServer(answering(answer(401, f'{{"message":"no such key: {key}"}}'.encode()))) as server:
        destination: Destination = grafana_cloud(server.url, "123456", key)
        exporter = Exporter(Sender(destination), queue=AT_ONCE)
        exporter.add([entry("ATTENTION-CONTENT")])
        assert eventually(lambda: exporter.counts().last is not None)
        exporter.close(SOON_S)
        shown = repr(exporter) + repr(exporter.counts()) + caplog.text

    assert not re.search("SECRET-RECOGNISABLE|ATTENTION-CONTENT|Basic [A-Za-z0-9]", shown)


def test_a_programs_own_log_handler_may_use_the_exporter() -> None:
    """Also from another thread: nothing is logged under the lock."""
    exporter = Exporter(HangingTransport(), queue=attrs.evolve(NEVER, max_spans=1))
    seen: list[Counts] = []

    class Asking(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            other = threading.Thread(target=lambda: seen.append(exporter.counts()))
            other.start()
            other.join(SOON_S)

    handler = Asking()
    logging.getLogger("otlpjson").addHandler(handler)
    try:
        exporter.add([TWO])
    finally:
        logging.getLogger("otlpjson").removeHandler(handler)

    assert seen == [Counts(dropped={"queue_full": 2})]


# Several


def test_two_exporters_know_nothing_of_each_other() -> None:
    hanging, well = HangingTransport(), HangingTransport()
    hanging.open.clear()
    one, other = Exporter(hanging, queue=AT_ONCE), Exporter(well, queue=AT_ONCE)
    one.add([ONE])
    other.add([TWO])

    assert other.close(SOON_S)
    assert (ledger(one), ledger(other)) == ({"pending": 1}, {"delivered": 2})
    hanging.open.set()
    assert one.close(SOON_S)
    assert (ledger(one), ledger(other)) == ({"delivered": 1}, {"delivered": 2})


def test_many_threads_may_add_flush_and_ask() -> None:
    exporter = Exporter(HangingTransport(), queue=AT_ONCE)
    total = [0] * 8

    def use(place: int) -> None:
        for number in range(100):
            exporter.add(some(number))
            total[place] += sum(one.span_count for one in some(number))
            if number % 20 == 0:
                exporter.flush(SOON_S)
                exporter.counts()

    users = [threading.Thread(target=use, args=(place,)) for place in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()

    assert exporter.close(SOON_S)
    assert ledger(exporter) == {"delivered": sum(total)}


def some(number: int) -> Iterable[Entry]:
    """One to four entries, taken one by one."""
    return iter([ONE, TWO, THREE, FOUR][: number % 4 + 1])
