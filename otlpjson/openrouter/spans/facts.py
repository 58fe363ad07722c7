# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The facts of a span that a table of spans has columns for, each of one type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ...core.attributes import AttributeValue
from ...core.integers import INT64
from ...core.model import Span
from ..compact import compact
from .summary import generation_of

__all__ = ["FACTS", "facts", "first_token_ms", "metadata_of"]

FACTS: Final = (
    ("trace_name", "text", "trace.name"),
    ("span_type", "text", "span.type"),
    ("session_id", "text", "session.id"),
    ("user_id", "text", "user.id"),
    ("api_key_name", "text", "trace.metadata.openrouter.api_key_name"),
    ("provider_name", "text", "trace.metadata.openrouter.provider_name"),
    ("operation", "text", "gen_ai.operation.name"),
    ("generation_id", "text", "gen_ai.response.id"),
    ("request_model", "text", "gen_ai.request.model"),
    ("response_model", "text", "gen_ai.response.model"),
    ("finish_reason", "text", "gen_ai.response.finish_reason"),
    ("input_tokens", "int", "gen_ai.usage.input_tokens"),
    ("output_tokens", "int", "gen_ai.usage.output_tokens"),
    ("total_tokens", "int", "gen_ai.usage.total_tokens"),
    ("cached_tokens", "int", "gen_ai.usage.input_tokens.cached"),
    ("reasoning_tokens", "int", "gen_ai.usage.output_tokens.reasoning"),
    ("input_cost", "float", "gen_ai.usage.input_cost"),
    ("output_cost", "float", "gen_ai.usage.output_cost"),
    ("total_cost", "float", "gen_ai.usage.total_cost"),
    ("time_to_first_token_ms", "float", "trace.metadata.openrouter.provider_time_to_first_token_ms"),
    ("prompt", "text", "gen_ai.prompt"),
    ("completion", "text", "gen_ai.completion"),
)
"""Column, type and attribute. Types are ``text``, ``int`` (64 bits) and ``float``."""

# Sums over a column must count each request once, so spans around that of a generation have none of these.
_OF_GENERATIONS: Final = frozenset(
    name for name, _, attribute in FACTS if attribute.startswith("gen_ai.usage.")
)


def facts(span: Span) -> dict[str, Any]:
    """
    The value of each column of ``FACTS``; ``None`` where the attribute is missing or of another type.

    Tokens and costs are those of generations alone.
    """
    is_generation = generation_of(span) is not None
    return {
        name: _CONVERTED[kind](span.attributes.get(attribute))
        if is_generation or name not in _OF_GENERATIONS
        else None
        for name, kind, attribute in FACTS
    }


def first_token_ms(span: Span) -> float | None:
    """
    Milliseconds from the start of a request's span to the first token; ``None`` if unknown.

    Where only the time from the provider's request on is known, it is that.
    """
    of_span = _number(span.attributes.get("trace.metadata.openrouter.first_token_ms"))
    of_provider = span.attributes.get("trace.metadata.openrouter.provider_time_to_first_token_ms")
    return _number(of_provider) if of_span is None else of_span


_METADATA: Final = "trace.metadata."
# OpenRouter's own facts, which have columns, and what repeats the spans of attempts.
_OWN_METADATA: Final = ("trace.metadata.openrouter.", "trace.metadata.provider_responses")


def metadata_of(span: Span) -> dict[str, str]:
    """The custom metadata of a request, by its keys; values that are no texts as JSON."""
    return {
        key[len(_METADATA) :]: value if isinstance(value, str) else compact(value)
        for key, value in span.attributes.items()
        if key.startswith(_METADATA) and not key.startswith(_OWN_METADATA)
    }


def _text(value: AttributeValue) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: AttributeValue) -> int | None:
    return value if type(value) is int and INT64.low <= value <= INT64.high else None


def _number(value: AttributeValue) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


_CONVERTED: Final[Mapping[str, Any]] = MappingProxyType({"text": _text, "int": _whole, "float": _number})
