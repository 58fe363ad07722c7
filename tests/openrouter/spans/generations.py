# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Generations for the tests of spans, and the spans made of them."""

from __future__ import annotations

import json
from typing import Any, Final

import attrs

from otlpjson import Span
from otlpjson.openrouter import (
    Attempt,
    Generation,
    Timing,
    TraceOptions,
    Usage,
    read_record,
    resource_spans,
)

from ... import FIXTURES

GENERATION: Final = read_record(json.loads((FIXTURES / "openrouter" / "guide" / "record.json").read_bytes()))
"""The request of OpenRouter's Grafana guide."""
FIRST: Final = Attempt(
    provider_name="Azure", status=503, latency_ms=120.0, is_byok=False, endpoint_id="e1", model_permaslug="m1"
)
"""An attempt with every fact, which failed."""
FULL: Final = Generation(
    key="gen-1",
    generation_id="gen-1",
    start_ns=1,
    end_ns=2,
    streamed=True,
    request_model="anthropic/claude-sonnet-4.5:nitro",
    response_model="anthropic/claude-sonnet-4.5",
    provider_name="Amazon Bedrock",
    provider_slug="amazon-bedrock/global",
    user_id="u",
    session_id="s",
    api_key_name="my key",
    entity_id="user_1",
    creator_user_id="user_2",
    trace=TraceOptions(trace_name="T", metadata=(("a", 1), ("b.c", "x"))),
    usage=Usage(
        input_tokens=1,
        output_tokens=569,
        total_tokens=3,
        cached_tokens=4,
        cache_write_tokens=5,
        cache_write_5m_tokens=6,
        cache_write_1h_tokens=7,
        input_audio_tokens=8,
        input_video_tokens=9,
        reasoning_tokens=10,
        output_image_tokens=11,
        input_cost=0.25,
        output_cost=0.5,
        total_cost=0.75,
    ),
    input_unit_price=1e-06,
    output_unit_price=5e-06,
    timing=Timing(
        router_ms=50.0,
        provider_request_ms=51.0,
        provider_headers_ms=808.0,
        first_token_ms=996.0,
        provider_body_end_ms=3719.0,
    ),
    prompt='{"messages":[]}',
    completion='{"completion":""}',
    finish_reason="stop",
    native_finish_reason="end_turn",
    provider_responses='[{"status":200}]',
)
"""A generation with every fact but attempts."""


def spans_of(generation: Generation, *, privacy_mode: bool = False) -> tuple[Span, ...]:
    """The spans in the documented hierarchy."""
    (group,) = resource_spans(generation, privacy_mode=privacy_mode)
    (scope_spans,) = group.scope_spans
    assert (scope_spans.scope.name, scope_spans.scope.version) == ("openrouter", "")
    return scope_spans.spans


def generation_span(generation: Generation, *, privacy_mode: bool = False) -> Span:
    """The span of a generation without attempts, which is the last one."""
    return spans_of(generation, privacy_mode=privacy_mode)[-1]


def traced(**options: Any) -> Generation:
    """The guide's generation with other trace options."""
    return attrs.evolve(GENERATION, trace=TraceOptions(**options))
