# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The file: made, recognised, exchanged under one's feet, forked, damaged and rebuilt."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.delivery import gate as gate_module
from otlpjson.delivery.gate import Gate
from otlpjson.delivery.ledger import Counts
from otlpjson.delivery.spool import Spool, Unavailable, opening, salvage
from otlpjson.delivery.spool.database import Database
from otlpjson.delivery.spool.folder import SpoolFolder

from .spools import ACCEPTED, added, entry, opened, rows, settled

ONE, TWO = entry("1"), entry("2", 2)


def database_of(spool: Spool) -> Database:
    """What a spool keeps to itself."""
    return spool._disk._database


def test_the_head_says_whose_file_it_is(tmp_path: Path) -> None:
    """In numbers that other programs can read."""
    Spool(tmp_path).close()

    assert rows(tmp_path, "PRAGMA application_id") == [(0x6F746C70,)]
    assert rows(tmp_path, "PRAGMA user_version") == [(1,)]
    assert rows(tmp_path, "PRAGMA journal_mode") == [("wal",)]


def other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("CREATE TABLE t (x)")
        sql.execute("PRAGMA user_version=1")


def newer(path: Path) -> None:
    Spool(path.parent).close()
    with closing(sqlite3.connect(path)) as sql:
        sql.execute("PRAGMA user_version=2")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_bytes(b"something else " * 100), "not a spool"),
        (lambda path: path.write_bytes(b"x"), "not a spool"),
        (other_database, "not a spool"),
        (newer, "made by a newer version of otlpjson: 2"),
    ],
)
def test_what_is_no_spool_is_refused_and_stays(
    tmp_path: Path, make: Callable[[Path], Any], reason: str
) -> None:
    """Nothing of it is changed."""
    tmp_path.chmod(0o700)
    path = tmp_path / "spool.db"
    make(path)
    path.chmod(0o600)
    before = path.read_bytes()

    with pytest.raises(ConfigError) as caught:
        Spool(tmp_path)

    assert str(caught.value) == f"{path}: {reason}"
    assert path.read_bytes() == before


def test_an_old_sqlite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lacks what the statements need."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 7, 17))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.7.17")

    with pytest.raises(ConfigError, match=r"spool: needs sqlite 3\.24 or newer, got 3\.7\.17"):
        Spool(tmp_path)


def test_a_file_that_was_deleted_is_made_again(tmp_path: Path) -> None:
    """With its folder; what was in it is gone with it."""
    spool, [here] = opened(tmp_path / "spool")
    added(spool, here, ONE)
    shutil.rmtree(tmp_path / "spool")
    added(spool, here, TWO)

    assert spool.is_durable
    assert here.take() == [TWO]


def test_a_file_that_became_something_else_is_not_used(tmp_path: Path) -> None:
    """Memory takes over, as for a disk that fails."""
    spool, [here] = opened(tmp_path / "spool")
    shutil.rmtree(tmp_path / "spool")
    (tmp_path / "spool").symlink_to(tmp_path)
    added(spool, here, TWO)

    assert not spool.is_durable
    assert here.counts().in_memory == 2


def test_a_transaction_that_fails_changes_nothing(tmp_path: Path) -> None:
    """Whatever it was that failed."""
    spool, _ = opened(tmp_path)

    def work(sql: sqlite3.Connection) -> None:
        sql.execute("DELETE FROM destination")
        raise KeyError("x")

    with pytest.raises(KeyError):
        database_of(spool).run(work)
    assert len(spool.stocks()) == 1


def test_nothing_runs_inside_a_transaction(tmp_path: Path) -> None:
    """A signal handler may come in the middle of one; it is refused, and held in memory."""
    spool, _ = opened(tmp_path)

    def work(sql: sqlite3.Connection) -> bool:
        with pytest.raises(Unavailable, match="in the middle of a transaction"):
            database_of(spool).run(lambda sql: 1)
        return True

    assert database_of(spool).run(work)


def test_a_full_disk_gives_up_the_reserve_for_what_makes_room(tmp_path: Path) -> None:
    """Not for what takes more."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    tries = []

    def work(sql: sqlite3.Connection) -> str:
        tries.append(1)
        if (tmp_path / "reserve").exists():
            raise sqlite3.OperationalError("database or disk is full")
        return "done"

    with pytest.raises(Unavailable, match="full"):
        database_of(spool).run(work, durable=True)
    assert database_of(spool).run(work) == "done"
    assert len(tries) == 3
    assert not (tmp_path / "reserve").exists()
    with pytest.raises(Unavailable, match="locked"):
        database_of(spool).run(lambda sql: _raise(sqlite3.OperationalError("database is locked")))
    added(spool, here, ONE)
    assert (tmp_path / "reserve").stat().st_size > 0


def _raise(error: Exception) -> None:
    raise error


def test_an_error_of_the_system_is_its_own_words(tmp_path: Path) -> None:
    """With its number, or without."""
    spool, _ = opened(tmp_path)

    with pytest.raises(Unavailable) as caught:
        database_of(spool).run(lambda sql: _raise(OSError(5, "Input/output error")))
    assert (str(caught.value), caught.value.code) == ("Input/output error", 5)
    with pytest.raises(Unavailable) as caught:
        database_of(spool).run(lambda sql: _raise(OSError()))
    assert (str(caught.value), caught.value.code) == ("OSError", 0)


def test_a_fork_waits_for_a_transaction_and_closes_the_file(tmp_path: Path) -> None:
    """Afterwards parent and child open it anew."""
    spool, [here] = opened(tmp_path)
    inside, go_on = threading.Event(), threading.Event()

    def work(sql: sqlite3.Connection) -> None:
        inside.set()
        go_on.wait(30)

    thread = threading.Thread(target=database_of(spool).run, args=(work,))
    thread.start()
    inside.wait(30)
    forked = threading.Thread(target=database_of(spool).before_fork)
    forked.start()
    forked.join(0.05)
    assert forked.is_alive()
    go_on.set()
    thread.join(30)
    forked.join(30)
    database = database_of(spool)
    assert database._sql is None
    database.after_fork()  # as in the child; nobody holds its lock
    added(spool, here, ONE)
    assert here.take() == [ONE]


def test_a_fork_inside_a_transaction_closes_nothing(tmp_path: Path) -> None:
    """As from a signal handler that forks: the parent goes on, and the child leaves the parent's file alone."""
    spool, [here] = opened(tmp_path)
    database = database_of(spool)

    def work(sql: sqlite3.Connection) -> list[Any]:
        database.before_fork()
        still = database._sql
        database.after_fork_in_parent()
        assert still is sql
        return sql.execute("SELECT 1").fetchall()

    assert database.run(work) == [(1,)]
    added(spool, here, ONE)
    assert here.counts() == Counts(pending=1)


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_shares_the_spool_and_nothing_else(tmp_path: Path) -> None:
    """It has a lease of its own, and none of what its parent has taken."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    assert here.take() == [ONE]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        found = here.take()
        added(spool, here, TWO)
        os.write(writing, repr((found, here.counts())).encode())
        os._exit(0)
    os.waitpid(child, 0)
    answer = os.read(reading, 10_000).decode()
    os.close(reading)
    os.close(writing)
    here.settle(settled(ACCEPTED, ONE))

    assert answer == repr(([], Counts(pending=3)))
    assert here.take() == [TWO]


def test_closed_for_good_it_opens_for_moments(tmp_path: Path) -> None:
    """An answer may come after the end, and is still written."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    here.take()
    spool.close()
    here.settle(settled(ACCEPTED, ONE))

    assert database_of(spool)._sql is None
    assert here.counts() == Counts(delivered=1)


def damage(path: Path, at: int, data: bytes = b"\xff\x00\xff\x00") -> None:
    """Writes over a file."""
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(data)


def test_a_damaged_file_is_rebuilt_and_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At the start: what is whole goes on, with the counts; the damaged file stays beside it."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE, TWO)
    here.take()
    here.settle(settled(ACCEPTED, ONE))
    here.put_back([TWO])
    spool.close()
    before = (tmp_path / "spool.db").read_bytes()
    damage(tmp_path / "spool.db", 100, bytes(3990))
    damaged = (tmp_path / "spool.db").read_bytes()
    spool, [here] = opened(tmp_path)

    assert before != damaged
    assert here.counts() == Counts(delivered=1, pending=2)
    assert here.take() == [TWO]
    [aside] = tmp_path.glob("damaged-*.db")
    assert aside.read_bytes() == damaged
    assert oct(aside.stat().st_mode & 0o777) == "0o600"
    assert caplog.messages == [
        f"{tmp_path}: the spool was damaged and is rebuilt; the old file is kept as {aside.name}"
    ]


def test_what_was_lost_is_counted(tmp_path: Path) -> None:
    """As dropped, because it was damaged."""
    spool, [here] = opened(tmp_path)
    for number in range(30):
        added(spool, here, entry(f"{number} " * 600))
    spool.close()
    path = tmp_path / "spool.db"
    data = path.read_bytes()
    at = data.index(b'{"schemaUrl":"7 7 ') // 4096 * 4096
    damage(path, at, bytes(4096))
    damage(path, 4096 * (len(data) // 4096 - 1))
    spool, [here] = opened(tmp_path)
    counts = here.counts()
    [stock] = spool.stocks()

    assert counts.dropped == {"damaged": 30 - counts.pending}
    assert 0 < counts.dropped["damaged"] <= 6
    assert stock.recorded == counts.recorded == 30


def test_two_that_find_damage_rebuild_once(tmp_path: Path) -> None:
    """The second finds that it was done."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    spool.close()
    damage(tmp_path / "spool.db", 100, bytes(3990))
    opened(tmp_path)[0].close()
    database_of(opened(tmp_path)[0])._rebuild()

    assert len(list(tmp_path.glob("damaged-*.db"))) == 1


def test_a_log_that_was_damaged_is_damage(tmp_path: Path) -> None:
    """Although sqlite would only forget the end of it."""
    spool, [here] = opened(tmp_path / "spool")
    for number in range(8):
        added(spool, here, entry(f"{number}"))
    copy = shutil.copytree(tmp_path / "spool", tmp_path / "copy")
    damage(copy / "spool.db-wal", 32 + 3 * 4120 + 2000)
    spool.close()
    spool, [here] = opened(copy)

    assert here.counts().recorded == 8
    assert len(list(copy.glob("damaged-*.db-wal"))) == 1


def test_damage_that_stays_is_a_disk_that_fails(tmp_path: Path) -> None:
    """Memory takes over; the program notices nothing."""
    spool, _ = opened(tmp_path)

    def work(sql: sqlite3.Connection) -> None:
        sql.execute("INSERT INTO destination VALUES (1, 'x', 0, NULL)")
        sql.execute("INSERT INTO destination VALUES (1, 'x', 0, NULL)")

    with pytest.raises(Unavailable, match="damaged again"):
        database_of(spool).run(work)


def test_a_table_that_is_not_there_is_damage(tmp_path: Path) -> None:
    """And made again with all that is left."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    spool._disk.read(lambda sql: sql.execute("DROP TABLE lease"))

    assert here.take() == [ONE]


def test_an_exchange_that_was_interrupted_is_completed(tmp_path: Path) -> None:
    """Until the new file is complete the old one counts; from then on the new one."""
    spool, [here] = opened(tmp_path)
    added(spool, here, ONE)
    spool.close()
    folder = SpoolFolder(tmp_path)
    (tmp_path / "unfinished.db").write_bytes(b"half")
    damage(tmp_path / "spool.db", 100, bytes(3990))
    shutil.copy(tmp_path / "spool.db", tmp_path / "before.db")
    salvage.rebuild(folder)
    # As if the last two steps had not been made.
    os.rename(tmp_path / "spool.db", tmp_path / "rebuilt.db")
    os.rename(tmp_path / "before.db", tmp_path / "spool.db")
    (tmp_path / "spool.db-wal").write_bytes(b"of the damaged one")
    spool, [here] = opened(tmp_path)

    assert here.take() == [ONE]
    assert not (tmp_path / "rebuilt.db").exists()


def test_a_process_that_stays_inside_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Because it was stopped, for example. They go on in memory."""
    monkeypatch.setattr(gate_module, "_LONGEST_WAIT_S", 0.01)
    spool, _ = opened(tmp_path)
    with (
        closing(Gate(SpoolFolder(tmp_path).gate)) as gate,
        gate.inside(),
        pytest.raises(Unavailable, match="uses it"),
    ):
        database_of(spool).open()
    database_of(spool).open()


def test_connections_that_cannot_be_set_up_are_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is that of the disk."""

    def fails(sql: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(opening, "_set_up", fails)
    spool = Spool(tmp_path)

    assert not spool.is_durable


def test_a_file_that_is_locked_is_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some other program has it for itself."""
    Spool(tmp_path).close()
    monkeypatch.setattr(opening, "_BUSY_S", 0.01)
    with closing(sqlite3.connect(tmp_path / "spool.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
        other.execute("BEGIN EXCLUSIVE")
        spool = Spool(tmp_path)

    assert not spool.is_durable
