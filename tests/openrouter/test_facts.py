# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Custom metadata and the time of the first token, read back from a span."""

from __future__ import annotations

import pytest

from otlpjson.core.model import Span
from otlpjson.openrouter.spans.facts import first_token_ms, metadata_of


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


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, None),
        ({"first_token_ms": 640.0, "provider_time_to_first_token_ms": 620.0}, 640.0),
        ({"provider_time_to_first_token_ms": 620}, 620.0),
        ({"first_token_ms": "soon", "provider_time_to_first_token_ms": True}, None),
    ],
)
def test_the_first_token_is_counted_from_the_start_of_the_span(
    attributes: dict[str, object], expected: float | None
) -> None:
    """Or from the provider's request on, where nothing else is known."""
    named = {f"trace.metadata.openrouter.{name}": value for name, value in attributes.items()}
    span = Span(trace_id="01" * 16, span_id="01" * 8, name="s", start_ns=1, end_ns=2, attributes=named)

    assert first_token_ms(span) == expected
