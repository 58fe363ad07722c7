# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The tables of the viewer's database.

``spans`` has a row for each span with what lists and sums need, ``contents`` its long texts, and
``search`` an index of its words. ``traces`` is computed from ``spans`` after each write, so that a
list of traces does not read all spans.
"""

from __future__ import annotations

from typing import Final

from ...openrouter.spans.facts import FACTS

__all__ = ["APPLICATION_ID", "COLUMNS", "CREATE", "VERSION"]

APPLICATION_ID: Final = 0x6F746C70
"""Marks a file as this program's: ``otlp`` in ASCII."""
VERSION: Final = 1
"""Of the tables; a file with another one is not opened."""

_TYPES: Final = (("text", "TEXT"), ("int", "INTEGER"), ("float", "REAL"))
# Contents are not in the rows.
_FACTS: Final = tuple((name, kind) for name, kind, _ in FACTS if name not in ("prompt", "completion"))

COLUMNS: Final = (
    ("trace_id", "TEXT NOT NULL"),
    ("span_id", "TEXT NOT NULL"),
    ("parent_span_id", "TEXT"),
    ("name", "TEXT NOT NULL"),
    ("service", "TEXT"),
    ("start_ns", "INTEGER NOT NULL"),
    ("end_ns", "INTEGER NOT NULL"),
    ("status", "INTEGER NOT NULL"),
    ("message", "TEXT NOT NULL"),
    ("has_content", "INTEGER NOT NULL"),
    ("generation", "TEXT"),
    ("digest", "BLOB NOT NULL"),
    ("joined", "INTEGER NOT NULL"),
    ("first_token_at_ms", "REAL"),
    *((name, dict(_TYPES)[kind]) for name, kind in _FACTS),
)
"""The columns of ``spans`` that a span gives, with their types."""

CREATE: Final = (
    f"""
    CREATE TABLE spans (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        {", ".join(f"{name} {kind}" for name, kind in COLUMNS)},
        counted INTEGER NOT NULL
    )
    """,
    # The same span again, byte for byte, is no second one.
    "CREATE UNIQUE INDEX spans_once ON spans (trace_id, span_id, digest)",
    "CREATE INDEX spans_generation ON spans (trace_id, generation) WHERE generation IS NOT NULL",
    # All that sums by model and by user need, without a look at the rows.
    """
    CREATE INDEX spans_counted ON spans (
        trace_id, response_model, request_model, user_id, total_cost, input_tokens, output_tokens
    ) WHERE counted
    """,
    "CREATE INDEX spans_model ON spans (response_model, trace_id) WHERE response_model IS NOT NULL",
    "CREATE INDEX spans_request_model ON spans (request_model, trace_id) WHERE request_model IS NOT NULL",
    "CREATE INDEX spans_user ON spans (user_id, trace_id) WHERE user_id IS NOT NULL",
    """
    CREATE TABLE contents (
        span INTEGER PRIMARY KEY, entry BLOB NOT NULL, preview BLOB, words BLOB NOT NULL
    )
    """,
    """
    CREATE TABLE metadata (
        span INTEGER NOT NULL, trace_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL
    )
    """,
    "CREATE INDEX metadata_value ON metadata (key, value, trace_id)",
    "CREATE INDEX metadata_span ON metadata (span)",
    "CREATE VIRTUAL TABLE search USING fts5(words, content='', tokenize='unicode61 remove_diacritics 2')",
    # Words are forgotten by notes in the index; merging two parts of it, where usually four are waited for,
    # removes them soon.
    "INSERT INTO search (search, rank) VALUES ('usermerge', 2)",
    """
    CREATE TABLE traces (
        trace_id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        service TEXT,
        session_id TEXT,
        user_id TEXT,
        models TEXT,
        start_ns INTEGER NOT NULL,
        duration_ns INTEGER NOT NULL,
        spans INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        message TEXT,
        generations INTEGER NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        tokens INTEGER,
        cost REAL,
        first_token_ms REAL,
        received_ns INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX traces_start ON traces (start_ns, trace_id)",
    "CREATE INDEX traces_session ON traces (session_id) WHERE session_id IS NOT NULL",
    "CREATE INDEX traces_received ON traces (received_ns)",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {VERSION}",
)
