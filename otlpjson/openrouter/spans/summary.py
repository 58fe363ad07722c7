# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Figures read back from spans: of one span, and the sums over several generations."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

from ...core.attributes import AttributeValue
from ...core.model import Resource, Span

__all__ = ["SpanSummary", "Totals", "generation_of", "service_name", "summary", "totals"]


@attrs.frozen(kw_only=True)
class SpanSummary:
    """
    The main facts in the attributes of a span, unchanged; ``None`` where there is no such attribute.

    Attributes:
        model: The model that answered or, if unknown, the model that was requested.

        input_tokens, output_tokens: Whole numbers, if the span is OpenRouter's.

        total_cost: In US dollars.
    """

    model: AttributeValue = None
    input_tokens: AttributeValue = None
    output_tokens: AttributeValue = None
    total_cost: AttributeValue = None


@attrs.frozen(kw_only=True)
class Totals:
    """
    The sums over several generations.

    Attributes:
        generations: The number of generations.

        input_tokens, output_tokens: ``None`` if no generation has them.

        total_cost: In US dollars; ``None`` if no generation has a cost.
    """

    generations: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    total_cost: float | None = None


def summary(span: Span) -> SpanSummary:
    """The summary of a generation's span; that of any other span is empty."""
    attributes = span.attributes
    return SpanSummary(
        model=attributes.get("gen_ai.response.model", attributes.get("gen_ai.request.model")),
        input_tokens=attributes.get("gen_ai.usage.input_tokens"),
        output_tokens=attributes.get("gen_ai.usage.output_tokens"),
        total_cost=attributes.get("gen_ai.usage.total_cost"),
    )


def totals(spans: Iterable[Span]) -> Totals:
    """
    The sums over all generations among spans as sent by OpenRouter or by ``resource_spans``.

    A generation is counted once, even if its span, or another span with the same response id,
    occurs again. Spans above and below that of a generation are not counted.
    """
    # A span may be sent again after a retry, and two senders may send spans for one response.
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


def service_name(resource: Resource) -> AttributeValue:
    """The ``service.name`` of a resource, unchanged; ``None`` if it has none."""
    return resource.attributes.get("service.name")


def generation_of(span: Span) -> str | None:
    """
    The id of the generation that a span has the usage of; ``None`` for any other span.

    It is the response id or, without one, the id of the span.
    """
    # Usage of other spans would count the same request again.
    if span.attributes.get("span.type") != "generation":
        return None
    response_id = span.attributes.get("gen_ai.response.id")
    return response_id if isinstance(response_id, str) and response_id else span.span_id


def _whole(values: Iterable[AttributeValue]) -> int | None:
    numbers = [value for value in values if type(value) is int]
    return sum(numbers) if numbers else None


def _finite(values: Iterable[AttributeValue]) -> float | None:
    numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    # One NaN would make the sum useless.
    finite = [float(value) for value in numbers if math.isfinite(value)]
    return sum(finite) if finite else None
