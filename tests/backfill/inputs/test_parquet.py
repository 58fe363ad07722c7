# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values of Parquet become those of JSON."""

from __future__ import annotations

import io
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from otlpjson.backfill.inputs.opened import rows_in
from otlpjson.backfill.inputs.parquet import row_groups
from otlpjson.core.errors import ConfigError, InvalidDocument

from ... import FIXTURES
from .test_formats import converted


def file_of(rows: list[dict[str, Any]]) -> io.BytesIO:
    """A file with these rows."""
    file = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    file.seek(0)
    return file


def test_values_are_those_of_json() -> None:
    """A null is absent; a time without a zone is in UTC."""
    zone = timezone(timedelta(hours=2))
    rows: list[dict[str, Any]] = [
        {
            "text": "a",
            "none": None,
            "inside": {"a": 1, "b": None},
            "list": [{"c": None, "d": 2.5}],
            "time": datetime(2026, 2, 13, 18, 0, 0, 123000),
            "bytes": b"x\xff",
        },
        {"text": "b", "none": 1, "inside": {"a": None, "b": 2}, "list": None, "time": None, "bytes": None},
    ]
    found = [row for _, row in rows_in(file_of(rows))]

    assert found == [
        {
            "text": "a",
            "inside": {"a": 1},
            "list": [{"d": 2.5}],
            "time": "2026-02-13T18:00:00.123000+00:00",
            "bytes": "x\ufffd",
        },
        {"text": "b", "none": 1, "inside": {"b": 2}},
    ]
    [(_, row)] = rows_in(
        file_of(
            [{"day": date(2026, 2, 13), "cost": Decimal("0.5"), "at": datetime(2026, 2, 13, tzinfo=zone)}]
        )
    )
    assert row == {"day": "2026-02-13", "cost": 0.5, "at": "2026-02-12T22:00:00+00:00"} or row == {
        "day": "2026-02-13",
        "cost": 0.5,
        "at": "2026-02-13T00:00:00+02:00",
    }


def test_a_table_of_another_program_is_recognised() -> None:
    """The columns are those that its CSV has."""
    from otlpjson.backfill.inputs.conversion import format_of_rows
    from otlpjson.backfill.inputs.rows import rows_of

    with (FIXTURES / "inputs" / "openrouter-activity.csv").open("rb") as file:
        rows = [row for _, row in rows_of(file) if not isinstance(row, InvalidDocument)]
    chosen = format_of_rows(rows_in(file_of([dict(row) for row in rows])))

    assert chosen is not None
    assert [chosen.record_of(row) for row in rows] == converted("openrouter-activity")


def test_damage_is_an_error_of_ours() -> None:
    """At the end of the file, and among the rows."""
    text = file_of([{"request": "x" * 100}] * 300).getvalue()
    with pytest.raises(InvalidDocument, match="expected Parquet, got a damaged file"):
        row_groups(io.BytesIO(text[:-8]))
    for broken in (text[:-8], text[:20] + b"\0" * 40 + text[60:]):
        [(number, error)] = rows_in(io.BytesIO(broken))

        assert number == 1
        assert str(error).startswith("file: expected Parquet, got a damaged file")


def test_a_pipe_is_copied() -> None:
    """Parquet is read from its end on."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def peek(self, size: int) -> bytes:
            return self.getvalue()[self.tell() : self.tell() + size]

    pipe = Pipe(file_of([{"a": 1}]).getvalue())

    assert list(rows_in(pipe)) == [(1, {"a": 1})]


def test_without_the_package_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not a module that cannot be found."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ConfigError, match="parquet: needs the package pyarrow"):
        list(rows_in(io.BytesIO(b"PAR1")))
