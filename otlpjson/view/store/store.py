# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The viewer's store: what is written to it, and its bounds."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from sqlite3 import Connection
from threading import Lock
from types import TracebackType
from typing import Callable, Final

import attrs

from ...core.model import TracesData
from .database import Database
from .schema import COLUMNS
from .span_row import SpanRow, placed_spans, span_row
from .trace_row import REFRESH

__all__ = ["Bounds", "Store"]

_NAMES: Final = tuple(name for name, _ in COLUMNS)
_INSERT_SPAN: Final = (
    f"INSERT OR IGNORE INTO spans ({', '.join(_NAMES)}) VALUES ({', '.join('?' * len(_NAMES))})"
)
_WORDS: Final = "SELECT id, words FROM spans JOIN contents ON span = id WHERE trace_id = ?"
_FORGET: Final = "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)"
_NS_PER_S: Final = 10**9
# Spans between two looks at the bounds.
_LOOK_AFTER: Final = 200
# Below this share of the largest size nothing more is deleted.
_ENOUGH: Final = 0.9
_BATCH: Final = 50
"""Traces that are deleted in one transaction, so that others can write between."""


@attrs.frozen(kw_only=True)
class Bounds:
    """
    How much a store keeps; the traces that came first are deleted first.

    Attributes:
        max_bytes: Of the file.

        max_age_s: Since a trace got its last span.
    """

    max_bytes: int = 4 * 10**9
    max_age_s: float = 30 * 86_400.0


DEFAULT_BOUNDS: Final = Bounds()
"""Four gigabytes, thirty days."""


class Store:
    """
    The spans that a viewer shows. It is a context manager, and may be used from several threads.

    Args:
        path: The file; ``None``: in memory.

        bounds: How much it keeps. Default: 4 GB, 30 days.

        now_ns: Gives nanoseconds since 1970.

    Raises:
        ConfigError: The file cannot be used.
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        bounds: Bounds = DEFAULT_BOUNDS,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self.database = Database(path)
        self.bounds = bounds
        self._now_ns = now_ns
        self._lock = Lock()
        self._unseen = _LOOK_AFTER

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def add(self, traces: TracesData) -> tuple[str, ...]:
        """
        Keeps all spans of a body; returns the ids of its traces.

        A span that is there already, byte for byte, is not kept again.

        Raises:
            sqlite3.Error: It cannot be written.
        """
        rows = [span_row(placed) for placed in placed_spans(traces)]
        trace_ids = tuple(dict.fromkeys(str(row.values["trace_id"]) for row in rows))
        with self.database.writing() as connection:
            for row in rows:
                _insert(connection, row)
            _refresh(connection, trace_ids, self._now_ns())
        self._look(len(rows))
        return trace_ids

    def delete(self, trace_id: str) -> None:
        """Forgets a trace."""
        with self.database.writing() as connection:
            _delete_trace(connection, trace_id)

    def keep_within_bounds(self) -> int:
        """Deletes what is too old or too much; returns how many traces."""
        oldest_ns = self._now_ns() - round(self.bounds.max_age_s * _NS_PER_S)
        deleted = 0
        while aged := self._delete("WHERE received_ns < ?", oldest_ns):
            deleted += aged
        if self.database.size > self.bounds.max_bytes:
            while self.database.size > self.bounds.max_bytes * _ENOUGH:
                cut = self._delete("WHERE received_ns <= ?", self._now_ns())
                deleted += cut
                if not cut:
                    break
        return deleted

    def _look(self, count: int) -> None:
        with self._lock:
            self._unseen += count
            due = self._unseen >= _LOOK_AFTER
            if due:
                self._unseen = 0
        if due:
            self.keep_within_bounds()

    def _delete(self, where: str, value: int) -> int:
        with self.database.writing() as connection:
            sql = f"SELECT trace_id FROM traces {where} ORDER BY received_ns LIMIT {_BATCH}"
            trace_ids = [trace_id for (trace_id,) in connection.execute(sql, (value,))]
            for trace_id in trace_ids:
                _delete_trace(connection, trace_id)
        return len(trace_ids)


def _insert(connection: Connection, row: SpanRow) -> None:
    inserted = connection.execute(_INSERT_SPAN, [row.values[name] for name in _NAMES])
    if not inserted.rowcount:
        return
    number = inserted.lastrowid
    words = zlib.compress(row.words.encode(), 1)
    connection.execute("INSERT INTO contents VALUES (?, ?, ?, ?)", (number, row.entry, row.preview, words))
    connection.execute("INSERT INTO search (rowid, words) VALUES (?, ?)", (number, row.words))
    connection.executemany(
        "INSERT INTO metadata VALUES (?, ?, ?, ?)",
        [(number, row.values["trace_id"], key, value) for key, value in row.metadata.items()],
    )


def _refresh(connection: Connection, trace_ids: Iterable[str], now_ns: int) -> None:
    for trace_id in trace_ids:
        for statement in REFRESH:
            connection.execute(statement, {"trace_id": trace_id, "now_ns": now_ns})


def _delete_trace(connection: Connection, trace_id: str) -> None:
    contents = connection.execute(_WORDS, (trace_id,)).fetchall()
    for number, words in contents:
        # An index without contents has to be given the words that it should forget.
        text = zlib.decompress(words).decode()
        connection.execute(
            "INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)", (number, text)
        )
        connection.execute("DELETE FROM contents WHERE span = ?", (number,))
        connection.execute("DELETE FROM metadata WHERE span = ?", (number,))
    connection.execute("DELETE FROM spans WHERE trace_id = ?", (trace_id,))
    connection.execute("DELETE FROM traces WHERE trace_id = ?", (trace_id,))
