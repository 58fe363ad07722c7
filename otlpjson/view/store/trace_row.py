# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The row of a trace, made anew from those of its spans."""

from __future__ import annotations

from typing import Final

__all__ = ["REFRESH"]

# total() never overflows, and gives a double; a trace without any value has none.
REFRESH: Final = """
INSERT OR REPLACE INTO traces
SELECT
    :trace_id,
    (SELECT name FROM spans WHERE trace_id = :trace_id
     ORDER BY parent_span_id IS NOT NULL, start_ns = 0, start_ns, id LIMIT 1),
    max(service),
    max(session_id),
    max(user_id),
    (SELECT group_concat(model, char(10)) FROM (
        SELECT coalesce(response_model, request_model) AS model FROM spans
        WHERE trace_id = :trace_id AND coalesce(response_model, request_model) IS NOT NULL
        GROUP BY model ORDER BY min(id))),
    coalesce(min(nullif(start_ns, 0)), 0),
    max(coalesce(max(nullif(max(start_ns, end_ns), 0)) - min(nullif(start_ns, 0)), 0), 0),
    count(*),
    total(status = 2),
    (SELECT message FROM spans WHERE trace_id = :trace_id AND status = 2 AND message != ''
     ORDER BY parent_span_id IS NULL, start_ns, id LIMIT 1),
    total(counted),
    CASE WHEN count(input_tokens) THEN CAST(total(input_tokens * counted) AS INTEGER) END,
    CASE WHEN count(output_tokens) THEN CAST(total(output_tokens * counted) AS INTEGER) END,
    CASE WHEN count(coalesce(total_tokens, input_tokens, output_tokens)) THEN CAST(total(counted *
        coalesce(total_tokens, ifnull(input_tokens, 0.0) + ifnull(output_tokens, 0.0))) AS INTEGER) END,
    CASE WHEN count(total_cost) THEN total(total_cost * counted) END,
    min(time_to_first_token_ms),
    :now_ns
FROM spans WHERE trace_id = :trace_id
"""
"""Run for a trace after each write, with ``trace_id`` and ``now_ns``."""
