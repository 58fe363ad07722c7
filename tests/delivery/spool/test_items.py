# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries in the tables: taken in order, by one at a time, settled once, and kept when they are refused."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from otlpjson.delivery.ledger import Counts
from otlpjson.delivery.spool import items, leases
from otlpjson.delivery.spool.holding import SpoolHolding
from otlpjson.delivery.spool.registry import Registered

from .spools import ACCEPTED, HERE, REFUSED, added, entry, opened, rows, settled

THERE = Registered(name="there", url="https://there.test/", private=False)
ONE, TWO, THREE = entry("1"), entry("2", 2), entry("3", 4)


def others(folder: Path, *targets: Registered) -> list[SpoolHolding]:
    """The holdings of another process on the same file."""
    return opened(folder, *targets)[1]


def test_entries_are_taken_in_order_and_settled(tmp_path: Path) -> None:
    """A body's worth at a time; what is settled leaves the file."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO)
    added(spool, here, THREE)

    assert here.take() == [ONE, TWO, THREE]
    here.settle(settled(ACCEPTED, ONE, TWO))
    here.settle(settled(ACCEPTED, THREE))
    here.put_back([])
    assert here.take() == []
    assert here.counts() == Counts(delivered=7)
    spool.close()
    assert rows(tmp_path, "SELECT count(*) FROM entry UNION SELECT count(*) FROM item") == [(0,)]


def test_a_batch_is_a_bodys_worth(tmp_path: Path) -> None:
    """A larger entry is taken alone."""
    spool, [here] = opened(tmp_path)
    large, small = entry("x" * 600_000), entry("s")
    added(spool, here, small, large, small, small)

    batches = []
    while batch := here.take():
        batches.append(batch)
        here.settle(settled(ACCEPTED, *batch))

    assert batches == [[small], [large], [small, small]]


def test_destinations_of_the_same_form_share_an_entry(tmp_path: Path) -> None:
    """The bytes are there once, until the last one has them."""
    spool, [here, there] = opened(tmp_path, HERE, THERE)
    for holding in (here, there):
        holding.add([ONE], 0.0)
    spool.commit.write()

    assert (here.take(), there.take()) == ([ONE], [ONE])
    here.settle(settled(ACCEPTED, ONE))
    count = spool._disk.read(lambda sql: sql.execute("SELECT count(*) FROM entry").fetchone())
    assert count == (1,)
    there.settle(settled(ACCEPTED, ONE))
    count = spool._disk.read(lambda sql: sql.execute("SELECT count(*) FROM entry").fetchone())
    assert count == (0,)


def test_what_one_process_has_no_other_takes(tmp_path: Path) -> None:
    """It takes what follows, and when that is given back, in order again."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE, TWO)

    assert here.take() == [ONE, TWO]
    assert other.take() == []
    added(spool, here, THREE)
    assert other.take() == [THREE]
    here.put_back([ONE, TWO])
    assert here.take() == [ONE, TWO]
    here.settle(settled(ACCEPTED, ONE, TWO))
    other.settle(settled(ACCEPTED, THREE))
    assert here.counts() == other.counts() == Counts(delivered=7)


def test_what_is_given_back_is_anothers_at_once(tmp_path: Path) -> None:
    """Not only when the lease ends by itself."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE)

    assert here.take() == [ONE]
    here.put_back([ONE])
    assert other.take() == [ONE]


def test_a_lease_ends_where_another_begins(tmp_path: Path) -> None:
    """It is one range, so what lies behind the other's has to wait for the next batch."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE)
    added(spool, here, TWO)
    added(spool, here, THREE)
    spool._disk.read(lambda sql: leases.take(sql, here.destination, other._disk.owner, leases.Lease(2, 2)))

    assert here.take() == [ONE]
    here.settle(settled(ACCEPTED, ONE))
    assert here.take() == [THREE]


def test_a_dead_processes_lease_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some seconds; and at once after a restart of the machine, when its clock begins anew."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE)
    assert here.take() == [ONE]
    now_ns = time.monotonic_ns()

    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns + int((leases.LEASE_S + 1) * 1e9))
    assert other.take() == [ONE]
    monkeypatch.setattr(time, "monotonic_ns", lambda: 5_000_000)
    [third] = others(tmp_path)
    assert third.take() == [ONE]


def test_a_lease_is_renewed_while_something_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not afterwards."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE)
    here.take()
    now_ns = time.monotonic_ns()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns + 2_000_000_000)
    here.renew()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns + 4_000_000_000)

    assert other.take() == []
    here.settle(settled(ACCEPTED, ONE))
    here.renew()
    assert rows_of(spool, "SELECT until_ms FROM lease") == [(now_ns // 1_000_000 + 5000,)]


def rows_of(spool: Any, statement: str) -> list[Any]:
    """What the spool itself reads."""
    found: list[Any] = spool._disk.read(lambda sql: sql.execute(statement).fetchall())
    return found


def test_what_two_sent_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that slept longer than its lease may find that another was faster."""
    spool, [here] = opened(tmp_path)
    [other] = others(tmp_path)
    added(spool, here, ONE, TWO)
    here.take()
    now_ns = time.monotonic_ns()
    monkeypatch.setattr(time, "monotonic_ns", lambda: now_ns + 10_000_000_000)
    assert other.take() == [ONE, TWO]
    other.settle(settled(ACCEPTED, ONE, TWO))
    here.settle(settled(ACCEPTED, ONE))
    here.settle(settled(REFUSED, TWO))

    assert here.counts().recorded == here.counts().delivered == 3


def test_what_a_server_refused_is_kept_and_sent_again(tmp_path: Path) -> None:
    """With its words; the same bytes go out once more."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO)
    here.take()
    here.settle(settled(REFUSED, ONE, TWO))

    assert [(kept.entries, kept.outcome) for kept in here.quarantined()] == [
        ((ONE,), REFUSED),
        ((TWO,), REFUSED),
    ]
    assert (here.counts().quarantined, here.counts().pending) == (3, 0)
    assert here.take() == []
    assert here.resend() == 3
    assert here.take() == [ONE, TWO]
    here.settle(settled(ACCEPTED, ONE, TWO))
    assert here.counts().delivered == 3
    assert here.resend() == 0


def test_a_damaged_entry_is_set_aside_and_never_sent(tmp_path: Path) -> None:
    """The bytes are kept; to send them again needs more than a word."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO, THREE)
    for statement in (
        "UPDATE entry SET data = CAST(replace(CAST(data AS TEXT), '1', '9') AS BLOB) WHERE id = 1",
        "UPDATE item SET spans = 9 WHERE entry = 3",
    ):
        spool._disk.read(lambda sql, statement=statement: sql.execute(statement))  # type: ignore[misc]

    assert here.take() == [TWO]
    kept = here.quarantined()
    assert [one.outcome.message for one in kept] == ["damaged on the disk"] * 2
    assert here.resend() == 0


def test_an_entry_without_bytes_is_set_aside(tmp_path: Path) -> None:
    """As where the page with them was lost."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO)
    spool._disk.read(lambda sql: sql.execute("DELETE FROM entry WHERE id = 1"))

    assert here.take() == [TWO]
    assert here.counts().quarantined == 1


def test_a_kind_of_outcome_that_is_none_reads_as_failed(tmp_path: Path) -> None:
    """A wrong bit in the reason costs the reason."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    here.take()
    here.settle(settled(REFUSED, ONE))
    spool._disk.read(lambda sql: sql.execute("UPDATE item SET kind = 'rejectee', message = NULL"))

    [kept] = here.quarantined()
    assert (kept.outcome.kind.name, kept.outcome.message) == ("FAILED", "")


def test_what_is_too_old_is_dropped(tmp_path: Path) -> None:
    """Whether it waits or was refused; counted as expired."""
    spool, [here, there] = opened(tmp_path, HERE, THERE)
    for holding in (here, there):
        holding.add([ONE], 0.0)
    spool.commit.write()
    there.take()
    there.settle(settled(REFUSED, ONE))
    before_ms = time.time_ns() // 1_000_000 + 1000
    added(spool, here, TWO)
    spool._disk.read(lambda sql: sql.execute("UPDATE entry SET added_ms = ? WHERE id = 2", (before_ms,)))

    assert spool._disk.read(lambda sql: items.expire(sql, before_ms)) == 2
    assert spool._disk.read(lambda sql: items.expire(sql, before_ms)) == 0
    assert here.counts() == Counts(pending=2, dropped={"expired": 1})
    assert (there.counts().recorded, there.counts().dropped) == (1, {"expired": 1})


def test_what_was_refused_can_be_dropped(tmp_path: Path) -> None:
    """By hand, and counted; what waits only if that is meant. Nothing of it stays in the file."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, entry("CONTENT" * 200, 2))
    here.take()
    here.settle(settled(REFUSED, ONE))
    [stock] = spool.stocks()
    first = spool.drop(stock, pending=False)
    kept = here.counts()
    second = spool.drop(stock, pending=True)
    counts = here.counts()
    spool.close()

    assert (first, kept.pending, kept.dropped) == (1, 2, {"by hand": 1})
    assert (second, counts.pending, counts.dropped) == (2, 0, {"by hand": 3})
    assert b"CONTENT" not in (tmp_path / "spool.db").read_bytes()


def test_a_claim_of_a_server_to_have_rejected_more_than_it_was_sent_is_cut(tmp_path: Path) -> None:
    """And an unconfirmed delivery is counted as such."""
    from otlpjson.delivery import Outcome, OutcomeKind

    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO)
    here.take()
    here.settle(settled(Outcome(kind=OutcomeKind.PARTLY_ACCEPTED, status=200, rejected_spans=5), ONE))
    here.settle(settled(Outcome(kind=OutcomeKind.UNCONFIRMED, status=200), TWO))
    counts = here.counts()

    assert (counts.rejected, counts.delivered, counts.unconfirmed) == (1, 2, 2)
    assert [outcome.kind.name for outcome, _ in counts.outcomes] == ["PARTLY_ACCEPTED", "UNCONFIRMED"]


def test_tables_stay_as_sqlite_wants_them(tmp_path: Path) -> None:
    """After all of that."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO, THREE)
    here.take()
    here.settle(settled(ACCEPTED, ONE))
    spool.close()
    with sqlite3.connect(tmp_path / "spool.db") as sql:
        assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    sql.close()
