# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The spool: bounds, failing disks, parked destinations, and what it says about itself."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.delivery import QueueLimits, SpoolLimits
from otlpjson.delivery.ledger import Counts
from otlpjson.delivery.receipt import Receipt
from otlpjson.delivery.spool import Spool, Unavailable
from otlpjson.delivery.spool import spool as spool_module
from otlpjson.delivery.spool.database import Database
from otlpjson.delivery.spool.registry import Registered

from .spools import (
    ACCEPTED,
    AT_ONCE,
    HERE,
    REFUSED,
    added,
    breaks,
    entry,
    opened,
    settled,
)

ONE, TWO, THREE = entry("1"), entry("2", 2), entry("3", 4)


def test_what_would_make_the_file_larger_than_its_limit_is_refused(tmp_path: Path) -> None:
    """Nothing older goes for it; it is counted, and who waits for it is told."""
    spool = Spool(tmp_path, SpoolLimits(max_bytes=100_000))
    here = spool.register([HERE], AT_ONCE)["here"]
    large = entry("x" * 30_000)
    answers = []
    for _ in range(4):
        spool.commit.receipt = receipt = Receipt()
        answers.append((here.add([large], 0.0), receipt.accepted))
        spool.commit.write()
    spool.commit.receipt = None
    answers.append((here.add([large], 0.0), True))
    spool.commit.write()

    assert answers == [(None, True), (None, True), *[("queue_full", False)] * 2, ("queue_full", True)]
    assert here.counts() == Counts(pending=2, dropped={"queue_full": 3})
    assert repr(spool) == f"Spool('{tmp_path}')"


def test_a_failing_disk_is_noticed_once_and_memory_takes_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Within the bounds of the queue; when it works again, all of it is written."""
    spool = Spool(tmp_path)
    here = spool.register([HERE], QueueLimits(quiet_s=0.0, max_spans=3))["here"]
    added(spool, here, ONE)
    breaks(spool, "no room left")
    answers = []
    for one in (TWO, THREE, ONE):
        spool.commit.receipt = receipt = Receipt()
        here.add([one], 0.0)
        here.drop(5, "sampled_out")
        spool.commit.write()
        answers.append(receipt.accepted)
    spool.commit.receipt = None
    here.add([THREE], 0.0)
    spool.commit.write()
    spool.tick()

    durable = [spool.is_durable]
    assert answers == [True, False, True]
    # What was counted when the disk worked is still known.
    assert here.counts() == Counts(pending=3, in_memory=3, dropped={"queue_full": 8})
    assert [record.getMessage() for record in caplog.records] == [
        f"{tmp_path}: the spool cannot be used, records wait in memory: no room left"
    ]
    breaks(spool, None)
    spool.tick()
    durable.append(spool.is_durable)
    assert durable == [False, True]
    assert caplog.messages[1:] == [f"{tmp_path}: the spool can be written again"]
    spool.commit.write()
    assert here.counts() == Counts(pending=4, dropped={"queue_full": 8, "sampled_out": 15})
    assert here.take() == [ONE, TWO, ONE]


def test_what_is_in_memory_is_sent_from_there(tmp_path: Path) -> None:
    """First, because it is at risk; what is refused is kept, and goes to the disk too."""
    spool, [here] = opened(tmp_path)
    breaks(spool)
    added(spool, here, ONE, TWO)
    added(spool, here, THREE)

    assert here.at_risk() == 7
    assert here.take() == [ONE, TWO, THREE]
    here.settle(settled(ACCEPTED, ONE))
    here.settle(settled(REFUSED, TWO))
    here.put_back([THREE])
    assert [kept.entries for kept in here.quarantined()] == [(TWO,)]
    assert here.take() == [THREE]
    here.put_back([THREE])
    breaks(spool, None)
    assert here.at_risk() == 0
    assert [kept.outcome for kept in here.quarantined()] == [REFUSED]
    assert here.counts() == Counts(delivered=1, quarantined=2, pending=4)
    assert here.resend() == 2
    assert here.take() == [THREE, TWO]


def test_what_is_being_sent_from_memory_stays_there(tmp_path: Path) -> None:
    """While the rest is written."""
    spool, [here] = opened(tmp_path)
    breaks(spool)
    added(spool, here, ONE)
    taken = here.take()
    added(spool, here, TWO)
    breaks(spool, None)
    here.heal()

    assert here.counts() == Counts(pending=3, in_memory=1)
    here.settle(settled(ACCEPTED, *taken))
    here.heal()
    assert here.counts() == Counts(pending=2, delivered=1)


def test_memory_that_cannot_be_written_yet_is_kept(tmp_path: Path) -> None:
    """And tried again."""
    spool, [here] = opened(tmp_path)
    breaks(spool)
    added(spool, here, ONE)
    spool.tick()
    here.heal()

    assert here.counts() == Counts(pending=1, in_memory=1)
    assert not here.is_settled(0)


def test_what_was_settled_is_written_when_the_disk_works_again(tmp_path: Path) -> None:
    """Until then nothing else is taken, so nothing is sent twice."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    assert here.take() == [ONE]
    added(spool, here, TWO)
    breaks(spool)
    here.settle(settled(ACCEPTED, ONE))
    here.put_back([])

    assert here.take() == []
    assert here.quarantined() == ()
    assert here.mark() == 0
    assert here.resend() == 0
    breaks(spool, None)
    assert here.take() == [TWO]
    assert here.counts() == Counts(pending=2, delivered=1)


def test_a_disk_that_failed_is_left_alone_for_a_second(tmp_path: Path) -> None:
    """So that a record does not wait for it each time."""
    spool, [here] = opened(tmp_path)
    disk = spool._disk
    disk.fail(Unavailable("x"))

    assert disk.attempt(lambda sql: 1) is None
    disk._retry_at_s = time.monotonic() - 0.001
    assert disk.attempt(lambda sql: 1) == 1
    assert here.counts() == Counts()


def test_a_disk_that_fails_at_the_start_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for what somebody has to mend."""
    monkeypatch.setattr(Database, "open", lambda self: (_ for _ in ()).throw(Unavailable("full", 28)))
    spool = Spool(tmp_path)
    assert not spool.is_durable
    spool.close()
    monkeypatch.setattr(Database, "open", lambda self: (_ for _ in ()).throw(Unavailable("read-only", 30)))
    with pytest.raises(ConfigError, match="cannot be used as a spool: read-only"):
        Spool(tmp_path)


def test_old_entries_expire_about_each_minute(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not where the clock was not set yet when this one looks."""
    spool = Spool(tmp_path, SpoolLimits(max_age_s=0.0))
    here = spool.register([HERE], AT_ONCE)["here"]
    spool.tick()
    added(spool, here, TWO)
    time.sleep(0.005)
    spool.tick()
    assert here.counts().pending == 2
    spool._expire_at_s = 0.0
    spool.tick()

    assert here.counts() == Counts(dropped={"expired": 2})
    assert caplog.messages == [f"{tmp_path}: dropped 2 spans: expired"]


def test_a_clock_that_was_not_set_expires_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows a year long ago."""
    spool = Spool(tmp_path, SpoolLimits(max_age_s=0.0))
    here = spool.register([HERE], AT_ONCE)["here"]
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    added(spool, here, TWO)
    spool.tick()

    assert here.counts().pending == 2


OTHER_URL = Registered(name="here", url="https://elsewhere.test/", private=False)
RENAMED = Registered(name="renamed", url=HERE.url, private=False)
PRIVATE = Registered(name="here", url=HERE.url, private=True)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (OTHER_URL, "has another URL now"),
        (RENAMED, "is renamed, removed or disabled"),
        (PRIVATE, "is in privacy mode now"),
    ],
)
def test_what_was_recorded_for_another_destination_is_parked(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, now: Registered, reason: str
) -> None:
    """It is named, and waits until the old destination is back."""
    spool, [before] = opened(tmp_path)
    added(spool, before, TWO)
    spool.close()
    spool, [after] = opened(tmp_path, now)

    assert after.take() == []
    assert caplog.messages == [f"{tmp_path}: 2 spans parked, because destination 'here' {reason}"]
    stocks = {(stock.name, stock.parked): stock.counts.pending for stock in spool.stocks()}
    assert stocks == {(now.name, None): 0, ("here", reason): 2}
    spool.close()
    spool, [again] = opened(tmp_path)
    assert again.take() == [TWO]
    assert len(caplog.messages) == 1


def test_nothing_parked_is_said_of_a_destination_without_spans(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It was removed after all had arrived."""
    opened(tmp_path)[0].close()
    opened(tmp_path, RENAMED)[0].close()

    assert caplog.messages == []


def test_what_has_no_content_may_go_where_content_is_welcome(tmp_path: Path) -> None:
    """When privacy mode is switched off, what waits is sent as it was recorded."""
    spool, [before] = opened(tmp_path, PRIVATE)
    added(spool, before, TWO)
    spool.close()
    spool, [after] = opened(tmp_path, HERE)

    assert after.look()
    assert after.take() == [TWO]
    assert after.counts() == Counts(pending=2)


def test_another_key_or_query_is_the_same_destination(tmp_path: Path) -> None:
    """Keys are exchanged, and some servers expect them in the query."""
    with_query = Registered(name="here", url=f"{HERE.url}?token=new", private=False)
    spool, [before] = opened(tmp_path)
    added(spool, before, TWO)
    spool.close()

    assert opened(tmp_path, with_query)[1][0].take() == [TWO]


def test_a_spool_lists_what_is_in_it_without_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pages, in order, each entry for each destination, with its state."""
    monkeypatch.setattr(spool_module, "_PAGE", 2)
    there = Registered(name="there", url="https://there.test/", private=True)
    spool, [here, other] = opened(tmp_path, HERE, there)
    for holding in (here, other):
        holding.add([ONE], 0.0)
    spool.commit.write()
    added(spool, here, TWO)
    here.take()
    here.settle(settled(REFUSED, ONE))
    added(spool, here, THREE)
    other.take()
    other.settle(settled(ACCEPTED, ONE))
    here.put_back([TWO])
    here.take()
    kept = [(one.number, one.destination, one.state, one.reason, one.spans) for one in spool.kept()]

    assert kept == [
        (1, "here", "quarantined", "rejected (400)", 1),
        (2, "here", "in flight", "", 2),
        (3, "here", "in flight", "", 4),
    ]
    here.put_back([TWO, THREE])
    assert [one.state for one in spool.kept()] == ["quarantined", "pending", "pending"]
    stock, empty = spool.stocks()
    assert (stock.name, stock.recorded, stock.in_flight, stock.bytes) == (
        "here",
        7,
        0,
        sum(len(one.data) for one in (ONE, TWO, THREE)),
    )
    assert (empty.name, empty.oldest_ms, empty.bytes, empty.private) == ("there", None, 0, True)
    assert stock.oldest_ms is not None and abs(stock.oldest_ms - time.time_ns() // 1_000_000) < 60_000
    assert (spool.entry_data(2), spool.entry_data(9)) == (TWO.data, None)
    assert "schemaUrl" not in repr((spool.stocks(), list(spool.kept())))


def test_a_parked_entry_says_why(tmp_path: Path) -> None:
    """In a list of entries too; and can be moved to another destination by hand."""
    spool, [before] = opened(tmp_path)
    added(spool, before, TWO)
    spool.close()
    spool, [after] = opened(tmp_path, RENAMED)
    [kept] = spool.kept()
    old = next(stock for stock in spool.stocks() if stock.parked)

    assert (kept.state, kept.reason) == ("parked", "destination is renamed, removed or disabled")
    assert spool.requeue(old, RENAMED) == 2
    assert after.take() == [TWO]
    assert [(stock.name, stock.recorded) for stock in spool.stocks()] == [("here", 0), ("renamed", 2)]


def test_a_spool_without_recorded_count_is_read(tmp_path: Path) -> None:
    """A destination that was registered has none yet."""
    spool, _ = opened(tmp_path)

    assert [stock.recorded for stock in spool.stocks()] == [0]


def test_a_refusal_without_status_is_its_kind(tmp_path: Path) -> None:
    """As for what was damaged."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    spool._disk.read(lambda sql: sql.execute("UPDATE entry SET data = 'x'"))
    here.take()

    assert [(one.state, one.reason) for one in spool.kept()] == [("quarantined", "failed")]


def test_due_times(tmp_path: Path) -> None:
    """Nothing before the first commit; then a quiet moment, at the latest the age; urgent at once."""
    spool = Spool(tmp_path)
    limits = QueueLimits(quiet_s=10.0, max_age_s=25.0, max_body_bytes=1000)
    here = spool.register([HERE], limits)["here"]
    assert here.due_s(urgent=True) is None
    here.committed(10, 100.0)
    here.committed(10, 118.0)

    assert (here.due_s(urgent=False), here.due_s(urgent=True)) == (101.0, 0.0)
    here._look_at_s = 1000.0
    assert here.due_s(urgent=False) == 125.0
    here.committed(2000, 119.0)
    assert here.due_s(urgent=False) == 0.0
    before_s = time.monotonic()
    assert here.take() == []
    due_s, soon_s = here.due_s(urgent=False), here.due_s(urgent=True)
    assert due_s is not None and soon_s is not None
    assert before_s + 0.9 < due_s < before_s + 5
    assert before_s + 0.05 < soon_s < due_s
    here.keep([ONE], 50.0)
    assert here.due_s(urgent=False) == 60.0


def test_a_handler_of_the_log_may_raise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That is the program's own matter."""
    spool, [here] = opened(tmp_path)
    monkeypatch.setattr(logging.getLogger("otlpjson"), "log", lambda *arguments: 1 / 0)
    spool._disk.tell(logging.WARNING, "x")
    spool.announce()
    added(spool, here, ONE)

    assert here.counts().pending == 1


def test_a_child_of_a_fork_commits_nothing_of_its_parents(tmp_path: Path) -> None:
    """What was added and not yet committed is the parent's."""
    spool, [here] = opened(tmp_path)
    here.add([ONE], 0.0)
    here.drop(1, "sampled_out")
    spool.after_fork()
    spool.commit.write()

    assert here.counts() == Counts()


def test_the_same_entry_twice_is_two(tmp_path: Path) -> None:
    """Whoever adds it twice wants it sent twice."""
    spool, [here, there] = opened(tmp_path, HERE, Registered(name="t", url="https://t.test/", private=False))
    here.add([ONE, ONE], 0.0)
    there.add([ONE], 0.0)
    spool.commit.write()

    assert (here.take(), there.take()) == ([ONE, ONE], [ONE])


def test_an_outcome_that_settled_nothing_is_noted(tmp_path: Path) -> None:
    """The latest hundred."""
    _, [here] = opened(tmp_path)
    for _ in range(101):
        here.note(REFUSED)

    assert len(here.counts().outcomes) == 100


def test_a_second_failure_is_not_logged_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Until the disk has worked in between."""
    spool, _ = opened(tmp_path)
    spool._disk.fail(Unavailable("x"))
    spool._disk.fail(Unavailable("x"))
    spool.announce()

    assert len(caplog.messages) == 1
