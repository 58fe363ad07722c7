# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Figures read back from spans: of one span, and the sums over several generations."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from otlpjson import Resource, Span
from otlpjson.openrouter import (
    SpanSummary,
    Totals,
    read_record,
    resource_spans,
    service_name,
    summary,
    totals,
)
from otlpjson.openrouter.spans.summary import generation_of

from ... import FIXTURES
from .generations import FULL, generation_span


def span(number: int, **attributes: Any) -> Span:
    """A span with these attributes; two underscores in a name stand for a dot."""
    named = {key.replace("__", "."): value for key, value in attributes.items()}
    return Span(
        trace_id=f"{1:032x}", span_id=f"{number:016x}", name="n", start_ns=1, end_ns=2, attributes=named
    )


def generation(number: int, tokens: Any = None, cost: Any = None, response_id: Any = None) -> Span:
    """The span of a generation."""
    facts = {
        "gen_ai__response__id": response_id,
        "gen_ai__usage__input_tokens": tokens,
        "gen_ai__usage__output_tokens": tokens,
        "gen_ai__usage__total_cost": cost,
    }
    given = {key: value for key, value in facts.items() if value is not None}
    return span(number, span__type="generation", **given)


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
def test_a_request_is_counted_once_however_many_spans_it_has(hierarchy: Any) -> None:
    """The spans are root, generation, two attempts and ``generation``."""
    record = json.loads((FIXTURES / "openrouter" / "everything" / "record.json").read_bytes())
    groups = resource_spans(read_record(record), hierarchy=hierarchy)
    spans = [one for group in groups for scope in group.scope_spans for one in scope.spans]

    assert len(spans) == (5 if hierarchy == "documented" else 4)
    assert totals(spans) == Totals(generations=1, input_tokens=1000, output_tokens=101, total_cost=0.00055)


def test_several_generations_are_added_up() -> None:
    """A cost may be a whole number; a generation may lack figures."""
    spans = [generation(1, 10, 0.5), generation(2, 5, 1), generation(3)]

    assert totals(spans) == Totals(generations=3, input_tokens=15, output_tokens=15, total_cost=1.5)


def test_a_copy_is_not_counted_again() -> None:
    """A span was sent twice; two senders sent a span for the same response."""
    spans = [
        generation(1, 10, 0.5),
        generation(1, 10, 0.5),
        generation(2, 7, 0.25, "gen-1"),
        generation(3, 7, 0.25, "gen-1"),
        generation(4, 1, 0.125, ""),
        generation(5, 1, 0.125, ""),
    ]

    assert totals(spans) == Totals(generations=4, input_tokens=19, output_tokens=19, total_cost=1.0)


def test_values_that_are_not_numbers_are_left_out() -> None:
    """So are numbers that are not finite, and tokens that are not whole."""
    spans = [generation(1, "10", "free"), generation(2, True, True), generation(3, 1.5, float("nan"))]

    assert totals(spans) == Totals(generations=3)


def test_other_spans_are_not_counted() -> None:
    """Their usage is that of another sender's own convention."""
    assert totals([span(1, gen_ai__usage__input_tokens=5), span(2, span__type="span")]) == Totals()
    assert totals([]) == Totals()


def test_the_summary_has_what_people_look_for() -> None:
    """The summary of a span above the generation is empty."""
    (group,) = resource_spans(FULL)

    assert summary(generation_span(FULL)) == SpanSummary(
        model="anthropic/claude-sonnet-4.5", input_tokens=1, output_tokens=569, total_cost=0.75
    )
    assert summary(group.scope_spans[0].spans[0]) == SpanSummary()
    assert (
        summary(generation_span(attrs.evolve(FULL, response_model=None))).model
        == "anthropic/claude-sonnet-4.5"
    )


def test_only_the_span_of_a_generation_has_its_usage() -> None:
    """The generation is identified by the response id or, without one, by the span id."""
    (group,) = resource_spans(FULL)
    spans = group.scope_spans[0].spans
    own = generation_span(FULL)
    unnamed = generation_span(attrs.evolve(FULL, generation_id=None))

    assert generation_of(own) == own.attributes["gen_ai.response.id"] == FULL.generation_id
    assert generation_of(unnamed) == unnamed.span_id
    assert [generation_of(span) for span in spans if span.span_id != own.span_id] == [None] * (len(spans) - 1)
    assert len(spans) == 2


def test_the_service_name_is_that_of_the_resource() -> None:
    """It is returned unchanged, whatever its type."""
    (group,) = resource_spans(FULL)

    assert service_name(group.resource) == "openrouter"
    assert service_name(Resource(attributes={"service.name": 5})) == 5
    assert service_name(Resource()) is None
