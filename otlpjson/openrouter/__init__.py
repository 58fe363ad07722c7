# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""From the record of an LLM request to the spans that OpenRouter's Broadcast sends for it."""

from .entries import entries_of_generation
from .form import Form, Hierarchy, Integers
from .generation import Attempt, Failure, Generation, Timing, TraceOptions, Usage
from .policy import Policy
from .read import read_record
from .records import Line, read_lines
from .spans.sample import connection_test, sample_query, sample_trace
from .spans.spans import resource_spans, span_count
from .spans.step import Step, step_spans
from .spans.summary import SpanSummary, Totals, service_name, summary, totals
from .spans.truncate import Truncation

__all__ = [
    "Attempt",
    "Failure",
    "Form",
    "Generation",
    "Hierarchy",
    "Integers",
    "Line",
    "Policy",
    "SpanSummary",
    "Step",
    "Timing",
    "Totals",
    "TraceOptions",
    "Truncation",
    "Usage",
    "connection_test",
    "entries_of_generation",
    "read_lines",
    "read_record",
    "resource_spans",
    "sample_query",
    "sample_trace",
    "service_name",
    "span_count",
    "step_spans",
    "summary",
    "totals",
]
