# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The connection test and the sample trace are those that OpenRouter sends."""

from __future__ import annotations

from otlpjson import (
    Resource,
    Span,
    SpanKind,
    Status,
    StatusCode,
    span_id_of,
    trace_id_of,
)
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


# The public values of hra42/openrouter-go, with the types of the attribute table.
SAMPLE = {
    "trace.name": "Test Trace - OpenRouter Observability",
    "trace.tags": '["test","observability","gpt-4-turbo"]',
    "trace.metadata.environment": "test",
    "trace.metadata.source": "observability-test-button",
    "trace.metadata.testId": "test-1",
    "trace.input": '{"messages":[]}',
    "trace.output": '{"id":"chatcmpl-test123"}',
    "span.type": "generation",
    "span.level": "DEFAULT",
    "span.metadata.test": "true",
    "span.input": '{"messages":[{"role":"user","content":"What is the capital of France?"}]}',
    "span.output": '{"id":"chatcmpl-test123"}',
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "openai",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "openai/gpt-4-turbo",
    "gen_ai.request.temperature": 0.7,
    "gen_ai.request.max_tokens": 150,
    "gen_ai.request.top_p": 1.0,
    "gen_ai.request.frequency_penalty": 0.0,
    "gen_ai.request.presence_penalty": 0.0,
    "gen_ai.response.model": "openai/gpt-4-turbo",
    "gen_ai.usage.input_tokens": 50,
    "gen_ai.usage.output_tokens": 100,
    "gen_ai.usage.total_tokens": 150,
    "gen_ai.usage.input_cost": 0.005,
    "gen_ai.usage.output_cost": 0.015,
    "gen_ai.usage.total_cost": 0.02,
    "gen_ai.prompt": '{"messages":[{"role":"user","content":"What is the capital of France?"}]}',
    "gen_ai.completion": '{"id":"chatcmpl-test123"}',
    "gen_ai.usage.input_tokens.cached": 20,
    "gen_ai.usage.output_tokens.reasoning": 10,
    "gen_ai.response.finish_reasons": '["stop"]',
    "gen_ai.response.finish_reason": "stop",
    "trace.metadata.openrouter.source": "openrouter",
    "trace.metadata.openrouter.api_key_name": "Test API Key",
    "trace.metadata.openrouter.provider_name": "OpenAI",
    "trace.metadata.openrouter.provider_slug": "openai",
    "trace.metadata.openrouter.finish_reason": "stop",
    "trace.metadata.openrouter.input_unit_price": 0.0001,
    "trace.metadata.openrouter.output_unit_price": 0.00015,
}


def test_the_sample_trace_has_openrouters_values() -> None:
    """All of them, in order; it is marked as a test."""
    (span,) = sample_trace(1790605182935000000, "test-1").scope_spans[0].spans

    assert list(span.attributes.items()) == list(SAMPLE.items())
    assert [type(value) for value in span.attributes.values()] == [type(value) for value in SAMPLE.values()]


def test_the_sample_trace_is_one_span_that_a_query_finds() -> None:
    """Its ids come from the test id, so two tests are two traces."""
    group = sample_trace(1790605182935000000, "test-1")
    (span,) = group.scope_spans[0].spans

    assert (span.name, span.kind, span.status) == (
        "Test Generation",
        SpanKind.CLIENT,
        Status(code=StatusCode.OK),
    )
    assert (span.start_ns, span.end_ns) == (1790605181935000000, 1790605182935000000)
    assert (span.trace_id, span.parent_span_id) == (trace_id_of("test-1"), None)
    assert span.span_id == span_id_of("test-1:test")
    assert group.resource.attributes["openrouter.trace.id"] == "test-1"
    assert sample_query("test-1") == (
        '{ resource.service.name = "openrouter" && span.trace.metadata.testId = "test-1" }'
    )
