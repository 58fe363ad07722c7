# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Conditions as a clause of SQL, with its values apart from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import attrs

from .conditions import Condition
from .span_row import searchable

__all__ = ["Selection", "selection_of"]

_PIECE: Final = re.compile(r'"([^"]*)"|(\S+)')
_WORD: Final = re.compile(r"\w")


@attrs.frozen
class Selection:
    """
    A clause about ``traces``.

    Attributes:
        sql: What stands behind ``WHERE``.

        values: Of its parameters.
    """

    sql: str
    values: tuple[Any, ...]


def selection_of(conditions: Sequence[Condition]) -> Selection:
    """The clause that holds where all conditions hold."""
    clauses = [_clause(condition) for condition in conditions]
    return Selection(
        " AND ".join(f"({one.sql})" for one in clauses) or "1",
        tuple(v for one in clauses for v in one.values),
    )


def _clause(condition: Condition) -> Selection:
    if condition.field.of_trace:
        (column,) = condition.field.columns
        return Selection(f"traces.{column} {condition.operator} ?", (condition.value,))
    negated = "NOT " if condition.operator.startswith("!") else ""
    found = _of_spans(condition)
    return Selection(f"traces.trace_id {negated}IN ({found.sql})", found.values)


def _of_spans(condition: Condition) -> Selection:
    """The trace ids of the spans that a condition holds for, whether negated or not."""
    if not condition.field.columns:
        query = _match(str(condition.value))
        if query is None:
            return Selection("SELECT trace_id FROM traces", ())
        sql = "SELECT spans.trace_id FROM search JOIN spans ON spans.id = search.rowid WHERE search MATCH ?"
        return Selection(sql, (query,))
    contains = "~" in condition.operator
    value = str(condition.value).casefold() if contains else condition.value
    # One query for each column, so that each can use its index.
    if condition.key:
        return Selection(
            f"SELECT trace_id FROM metadata WHERE key = ? AND {_compared('value', contains)}",
            (condition.key, value),
        )
    columns = condition.field.columns
    parts = [f"SELECT trace_id FROM spans WHERE {_compared(column, contains)}" for column in columns]
    return Selection(" UNION ".join(parts), (value,) * len(columns))


def _compared(column: str, contains: bool) -> str:
    return f"instr(casefold({column}), ?) > 0" if contains else f"{column} = ?"


def _match(text: str) -> str | None:
    """
    What the search is asked for: each word, or the beginning of one, and each phrase in quotes.

    ``None`` if there is no word in it.
    """
    pieces = []
    for found in _PIECE.finditer(text):
        words = searchable(found[1] if found[1] is not None else found[2]).replace('"', " ")
        if _WORD.search(words):
            pieces.append(f'"{words.strip()}"' + ("" if found[1] is not None else "*"))
    return " ".join(pieces) or None
