# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Every row of the attribute table: its value, its place, and when it is present."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Attributes
from otlpjson.openrouter import Failure, Generation, TraceOptions, Usage
from otlpjson.openrouter.spans.table import (
    ATTEMPT_ROWS,
    CHILD_ROWS,
    GENERATION_ROWS,
    PARENT_ROWS,
)

from .generations import FULL, generation_span

FAILURE = Failure(message="too late", kind="timeout", code="504")
FAILED = attrs.evolve(FULL, failure=FAILURE)
NOTHING = Generation(key="gen-1", start_ns=1, end_ns=2)

ALWAYS, KNOWN, SUCCESS = "always", "when known", "when known and not failed"
# In wire order: the attribute, its value when all is known, and when it is there.
ROWS: list[tuple[str, Any, str]] = [
    ("trace.name", "T", ALWAYS),
    ("user.id", "u", KNOWN),
    ("session.id", "s", KNOWN),
    ("trace.metadata.a", 1, KNOWN),
    ("trace.metadata.b.c", "x", KNOWN),
    ("trace.metadata.provider_responses", '[{"status":200}]', SUCCESS),
    ("span.type", "generation", ALWAYS),
    ("span.level", "DEFAULT", ALWAYS),
    ("span.metadata.a", 1, KNOWN),
    ("span.metadata.b.c", "x", KNOWN),
    ("span.metadata.provider_responses", '[{"status":200}]', SUCCESS),
    ("span.input", '{"messages":[]}', SUCCESS),
    ("span.output", '{"completion":""}', SUCCESS),
    ("gen_ai.operation.name", "chat", ALWAYS),
    ("gen_ai.system", "anthropic", KNOWN),
    ("gen_ai.provider.name", "anthropic", KNOWN),
    ("gen_ai.request.model", "anthropic/claude-sonnet-4.5", KNOWN),
    ("gen_ai.response.model", "anthropic/claude-sonnet-4.5", KNOWN),
    ("gen_ai.response.id", "gen-1", KNOWN),
    ("gen_ai.usage.input_tokens", 1, KNOWN),
    ("gen_ai.usage.output_tokens", 569, KNOWN),
    ("gen_ai.usage.total_tokens", 3, KNOWN),
    ("gen_ai.usage.input_cost", 0.25, KNOWN),
    ("gen_ai.usage.output_cost", 0.5, KNOWN),
    ("gen_ai.usage.total_cost", 0.75, KNOWN),
    ("gen_ai.prompt", '{"messages":[]}', KNOWN),
    ("gen_ai.completion", '{"completion":""}', KNOWN),
    ("gen_ai.usage.input_tokens.cached", 4, KNOWN),
    ("gen_ai.usage.input_tokens.audio", 8, KNOWN),
    ("gen_ai.usage.input_tokens.video", 9, KNOWN),
    ("gen_ai.usage.input_tokens.cache_write", 5, KNOWN),
    ("gen_ai.usage.input_tokens.cache_write_5m", 6, KNOWN),
    ("gen_ai.usage.input_tokens.cache_write_1h", 7, KNOWN),
    ("gen_ai.usage.output_tokens.reasoning", 10, KNOWN),
    ("gen_ai.usage.output_tokens.image", 11, KNOWN),
    ("gen_ai.response.finish_reasons", '["stop"]', SUCCESS),
    ("gen_ai.response.finish_reason", "stop", SUCCESS),
    ("trace.metadata.openrouter.source", "openrouter", ALWAYS),
    ("trace.metadata.openrouter.api_key_name", "my key", KNOWN),
    ("trace.metadata.openrouter.entity_id", "user_1", KNOWN),
    ("trace.metadata.openrouter.user_id", "u", KNOWN),
    ("trace.metadata.openrouter.creator_user_id", "user_2", KNOWN),
    ("trace.metadata.openrouter.router_latency_ms", 50.0, SUCCESS),
    ("trace.metadata.openrouter.provider_request_ms", 51.0, SUCCESS),
    ("trace.metadata.openrouter.provider_headers_ms", 808.0, SUCCESS),
    ("trace.metadata.openrouter.first_token_ms", 996.0, SUCCESS),
    ("trace.metadata.openrouter.provider_body_end_ms", 3719.0, SUCCESS),
    ("trace.metadata.openrouter.provider_time_to_first_token_ms", 945.0, SUCCESS),
    ("trace.metadata.openrouter.inter_token_latency_ms", 4.794014084507042, SUCCESS),
    ("trace.metadata.openrouter.provider_name", "Amazon Bedrock", KNOWN),
    ("trace.metadata.openrouter.provider_slug", "amazon-bedrock/global", KNOWN),
    ("trace.metadata.openrouter.finish_reason", "end_turn", SUCCESS),
    ("trace.metadata.openrouter.input_unit_price", 1e-06, KNOWN),
    ("trace.metadata.openrouter.output_unit_price", 5e-06, KNOWN),
]
CONTENT = ["span.input", "span.output", "gen_ai.prompt", "gen_ai.completion"]


def test_all_rows_are_in_wire_order() -> None:
    """The order is that of captured deliveries; every row of the table is tested."""
    table = {row.key for row in GENERATION_ROWS if not row.key.endswith(".")}

    assert list(generation_span(FULL).attributes) == [key for key, _, _ in ROWS]
    assert table - {"span.status_message"} <= {key for key, _, _ in ROWS}


@pytest.mark.parametrize(("key", "value", "when"), ROWS, ids=[key for key, _, _ in ROWS])
def test_a_row_has_its_value_when_it_should(key: str, value: Any, when: str) -> None:
    """Missing facts have no attribute, and a failed request lacks those of a success."""
    assert Attributes({key: generation_span(FULL).attributes[key]}) == Attributes({key: value})
    assert (key in generation_span(NOTHING).attributes) is (when == ALWAYS)
    assert (key in generation_span(FAILED).attributes) is (when != SUCCESS)


def test_a_failure_has_status_message_and_level() -> None:
    """They are in the same place as in the captured error."""
    attributes = generation_span(FAILED).attributes
    keys = list(attributes)

    assert attributes["span.level"] == "ERROR"
    assert attributes["span.status_message"] == "too late"
    assert keys.index("span.status_message") == keys.index("span.level") + 1
    assert "span.status_message" not in generation_span(FULL).attributes


@pytest.mark.parametrize(
    "key",
    [
        "trace.tags",
        "gen_ai.request.temperature",
        "gen_ai.usage.prompt_tokens",
        "gen_ai.usage.completion_tokens",
        "trace.metadata.openrouter.organization_id",
        "trace.metadata.openrouter_generation.usage",
        "langfuse.environment",
    ],
)
def test_what_real_traffic_does_not_have_is_not_sent(key: str) -> None:
    """Where sources differ, the captures decide."""
    assert key not in generation_span(FULL).attributes


def test_zero_is_a_value() -> None:
    """A free model has a cost of zero."""
    free = attrs.evolve(FULL, usage=Usage(input_tokens=0, total_cost=0.0, cached_tokens=0))
    attributes = generation_span(free).attributes

    assert attributes["gen_ai.usage.input_tokens"] == attributes["gen_ai.usage.input_tokens.cached"] == 0
    assert attributes["gen_ai.usage.total_cost"] == 0.0


@pytest.mark.parametrize(
    ("response_model", "system"), [("openai/gpt-4o", "openai"), ("router", None), (None, "anthropic")]
)
def test_the_system_is_the_models_author(response_model: str | None, system: str | None) -> None:
    """It is that of the model that answered or else was requested, never the provider."""
    span = generation_span(attrs.evolve(FULL, response_model=response_model))

    assert span.attributes.get("gen_ai.system") == span.attributes.get("gen_ai.provider.name") == system


@pytest.mark.parametrize(
    ("changes", "timing"),
    [
        ({"streamed": False}, {}),
        ({"usage": Usage(output_tokens=1)}, {}),
        ({"usage": Usage()}, {}),
        ({}, {"first_token_ms": None}),
        ({}, {"provider_body_end_ms": None}),
    ],
)
def test_a_latency_that_cannot_be_measured_is_omitted(
    changes: dict[str, Any], timing: dict[str, Any]
) -> None:
    """It is left out without a stream, with too few tokens, or with a first token at the time of the headers."""
    generation = attrs.evolve(FULL, timing=attrs.evolve(FULL.timing, **timing), **changes)

    assert "trace.metadata.openrouter.inter_token_latency_ms" not in generation_span(generation).attributes


@pytest.mark.parametrize("unknown", ["first_token_ms", "provider_request_ms"])
def test_the_time_to_the_first_token_needs_both_ends(unknown: str) -> None:
    """If one of the times is unknown, so is the difference."""
    generation = attrs.evolve(FULL, timing=attrs.evolve(FULL.timing, **{unknown: None}))

    assert (
        "trace.metadata.openrouter.provider_time_to_first_token_ms"
        not in generation_span(generation).attributes
    )


def test_custom_keys_lose_against_openrouters_own_and_are_counted() -> None:
    """This is so even if OpenRouter's attribute is absent, so that a key has one meaning."""
    metadata = (("openrouter.source", "x"), ("openrouter.provider_name", "x"), ("kept", 1), ("kept", 2))
    span = generation_span(attrs.evolve(FULL, provider_name=None, trace=TraceOptions(metadata=metadata)))

    assert span.attributes["trace.metadata.openrouter.source"] == "openrouter"
    assert "trace.metadata.openrouter.provider_name" not in span.attributes
    assert span.attributes["trace.metadata.kept"] == 1
    assert span.attributes.dropped_count == 4


def test_privacy_mode_leaves_out_content_and_nothing_else() -> None:
    """The kind and code of an error stay."""
    open_span, private_span = generation_span(FULL), generation_span(FULL, privacy_mode=True)
    failed = generation_span(FAILED, privacy_mode=True)

    assert [key for key in open_span.attributes if key not in private_span.attributes] == CONTENT
    assert failed.status.message == failed.attributes["span.status_message"] == "timeout (504)"
    assert failed.events[0].attributes["exception.message"] == "timeout (504)"
    assert "too late" not in repr(failed)


def test_every_row_with_content_is_listed() -> None:
    """A new row with content has to be added here."""
    rows = (*GENERATION_ROWS, *PARENT_ROWS, *ATTEMPT_ROWS, *CHILD_ROWS)

    assert [row.key for row in rows if row.content] == CONTENT
