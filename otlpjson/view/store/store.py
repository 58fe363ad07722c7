# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The viewer's store: what is written to it, and its bounds."""

from __future__ import annotations

import math
import time
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Callable, Final

import attrs

from ...core.model import TracesData
from .database import Database
from .span_row import placed_spans, span_row
from .writing import delete_traces, insert, refresh

__all__ = ["Bounds", "Store"]

_NS_PER_S: Final = 10**9
# Spans between two looks at the bounds.
_LOOK_AFTER: Final = 200
# Traces that are deleted in one transaction, so that others can write between, and at one look.
_BATCH: Final = 50
_DELETED_AT_ONCE: Final = 300
_OLDEST: Final = "SELECT trace_id FROM traces WHERE received_ns < ? ORDER BY received_ns LIMIT ?"


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
        self._unseen = 0
        self.keep_within_bounds()

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
                insert(connection, row)
            refresh(connection, trace_ids, self._now_ns())
        self._look(len(rows))
        return trace_ids

    def delete(self, trace_id: str) -> None:
        """Forgets a trace."""
        with self.database.writing() as connection:
            delete_traces(connection, [trace_id])

    def keep_within_bounds(self, at_most: float = math.inf) -> int:
        """Deletes what is too old or too much, at most so many traces; returns how many."""
        now_ns = self._now_ns()
        oldest_ns = now_ns - round(self.bounds.max_age_s * _NS_PER_S)
        deleted = 0
        while deleted < at_most:
            # The first ones are the oldest; above the size each of them goes.
            is_large = self.database.size > self.bounds.max_bytes
            cut = self._delete(now_ns + 1 if is_large else oldest_ns)
            if not cut:
                break
            deleted += cut
        return deleted

    def _look(self, count: int) -> None:
        with self._lock:
            self._unseen += count
            due = self._unseen >= _LOOK_AFTER
            if due:
                self._unseen = 0
        if due:
            # A few more than came, so that a sender does not wait for all that is too much.
            self.keep_within_bounds(_DELETED_AT_ONCE)

    def _delete(self, before_ns: int) -> int:
        """Deletes the oldest of the traces that came before a time, as many as one transaction should."""
        with self.database.writing() as connection:
            trace_ids = [trace_id for (trace_id,) in connection.execute(_OLDEST, (before_ns, _BATCH))]
            delete_traces(connection, trace_ids)
        return len(trace_ids)
