# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Jaeger's search finds exactly the traces that the guide's queries are about."""

from __future__ import annotations

import json
import time
from typing import Callable

import pytest

from .gateway import Gateway
from .generations import Case
from .population import Population

HOUR_US = 3_600_000_000
QUERIES: dict[str, tuple[dict[str, str], dict[str, str], Callable[[Case], bool]]] = {
    "every request": ({}, {}, lambda case: True),
    "model": (
        {"gen_ai.request.model": "openai/gpt-4-turbo"},
        {},
        lambda case: case.model == "openai/gpt-4-turbo",
    ),
    "user": ({"user.id": "user_abc123"}, {}, lambda case: case.user == "user_abc123"),
    "user with quotes": (
        {"user.id": 'quote " and \\ backslash'},
        {},
        lambda case: case.user == 'quote " and \\ backslash',
    ),
    "environment": (
        {"trace.metadata.environment": "production"},
        {},
        lambda case: case.environment == "production",
    ),
    "environment beyond ASCII": (
        {"trace.metadata.environment": "произв"},
        {},
        lambda case: case.environment == "произв",
    ),
    "alert": ({"trace.metadata.alert_id": "alert_789"}, {}, lambda case: case.alert == "alert_789"),
    "slow": ({}, {"minDuration": "5s"}, lambda case: case.seconds > 5),
    "errors": ({"span.level": "ERROR"}, {}, lambda case: case.failed),
    "model and environment": (
        {"gen_ai.request.model": "openai/gpt-4o", "trace.metadata.environment": "staging"},
        {},
        lambda case: (case.model, case.environment) == ("openai/gpt-4o", "staging"),
    ),
    "slow ones of a user": (
        {"user.id": "user_12345", "span.type": "generation"},
        {"minDuration": "5s"},
        lambda case: case.user == "user_12345" and case.seconds > 5,
    ),
}


def found(gateway: Gateway, tags: dict[str, str], **parameters: str) -> set[str]:
    """The trace ids of a search over the last hour."""
    now_us = time.time_ns() // 1000
    said = gateway.jaeger(
        "/api/traces",
        tags=json.dumps(tags),
        start=str(now_us - HOUR_US),
        end=str(now_us),
        limit="10000",
        **{"service": "openrouter", **parameters},
    )
    assert said.status == 200, said.words
    return {trace["traceID"] for trace in json.loads(said.body)["data"]}


@pytest.mark.parametrize("name", QUERIES)
def test_a_search_finds_the_traces_it_is_about_and_no_other(
    gateway: Gateway, population: Population, name: str
) -> None:
    """Of the population's traces: other tests send traces of their own."""
    tags, parameters, is_meant = QUERIES[name]
    meant = {case.trace_id for case in population.cases if is_meant(case)}

    assert found(gateway, tags, **parameters) & set(population.sent) == meant
    assert 0 < len(meant) <= len(population.sent)
    assert name == "every request" or len(meant) < len(population.sent)


def test_the_tag_for_errors_finds_the_others(gateway: Gateway, population: Population) -> None:
    """
    Jaeger 1.76's memory store reads the text ``true`` as false, and so looks for the status OK.

    Ours is right: the same traces are found by ``span.level``. Where a newer version of Jaeger
    fails this test, the row of errors above can go back to the tag.
    """
    (ok, error) = (
        {trace_id for trace_id, sent in population.sent.items() if any(s["status"][0] == code for s in sent)}
        for code in (1, 2)
    )

    assert found(gateway, {"error": "true"}) & set(population.sent) == ok
    assert {case.trace_id for case in population.cases if case.failed} == error


def test_a_search_for_what_was_never_sent_finds_nothing(gateway: Gateway, population: Population) -> None:
    """Neither another service nor another user."""
    assert found(gateway, {}, service="another") == set()
    assert found(gateway, {"user.id": "nobody"}) == set()
    assert len(population.sent) > 0


def test_openrouter_is_a_service_that_jaeger_lists(gateway: Gateway, population: Population) -> None:
    """What a person picks first on its page."""
    assert "openrouter" in json.loads(gateway.jaeger("/api/services").body)["data"]
    assert len(population.sent) > 0
