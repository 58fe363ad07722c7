# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the page asks the store: lists, sums, a trace, a span. Answers are plain values of JSON."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from sqlite3 import Row as Record
from types import MappingProxyType
from typing import Any, Final

import attrs

from ...core.bodies import join
from ...core.decoder import decode
from ...core.encoder import encode
from ...core.entry import Entry
from ...core.model import Resource, ResourceSpans, Span, Status, TracesData
from ...core.traces import Trace
from ...inspect.waterfall import Row, rows_of
from ..preview import preview_of, text_at
from .conditions import FIELDS, Condition
from .database import Database
from .selection import selection_of

__all__ = ["Questions"]

_ORDERS: Final = MappingProxyType(
    {
        "newest": "start_ns DESC, trace_id",
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
# Of a span in a waterfall.
_ROW_FACTS: Final = (
    *("service", "message", "span_type", "provider_name", "finish_reason", "has_content"),
    *("input_tokens", "output_tokens", "total_cost", "time_to_first_token_ms", "generation_id"),
)
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
        return {"total": total, "offset": offset, "traces": [_trace(record) for record in found]}

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
            **_whole_numbers(whole),
            "first_ns": str(first_ns),
            "last_ns": str(last_ns),
            **{name: [_whole_numbers(group) for group in found] for name, found in groups.items()},
            "over_time": {"step_ns": str(step_ns), "steps": [_whole_numbers(step) for step in steps]},
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
            {**_whole_numbers(one), "first_ns": str(one["first_ns"]), "last_ns": str(one["last_ns"])}
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
        spans = tuple(map(_outline, records))
        numbers = {id(span): record for span, record in zip(spans, records)}
        trace = Trace(trace_id=trace_id, spans=spans, resources=(Resource(),) * len(spans))
        start_ns = (trace.times_ns or (0, 0))[0]
        rows = [_row(row, numbers[id(row.span)], start_ns) for row in rows_of(trace)]
        return {"trace": _trace(found), "rows": rows}

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
            return zlib.decompress(found["preview"])
        return preview_of(*_decoded(found["entry"]))

    def text(self, number: int, place: str) -> str | None:
        """A whole text of a span; ``None`` if it is not there."""
        found = self._entries("span = ?", number)
        return text_at(*_decoded(found[0]), place) if found else None

    def span_body(self, number: int) -> bytes | None:
        """A span as an OTLP/JSON body; ``None`` if it is not there."""
        return _body([(False, entry) for entry in self._entries("span = ?", number)])

    def trace_body(self, trace_id: str) -> bytes | None:
        """A trace as an OTLP/JSON body, its groups as they came; ``None`` if it is not there."""
        with self.database.reading() as connection:
            found = connection.execute(
                "SELECT joined, entry FROM spans JOIN contents ON span = id WHERE trace_id = ? ORDER BY id",
                (trace_id,),
            ).fetchall()
        return _body([(joined, entry) for joined, entry in found])

    def counts(self) -> dict[str, int]:
        """How many traces and spans there are, and how many bytes they take."""
        with self.database.reading() as connection:
            traces, spans = connection.execute("SELECT count(*), total(spans) FROM traces").fetchone()
        return {"traces": traces, "spans": int(spans), "bytes": self.database.size}

    def _entries(self, where: str, value: str | int) -> list[bytes]:
        with self.database.reading() as connection:
            found = connection.execute(f"SELECT entry FROM contents WHERE {where} ORDER BY span", (value,))
            return [entry for (entry,) in found]


def _body(entries: Sequence[tuple[bool, bytes]]) -> bytes | None:
    """A body of spans; one that is joined goes into the group of the one before."""
    groups: list[tuple[ResourceSpans, list[Span]]] = []
    for joined, entry in entries:
        (group,) = _group(entry)
        (span,) = group.scope_spans[0].spans
        # What came before it may have been deleted, or be there from another body.
        if joined and groups and _emptied(groups[-1][0]) == _emptied(group):
            groups[-1][1].append(span)
        else:
            groups.append((group, [span]))
    whole = tuple(_emptied(group, tuple(spans)) for group, spans in groups)
    return encode(TracesData(resource_spans=whole)) if whole else None


def _emptied(group: ResourceSpans, spans: tuple[Span, ...] = ()) -> ResourceSpans:
    """A group of one scope with these spans in the place of its own."""
    return attrs.evolve(group, scope_spans=(attrs.evolve(group.scope_spans[0], spans=spans),))


def _group(entry: bytes) -> tuple[ResourceSpans, ...]:
    return decode(join([Entry(data=zlib.decompress(entry), span_count=1)])).resource_spans


def _decoded(entry: bytes) -> tuple[Span, Resource]:
    (group,) = _group(entry)
    return group.scope_spans[0].spans[0], group.resource


def _outline(record: Record) -> Span:
    return Span(
        trace_id=record["trace_id"],
        span_id=record["span_id"],
        parent_span_id=record["parent_span_id"],
        name=record["name"],
        start_ns=record["start_ns"],
        end_ns=max(record["end_ns"], 0),
        status=Status(code=record["status"]),
    )


def _trace(record: Record) -> dict[str, Any]:
    """A trace in a list; times that JavaScript's numbers cannot hold are texts."""
    found = {name: record[name] for name in record.keys()}  # noqa: SIM118
    found["models"] = found["models"].split("\n") if found["models"] else []
    found["start_ns"] = str(found["start_ns"])
    del found["received_ns"]
    return found


def _row(row: Row, record: Record, start_ns: int) -> dict[str, Any]:
    """A row of the waterfall; times in milliseconds since the trace began."""
    span = row.span
    ended = span.end_ns != 0
    return {
        "id": record["id"],
        "span_id": span.span_id,
        "name": span.name,
        "depth": row.depth,
        "is_last": row.is_last,
        "has_children": row.has_children,
        "mark": row.mark.value if row.mark else None,
        "start_ms": (span.start_ns - start_ns) / _NS_PER_MS if span.start_ns else None,
        "duration_ms": (span.end_ns - span.start_ns) / _NS_PER_MS if span.start_ns and ended else None,
        "status": int(span.status.code),
        "model": record["response_model"] or record["request_model"],
        **{name: record[name] for name in _ROW_FACTS},
    }


def _whole_numbers(record: Record) -> dict[str, Any]:
    """A record whose sums of whole numbers are whole again: SQLite gives them as doubles."""
    found = {name: record[name] for name in record.keys()}  # noqa: SIM118
    return {
        name: int(value) if isinstance(value, float) and name != "cost" else value
        for name, value in found.items()
    }
