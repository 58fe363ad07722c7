# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""From the record of an LLM request to the spans that OpenRouter's Broadcast sends for it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..core.first_use import on_first_use
from .entries import entries_of_generation
from .form import Form, Hierarchy, Integers
from .generation import Attempt, Failure, Generation, Timing, TraceOptions, Usage
from .policy import Policy
from .read import read_record
from .spans.spans import resource_spans, span_count
from .spans.step import Step, step_spans
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

# What maps requests needs none of these.
_ON_FIRST_USE: Final = MappingProxyType(
    {
        "Line": ".records",
        "SpanSummary": ".spans.summary",
        "Totals": ".spans.summary",
        "connection_test": ".spans.sample",
        "read_lines": ".records",
        "sample_query": ".spans.sample",
        "sample_trace": ".spans.sample",
        "service_name": ".spans.summary",
        "summary": ".spans.summary",
        "totals": ".spans.summary",
    }
)

if TYPE_CHECKING:
    from .records import Line as Line
    from .records import read_lines as read_lines
    from .spans.sample import connection_test as connection_test
    from .spans.sample import sample_query as sample_query
    from .spans.sample import sample_trace as sample_trace
    from .spans.summary import SpanSummary as SpanSummary
    from .spans.summary import Totals as Totals
    from .spans.summary import service_name as service_name
    from .spans.summary import summary as summary
    from .spans.summary import totals as totals
else:
    # Hidden from type checkers, which would take any name to exist.
    __getattr__, __dir__ = on_first_use(globals(), _ON_FIRST_USE)
