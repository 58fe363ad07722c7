# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The two spans that OpenRouter's buttons send: "Test Connection" and "Send Trace"."""

from __future__ import annotations

from typing import Any

from ...core import ids
from ...core.model import (
    Resource,
    ResourceSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
)
from .spans import NS_PER_MS, WHOLE, group_of, resource_of
from .table import TEST_ROWS

__all__ = ["connection_test", "sample_attributes", "sample_query", "sample_trace"]


def sample_attributes(test_id: str) -> dict[str, Any]:
    """
    Of the sample trace: the values that OpenRouter's own sends.

    They reached their public source (hra42/openrouter-go) through a viewer, so order and types
    are those of the table.
    """
    prompt = '{"messages":[{"role":"user","content":"What is the capital of France?"}]}'
    completion = '{"id":"chatcmpl-test123"}'
    metadata = {"environment": "test", "source": "observability-test-button", "testId": test_id}
    return {
        "trace.name": "Test Trace - OpenRouter Observability",
        "trace.tags": '["test","observability","gpt-4-turbo"]',
        **{f"trace.metadata.{key}": value for key, value in metadata.items()},
        "trace.input": '{"messages":[]}',
        "trace.output": completion,
        "span.type": "generation",
        "span.level": "DEFAULT",
        "span.metadata.test": "true",
        "span.input": prompt,
        "span.output": completion,
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
        "gen_ai.prompt": prompt,
        "gen_ai.completion": completion,
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


def sample_query(test_id: str) -> str:
    """The TraceQL query that finds a sample trace."""
    return f'{{ resource.service.name = "openrouter" && span.trace.metadata.testId = "{test_id}" }}'


def connection_test(now_ns: int) -> ResourceSpans:
    """The single span that OpenRouter's "Test Connection" sends, one millisecond long; its ids are fixed."""
    span = Span(
        trace_id=f"{1:032x}",
        span_id=f"{1:016x}",
        name="openrouter-connection-test",
        kind=SpanKind.INTERNAL,
        start_ns=now_ns,
        end_ns=now_ns + NS_PER_MS,
        status=Status(code=StatusCode.OK),
    )
    return group_of(Resource(attributes=WHOLE.attributes(TEST_ROWS, None)[0]), [span])


def sample_trace(now_ns: int, test_id: str) -> ResourceSpans:
    """
    The span that OpenRouter's "Send Trace" sends, with made-up values that say so.

    Its name is the captured ``Test Generation``; another receiver saw ``generation``.

    Args:
        now_ns: When it ends; it lasts a second.

        test_id: What tells it from other test traces, and what its ids are derived from.
    """
    span = Span(
        trace_id=ids.trace_id_of(test_id),
        span_id=ids.span_id_of(f"{test_id}:test"),
        name="Test Generation",
        kind=SpanKind.CLIENT,
        start_ns=now_ns - 1000 * NS_PER_MS,
        end_ns=now_ns,
        status=Status(code=StatusCode.OK),
        attributes=sample_attributes(test_id),
    )
    return group_of(resource_of(test_id), [span])
