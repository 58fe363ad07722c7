# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is written to the tables, inside of a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Final

from .packing import packed, unpacked
from .schema import COLUMNS
from .span_row import SpanRow
from .trace_row import REFRESH

__all__ = ["delete_traces", "insert", "refresh"]

_NAMES: Final = tuple(name for name, _ in COLUMNS)
# Of two spans of the same generation, the first one counts.
_INSERT_SPAN: Final = f"""
    INSERT OR IGNORE INTO spans ({", ".join(_NAMES)}, counted) VALUES (
        {", ".join(f":{name}" for name in _NAMES)},
        :generation IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM spans WHERE trace_id = :trace_id AND generation = :generation
        )
    )
"""
_WORDS: Final = "SELECT id, words FROM spans JOIN contents ON span = id WHERE trace_id = ?"
_FORGET: Final = "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)"
# Some two megabytes of the index are written anew.
_MERGE: Final = "INSERT INTO search (search, rank) VALUES ('merge', 500)"


def insert(connection: Connection, row: SpanRow) -> None:
    """Writes a span, unless it is there already."""
    inserted = connection.execute(_INSERT_SPAN, row.values)
    if not inserted.rowcount:
        return
    number = inserted.lastrowid
    words = packed(row.words.encode())
    connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?)", (number, row.entry, row.preview, words))
    connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (number, row.words))
    connection.executemany(
        "INSERT INTO metadata VALUES (?, ?, ?, ?)",
        [(number, row.values["trace_id"], key, value) for key, value in row.metadata.items()],
    )


def refresh(connection: Connection, trace_ids: Iterable[str], now_ns: int) -> None:
    """Computes the rows of traces anew, after their spans were written."""
    connection.executemany(REFRESH, [{"trace_id": trace_id, "now_ns": now_ns} for trace_id in trace_ids])


def delete_traces(connection: Connection, trace_ids: Sequence[str]) -> None:
    """Deletes traces with everything that belongs to them."""
    for trace_id in trace_ids:
        _delete_trace(connection, trace_id)
    if trace_ids:
        connection.execute(_MERGE)


def _delete_trace(connection: Connection, trace_id: str) -> None:
    contents = connection.execute(_WORDS, (trace_id,)).fetchall()
    for number, words in contents:
        # An index without contents has to be given the words that it should forget.
        connection.execute(_FORGET, (number, unpacked(words).decode()))
        connection.execute("DELETE FROM contents WHERE span = ?", (number,))
        connection.execute("DELETE FROM metadata WHERE span = ?", (number,))
    connection.execute("DELETE FROM spans WHERE trace_id = ?", (trace_id,))
    connection.execute("DELETE FROM traces WHERE trace_id = ?", (trace_id,))
