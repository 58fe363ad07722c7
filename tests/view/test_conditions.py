# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Conditions as people write them: what they mean, and what is said where they mean nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from otlpjson.core.errors import ConfigError
from otlpjson.core.model import Status
from otlpjson.view.store import Store, conditions_of
from otlpjson.view.store.questions import Questions

from .spans import FAILED, NOW_NS, START_NS, body, generation, span


@pytest.fixture(scope="module")
def questions() -> Iterator[Questions]:
    """Four traces: of a request that was cheap, a slow one, one that failed, and one of another program."""
    with Store(None, now_ns=lambda: NOW_NS) as store:
        store.add(
            generation(
                1,
                request={
                    "user": "ada",
                    "session_id": "s1",
                    "trace": {"trace_id": "one", "trace_name": "First Agent", "environment": "prod"},
                },
                usage={"cost": 0.001},
                content="Ein Übermut in 東京都",
            )
        )
        store.add(
            generation(
                2,
                request={
                    "model": "anthropic/claude-sonnet-4.5",
                    "user": "bob",
                    "session_id": 's"2',
                    "trace": {"trace_id": "two", "environment": "dev", "team name": "a b"},
                },
                seconds=90.0,
                started_ns=START_NS + 3600 * 10**9,
                observed={"first_token_ms": 700, "provider_request_ms": 100, "api_key_name": "ci"},
            )
        )
        store.add(body(span(3, 1), span(3, 2, 1, status=FAILED), service="billing"))
        store.add(body(span(4, 1, status=Status(code=1)), service="billing"))
        yield Questions(store.database)


def names(questions: Questions, where: str) -> set[str]:
    """The traces that a condition holds for."""
    found = questions.traces(conditions_of(where))["traces"]
    return {"3" if one["spans"] == 2 and one["errors"] else one["name"] for one in found}


FIRST, SECOND, THIRD, FOURTH = "First Agent", "LLM Generation", "3", "span 1"
ALL = {FIRST, SECOND, THIRD, FOURTH}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("", ALL),
        ("  \n", ALL),
        ("model = openai/gpt-4o", {FIRST}),
        ("model != openai/gpt-4o", ALL - {FIRST}),
        ("model ~ CLAUDE", {SECOND}),
        ("model !~ claude", ALL - {SECOND}),
        ('session = "s\\"2"', {SECOND}),
        ("user=ada", {FIRST}),
        ("user = ada and user = bob", set()),
        ("name ~ agent AND model ~ gpt", {FIRST}),
        ("service = billing", {THIRD, FOURTH}),
        ("service = openrouter", {FIRST, SECOND}),
        ("status = error", {THIRD}),
        ("status != error", ALL - {THIRD}),
        ("status = unset", {THIRD}),
        ("message ~ BROKE", {THIRD}),
        ("api_key = ci", {SECOND}),
        ("finish = stop", {FIRST, SECOND}),
        ("operation = chat", {FIRST, SECOND}),
        ("metadata.environment = prod", {FIRST}),
        ("metadata.environment != prod", ALL - {FIRST}),
        ("metadata.environment ~ P", {FIRST}),
        ('metadata.environment ~ ""', {FIRST, SECOND}),
        ("duration > 1m and duration < 2min", None),
        ("duration > 60 and duration < 2min", {SECOND}),
        ("duration = 1000ms", {FIRST, THIRD, FOURTH}),
        ("duration >= 1.5s", {SECOND}),
        ("duration > 999999999999999h", set()),
        ("cost = 0.001", {FIRST}),
        ("cost != 0.001", {SECOND}),
        ("cost > 0", {FIRST, SECOND}),
        ("tokens = 15", {FIRST, SECOND}),
        ("input_tokens <= 10 and output_tokens >= 5", {FIRST, SECOND}),
        ("first_token = 600ms", {SECOND}),
        ("spans = 2 and errors > 0", {THIRD}),
        ("started >= 2026-02-13T19:00:00Z", {SECOND}),
        ("started < 2026-02-13T19:30:00+01:00", ALL - {SECOND}),
        ("started >= 2026-02-13", ALL),
        ("started > 9999-12-31", set()),
        ("started < 0001-01-01", set()),
        ('text ~ "question 2"', {SECOND}),
        ("text ~ quest", {FIRST, SECOND}),
        ('text ~ ubermut and text ~ "京都"', {FIRST}),
        ("text ~ 京東", set()),
        ('text ~ "\\"question 1\\""', {FIRST}),
        ('text ~ "\\"question answer\\""', set()),
        ('text ~ "\\"broke it\\""', set()),
        ('text ~ "\\"it broke\\""', {THIRD}),
        ('text ~ "quest\\"ion"', set()),
        ('text ~ "it\\"broke"', {THIRD}),
        ('text ~ "***"', ALL),
        ('text ~ "a\\0b OR \\" NEAR("', set()),
    ],
)
def test_what_each_condition_holds_for(questions: Questions, where: str, expected: set[str] | None) -> None:
    """Texts are those of any span, numbers those of the trace; ``!=`` holds where no span has the value."""
    if expected is None:
        with pytest.raises(ConfigError):
            conditions_of(where)
        return
    assert names(questions, where) == expected


FORM = 'expected FIELD OPERATOR VALUE, such as model = "openai/gpt-4o", joined by "and", at character'


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("model", f"{FORM} 1"),
        ("model =", f"{FORM} 1"),
        ("model = a or user = b", f"{FORM} 1"),
        ("model = a and", f"{FORM} 1"),
        ("model = a and user", f"{FORM} 15"),
        ('model = "a', f"{FORM} 1"),
        (" and ".join(["cost > 1"] * 51), f"{FORM} {50 * 13 + 1}"),
        ("cost ~ 5", "cost can be compared with =, !=, <, <=, >, >="),
        ("model > 5", "model can be compared with =, !=, ~, !~"),
        ("text = a", "text can be compared with ~"),
        ("cost > cheap", "cost: expected a number"),
        ("cost > 5s", "cost: expected a number"),
        ("duration > 5 days", f"{FORM} 1"),
        ("duration > 5d", "duration: expected a duration such as 1.5s or 200ms"),
        ("started > yesterday", "started: expected a time such as 2026-02-13T18:00:00Z"),
        ("status = broken", "status: expected one of unset, ok, error"),
    ],
)
def test_what_is_no_condition_is_explained(where: str, words: str) -> None:
    """With the place, or with what is expected there."""
    with pytest.raises(ConfigError) as caught:
        conditions_of(where)

    assert caught.value.problems == {"where": words}


def test_an_unknown_field_is_named_beside_the_known_ones() -> None:
    """At most forty characters of it."""
    with pytest.raises(ConfigError) as caught:
        conditions_of(f"{'x' * 100} = 1")

    assert caught.value.problems["where"].startswith(
        f"unknown field {'x' * 40}; known are text, name, model,"
    )
    assert caught.value.problems["where"].endswith("spans, errors, metadata.KEY")
