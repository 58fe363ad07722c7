# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Custom metadata read back from a span."""

from __future__ import annotations

from otlpjson.core.model import Span
from otlpjson.openrouter.spans.facts import metadata_of


def test_metadata_is_what_the_caller_gave() -> None:
    """Without OpenRouter's own, and with values of other types as JSON."""
    attributes = {
        "trace.metadata.environment": "production",
        "trace.metadata.ratio": 0.5,
        "trace.metadata.tags": ["a", 1],
        "trace.metadata.team": {"name": "x"},
        "trace.metadata.openrouter.source": "openrouter",
        "trace.metadata.provider_responses": "[]",
        "span.metadata.environment": "production",
    }
    span = Span(trace_id="01" * 16, span_id="01" * 8, name="s", start_ns=1, end_ns=2, attributes=attributes)

    assert metadata_of(span) == {
        "environment": "production",
        "ratio": "0.5",
        "tags": '["a",1]',
        "team": '{"name":"x"}',
    }
