# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The queries that the project shows find what it writes: names, scopes and types agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from otlpjson import TracesData, encode
from otlpjson.openrouter import sample_trace
from otlpjson.openrouter.spans.table import (
    ATTEMPT_ROWS,
    CHILD_ROWS,
    EXCEPTION_ROWS,
    GENERATION_ROWS,
    PARENT_ROWS,
    RESOURCE_ROWS,
)

from . import FIXTURES, queries
from .query_words import complaints, is_metrics

KINDS: Final = {"stringValue": "text", "intValue": "int", "doubleValue": "double", "boolValue": "bool"}
BODIES: Final = [json.loads(path.read_bytes()) for path in sorted(FIXTURES.glob("openrouter/*/body*.json"))]
SAMPLE: Final = json.loads(encode(TracesData(resource_spans=[sample_trace(2 * 10**9, "test-id")])))
ROWS: Final = {
    "resource": (*RESOURCE_ROWS,),
    "span": (*GENERATION_ROWS, *PARENT_ROWS, *ATTEMPT_ROWS, *CHILD_ROWS),
    "event": (*EXCEPTION_ROWS,),
}


def spans(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every span of a body."""
    for group in body.get("resourceSpans", ()):
        for scope_spans in group["scopeSpans"]:
            yield from scope_spans["spans"]


def attributes(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every attribute of a body, as its scope in TraceQL and its pair."""
    for group in body.get("resourceSpans", ()):
        yield from (("resource", pair) for pair in group["resource"].get("attributes", ()))
    for span in spans(body):
        yield from (("span", pair) for pair in span["attributes"])
        for event in span.get("events", ()):
            yield from (("event", pair) for pair in event["attributes"])


def written() -> dict[str, str]:
    """Scoped names of what is in the fixtures and in the sample trace, with the one kind of each."""
    found: dict[str, str] = {}
    for body in [*BODIES, SAMPLE]:
        for scope, pair in attributes(body):
            kind = KINDS.get("".join(pair["value"]), "other")
            assert found.setdefault(f"{scope}.{pair['key']}", kind) == kind, pair
    return found


WRITTEN: Final = written()
SHOWN: Final = queries.shown()


def test_every_row_of_the_table_is_in_the_fixtures() -> None:
    """So what the fixtures have is all that a query may name, but for custom metadata."""
    missing = {
        f"{scope}.{row.key}"
        for scope, rows in ROWS.items()
        for row in rows
        if not any(
            name == f"{scope}.{row.key}" or (row.key.endswith(".") and name.startswith(f"{scope}.{row.key}"))
            for name in WRITTEN
        )
    }

    assert missing == set()


def test_queries_are_found_where_they_stand() -> None:
    """A pattern that finds nothing would pass everything."""
    places = [place for place, _ in SHOWN]

    assert {place: places.count(place) > 7 for place in places} == {
        "attributes.md": True,
        # It shows the one that a command prints.
        "commands.md": False,
        "grafana.md": True,
        "grafana-dashboard.json": True,
    }


@pytest.mark.parametrize(("place", "query"), SHOWN)
def test_a_query_names_what_is_written_and_compares_it_with_its_own_type(place: str, query: str) -> None:
    """In texts and in the dashboard."""
    assert complaints(query, WRITTEN) == []


@pytest.mark.process
@pytest.mark.slow
def test_the_query_that_the_command_prints_is_as_good() -> None:
    """It names the sample trace's own metadata."""
    query = queries.printed()

    assert re.sub(r'"[0-9a-f-]{36}"', '"…"', query) == (
        '{ resource.service.name = "openrouter" && span.trace.metadata.testId = "…" }'
    )
    assert complaints(query, WRITTEN) == []


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        (
            "{ span.gen_ai.usage.total_cost > 0 }",
            "span.gen_ai.usage.total_cost: expected a literal of kind double, got 0",
        ),
        (
            "{ span.gen_ai.usage.total_tokens > 100.0 }",
            "span.gen_ai.usage.total_tokens: expected a literal of kind int, got 100.0",
        ),
        ("{ span.user.id = 7 }", "span.user.id: expected a literal of kind text, got 7"),
        ('{ duration > "5s" }', 'duration: expected a literal of kind duration, got "5s"'),
        ("{ status = client }", "status: expected a literal of kind status, got client"),
        ("{ span.user.id = }", "span.user.id: expected a literal of kind text, got }"),
        (
            '{ span.gen_ai.usage.total_tokens =~ "1" }',
            'span.gen_ai.usage.total_tokens: expected a literal of kind int, got "1"',
        ),
        ('{ span.service.name = "openrouter" }', "span.service.name: nobody writes it"),
        ('{ resource.user.id = "user_abc123" }', "resource.user.id: nobody writes it"),
        ("{ } | rate() by (span.gen_ai.request.modell)", "span.gen_ai.request.modell: nobody writes it"),
        ("{ } | sum_over_time(span.user.id)", "sum_over_time: expected a number, got span.user.id"),
        ("{ } | total(duration)", "total: no such function"),
        (
            "{ } | sum(span.gen_ai.usage.total_cost) > 1",
            "sum(span.gen_ai.usage.total_cost): expected a literal of kind double, got 1",
        ),
        ("{ } | count() > 3.0", "count(): expected a literal of kind int, got 3.0"),
        ("{ status = error } # all", "not a word: # all"),
    ],
)
def test_a_wrong_query_is_complained_about(query: str, complaint: str) -> None:
    """Else the tests above could not fail."""
    assert complaints(query, WRITTEN)[0] == complaint


def test_a_pattern_is_for_text() -> None:
    """Whatever it is compared with."""
    assert complaints("{ span.metadata =~ nil }", {"span.metadata": "int"}) == [
        "span.metadata: =~ is for text"
    ]


def test_anything_may_be_compared_with_nothing() -> None:
    """``nil`` has no type."""
    assert complaints("{ span.gen_ai.usage.total_cost != nil && duration > 5s }", WRITTEN) == []


def test_metrics_queries_are_told_from_searches() -> None:
    """By their functions."""
    assert is_metrics("{ } | rate()")
    assert not is_metrics('{ name = "rate" } | select(duration)')


@pytest.mark.parametrize(("kind", "number"), [("internal", 1), ("server", 2), ("client", 3)])
def test_the_kind_says_what_a_span_tells_of(kind: str, number: int) -> None:
    """Requests are clients, attempts and what is below requests are servers, the rest is internal."""
    of_kind = [span for body in BODIES for span in spans(body) if span["kind"] == number]
    types = {
        pair["value"]["stringValue"]
        for span in of_kind
        for pair in span["attributes"]
        if pair["key"] == "span.type"
    }
    with_model = [
        any(pair["key"] == "gen_ai.provider.name" for pair in span["attributes"]) for span in of_kind
    ]

    assert types == {"generation" if kind == "client" else "span"}
    assert any(with_model) == (kind == "client")
    assert {span["name"].partition(" ")[0] for span in of_kind if number == 2} <= {"provider", "generation"}


AGGREGATED: Final = re.compile(r"\| (sum|avg|max|min|quantile)(_over_time)?\((span\.[\w.]+)")


def test_an_aggregation_leaves_out_spans_without_its_attribute() -> None:
    """One such span makes Tempo's sum of its whole series far too low."""
    found = [(query, match) for _, query in SHOWN for match in AGGREGATED.finditer(query)]

    assert [query for query, match in found if f"{match[3]} != nil" not in query] == []
    assert len(found) >= 8


def test_no_quantile_of_a_double_is_asked_for() -> None:
    """Tempo gives no series for it."""
    kinds = written()
    asked = [match for _, query in SHOWN for match in AGGREGATED.finditer(query)]

    assert [match[0] for match in asked if match[1] == "quantile" and kinds[match[3]] == "double"] == []
