# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The log's frames as sqlite writes them, whole and damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from otlpjson.delivery.spool.wal import frames, is_damaged

FRAME = 24 + 4096


@pytest.fixture
def log(tmp_path: Path) -> Iterator[bytes]:
    """A log of six transactions, written by sqlite."""
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as sql:
        sql.execute("PRAGMA journal_mode=WAL").fetchall()
        sql.execute("CREATE TABLE t (x)")
        for number in range(5):
            sql.execute("INSERT INTO t VALUES (?)", (f"row {number} " * 100,))
        yield (tmp_path / "x.db-wal").read_bytes()


def flipped(log: bytes, at: int) -> bytes:
    """The log with one wrong bit."""
    return log[:at] + bytes([log[at] ^ 1]) + log[at + 1 :]


def test_frames_of_sqlite_are_whole(log: bytes) -> None:
    """Each transaction ends with one that commits."""
    found = list(frames(log))

    assert len(found) == (len(log) - 32) // FRAME
    assert all(frame.is_whole for frame in found)
    assert sum(frame.commits for frame in found) == 6
    assert not is_damaged(log)


@pytest.mark.parametrize("place", [0, 5, 8, 16, 24, 3000])
@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_damaged_frame_is_one_frame(log: bytes, number: int, place: int) -> None:
    """Wherever the wrong bit is: page number, salt, checksum or page. What follows is still whole."""
    wrong = flipped(log, 32 + number * FRAME + place)
    whole = [frame.is_whole for frame in frames(wrong)]
    # With a wrong checksum the next one cannot be summed from it either.
    expected = {number, number + 1} if place in (16,) else {number}

    assert {index for index, is_whole in enumerate(whole) if not is_whole} == expected
    assert is_damaged(wrong)


def test_a_damaged_head_damages_no_frame(log: bytes) -> None:
    """But sqlite would forget them all."""
    for at in (3, 17, 25):
        wrong = flipped(log, at)

        assert sum(frame.is_whole for frame in frames(wrong)) >= len(list(frames(log))) - 1
        assert is_damaged(wrong)


def test_zeros_over_the_head_and_the_first_frame_damage_two_frames(log: bytes) -> None:
    """The second one cannot be summed from the first one; all others are found by their salt."""
    wrong = log[:8] + bytes(4096) + log[8 + 4096 :]

    assert [frame.is_whole for frame in frames(wrong)] == [False, False] + [True] * (len(log) // FRAME - 2)
    assert is_damaged(wrong)


def test_a_torn_end_is_no_damage(log: bytes) -> None:
    """What was being written when the power went was never acknowledged."""
    for cut in (0, 10, 31, 32, 40, 32 + FRAME, len(log) - 1, len(log) - FRAME - 5):
        assert not is_damaged(log[:cut]), cut
    assert not is_damaged(flipped(log, len(log) - 5))


def begun_anew(folder: Path, transactions: int) -> bytes:
    """A log of so many transactions at its front, and behind them those of before."""
    with closing(sqlite3.connect(folder / "x.db", isolation_level=None)) as sql:
        sql.execute("PRAGMA journal_mode=WAL").fetchall()
        sql.execute("CREATE TABLE t (x)")
        for number in range(20):
            sql.execute("INSERT INTO t VALUES (?)", (number,))
        sql.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        for _ in range(transactions):
            sql.execute("INSERT INTO t VALUES ('new')")
        return (folder / "x.db-wal").read_bytes()


def test_older_frames_behind_the_end_are_no_damage(tmp_path: Path) -> None:
    """A log is begun anew at its front, and its old frames stay until they are written over."""
    log = begun_anew(tmp_path, 1)

    assert sum(frame.is_whole for frame in frames(log)) < len(log) // FRAME
    assert not is_damaged(log)
    assert len(list(frames(log))) == len(log) // FRAME


def test_behind_a_damaged_head_the_newest_frames_count(tmp_path: Path) -> None:
    """Those of the log that was begun last."""
    log = begun_anew(tmp_path, 5)
    wrong = log[:8] + bytes(4096) + log[8 + 4096 :]
    new = [frame.is_whole for frame in frames(log)]

    assert 5 <= sum(new) < len(new)
    assert [frame.is_whole for frame in frames(wrong)] == [False, False, *new[2:]]
    assert is_damaged(wrong)
