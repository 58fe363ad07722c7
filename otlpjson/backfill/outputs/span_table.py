# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Parquet with one row per span, for DuckDB, ClickHouse and data frames."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any, BinaryIO, Final

from ...core.attributes import Attributes
from ...core.bodies import Body, fill
from ...core.decoder import decode
from ...core.entry import Entry
from ...core.integers import INT64
from ...core.model import Event, Resource, Span, SpanKind, StatusCode
from ...openrouter.spans.facts import FACTS, facts
from ...openrouter.spans.summary import service_name
from ..optional import optional

__all__ = ["COLUMNS", "require", "rows_of_body", "write"]

# Rows that are written at a time; a reader has to hold as many.
_GROUP_BYTES: Final = 64 * 1024 * 1024

COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("trace_id", "text"),
    ("span_id", "text"),
    ("parent_span_id", "text"),
    ("name", "text"),
    ("kind", "text"),
    ("start_time", "time"),
    ("end_time", "time"),
    ("duration_ns", "int"),
    ("status", "text"),
    ("status_message", "text"),
    ("service_name", "text"),
    *((name, kind) for name, kind, _ in FACTS),
    ("attributes", "text"),
    ("events", "text"),
    ("resource_attributes", "text"),
)
"""
The columns with their types: ``text``, ``int`` (64 bits), ``float``, and ``time`` (UTC, in nanoseconds).

The last three are JSON. What a span does not have is null.
"""


def require() -> None:
    """
    Checks that Parquet can be written.

    Raises:
        ConfigError: The package ``pyarrow`` is not installed.
    """
    optional("pyarrow", "parquet")


def rows_of_body(body: Body) -> Iterator[dict[str, Any]]:
    """One row for each span of a body, in order."""
    for group in decode(body.data).resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                yield _row(span, group.resource)


def write(entries: Iterable[Entry], file: BinaryIO) -> None:
    """Writes a table, compressed with Zstandard."""
    pyarrow, parquet = optional("pyarrow", "parquet"), optional("pyarrow.parquet", "parquet")
    kinds = {
        "text": pyarrow.string(),
        "int": pyarrow.int64(),
        "float": pyarrow.float64(),
        "time": pyarrow.timestamp("ns", tz="UTC"),
    }
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        size = 0
        for body in fill(entries):
            rows += rows_of_body(body)
            size += len(body.data)
            if size >= _GROUP_BYTES:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema))
                rows, size = [], 0
        if rows:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))


def _row(span: Span, resource: Resource) -> dict[str, Any]:
    service = service_name(resource)
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_span_id": span.parent_span_id or None,
        "name": span.name,
        "kind": _word(SpanKind, span.kind),
        "start_time": _time(span.start_ns),
        "end_time": _time(span.end_ns),
        "duration_ns": _int64(span.end_ns - span.start_ns) if span.start_ns and span.end_ns else None,
        "status": _word(StatusCode, span.status.code),
        "status_message": span.status.message or None,
        "service_name": service if isinstance(service, str) else None,
        **facts(span),
        "attributes": _json(span.attributes),
        "events": json.dumps([_event(event) for event in span.events]) if span.events else None,
        "resource_attributes": _json(resource.attributes),
    }


def _word(words: type[IntEnum], number: int) -> str:
    """The name of a number, or one that OTLP does not define as it is."""
    return words(number).name.lower() if number in words._value2member_map_ else str(number)


def _time(moment_ns: int) -> int | None:
    # OTLP's times reach the year 2554, those of Parquet 2262; and 0 means that there is none.
    return _int64(moment_ns) if moment_ns else None


def _int64(number: int) -> int | None:
    return number if number <= INT64.high else None


def _event(event: Event) -> dict[str, Any]:
    return {"name": event.name, "time_ns": event.time_ns, "attributes": _plain(event.attributes)}


def _json(attributes: Attributes) -> str:
    return json.dumps(_plain(attributes))


def _plain(value: Any) -> Any:
    if isinstance(value, Attributes):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value
