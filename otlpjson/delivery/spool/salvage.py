# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What can be saved of a damaged spool: every whole row, into a new file; the old one is kept aside."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import attrs

from .folder import SpoolFolder
from .pages import Pages, free_pages, key_rows, table_rows
from .schema import (
    PAGE_BYTES,
    QUARANTINED,
    WAITING,
    create,
    entry_check,
    item_check,
    unpacked,
)
from .tallies import DROPPED, RECORDED
from .wal import frames

__all__ = ["Rescued", "finish", "rebuild", "rescued"]

_DAMAGED: Final = f"{DROPPED}damaged"


@attrs.define
class Rescued:
    """
    The rows that were found, as they are inserted again.

    Attributes:
        entries: By their id.

        items: By destination and entry.

        destinations, counts: The two smaller tables; what of them was damaged is not known.

        sequence: The highest id that was given to an entry.
    """

    entries: dict[int, tuple[Any, ...]] = attrs.field(factory=dict)
    items: dict[tuple[int, int], tuple[Any, ...]] = attrs.field(factory=dict)
    destinations: dict[int, tuple[Any, ...]] = attrs.field(factory=dict)
    counts: dict[tuple[int, str], int] = attrs.field(factory=dict)
    sequence: int = 0


def rebuild(folder: SpoolFolder) -> Path:
    """
    Makes a new database of all rows of the damaged one that are whole; returns where the damaged one is kept.

    Nobody else may use the database meanwhile. A crash at any moment loses nothing: until the new
    file is complete the old one stays, and from then on ``finish`` completes the exchange.
    """
    found = rescued(_image(folder))
    aside = folder.copy_aside()
    with suppress(FileNotFoundError):
        os.unlink(folder.unfinished)
    folder.make(folder.unfinished)
    with closing(sqlite3.connect(folder.unfinished, isolation_level=None)) as sql:
        sql.execute(f"PRAGMA page_size={PAGE_BYTES}")
        sql.execute("PRAGMA synchronous=FULL")
        sql.execute("BEGIN")
        create(sql)
        _insert(sql, found)
        sql.execute("COMMIT")
    os.replace(folder.unfinished, folder.rebuilt)
    folder.sync()
    finish(folder)
    return aside


def finish(folder: SpoolFolder) -> None:
    """Puts a database that was rebuilt in the place of the damaged one; does nothing if there is none."""
    if folder.rebuilt.exists():
        for suffix in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.unlink(f"{folder.database}{suffix}")
        folder.sync()
        os.replace(folder.rebuilt, folder.database)
        folder.sync()


def _image(folder: SpoolFolder) -> Pages:
    """Every page as it was last written, as far as that is whole."""
    data = folder.database.read_bytes()
    pages = {
        at // PAGE_BYTES + 1: data[at : at + PAGE_BYTES]
        for at in range(0, len(data) - PAGE_BYTES + 1, PAGE_BYTES)
    }
    log = Path(f"{folder.database}-wal")
    if log.exists():
        pages.update({frame.number: frame.page for frame in frames(log.read_bytes()) if frame.is_whole})
    return pages


def rescued(pages: Pages) -> Rescued:
    """All rows on these pages whose checksum is right, and of the small tables those that can be rows."""
    found = Rescued()
    free = free_pages(pages)
    for number in pages.keys() - free:
        for row_id, values in table_rows(pages, number):
            _add_row(found, row_id, values)
        for values in key_rows(pages, number):
            _add_keyed(found, values)
    known = {entry for _, entry in found.items}
    for number, entry in found.entries.items():
        if number not in known:  # the page with its items is damaged
            _add_items(found, number, entry)
    return found


def _add_row(found: Rescued, row_id: int, values: list[Any]) -> None:
    kinds = tuple(map(type, values))
    if kinds == (type(None), int, int, bytes, int, bytes):
        _, spans, _, destinations, check, data = values
        if entry_check(row_id, spans, destinations, data) == check:
            found.entries[row_id] = (row_id, *values[1:])
            found.sequence = max(found.sequence, row_id)
    elif kinds[:3] == (type(None), str, int) and len(kinds) == 4:
        found.destinations[row_id] = (row_id, *values[1:])
    elif kinds == (str, int) and values[0] == "entry":
        found.sequence = max(found.sequence, values[1])


def _add_keyed(found: Rescued, values: list[Any]) -> None:
    kinds = tuple(map(type, values))
    if kinds[:6] == (int,) * 6 and len(values) == 9:
        destination, state, entry, spans, size, check, *reason = values
        if item_check(destination, entry, spans, size) == check:
            known = state if state in (WAITING, QUARANTINED) else WAITING
            found.items[destination, entry] = (destination, known, entry, spans, size, check, *reason)
    elif kinds == (int, str, int) and values[2] >= 0:
        found.counts[values[0], values[1]] = values[2]


def _add_items(found: Rescued, number: int, entry: tuple[Any, ...]) -> None:
    spans, size = entry[1], len(entry[5])
    for destination in unpacked(entry[3]):
        check = item_check(destination, number, spans, size)
        found.items[destination, number] = (
            destination,
            WAITING,
            number,
            spans,
            size,
            check,
            None,
            None,
            None,
        )


def _insert(sql: sqlite3.Connection, found: Rescued) -> None:
    items = [item for (_, entry), item in sorted(found.items.items()) if entry in found.entries]
    sql.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
        [found.entries[number] for number in sorted(found.entries)],
    )
    sql.executemany("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", items)
    sql.executemany("INSERT INTO destination VALUES (?, ?, ?, ?)", found.destinations.values())
    sql.execute("DELETE FROM sqlite_sequence")
    sql.execute("INSERT INTO sqlite_sequence VALUES ('entry', ?)", (found.sequence,))
    held: dict[int, int] = {}
    for destination, _, _, spans, *_ in items:
        held[destination] = held.get(destination, 0) + spans
    counts = _settled(found.counts, held)
    sql.executemany("INSERT INTO count VALUES (?, ?, ?)", ((*key, value) for key, value in counts.items()))


def _settled(counts: Mapping[tuple[int, str], int], held: Mapping[int, int]) -> dict[tuple[int, str], int]:
    """The counts, with what is neither held nor settled counted as lost."""
    result = dict(counts)
    for destination in {key for key, _ in counts} | held.keys():
        known = held.get(destination, 0) + sum(
            value for (key, name), value in counts.items() if key == destination and name != RECORDED
        )
        lost = max(counts.get((destination, RECORDED), 0) - known, 0)
        if lost:
            result[destination, _DAMAGED] = result.get((destination, _DAMAGED), 0) + lost
        result[destination, RECORDED] = known + lost
    return result
