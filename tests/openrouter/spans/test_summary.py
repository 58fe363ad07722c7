# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What generations used together: each of them once, and nothing that another span repeats."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import Span
from otlpjson.openrouter import Totals, read_record, resource_spans, totals

from ... import FIXTURES


def span(number: int, **attributes: Any) -> Span:
    """A span with these attributes, their names with underscores for dots."""
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
def test_a_request_is_counted_once_however_many_spans_tell_of_it(hierarchy: Any) -> None:
    """Root, generation, two attempts and ``generation``."""
    record = json.loads((FIXTURES / "openrouter" / "everything" / "record.json").read_bytes())
    groups = resource_spans(read_record(record), hierarchy=hierarchy)
    spans = [one for group in groups for scope in group.scope_spans for one in scope.spans]

    assert len(spans) == (5 if hierarchy == "documented" else 4)
    assert totals(spans) == Totals(generations=1, input_tokens=1000, output_tokens=101, total_cost=0.00055)


def test_several_generations_are_added_up() -> None:
    """Also where one stands under another; a cost may be a whole number."""
    spans = [generation(1, 10, 0.5), generation(2, 5, 1), generation(3)]

    assert totals(spans) == Totals(generations=3, input_tokens=15, output_tokens=15, total_cost=1.5)


def test_a_copy_is_not_counted_again() -> None:
    """A span that was sent twice; the same response told by two senders."""
    spans = [
        generation(1, 10, 0.5),
        generation(1, 10, 0.5),
        generation(2, 7, 0.25, "gen-1"),
        generation(3, 7, 0.25, "gen-1"),
        generation(4, 1, 0.125, ""),
        generation(5, 1, 0.125, ""),
    ]

    assert totals(spans) == Totals(generations=4, input_tokens=19, output_tokens=19, total_cost=1.0)


def test_numbers_of_another_type_are_none() -> None:
    """Nor is one that is not finite."""
    spans = [generation(1, "10", "free"), generation(2, True, True), generation(3, 1.5, float("nan"))]

    assert totals(spans) == Totals(generations=3)


def test_other_spans_are_no_generations() -> None:
    """Usage that they tell is another sender's own."""
    assert totals([span(1, gen_ai__usage__input_tokens=5), span(2, span__type="span")]) == Totals()
    assert totals([]) == Totals()
