# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Facts from a GET /generation record and from ``observed``."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter import Attempt, Timing, Usage
from otlpjson.openrouter.document import Document
from otlpjson.openrouter.observed import Observed, observed_of


def observed(record: dict[str, Any] | None = None, **facts: Any) -> Observed:
    """The facts from both sources."""
    return observed_of(
        Document("record.generation", record or {}, []), Document("record.observed", facts, [])
    )


def test_without_sources_there_are_no_facts() -> None:
    """Every field has its absent value."""
    nothing = observed()

    assert nothing == Observed(
        generation_id=None,
        created_ns=None,
        latency_ms=None,
        provider_name=None,
        provider_slug=None,
        user_id=None,
        session_id=None,
        api_key_name=None,
        entity_id=None,
        creator_user_id=None,
        usage=Usage(),
        input_unit_price=None,
        output_unit_price=None,
        timing=Timing(),
        finish_reason=None,
        native_finish_reason=None,
        attempts=(),
        provider_responses=None,
        error_message=None,
        client_disconnected=False,
        interrupted_by=None,
        http_status=None,
        retry_number=None,
    )


def test_facts_are_taken_by_openrouters_names() -> None:
    """Facts that only OpenRouter knows can be given."""
    facts = observed(
        generation_id="gen-1",
        provider_slug="openai",
        api_key_name="k",
        entity_id="e",
        creator_user_id="c",
        input_unit_price=1e-06,
        output_unit_price=2,
        input_cost=0.5,
        output_cost=0.25,
    )

    assert (facts.generation_id, facts.provider_slug) == ("gen-1", "openai")
    assert (facts.api_key_name, facts.entity_id, facts.creator_user_id) == ("k", "e", "c")
    assert (facts.input_unit_price, facts.output_unit_price) == (1e-06, 2.0)
    assert facts.usage == Usage(input_cost=0.5, output_cost=0.25)


@pytest.mark.parametrize(
    ("record", "facts", "timing"),
    [
        (
            {"generation_time": 3668, "provider_responses": [{"latency": 757}]},
            {"provider_request_ms": 51},
            Timing(
                provider_request_ms=51.0,
                provider_headers_ms=808.0,
                provider_body_end_ms=3719.0,
                generation_ms=3668.0,
            ),
        ),
        (
            {"latency": 757, "generation_time": 1},
            {
                "router_latency_ms": 8,
                "provider_request_ms": 51,
                "provider_headers_ms": 800,
                "first_token_ms": 900,
                "provider_body_end_ms": 1000,
            },
            Timing(
                router_ms=8.0,
                provider_request_ms=51.0,
                provider_headers_ms=800.0,
                first_token_ms=900.0,
                provider_body_end_ms=1000.0,
                generation_ms=949.0,
            ),
        ),
        (
            {"latency": 757},
            {"provider_request_ms": 51},
            Timing(provider_request_ms=51.0, provider_headers_ms=808.0),
        ),
        ({"latency": 757, "generation_time": 9}, {}, Timing(generation_ms=9.0)),
    ],
)
def test_milestones_follow_from_each_other(
    record: dict[str, Any], facts: dict[str, Any], timing: Timing
) -> None:
    """Headers arrive after the attempt's latency, the end after the generation time."""
    assert observed(record, **facts).timing == timing


def test_given_attempts_replace_those_of_the_record() -> None:
    """The text has only members that Broadcast sends, in its order."""
    record = {"provider_responses": [{"status": 500}]}
    given = [
        {"routed_service_tier": "x", "status": 503, "id": "r1", "provider_name": "Azure"},
        {
            "status": 200,
            "provider_name": "OpenAI",
            "is_byok": True,
            "latency": 1.5,
            "endpoint_id": "e",
            "model_permaslug": "m",
        },
    ]
    facts = observed(record, provider_responses=given)

    assert facts.attempts == (
        Attempt(provider_name="Azure", status=503),
        Attempt(
            provider_name="OpenAI",
            status=200,
            latency_ms=1.5,
            is_byok=True,
            endpoint_id="e",
            model_permaslug="m",
        ),
    )
    assert facts.provider_responses == (
        '[{"id":"r1","provider_name":"Azure","status":503},'
        '{"provider_name":"OpenAI","status":200,"latency":1.5,"is_byok":true,"endpoint_id":"e","model_permaslug":"m"}]'
    )
    assert facts.provider_name == "OpenAI"


@pytest.mark.parametrize(
    ("record", "facts", "left"),
    [
        ({"cancelled": True}, {}, True),
        ({"cancelled": True, "finish_reason": "stop"}, {}, False),
        ({"cancelled": False}, {}, False),
        ({}, {"client_disconnected": True}, True),
        ({}, {"client_disconnected": False}, False),
    ],
)
def test_the_client_has_left_if_one_source_says_so(
    record: dict[str, Any], facts: dict[str, Any], left: bool
) -> None:
    """A record with a finish reason was complete before."""
    assert observed(record, **facts).client_disconnected is left


def test_what_the_caller_knows_of_the_end_is_read() -> None:
    """An empty text says nothing."""
    facts = observed(error_message="socket closed", interrupted_by="ValueError", http_status=502)

    assert (facts.error_message, facts.interrupted_by, facts.http_status) == (
        "socket closed",
        "ValueError",
        502,
    )
    assert observed(error_message="", interrupted_by="") == observed()


def test_the_session_may_be_observed() -> None:
    """It may come in a header alone; that of the record is the second choice."""
    assert observed({"session_id": "b"}, session_id="a").session_id == "a"
    assert observed({"session_id": 7}).session_id == "7"


@pytest.mark.parametrize(
    ("record", "cost"), [({"usage": 0.5}, 0.5), ({"usage": 0.5, "total_cost": 0.0}, 0.0), ({}, None)]
)
def test_the_total_cost_of_a_record(record: dict[str, Any], cost: float | None) -> None:
    """Two members have it; zero is a value."""
    assert observed(record).usage.total_cost == cost


@pytest.mark.parametrize("text", ["2026-02-13T18:00:00", "yesterday", "9999-01-01T00:00:00Z"])
def test_an_invalid_time_in_a_record_is_noted(text: str) -> None:
    """Another source may have the time; a latency of the wrong type is noted once."""
    notes: list[Finding] = []
    record = Document("record.generation", {"created_at": text, "latency": "x"}, notes)

    assert observed_of(record, Document("record.observed", {}, notes)).created_ns is None
    assert [note.path for note in notes] == ["record.generation.latency", "record.generation.created_at"]


def test_members_of_an_attempt_that_are_damaged_are_left_out() -> None:
    """They are left out of the text as well, and noted once; null is not noted."""
    notes: list[Finding] = []
    item = {
        "id": 1,
        "provider_name": ["x"],
        "status": "ok",
        "latency": 757,
        "is_byok": None,
        "endpoint_id": {},
    }
    facts = Document("record.observed", {"provider_responses": [item]}, notes)
    read = observed_of(Document("record.generation", {}, notes), facts)

    assert read.provider_responses == '[{"latency":757,"is_byok":null}]'
    assert read.attempts == (Attempt(latency_ms=757.0),)
    assert [note.path.rpartition(".")[2] for note in notes] == [
        "id",
        "provider_name",
        "status",
        "endpoint_id",
    ]
