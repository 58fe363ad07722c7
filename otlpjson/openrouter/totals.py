# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The usage of several generations added up, each counted once."""

from __future__ import annotations

import math
from collections.abc import Iterable

import attrs

from ..attributes import AttributeValue
from ..model import Span
from .table import generation_of, summary

__all__ = ["Totals", "totals"]


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
