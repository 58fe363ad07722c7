# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The connection test and the sample trace are those that OpenRouter sends."""

from __future__ import annotations

from otlpjson import Resource, Span, SpanKind, Status, StatusCode, trace_id_of
from otlpjson.openrouter import connection_test, sample_query, sample_trace


def test_the_connection_test_is_the_captured_one() -> None:
    """One span with fixed ids, one millisecond long; its resource has only the service name."""
    group = connection_test(1790605182935000000)

    assert group.resource == Resource(attributes={"service.name": "openrouter"})
    assert group.scope_spans[0].spans == (
        Span(
            trace_id="00000000000000000000000000000001",
            span_id="0000000000000001",
            name="openrouter-connection-test",
            kind=SpanKind.INTERNAL,
            start_ns=1790605182935000000,
            end_ns=1790605182936000000,
            status=Status(code=StatusCode.OK),
        ),
    )


def test_the_sample_trace_is_marked_as_a_test() -> None:
    """It has OpenRouter's values, and a query finds it."""
    (span,) = sample_trace(1790605182935000000, "test-1").scope_spans[0].spans

    assert (span.name, span.kind, span.end_ns - span.start_ns) == ("Test Generation", SpanKind.CLIENT, 10**9)
    assert span.trace_id == trace_id_of("test-1")
    assert span.attributes["trace.name"] == "Test Trace - OpenRouter Observability"
    assert span.attributes["gen_ai.usage.total_cost"] == 0.02
    assert span.attributes["trace.metadata.testId"] == "test-1"
    assert sample_query("test-1") == (
        '{ resource.service.name = "openrouter" && span.trace.metadata.testId = "test-1" }'
    )
