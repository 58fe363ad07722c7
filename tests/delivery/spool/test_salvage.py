# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is saved of pages, table by table: the checksums decide, and the rest is believed where it can be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from otlpjson.delivery.spool import salvage
from otlpjson.delivery.spool.folder import SpoolFolder
from otlpjson.delivery.spool.salvage import Rescued, rescued
from otlpjson.delivery.spool.schema import (
    QUARANTINED,
    WAITING,
    create,
    entry_check,
    item_check,
)

from .spools import added, entry, opened

PAGE = 4096
HERE, THERE = 7, 8


def pages_after(folder: Path, statements: Iterable[tuple[str, tuple[object, ...]]]) -> Rescued:
    """What is rescued of a database in which these statements were run."""
    path = folder / "x.db"
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(f"PRAGMA page_size={PAGE}")
        create(sql)
        sql.execute("INSERT INTO destination VALUES (7, 'here', 0, NULL), (8, 'there', 1, 'is removed')")
        for statement, values in statements:
            sql.execute(statement, values)
        sql.commit()
    data = path.read_bytes()
    return rescued({at // PAGE + 1: data[at : at + PAGE] for at in range(0, len(data), PAGE)})


def an_entry(number: int, data: bytes, *, wrong: int = 0) -> tuple[str, tuple[object, ...]]:
    """An entry of two spans for both destinations."""
    ids = HERE.to_bytes(8, "big") + THERE.to_bytes(8, "big")
    check = entry_check(number, 2, ids, data) + wrong
    return "INSERT INTO entry VALUES (?, 2, 5, ?, ?, ?)", (number, ids, check, data)


def an_item(
    destination: int, entry: int, size: int, *, state: int = WAITING, wrong: int = 0
) -> tuple[str, tuple[object, ...]]:
    """An item of an entry."""
    check = item_check(destination, entry, 2, size) + wrong
    values = (destination, state, entry, size, check)
    return "INSERT INTO item VALUES (?, ?, ?, 2, ?, ?, 'rejected', 400, 'words')", values


def test_whole_rows_are_saved_as_they_were(tmp_path: Path) -> None:
    """With the highest id that was ever given, so that it is not given again."""
    found = pages_after(
        tmp_path,
        [
            an_entry(3, b"abc"),
            an_item(HERE, 3, 3, state=QUARANTINED),
            ("INSERT INTO count VALUES (7, 'recorded', 6)", ()),
            ("UPDATE sqlite_sequence SET seq = 9", ()),
            ("INSERT INTO lease VALUES (7, 1, 1, 3, 99)", ()),
        ],
    )

    assert found.entries[3][5] == b"abc"
    assert list(found.items) == [(HERE, 3)]
    assert found.items[HERE, 3][1] == QUARANTINED
    assert found.items[HERE, 3][6:] == ("rejected", 400, "words")
    assert found.destinations == {7: (7, "here", 0, None), 8: (8, "there", 1, "is removed")}
    assert found.counts == {(7, "recorded"): 6}
    assert found.sequence == 9


def test_a_row_with_a_wrong_checksum_is_not_saved(tmp_path: Path) -> None:
    """Neither an entry nor an item: it could be sent somewhere else."""
    found = pages_after(
        tmp_path,
        [
            an_entry(3, b"abc", wrong=1),
            an_entry(4, b"de"),
            an_item(HERE, 4, 2, wrong=1),
            an_item(THERE, 4, 2),
        ],
    )

    assert list(found.entries) == [4]
    assert list(found.items) == [(THERE, 4)]


def test_an_entry_without_items_waits_for_all_its_destinations(tmp_path: Path) -> None:
    """A spool never has one, so the page with its items is lost."""
    found = pages_after(tmp_path, [an_entry(4, b"de")])

    assert {key: item[1] for key, item in found.items.items()} == {(HERE, 4): WAITING, (THERE, 4): WAITING}


def test_a_state_that_is_none_waits(tmp_path: Path) -> None:
    """To send it is better than to lose it."""
    with closing(sqlite3.connect(":memory:")) as sql:
        create(sql)
        with pytest.raises(sqlite3.IntegrityError):
            sql.execute(*an_item(HERE, 4, 2, state=5))
    found = pages_after(
        tmp_path,
        [("PRAGMA ignore_check_constraints=1", ()), an_entry(4, b"de"), an_item(HERE, 4, 2, state=5)],
    )

    assert found.items[HERE, 4][1] == WAITING


def test_a_count_below_zero_is_not_saved(tmp_path: Path) -> None:
    """It would make the sum wrong."""
    found = pages_after(tmp_path, [("INSERT INTO count VALUES (7, 'delivered', -3)", ())])

    assert found.counts == {}


def test_rows_of_other_shapes_are_nobodys(tmp_path: Path) -> None:
    """Of the table of tables, for one; or where a wrong bit changed a type."""
    found = pages_after(
        tmp_path,
        [
            ("INSERT INTO sqlite_sequence VALUES ('other', 77)", ()),
            ("CREATE TABLE t (a, b, c, d, e, f, g, h, i, PRIMARY KEY (a)) WITHOUT ROWID", ()),
            ("INSERT INTO t VALUES ('x', 1, 1, 1, 1, 1, 1, 1, 1)", ()),
        ],
    )

    assert (found.entries, found.items, found.sequence) == ({}, {}, 0)


def test_pages_that_are_not_in_use_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was delivered may still stand in them."""
    spool, [here] = opened(tmp_path)
    added(spool, here, entry("1"))
    spool.close()
    pages = salvage._image(SpoolFolder(tmp_path))
    assert len(salvage.rescued(pages).entries) == 1
    monkeypatch.setattr(salvage, "free_pages", frozenset)

    assert salvage.rescued(pages).entries == {}
