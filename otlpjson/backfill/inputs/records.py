# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records in a table: one column per member, of which some hold JSON as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .row import known, parsed, whole

__all__ = ["COLUMNS", "record_of"]

COLUMNS: Final = frozenset({"request"})
"""The columns by which records are recognised."""

_TIMES: Final = ("started_at", "ended_at")


def record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a row; the row itself, if its request is no text."""
    if not isinstance(row.get("request"), str):
        return dict(row)
    record = known({name: parsed(value) for name, value in row.items()})
    # CSV has no numbers; a time that is a number is in nanoseconds.
    times = {name: whole(record[name]) for name in _TIMES if isinstance(record.get(name), str)}
    return {**record, **known(times)}
