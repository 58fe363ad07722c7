# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The spans that OpenRouter sends to test a destination: "Test Connection" and "Send Trace".

The connection test is a span, as captured; according to the webhook page it has an empty body.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from ...core import ids
from ...core.model import Resource, ResourceSpans, Span, SpanKind, Status, StatusCode
from .rows import ALL_ROWS
from .spans import group_of, resource_of
from .table import TEST_ROWS

__all__ = ["connection_test", "sample_query", "sample_trace"]

_NS_PER_MS: Final = 1_000_000
_NS_PER_S: Final = 1_000_000_000
_PROMPT: Final = '{"messages":[{"role":"user","content":"What is the capital of France?"}]}'
_COMPLETION: Final = '{"id":"chatcmpl-test123"}'
# Only the sample trace has parameters of the model.
_PARAMETERS: Final = MappingProxyType(
    {
        "gen_ai.request.temperature": 0.7,
        "gen_ai.request.max_tokens": 150,
        "gen_ai.request.top_p": 1.0,
        "gen_ai.request.frequency_penalty": 0.0,
        "gen_ai.request.presence_penalty": 0.0,
    }
)


def sample_query(test_id: str) -> str:
    """The TraceQL query that finds the sample trace with this test id."""
    return f'{{ resource.service.name = "openrouter" && span.trace.metadata.testId = "{test_id}" }}'


def connection_test(now_ns: int) -> ResourceSpans:
    """
    The span that OpenRouter's "Test Connection" sends. Its ids are always the same.

    Args:
        now_ns: The span's start in nanoseconds since 1970; it is one millisecond long.
    """
    span = Span(
        trace_id=f"{1:032x}",
        span_id=f"{1:016x}",
        name="openrouter-connection-test",
        kind=SpanKind.INTERNAL,
        start_ns=now_ns,
        end_ns=now_ns + _NS_PER_MS,
        status=Status(code=StatusCode.OK),
    )
    return group_of(Resource(attributes=ALL_ROWS.attributes(TEST_ROWS, None)[0]), [span])


def sample_trace(now_ns: int, test_id: str) -> ResourceSpans:
    """
    The span that OpenRouter's "Send Trace" sends, with made-up values that are marked as a test.

    Args:
        now_ns: The span's end in nanoseconds since 1970; it is one second long.

        test_id: A text that the span's ids are derived from, and that ``sample_query`` finds.
    """
    span = Span(
        trace_id=ids.trace_id_of(test_id),
        span_id=ids.span_id_of(f"{test_id}:test"),
        # As captured; another receiver saw the name ``generation``.
        name="Test Generation",
        kind=SpanKind.CLIENT,
        start_ns=now_ns - _NS_PER_S,
        end_ns=now_ns,
        status=Status(code=StatusCode.OK),
        attributes=_sample_attributes(test_id),
    )
    return group_of(resource_of(test_id), [span])


# The values are public in hra42/openrouter-go. There they come from a viewer that changed their order and
# types, so these are those of the attribute table.
def _sample_attributes(test_id: str) -> dict[str, Any]:
    """The attributes of OpenRouter's sample trace."""
    metadata = {"environment": "test", "source": "observability-test-button", "testId": test_id}
    return {
        "trace.name": "Test Trace - OpenRouter Observability",
        "trace.tags": '["test","observability","gpt-4-turbo"]',
        **{f"trace.metadata.{key}": value for key, value in metadata.items()},
        "trace.input": '{"messages":[]}',
        "trace.output": _COMPLETION,
        "span.type": "generation",
        "span.level": "DEFAULT",
        "span.metadata.test": "true",
        "span.input": _PROMPT,
        "span.output": _COMPLETION,
        "gen_ai.operation.name": "chat",
        "gen_ai.system": "openai",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "openai/gpt-4-turbo",
        **_PARAMETERS,
        "gen_ai.response.model": "openai/gpt-4-turbo",
        "gen_ai.usage.input_tokens": 50,
        "gen_ai.usage.output_tokens": 100,
        "gen_ai.usage.total_tokens": 150,
        "gen_ai.usage.input_cost": 0.005,
        "gen_ai.usage.output_cost": 0.015,
        "gen_ai.usage.total_cost": 0.02,
        "gen_ai.prompt": _PROMPT,
        "gen_ai.completion": _COMPLETION,
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
