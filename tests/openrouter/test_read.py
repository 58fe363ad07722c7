# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records to generations; the golden files show whole ones."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otlpjson import InvalidDocument
from otlpjson.openrouter import Failure, Generation, TraceOptions, Usage, read_record, resource_spans

from .. import FIXTURES, strategies

GUIDE: dict[str, Any] = json.loads((FIXTURES / "openrouter" / "guide" / "record.json").read_bytes())


def record(**changes: Any) -> dict[str, Any]:
    """The guide's record with some of its keys replaced."""
    return {**copy.deepcopy(GUIDE), **changes}


def answered(**response: Any) -> Generation:
    """The guide's request with another response."""
    return read_record(record(response=response))


def test_the_guides_record_is_read_whole() -> None:
    """Every field, and nothing skipped."""
    generation = read_record(GUIDE)
    content = (
        'The metric shows one spike at 14:05 — latency rose from 80 ms to 2.4 s, then \\"normal\\" again.'
    )
    raw = json.dumps(
        {**{k: v for k, v in GUIDE["request"].items() if k != "messages"}, "_skin": "chat-completions"},
        separators=(",", ":"),
    )

    assert generation == Generation(
        key="gen-1771005600-Hh3kQ9vXw2LmT7pRz5Yc",
        generation_id="gen-1771005600-Hh3kQ9vXw2LmT7pRz5Yc",
        start_ns=1771005600000000000,
        end_ns=1771005601203000000,
        answered=True,
        request_model="openai/gpt-4o",
        response_model="openai/gpt-4o",
        provider_name="OpenAI",
        user_id="user_12345",
        session_id="session_abc",
        trace=TraceOptions(
            trace_id="monitoring_pipeline_001",
            trace_name="Metric Analysis Pipeline",
            generation_name="Anomaly Detection",
            metadata=(("environment", "production"), ("alert_id", "alert_789")),
        ),
        usage=Usage(
            input_tokens=12,
            output_tokens=48,
            total_tokens=60,
            cached_tokens=0,
            reasoning_tokens=0,
            input_cost=3e-05,
            output_cost=0.00048,
            total_cost=0.00051,
        ),
        prompt='{"messages":[{"role":"user","content":"Analyze this metric..."}]}',
        completion=f'{{"completion":"{content}","reasoning":null,"rawRequest":{raw}}}',
        finish_reason="stop",
        native_finish_reason="stop",
        failure=None,
        skipped=(),
    )


def test_a_record_is_not_changed_by_reading() -> None:
    """The caller's dicts stay as they are."""
    given = copy.deepcopy(GUIDE)
    read_record(given)

    assert given == GUIDE


@pytest.mark.parametrize("value", [None, [], "text", 5])
def test_only_an_object_is_a_record(value: Any) -> None:
    """Anything else is refused."""
    with pytest.raises(InvalidDocument, match=r"^record: expected an object with request and response, got "):
        read_record(value)


@pytest.mark.parametrize("request_body", [None, {}, "text", []])
def test_a_record_has_a_request(request_body: Any) -> None:
    """Without one there is nothing to tell."""
    with pytest.raises(InvalidDocument, match=r"^record.request: expected the body of the request, got "):
        read_record(record(request=request_body))


@pytest.mark.parametrize(
    ("times", "start_ns", "end_ns"),
    [
        ({"started_at": None, "ended_at": None}, 1771005600 * 10**9, 1771005600 * 10**9),
        ({"started_at": None}, 1771005600 * 10**9, 1771005601203000000),
        ({"ended_at": None, "started_at": "2026-02-13T17:59:59Z"}, 1771005599 * 10**9, 1771005600 * 10**9),
    ],
)
def test_missing_times_are_taken_from_the_response(times: dict[str, Any], start_ns: int, end_ns: int) -> None:
    """``created`` counts for each that is missing."""
    generation = read_record(record(**times))

    assert (generation.start_ns, generation.end_ns) == (start_ns, end_ns)
    assert generation.skipped == ()


@pytest.mark.parametrize(("key", "other"), [("started_at", "ended_at"), ("ended_at", "started_at")])
def test_without_any_time_a_record_is_refused(key: str, other: str) -> None:
    """One sentence says what would do."""
    with pytest.raises(InvalidDocument) as caught:
        read_record({"request": {"messages": []}, other: "2026-02-13T18:00:00Z"})

    assert str(caught.value) == (
        f"record.{key}: expected a time: started_at and ended_at, or a response with created, got nothing"
    )


def test_an_end_before_the_start_is_moved_and_noted() -> None:
    """VAL-2: clamped, never dropped in silence."""
    generation = read_record(record(ended_at="2026-02-13T17:00:00Z"))

    assert generation.end_ns == generation.start_ns
    assert [str(note) for note in generation.skipped] == [
        "record.ended_at: expected a time that is not before started_at, got str '2026-02-13T17:00:00Z'"
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"api": "messages"}, "record.api: expected chat; other APIs are not read yet, got str 'messages'"),
        (
            {"response": {"type": "message"}},
            "record.api: expected chat; other APIs are not read yet, got str 'messages'",
        ),
        (
            {"response": {"object": "response"}},
            "record.api: expected chat; other APIs are not read yet, got str 'responses'",
        ),
        (
            {"request": {"input": "Hello"}},
            "record.api: expected chat; other APIs are not read yet, got str 'responses'",
        ),
        (
            {"response_stream": "data: {}"},
            "record.response_stream: expected nothing; streams are not read yet, got text of a stream",
        ),
    ],
)
def test_what_is_not_read_yet_is_not_read_wrongly(changes: dict[str, Any], sentence: str) -> None:
    """A record of another API would give a span that is wrong in every row."""
    with pytest.raises(InvalidDocument) as caught:
        read_record(record(**changes))

    assert str(caught.value) == sentence


def test_the_api_can_be_named() -> None:
    """Chat is what is read."""
    assert read_record(record(api="chat")) == read_record(GUIDE)


def test_a_record_without_an_id_gets_the_same_ids_each_time() -> None:
    """The key is made of the request and the start time, and of nothing else."""
    first, again = (read_record(record(response=None)) for _ in range(2))
    later = read_record(record(response=None, started_at="2026-02-13T18:00:00.001Z"))

    assert first.key == again.key
    assert first.key != later.key
    assert len(first.key) == len("gen-") + 64
    assert (first.generation_id, first.answered) == (None, False)


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        ({"error": {"code": 400, "message": "no such model"}}, Failure(message="no such model", code="400")),
        (
            {"error": {"code": "server_error", "message": "m", "metadata": {"error_type": "server"}}},
            Failure(message="m", kind="server", code="server_error"),
        ),
        ({"error": {"error_type": "timeout"}}, Failure(message="error", kind="timeout")),
        ({"error": "plain words"}, Failure(message="plain words")),
        ({"error": ["odd"]}, Failure(message="error")),
        (
            {"choices": [{"finish_reason": "error", "error": {"code": 502, "message": "provider"}}]},
            Failure(message="provider", code="502"),
        ),
        (
            {"choices": [{"finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL"}]},
            Failure(message="MALFORMED_FUNCTION_CALL"),
        ),
        ({"choices": [{"finish_reason": "error"}]}, Failure(message="error")),
        ({"choices": [{"finish_reason": "stop"}]}, None),
        ({"error": None}, None),
    ],
)
def test_a_failure_is_found_wherever_it_stands(response: dict[str, Any], failure: Failure | None) -> None:
    """In the body, in the choice, or only as a finish reason."""
    assert answered(**response).failure == failure


def test_custom_metadata_is_flat_and_in_order() -> None:
    """Objects with dots, lists as JSON text, the rest with its own type; the five keys never."""
    request = {
        "messages": [],
        "trace": {"trace_id": "t", "b": {"y": 1, "x": [1, {}]}, "a": None, "c": {}, 7: {2: True}},
    }
    trace = read_record(record(request=request)).trace

    assert trace.trace_id == "t"
    assert trace.metadata == (("b.y", 1), ("b.x", "[1,{}]"), ("a", None), ("c", "{}"), ("7.2", True))


def test_metadata_nested_without_end_becomes_text() -> None:
    """ENC-9: 64 levels are taken apart, the rest is cut like any value."""
    own: dict[str, Any] = {}
    own["k"] = own
    trace = read_record(record(request={"messages": [], "trace": {"own": own}})).trace

    assert [key.count(".") for key, _ in trace.metadata] == [63]


@pytest.mark.parametrize("name", ["trace_id", "trace_name", "span_name", "generation_name", "parent_span_id"])
def test_an_empty_option_counts_as_not_given(name: str) -> None:
    """An empty name would be an unknown one, and an empty key would join all traces."""
    trace = read_record(record(request={"messages": [], "trace": {name: ""}})).trace

    assert trace == TraceOptions()


def test_a_request_without_messages_has_no_prompt() -> None:
    """Missing is not empty."""
    assert read_record(record(request={"model": "openai/gpt-4o"})).prompt is None


def damaged(value: Any, draw: st.DrawFn) -> Any:
    """A record with some of its leaves and branches replaced by anything."""
    if draw(st.integers(0, 9)) == 0:
        return draw(strategies.values)
    if isinstance(value, dict):
        return {key: damaged(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [damaged(item, draw) for item in value]
    return value


@st.composite
def damaged_records(draw: st.DrawFn) -> Any:
    """The guide's record, damaged."""
    return damaged(GUIDE, draw)


@settings(max_examples=300, deadline=None)
@given(damaged_records(), st.booleans())
def test_a_damaged_record_is_mapped_or_refused(record: Any, privacy_mode: bool) -> None:
    """Nothing but ``InvalidDocument`` ever comes out, and what was read makes spans."""
    try:
        generation = read_record(record)
    except InvalidDocument as error:
        assert error.path.startswith("record")
    else:
        assert sum(group.span_count for group in resource_spans(generation, privacy_mode=privacy_mode)) >= 1
