# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's side: what happened in one LLM request, and which spans tell of it."""

from .generation import Attempt, Failure, Generation, Skipped, Timing, TraceOptions, Usage
from .policy import Policy
from .read import read_record
from .records import Line, read_lines
from .spans import Hierarchy, connection_test, resource_spans, sample_trace, step
from .table import SpanSummary, sample_query, service_name, summary
from .totals import Totals, totals
from .truncate import Truncation

__all__ = [
    "Attempt",
    "Failure",
    "Generation",
    "Hierarchy",
    "Line",
    "Policy",
    "Skipped",
    "SpanSummary",
    "Timing",
    "Totals",
    "TraceOptions",
    "Truncation",
    "Usage",
    "connection_test",
    "read_lines",
    "read_record",
    "resource_spans",
    "sample_query",
    "sample_trace",
    "service_name",
    "step",
    "summary",
    "totals",
]
