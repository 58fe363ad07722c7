# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenRouter's side: what happened in one LLM request, and which spans tell of it."""

from .generation import Failure, Generation, Skipped, TraceOptions, Usage
from .read import read_record
from .records import Line, read_lines
from .spans import connection_test, resource_spans

__all__ = [
    "Failure",
    "Generation",
    "Line",
    "Skipped",
    "TraceOptions",
    "Usage",
    "connection_test",
    "read_lines",
    "read_record",
    "resource_spans",
]
