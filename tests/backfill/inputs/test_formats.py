# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Logs of other programs become records: each format with a fixture of its shape."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from otlpjson.backfill.inputs import FORMATS, format_named, format_of
from otlpjson.backfill.inputs.row import flag, instant, known, number, parsed, whole
from otlpjson.backfill.inputs.rows import rows_of
from otlpjson.core.errors import InvalidDocument
from otlpjson.openrouter import Generation, read_record

from ... import FIXTURES

INPUTS = FIXTURES / "inputs"
FILES = {
    "openrouter-activity": "openrouter-activity.csv",
    "litellm": "litellm.json",
    "langfuse": "langfuse.jsonl",
}


def converted(name: str) -> list[dict[str, Any]]:
    """The records of a fixture."""
    chosen = format_named(name)
    assert chosen is not None
    with (INPUTS / FILES[name]).open("rb") as file:
        rows = [row for _, row in rows_of(file)]
    assert all(not isinstance(row, InvalidDocument) and format_of(row) is chosen for row in rows)
    records = [chosen.record_of(row) for row in rows if not isinstance(row, InvalidDocument)]
    return [record for record in records if record is not None]


def facts(generation: Generation) -> dict[str, Any]:
    """What people ask for first."""
    usage = generation.usage
    return {
        "model": generation.request_model,
        "tokens": (usage.input_tokens, usage.output_tokens, usage.cached_tokens, usage.reasoning_tokens),
        "cost": usage.total_cost,
        "ms": (generation.end_ns - generation.start_ns) // 1_000_000,
        "first_ms": generation.timing.first_token_ms,
        "key": generation.api_key_name,
        "user": generation.user_id,
        "session": generation.session_id,
        "failure": None if generation.failure is None else generation.failure.message,
    }


def test_the_activity_of_openrouter() -> None:
    """Without content; a request that was cancelled is an error."""
    first, second = (read_record(record) for record in converted("openrouter-activity"))

    assert facts(first) == {
        "model": "openai/gpt-4o-2024-08-06",
        "tokens": (1200, 150, 800, 40),
        "cost": 0.0125,
        "ms": 2350,
        "first_ms": 410.0,
        "key": "production",
        "user": "user_1",
        "session": None,
        "failure": None,
    }
    assert first.start_ns == 1788595200_123000000
    assert (first.generation_id, first.provider_name) == ("gen-1788600000-abcdefghijklmnopqrst", "Azure")
    assert (first.finish_reason, first.streamed) == ("stop", True)
    assert facts(second)["model"] == "anthropic/claude-sonnet-4.5:free"
    assert facts(second)["tokens"] == (90, 0, None, None)
    assert facts(second)["key"] == "ci, nightly"
    assert second.failure is not None


def test_litellms_spend_logs() -> None:
    """With content where it was stored; what was charged is the log's."""
    first, second = (read_record(record) for record in converted("litellm"))

    assert facts(first) == {
        "model": "openrouter/openai/gpt-4o",
        "tokens": (20, 10, None, None),
        "cost": 0.00135,
        "ms": 1500,
        "first_ms": 400.0,
        "key": "production",
        "user": "user_1",
        "session": "session-1",
        "failure": None,
    }
    assert first.generation_id == "gen-1788600000-abcdefghijklmnopqrst"
    assert json.loads(first.prompt or "")["messages"] == [{"role": "user", "content": "Hi"}]
    assert dict(first.trace.metadata) == {"tags": '["checkout"]', "team_id": "team-1"}
    assert second.failure is not None
    assert (second.failure.message, second.failure.code) == ("Rate limit exceeded", "429")


def test_observations_of_langfuse() -> None:
    """Generations alone; the trace is the same as there."""
    first, second = (read_record(record) for record in converted("langfuse"))

    assert facts(first) == {
        "model": "openai/gpt-4o",
        "tokens": (20, 10, None, None),
        "cost": 0.0015,
        "ms": 1500,
        "first_ms": 400.0,
        "key": None,
        "user": "user_1",
        "session": "session-1",
        "failure": None,
    }
    assert first.trace_key == "9b1de41a703bf6c7f0831bba77573c3e"
    assert first.trace.generation_name == "answer"
    assert dict(first.trace.metadata) == {"environment": "production", "feature": "checkout"}
    assert json.loads(first.completion or "")["completion"] == "Hello!"
    assert second.failure is not None
    assert (second.failure.message, second.start_ns) == ("timeout", second.end_ns)


@pytest.mark.parametrize(
    ("name", "row", "path"),
    [
        ("openrouter-activity", {}, "row.created_at"),
        ("openrouter-activity", {"created_at": "yesterday"}, "row.created_at"),
        ("litellm", {"startTime": "2026-09-05T08:00:00Z"}, "row.startTime and row.endTime"),
        ("langfuse", {"type": "GENERATION"}, "row.startTime"),
    ],
)
def test_a_row_without_a_time_is_refused(name: str, row: Any, path: str) -> None:
    """Nobody knows when it was."""
    chosen = format_named(name)
    assert chosen is not None
    with pytest.raises(InvalidDocument) as caught:
        chosen.record_of(row)

    assert caught.value.path == path


TIMES = {"startTime": "2026-09-05T08:00:00Z", "endTime": "2026-09-05T08:00:01Z"}


def record(name: str, **row: Any) -> Any:
    """The record of a row with these members."""
    chosen = format_named(name)
    assert chosen is not None
    found = chosen.record_of({**TIMES, **row})
    assert found is not None
    return found


def test_what_litellm_stored_in_other_members_is_found() -> None:
    """The whole request, if the proxy keeps it; each call type has its API."""
    found = record(
        "litellm",
        call_type="aresponses",
        proxy_server_request='{"model": "m", "input": "Hi"}',
        messages="[]",
        metadata="no JSON",
        status="failure",
    )

    assert found["request"] == {"model": "m", "input": "Hi"}
    assert (found["api"], found["response"]) == ("responses", {"error": {"message": "the request failed"}})
    assert record("litellm", call_type="new")["api"] == "chat"
    assert record("litellm", metadata={"status": "failure", "error_information": 7})["response"] == {
        "error": {"message": "the request failed"}
    }
    usage = record("litellm", prompt_tokens="3", response={"usage": 7}, spend="0.5")["response"]["usage"]
    assert usage == {"prompt_tokens": 3, "cost": 0.5}


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ("Hi", [{"role": "user", "content": "Hi"}]),
        ('[{"role": "user", "content": "Hi"}]', [{"role": "user", "content": "Hi"}]),
        ({"messages": [{"role": "user", "content": "Hi"}]}, [{"role": "user", "content": "Hi"}]),
        ({"question": "Hi"}, [{"role": "user", "content": {"question": "Hi"}}]),
    ],
)
def test_inputs_of_langfuse_have_many_shapes(given: Any, messages: Any) -> None:
    """Everything is a prompt."""
    assert record("langfuse", type="GENERATION", input=given)["request"]["messages"] == messages


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("Hello", {"role": "assistant", "content": "Hello"}),
        ({"content": "Hello", "refusal": None}, {"role": "assistant", "content": "Hello", "refusal": None}),
        ({"tool_calls": []}, {"role": "assistant", "tool_calls": []}),
        ({"answer": 1}, {"role": "assistant", "content": "{'answer': 1}"}),
        ({"content": 7}, {"role": "assistant", "content": "7"}),
    ],
)
def test_outputs_of_langfuse_have_many_shapes(given: Any, message: Any) -> None:
    """Everything is an answer."""
    found = record(
        "langfuse", type="GENERATION", output=given, usageDetails="x", metadata=7, modelParameters=7
    )

    assert found["response"]["choices"][0]["message"] == message


def test_records_stay_as_they_are() -> None:
    """A file of records may be converted too."""
    row = {"request": {"model": "m"}, "more": 1}
    chosen = format_of(row)

    assert chosen is FORMATS[0]
    assert chosen.record_of(row) == row
    assert format_of({"other": 1}) is None
    assert format_named("other") is None


def test_values_of_rows() -> None:
    """As text and as themselves."""
    assert [number(value) for value in (1, "2.5", "x", "nan", True, None, 10**400)] == [
        *(1.0, 2.5, None, None, None, None, None)
    ]
    assert [whole(value) for value in (1, "2", "2.5", "", 3.0)] == [1, 2, None, None, 3]
    assert [flag(value) for value in ("True", "false ", "", 1, True)] == [True, False, None, None, True]
    assert [parsed(value) for value in ("[1]", " {}", "{", "x", 7)] == [[1], {}, "{", "x", 7]
    assert known({"a": 0, "b": "", "c": None, "d": [], "e": False}) == {"a": 0, "e": False}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-05 08:00:00", datetime(2026, 9, 5, 8, tzinfo=timezone.utc)),
        ("2026-09-05T10:00:00+02:00", datetime(2026, 9, 5, 8, tzinfo=timezone.utc)),
        ("2026-09-05T08:00:00.5Z", datetime(2026, 9, 5, 8, 0, 0, 500000, tzinfo=timezone.utc)),
        ("2026-09-05 08:00:00.1234567+00:00", datetime(2026, 9, 5, 8, 0, 0, 123456, tzinfo=timezone.utc)),
        ("", None),
        (7, None),
    ],
)
def test_times_of_rows(text: Any, moment: datetime | None) -> None:
    """Without a time zone they are in UTC."""
    assert instant(text, "row") == moment
