# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's side: what happened in one LLM request, and which spans tell of it."""

from .generation import Failure, Generation, Skipped, TraceOptions, Usage
from .read import read_record
from .records import Line, read_lines
from .spans import SpanSummary, connection_test, resource_spans, summary

__all__ = [
    "Failure",
    "Generation",
    "Line",
    "Skipped",
    "SpanSummary",
    "TraceOptions",
    "Usage",
    "connection_test",
    "read_lines",
    "read_record",
    "resource_spans",
    "summary",
]
