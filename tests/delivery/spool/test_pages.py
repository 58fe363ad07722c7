# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rows read from pages alone are those that sqlite reads."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from otlpjson.delivery.spool.pages import free_pages, key_rows, table_rows

PAGE = 4096


def pages_of(path: Path) -> dict[int, bytes]:
    """The pages of a file by their numbers."""
    data = path.read_bytes()
    return {at // PAGE + 1: data[at : at + PAGE] for at in range(0, len(data), PAGE)}


VALUES: list[Any] = [
    None,
    0,
    1,
    -1,
    127,
    -129,
    40_000,
    -9_000_000,
    2**31,
    2**40,
    -(2**47),
    2**62,
    "",
    "text",
    "é" * 3000,
    b"",
    b"x" * 100,
    b"y" * 4057,
    b"y" * 4080,
    b"z" * 50_000,
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with values of every kind, of which some rows were deleted."""
    path = tmp_path / "x.db"
    draw = random.Random(7)
    with closing(sqlite3.connect(path)) as sql:
        sql.execute(f"PRAGMA page_size={PAGE}")
        sql.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)")
        sql.execute("CREATE TABLE k (a INTEGER, b, c, PRIMARY KEY (a, b)) WITHOUT ROWID")
        for number in range(600):
            row = (number * number * 7919 + 1, draw.choice(VALUES), draw.choice(VALUES))
            sql.execute("INSERT INTO t VALUES (?, ?, ?)", row)
            sql.execute("INSERT INTO k VALUES (?, ?, ?)", (number, f"key {number}", draw.choice(VALUES[:17])))
        sql.execute("DELETE FROM t WHERE id % 5 = 1")
        sql.execute("DELETE FROM k WHERE a BETWEEN 100 AND 300")
        sql.commit()
    return path


def test_rows_are_those_that_sqlite_reads(file: Path) -> None:
    """Of both kinds of tables, with values that lie on further pages; without what was deleted."""
    pages = pages_of(file)
    used = pages.keys() - free_pages(pages)
    with closing(sqlite3.connect(file)) as sql:
        plain = sql.execute("SELECT id, a, b FROM t").fetchall()
        keyed = sql.execute("SELECT * FROM k").fetchall()
    found = [(row_id, *values[1:]) for number in used for row_id, values in table_rows(pages, number)]
    with_keys = [tuple(values) for number in used for values in key_rows(pages, number)]

    assert len(plain) > 400
    assert len(free_pages(pages)) > 10
    # The first page has the table of tables.
    assert sorted((row for row in found if len(row) == 3), key=lambda row: row[0]) == plain
    assert sorted(with_keys, key=lambda row: row[0]) == keyed


def test_damage_is_never_an_error(file: Path) -> None:
    """It costs rows, and nothing else; also where it leads in circles."""
    whole = pages_of(file)
    draw = random.Random(11)
    for _ in range(300):
        pages = dict(whole)
        number = draw.choice(list(pages))
        page = bytearray(pages[number])
        for _ in range(draw.choice((1, 1, 50))):
            page[draw.randrange(PAGE)] = draw.randrange(256)
        pages[number] = bytes(page)
        if draw.random() < 0.3:
            del pages[draw.choice(list(pages))]
        free_pages(pages)
        for number in pages:
            list(table_rows(pages, number))
            list(key_rows(pages, number))


def test_a_list_of_free_pages_that_leads_in_a_circle_ends() -> None:
    """And one that leads out of the file."""
    first = bytes(32) + (2).to_bytes(4, "big") + bytes(PAGE - 36)
    circle = (2).to_bytes(4, "big") + (1).to_bytes(4, "big") + (3).to_bytes(4, "big") + bytes(PAGE - 12)

    assert free_pages({1: first, 2: circle, 3: bytes(PAGE)}) == {2, 3}
    assert free_pages({1: first}) == {2}
    assert free_pages({}) == frozenset()


def test_a_row_that_claims_to_be_longer_than_the_file_is_left_out() -> None:
    """And one of a type that no row has."""
    leaf = bytearray(PAGE)
    leaf[0], leaf[4] = 0x0D, 2
    leaf[8:12] = (100).to_bytes(2, "big") + (200).to_bytes(2, "big")
    leaf[100:106] = b"\xff\xff\xff\x7f\x01\x00"
    leaf[200:204] = b"\x03\x01\x02\x0a"

    assert list(table_rows({2: bytes(leaf)}, 2)) == []
