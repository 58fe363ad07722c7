# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Generations of all shapes come back from the Collector and from Jaeger as they were sent."""

from __future__ import annotations

from typing import Any

from .gateway import Gateway
from .go_json import spans
from .losses import as_jaeger_gave, as_jaeger_gives
from .population import Population


def test_the_population_has_all_shapes(population: Population) -> None:
    """At least two hundred, of each shape, both hierarchies, both forms of integers."""
    cases = population.cases

    assert len(cases) >= 200
    assert {case.record["note"] for case in cases} == {
        *("chat", "streamed", "events", "messages", "responses", "error", "refused", "cut off")
    }
    assert {(case.hierarchy, case.integers_as_numbers) for case in cases} == {
        (hierarchy, numbers) for hierarchy in ("documented", "observed") for numbers in (False, True)
    }
    assert sum("provider_responses" in case.record["observed"] for case in cases) > 50
    assert sum(len(spans_of_trace) for spans_of_trace in population.sent.values()) > 450


def test_every_case_is_in_the_trace_that_its_key_names(population: Population) -> None:
    """The key's SHA-256, or the key itself where it is a trace id."""
    assert {case.trace_id for case in population.cases} == set(population.sent)


def test_the_collector_writes_what_was_sent(gateway: Gateway, population: Population) -> None:
    """Every span, in order, attribute by attribute, type by type."""
    written: dict[str, list[dict[str, Any]]] = {}
    count = sum(map(len, population.sent.values()))
    for span in gateway.written(population.sent, count):
        written.setdefault(span["trace id"], []).append(span)

    assert written == population.sent


def test_jaeger_gives_back_what_was_sent(gateway: Gateway, population: Population) -> None:
    """Every trace whole, but for the changes that ``losses`` lists."""
    for trace_id, sent in population.sent.items():
        found = spans(gateway.trace_in_jaeger(trace_id))
        assert as_jaeger_gave(found) == as_jaeger_gives(sent)
