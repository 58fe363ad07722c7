# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The usage of several generations added up, each counted once."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

from ...core.attributes import AttributeValue
from ...core.model import Resource, Span

__all__ = ["SpanSummary", "Totals", "generation_of", "service_name", "summary", "totals"]


@attrs.frozen(kw_only=True)
class Totals:
    """
    What several generations used together.

    Attributes:
        generations: How many there are.

        input_tokens, output_tokens, total_cost:
            The sums of what they say, the cost in US dollars; ``None`` where none of them says any.
    """

    generations: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    total_cost: float | None = None


def totals(spans: Iterable[Span]) -> Totals:
    """
    The totals over the spans of generations as OpenRouter sends them.

    A generation that is there again, in a copy of its span or in another span with the same
    response id, is not counted again; nor is anything that the spans above and below it tell.
    """
    kept: dict[str, Span] = {}
    for span in spans:
        generation = generation_of(span)
        if generation is not None:
            kept.setdefault(generation, span)
    facts = [summary(span) for span in kept.values()]
    return Totals(
        generations=len(facts),
        input_tokens=_whole(one.input_tokens for one in facts),
        output_tokens=_whole(one.output_tokens for one in facts),
        total_cost=_finite(one.total_cost for one in facts),
    )


def _whole(values: Iterable[AttributeValue]) -> int | None:
    numbers = [value for value in values if type(value) is int]
    return sum(numbers) if numbers else None


def _finite(values: Iterable[AttributeValue]) -> float | None:
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    finite = [float(value) for value in numbers if math.isfinite(value)]
    return sum(finite) if finite else None


@attrs.frozen(kw_only=True)
class SpanSummary:
    """
    What a person looks for first in a span.

    Attributes:
        model: The model that answered, else the one that was asked.

        input_tokens, output_tokens: Whole numbers.

        total_cost: US dollars.

    Each is ``None`` where the span does not say.
    """

    model: AttributeValue = None
    input_tokens: AttributeValue = None
    output_tokens: AttributeValue = None
    total_cost: AttributeValue = None


def summary(span: Span) -> SpanSummary:
    """The summary of a span as ``resource_spans`` makes it; an empty one of any other span."""
    attributes = span.attributes
    return SpanSummary(
        model=attributes.get("gen_ai.response.model", attributes.get("gen_ai.request.model")),
        input_tokens=attributes.get("gen_ai.usage.input_tokens"),
        output_tokens=attributes.get("gen_ai.usage.output_tokens"),
        total_cost=attributes.get("gen_ai.usage.total_cost"),
    )


def generation_of(span: Span) -> str | None:
    """
    What tells the generation apart of which this span holds the usage; ``None`` for any other span.

    The spans above and below a generation's own tell of the same request again.
    """
    if span.attributes.get("span.type") != "generation":
        return None
    response_id = span.attributes.get("gen_ai.response.id")
    return response_id if isinstance(response_id, str) and response_id else span.span_id


def service_name(resource: Resource) -> AttributeValue:
    """Whose spans they are; ``None`` where the resource does not say."""
    return resource.attributes.get("service.name")
