# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the page asks the store: lists, sums, a trace, a span. Answers are plain values of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

import attrs

from ...core.model import Resource
from ...core.traces import Trace
from ...inspect.waterfall import rows_of
from ..preview import preview_of, text_at
from .answers import outline, row_answer, trace_answer, whole_numbers
from .conditions import FIELDS, Condition
from .database import Database
from .entries import body_of, span_of
from .packing import unpacked
from .selection import selection_of

__all__ = ["Questions"]

_ORDERS: Final = MappingProxyType(
    {
        "newest": "start_ns DESC, trace_id DESC",
        "oldest": "start_ns, trace_id",
        "slowest": "duration_ns DESC, trace_id",
        "costliest": "cost DESC, trace_id",
    }
)
_MAX_GROUPS: Final = 20
_GROUPED: Final = (("by_model", "coalesce(response_model, request_model)"), ("by_user", "user_id"))
_MAX_VALUES: Final = 200
_STEPS: Final = 48
_NS_PER_MS: Final = 10**6
_SUMS: Final = """
    count(*) AS traces, total(spans) AS spans, total(generations) AS generations,
    total(errors > 0) AS failed, total(cost) AS cost, total(input_tokens) AS input_tokens,
    total(output_tokens) AS output_tokens, coalesce(min(nullif(start_ns, 0)), 0) AS first_ns,
    coalesce(max(start_ns), 0) AS last_ns
"""
# With a column and, where there are conditions, a clause about traces.
_GROUPS: Final = """
    SELECT {column} AS name, count(*) AS requests, total(total_cost) AS cost,
        total(input_tokens) + total(output_tokens) AS tokens
    FROM spans WHERE counted {of_traces}
    GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1 LIMIT ?
"""
_OVER_TIME: Final = """
    SELECT (start_ns - ?) / ? AS step, count(*) AS traces, total(errors > 0) AS failed, total(cost) AS cost
    FROM traces WHERE start_ns > 0 AND {clause} GROUP BY 1 ORDER BY 1
"""


@attrs.frozen
class Questions:
    """
    The questions to a store.

    Attributes:
        database: Where the answers are.
    """

    database: Database

    def traces(
        self, conditions: Sequence[Condition], *, order: str = "newest", offset: int = 0, limit: int = 100
    ) -> dict[str, Any]:
        """The number of traces, and those from an offset on; an unknown order is ``newest``."""
        selection = selection_of(conditions)
        by = _ORDERS.get(order, _ORDERS["newest"])
        with self.database.reading() as connection:
            (total,) = connection.execute(
                f"SELECT count(*) FROM traces WHERE {selection.sql}", selection.values
            ).fetchone()
            found = connection.execute(
                f"SELECT * FROM traces WHERE {selection.sql} ORDER BY {by} LIMIT ? OFFSET ?",
                (*selection.values, limit, offset),
            ).fetchall()
        return {"total": total, "offset": offset, "traces": [trace_answer(record) for record in found]}

    def sums(self, conditions: Sequence[Condition]) -> dict[str, Any]:
        """Sums over the traces, by model, by user and over time."""
        selection = selection_of(conditions)
        of_traces = (
            f"AND trace_id IN (SELECT trace_id FROM traces WHERE {selection.sql})" if conditions else ""
        )
        with self.database.reading() as connection:
            whole = connection.execute(
                f"SELECT {_SUMS} FROM traces WHERE {selection.sql}", selection.values
            ).fetchone()
            groups = {
                name: connection.execute(
                    _GROUPS.format(column=column, of_traces=of_traces), (*selection.values, _MAX_GROUPS)
                ).fetchall()
                for name, column in _GROUPED
            }
            first_ns, last_ns = whole["first_ns"], whole["last_ns"]
            step_ns = max((last_ns - first_ns) // _STEPS + 1, _NS_PER_MS)
            steps = connection.execute(
                _OVER_TIME.format(clause=selection.sql), (first_ns, step_ns, *selection.values)
            ).fetchall()
        return {
            **whole_numbers(whole),
            "first_ns": str(first_ns),
            "last_ns": str(last_ns),
            **{name: [whole_numbers(group) for group in found] for name, found in groups.items()},
            "over_time": {"step_ns": str(step_ns), "steps": [whole_numbers(step) for step in steps]},
        }

    def sessions(
        self, conditions: Sequence[Condition], *, offset: int = 0, limit: int = 100
    ) -> dict[str, Any]:
        """The number of sessions with such traces, and those from an offset on, the newest first."""
        selection = selection_of(conditions)
        of_sessions = f"FROM traces WHERE session_id IS NOT NULL AND {selection.sql}"
        with self.database.reading() as connection:
            (total,) = connection.execute(
                f"SELECT count(DISTINCT session_id) {of_sessions}", selection.values
            ).fetchone()
            found = connection.execute(
                f"SELECT session_id, max(user_id) AS user_id, {_SUMS} {of_sessions}"
                " GROUP BY session_id ORDER BY last_ns DESC, session_id LIMIT ? OFFSET ?",
                (*selection.values, limit, offset),
            ).fetchall()
        sessions = [
            {**whole_numbers(one), "first_ns": str(one["first_ns"]), "last_ns": str(one["last_ns"])}
            for one in found
        ]
        return {"total": total, "offset": offset, "sessions": sessions}

    def values(self, field: str) -> list[str]:
        """The usual values of a field of text, or the keys of custom metadata."""
        if field == "metadata":
            queries = ["SELECT key, count(*) FROM metadata"]
        else:
            columns = FIELDS[field].columns if field in FIELDS and not FIELDS[field].of_trace else ()
            queries = [f"SELECT {name}, count(*) FROM spans WHERE {name} IS NOT NULL" for name in columns]
        counted: dict[str, int] = {}
        with self.database.reading() as connection:
            for query in queries:
                for value, count in connection.execute(
                    f"{query} GROUP BY 1 ORDER BY 2 DESC LIMIT {_MAX_VALUES}"
                ):
                    counted[str(value)] = counted.get(str(value), 0) + count
        return sorted(counted, key=lambda value: (-counted[value], value))

    def trace(self, trace_id: str) -> dict[str, Any] | None:
        """A trace with the rows of its waterfall; ``None`` if it is not there."""
        with self.database.reading() as connection:
            found = connection.execute("SELECT * FROM traces WHERE trace_id = ?", (trace_id,)).fetchone()
            records = connection.execute(
                "SELECT * FROM spans WHERE trace_id = ? ORDER BY id", (trace_id,)
            ).fetchall()
        if found is None:
            return None
        # Spans without attributes are enough for the tree, and equal ones stay apart by their place.
        spans = tuple(map(outline, records))
        numbers = {id(span): record for span, record in zip(spans, records)}
        trace = Trace(trace_id=trace_id, spans=spans, resources=(Resource(),) * len(spans))
        start_ns = (trace.times_ns or (0, 0))[0]
        rows = [row_answer(row, numbers[id(row.span)], start_ns) for row in rows_of(trace)]
        return {"trace": trace_answer(found), "rows": rows}

    def matching(self, trace_id: str, conditions: Sequence[Condition]) -> bool:
        """Whether all conditions hold for a trace."""
        selection = selection_of(conditions)
        with self.database.reading() as connection:
            found = connection.execute(
                f"SELECT 1 FROM traces WHERE trace_id = ? AND {selection.sql}", (trace_id, *selection.values)
            ).fetchone()
        return found is not None

    def preview(self, number: int) -> bytes | None:
        """What a page shows of a span first, as JSON text; ``None`` if it is not there."""
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT entry, preview FROM contents WHERE span = ?", (number,)
            ).fetchone()
        if found is None:
            return None
        if found["preview"] is not None:
            return unpacked(found["preview"])
        return preview_of(*span_of(found["entry"]))

    def text(self, number: int, place: str) -> str | None:
        """A whole text of a span; ``None`` if it is not there."""
        entry = self._entry(number)
        return None if entry is None else text_at(*span_of(entry), place)

    def span_body(self, number: int) -> bytes | None:
        """A span as an OTLP/JSON body; ``None`` if it is not there."""
        entry = self._entry(number)
        return None if entry is None else body_of([(False, entry)])

    def trace_body(self, trace_id: str) -> bytes | None:
        """A trace as an OTLP/JSON body, its groups as they came; ``None`` if it is not there."""
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT joined, entry FROM spans JOIN contents ON span = id WHERE trace_id = ? ORDER BY id",
                (trace_id,),
            ).fetchall()
        return body_of([(joined, entry) for joined, entry in found])

    def counts(self) -> dict[str, int]:
        """How many traces and spans there are, and how many bytes they take."""
        with self.database.reading() as connection:
            traces, spans = connection.execute("SELECT count(*), total(spans) FROM traces").fetchone()
        return {"traces": traces, "spans": int(spans), "bytes": self.database.size}

    def _entry(self, number: int) -> bytes | None:
        with self.database.reading() as connection:
            found = connection.execute("SELECT entry FROM contents WHERE span = ?", (number,)).fetchone()
        return None if found is None else found["entry"]
