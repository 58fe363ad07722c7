# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records read as generations; golden files have whole ones."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from otlpjson import InvalidDocument
from otlpjson.openrouter import (
    Attempt,
    Failure,
    Generation,
    Timing,
    TraceOptions,
    Usage,
    read_record,
    resource_spans,
    span_count,
)
from otlpjson.openrouter.times import LATEST_NS

from .. import FIXTURES, strategies

GUIDE: dict[str, Any] = json.loads((FIXTURES / "openrouter" / "guide" / "record.json").read_bytes())


def record(**changes: Any) -> dict[str, Any]:
    """The guide's record with some keys replaced."""
    return {**copy.deepcopy(GUIDE), **changes}


def answered(**response: Any) -> Generation:
    """The guide's request with another response."""
    return read_record(record(response=response))


def test_the_guides_record_is_read_whole() -> None:
    """Every field is read and nothing is noted."""
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
        complete=True,
        streamed=False,
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
            input_audio_tokens=0,
            reasoning_tokens=0,
            output_image_tokens=0,
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
    """The caller's dicts are unchanged."""
    given = copy.deepcopy(GUIDE)
    read_record(given)

    assert given == GUIDE


@pytest.mark.parametrize("value", [None, [], "canary", b"canary", 5])
def test_only_an_object_is_a_record(value: Any) -> None:
    """Anything else is refused; its text is not shown, because it may be content."""
    with pytest.raises(
        InvalidDocument, match=r"^record: expected an object with request and response, got "
    ) as caught:
        read_record(value)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("request_body", "what"),
    [
        (None, "nothing"),
        ({}, "an empty object"),
        ("[1]", "str of 3 characters"),
        (b"{}", "2 bytes"),
        ([], "list of 0 items"),
    ],
)
def test_a_record_has_a_request(request_body: Any, what: str) -> None:
    """A record without one is refused; only the type of what is there is shown."""
    with pytest.raises(InvalidDocument) as caught:
        read_record(record(request=request_body))

    assert str(caught.value) == f"record.request: expected the body of the request, got {what}"


@pytest.mark.parametrize(
    ("times", "start_ns", "end_ns"),
    [
        ({"started_at": None, "ended_at": None}, 1771005600 * 10**9, 1771005600 * 10**9),
        ({"started_at": None}, 1771005600 * 10**9, 1771005601203000000),
        ({"ended_at": None, "started_at": "2026-02-13T17:59:59Z"}, 1771005599 * 10**9, 1771005600 * 10**9),
    ],
)
def test_missing_times_are_taken_from_the_response(times: dict[str, Any], start_ns: int, end_ns: int) -> None:
    """``created`` is used for each missing time."""
    generation = read_record(record(**times))

    assert (generation.start_ns, generation.end_ns) == (start_ns, end_ns)
    assert generation.skipped == ()


@pytest.mark.parametrize(("key", "other"), [("started_at", "ended_at"), ("ended_at", "started_at")])
def test_without_any_time_a_record_is_refused(key: str, other: str) -> None:
    """One sentence says what would do."""
    with pytest.raises(InvalidDocument) as caught:
        read_record({"request": {"messages": []}, other: "2026-02-13T18:00:00Z"})

    assert str(caught.value) == (
        f"record.{key}: missing, and neither a generation record nor the response has the time"
    )


def test_an_end_before_the_start_is_moved_and_noted() -> None:
    """VAL-2: it is clamped and noted."""
    generation = read_record(record(ended_at="2026-02-13T17:00:00Z"))

    assert generation.end_ns == generation.start_ns
    assert [str(note) for note in generation.skipped] == [
        "record.ended_at: before started_at, which is used instead"
    ]


@pytest.mark.parametrize("api", ["chat", "messages", "responses"])
def test_the_api_can_be_named(api: str) -> None:
    """The shape is ignored then."""
    skin = {"chat": "chat-completions"}.get(api, api)

    assert f'"_skin":"{skin}"' in (read_record(record(api=api)).completion or "")


def test_an_unknown_api_is_refused() -> None:
    """The message has the names of all."""
    with pytest.raises(InvalidDocument) as caught:
        read_record(record(api="assistants"))

    assert str(caught.value) == (
        "record.api: expected one of chat, messages, responses, completions, embeddings, rerank, speech, "
        "transcription, images, video, got str of 10 characters"
    )


@pytest.mark.parametrize(
    ("request_body", "response", "skin"),
    [
        ({"messages": []}, None, "chat-completions"),
        ({"messages": []}, {"choices": []}, "chat-completions"),
        ({"messages": [], "system": "s"}, {"choices": []}, "chat-completions"),
        ({"messages": [], "system": "s"}, None, "messages"),
        ({"messages": [{"content": [{"type": "tool_result"}]}]}, None, "messages"),
        ({"messages": [{"content": [{"type": "text"}, {"type": []}, "x"]}, "y"]}, None, "chat-completions"),
        ({"messages": []}, {"type": "message"}, "messages"),
        ({"messages": []}, {"type": "error", "error": {}, "request_id": None}, "messages"),
        ({"messages": []}, {"type": "error", "error": {"type": "api_error"}}, "messages"),
        ({"messages": []}, {"type": "error", "error": {"type": None}}, "chat-completions"),
        ({"messages": []}, {"type": "error", "error": "api_error"}, "chat-completions"),
        ({"input": []}, {"type": "error", "error": {"type": "api_error"}}, "responses"),
        ({"messages": []}, {"object": "response"}, "responses"),
        ({"messages": []}, {"output": []}, "responses"),
        ({"input": "x"}, None, "responses"),
        ({"model": "m"}, None, "chat-completions"),
    ],
)
def test_the_api_is_recognised_by_shape(request_body: dict[str, Any], response: Any, skin: str) -> None:
    """The response is looked at first, then the request; the default is chat."""
    generation = read_record(record(request=request_body, response=response))

    assert f'"_skin":"{skin}"' in (generation.completion or "")


@pytest.mark.parametrize(
    ("request_body", "first", "skin"),
    [
        ({"messages": []}, {"choices": []}, "chat-completions"),
        ({"messages": []}, {"type": "message_start", "message": {}}, "messages"),
        ({"messages": []}, {"type": "response.created", "response": {}}, "responses"),
        ({"input": []}, {"id": "x"}, "responses"),
        ({"messages": [], "system": "s"}, {"type": "ping"}, "messages"),
    ],
)
def test_a_stream_is_recognised_by_its_events(request_body: dict[str, Any], first: Any, skin: str) -> None:
    """The events decide if the request does not."""
    generation = read_record(record(request=request_body, response_stream=f"data: {json.dumps(first)}\n\n"))

    assert f'"_skin":"{skin}"' in (generation.completion or "")
    assert generation.streamed
    assert not generation.complete


@pytest.mark.parametrize("stream", [5, {"a": 1}])
def test_a_stream_that_is_not_text_is_noted(stream: Any) -> None:
    """It counts as cut off at its start."""
    generation = read_record(record(response_stream=stream, api="chat"))

    assert [note.path for note in generation.skipped] == ["record.response_stream"]
    assert not generation.complete


def test_a_stream_may_be_bytes() -> None:
    """Bytes are what arrives from the network."""
    chunk = {"id": "gen-1", "choices": [{"delta": {"content": "é"}, "finish_reason": "stop"}]}
    stream = f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"

    assert read_record(record(response_stream=stream.encode())) == read_record(record(response_stream=stream))


@pytest.mark.parametrize(
    ("stream", "streamed"), [(True, True), (False, False), (None, False), ("true", False)]
)
def test_whether_the_caller_asked_for_a_stream(stream: Any, streamed: bool) -> None:
    """The request has it; in generation records it is always true."""
    request = {**GUIDE["request"], "stream": stream}

    assert read_record(record(request=request, generation={"streamed": True})).streamed is streamed


GENERATION_RECORD: dict[str, Any] = {
    "id": "gen-1771005600-Hh3kQ9vXw2LmT7pRz5Yc",
    "created_at": "2026-02-13T18:00:00.500Z",
    "external_user": "rec_user",
    "session_id": "rec_session",
    "latency": 1138,
    "generation_time": 1157,
    "tokens_prompt": 1,
    "tokens_completion": 1,
    "native_tokens_prompt": 100,
    "native_tokens_completion": 200,
    "native_tokens_cached": 3,
    "native_tokens_reasoning": 4,
    "native_tokens_completion_images": 5,
    "usage": 0.5,
    "total_cost": 0.25,
    "provider_name": "Rec Provider",
    "finish_reason": "length",
    "native_finish_reason": "max_tokens",
    "provider_responses": [{"provider_name": "Rec Provider", "status": 200, "latency": 1138}],
}


def test_a_generation_record_has_facts_that_the_response_lacks() -> None:
    """Native counts are used, not OpenRouter's estimates; the response comes first."""
    bare = read_record({"request": {"messages": []}, "response": None, "generation": GENERATION_RECORD})
    both = read_record(record(generation=GENERATION_RECORD))

    assert bare.generation_id == bare.key == GENERATION_RECORD["id"]
    assert (bare.start_ns, bare.end_ns) == (1771005600_500000000, 1771005601_657000000)
    assert (bare.user_id, bare.session_id, bare.provider_name) == ("rec_user", "rec_session", "Rec Provider")
    assert (bare.finish_reason, bare.native_finish_reason) == ("length", "max_tokens")
    assert bare.attempts == (Attempt(provider_name="Rec Provider", status=200, latency_ms=1138.0),)
    assert bare.provider_responses == '[{"provider_name":"Rec Provider","status":200,"latency":1138}]'
    assert bare.usage == Usage(
        input_tokens=100,
        output_tokens=200,
        total_tokens=300,
        cached_tokens=3,
        reasoning_tokens=4,
        output_image_tokens=5,
        total_cost=0.25,
    )
    assert (both.user_id, both.provider_name, both.finish_reason) == ("user_12345", "OpenAI", "stop")
    assert (both.usage.input_tokens, both.usage.total_cost) == (12, 0.00051)
    assert both.timing == Timing(generation_ms=1157.0)
    assert bare.skipped == both.skipped == ()


def test_a_plain_body_instead_of_a_stream_is_the_response() -> None:
    """A refused request gets no stream; the generation is the same as for ``response``."""
    body = {"error": {"code": 400, "message": "no such model"}}
    streamed = read_record(record(response=None, response_stream=json.dumps(body)))

    assert streamed == read_record(record(response=body))
    assert streamed.failure == Failure(message="no such model", code="400", before_routing=True)


def test_a_generation_record_may_be_inside_data() -> None:
    """GET /generation answers it there."""
    bare = {"request": {"messages": []}, "generation": GENERATION_RECORD}

    assert read_record({**bare, "generation": {"data": GENERATION_RECORD}}) == read_record(bare)


@pytest.mark.parametrize(
    ("reason", "others", "complete"),
    [
        ("stop", {}, True),
        ("error", {}, False),
        (None, {}, False),
        ("stop", {"response_stream": ": nothing"}, False),
    ],
)
def test_a_generation_record_may_show_that_the_response_was_complete(
    reason: str | None, others: dict[str, Any], complete: bool
) -> None:
    """Its finish reason shows it, unless the record has a stream that was cut off."""
    told = {"generation": {"finish_reason": reason}, **others}

    assert read_record(record(response=None, **told)).complete is complete


def test_a_record_without_an_id_gets_the_same_ids_each_time() -> None:
    """The key depends only on the request and the start time."""
    first, again = (read_record(record(response=None)) for _ in range(2))
    later = read_record(record(response=None, started_at="2026-02-13T18:00:00.001Z"))

    assert first.key == again.key
    assert first.key != later.key
    assert len(first.key) == len("gen-") + 64
    assert (first.generation_id, first.complete) == (None, False)


@pytest.mark.parametrize(
    ("response", "failure"),
    [
        (
            {"error": {"code": 400, "message": "no such model"}},
            Failure(message="no such model", code="400", before_routing=True),
        ),
        (
            {"error": {"code": "server_error", "message": "m", "metadata": {"error_type": "server"}}},
            Failure(message="m", kind="server", code="server_error", before_routing=True),
        ),
        ({"id": "gen-1", "error": {"error_type": "timeout"}}, Failure(message="error", kind="timeout")),
        ({"error": "plain words"}, Failure(message="plain words")),
        ({"error": False}, None),
        (
            {
                "id": "gen-1",
                "choices": [{"finish_reason": "error", "error": {"code": 502, "message": "provider"}}],
            },
            Failure(message="provider", code="502"),
        ),
        (
            {"choices": [{"finish_reason": "error", "native_finish_reason": "MALFORMED_FUNCTION_CALL"}]},
            Failure(message="MALFORMED_FUNCTION_CALL", kind="MALFORMED_FUNCTION_CALL"),
        ),
        ({"choices": [{"finish_reason": "error"}]}, Failure(message="error")),
        ({"choices": [{"finish_reason": "stop"}]}, None),
        ({"error": None}, None),
    ],
)
def test_a_failure_is_found_wherever_it_is(response: dict[str, Any], failure: Failure | None) -> None:
    """It may be in the body, in the choice, or only in the finish reason."""
    assert answered(**response).failure == failure


def test_a_request_without_messages_has_no_prompt() -> None:
    """A missing conversation differs from an empty one."""
    assert read_record(record(request={"model": "openai/gpt-4o"})).prompt is None


def test_tools_are_beside_the_request_only_if_one_was_called() -> None:
    """This is as captured; messages are in neither."""
    request = {"model": "m/x", "messages": [], "tools": [{"type": "function"}]}
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = {"choices": [{"message": {"content": "", "tool_calls": [call]}, "finish_reason": "tool_calls"}]}
    called = json.loads(read_record(record(request=request, response=message)).completion or "")
    plain = json.loads(read_record(record(request=request)).completion or "")
    failed = json.loads(read_record(record(request=request, response={"error": "no"})).completion or "")

    inside = {"model": "m/x", "tools": [{"type": "function"}], "_skin": "chat-completions"}
    assert called["tools"] == [{"type": "function"}]
    assert called["rawRequest"] == {"model": "m/x", "_skin": "chat-completions"}
    assert (plain["toolCalls"], plain["rawRequest"]) == ([], inside)
    assert ("toolCalls" in failed, failed["rawRequest"]) == (False, inside)
    assert "tools" not in plain.keys() | failed.keys()
    assert failed["completion"] is None


HUGE_NUMBERS = [1771005600000, 2**62, 10**20, 2**64, 10**400, 1e18, 1e305, -1e305, -1]


def damaged(value: Any, draw: st.DrawFn) -> Any:
    """A record with some of its values replaced."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(HUGE_NUMBERS) | strategies.values)
    if isinstance(value, dict):
        return {key: damaged(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [damaged(item, draw) for item in value]
    return value


RECORDS = [json.loads(path.read_bytes()) for path in sorted(FIXTURES.glob("openrouter/*/record.json"))]


@st.composite
def damaged_records(draw: st.DrawFn) -> Any:
    """A damaged record of any shape, often without given times."""
    record = draw(st.sampled_from(RECORDS))
    dropped = draw(st.sets(st.sampled_from(["started_at", "ended_at"])))
    return damaged({key: value for key, value in record.items() if key not in dropped}, draw)


@settings(strategies.examples(1000), suppress_health_check=list(HealthCheck))
@seed(2026)
@given(damaged_records(), st.booleans())
def test_a_damaged_record_is_mapped_or_refused(record: Any, privacy_mode: bool) -> None:
    """Only ``InvalidDocument`` is raised; all generations can be made into spans."""
    try:
        generation = read_record(record)
    except InvalidDocument as error:
        assert error.path.startswith("record")
    else:
        documented = resource_spans(generation, privacy_mode=privacy_mode)
        observed = resource_spans(generation, privacy_mode=privacy_mode, hierarchy="observed")
        assert sum(group.span_count for group in documented) >= max(len(observed), 1)


SECOND = 1771005600

CREATED_AT = "2026-02-13T18:00:00Z"

HUGE = "a time from 1970 to 2554 (the nearest is used)"


def generation(**record: Any) -> Generation:
    """The generation of a record with these keys, after its spans were made in both hierarchies."""
    read = read_record({"request": {"messages": [], "stream": True}, **record})
    assert resource_spans(read)
    assert resource_spans(read, hierarchy="observed")
    return read


@pytest.mark.parametrize(
    ("record", "start_ns", "paths"),
    [
        (
            {"response": {"created": SECOND * 1000, "usage": {"cost": 0}}},
            LATEST_NS,
            ["record.started_at", "record.ended_at"],
        ),
        (
            {"response": {"created": 2**62, "usage": {"cost": 0}}},
            LATEST_NS,
            ["record.started_at", "record.ended_at"],
        ),
        (
            {
                "response": {
                    "object": "response",
                    "created_at": SECOND,
                    "completed_at": 10**20,
                    "usage": {"cost": 0},
                }
            },
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {"generation": {"created_at": CREATED_AT, "generation_time": 1e18}},
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {"started_at": CREATED_AT, "observed": {"provider_body_end_ms": 1e305}},
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {
                "started_at": CREATED_AT,
                "observed": {"provider_request_ms": 1e308},
                "generation": {"generation_time": 1e308},
            },
            SECOND * 10**9,
            ["record.ended_at"],
        ),
    ],
)
def test_a_time_out_of_range_becomes_the_latest(
    record: dict[str, Any], start_ns: int, paths: list[str]
) -> None:
    """Each of the two is noted."""
    read = generation(**record)

    assert (read.start_ns, read.end_ns) == (start_ns, LATEST_NS)
    assert [(note.path, note.expected) for note in read.skipped] == [(path, HUGE) for path in paths]


def test_an_end_long_before_the_start_is_the_start() -> None:
    """It is out of range, so it becomes the earliest time and then the start."""
    read = generation(started_at=CREATED_AT, generation={"generation_time": -1e305})

    assert read.start_ns == read.end_ns == SECOND * 10**9
    assert [note.path for note in read.skipped] == ["record.ended_at"] * 2


def test_attempts_that_took_forever_end_at_the_latest_moment() -> None:
    """All spans after them end there, too."""
    read = generation(
        started_at=CREATED_AT,
        ended_at=CREATED_AT,
        observed={"provider_responses": [{"latency": 1e305}, {"latency": 1e305}]},
    )
    spans = resource_spans(read)[0].scope_spans[0].spans

    assert [span.end_ns for span in spans] == [SECOND * 10**9, LATEST_NS, LATEST_NS, LATEST_NS]


@pytest.mark.parametrize("created", [SECOND, float(SECOND)])
def test_without_a_time_in_the_record_that_of_the_response_is_used(created: float) -> None:
    """It has whole seconds, possibly written with a fraction of zero."""
    read = generation(
        generation={"created_at": "2026-02-13T18:00:00"}, response={"created": created, "usage": {"cost": 0}}
    )

    assert (read.start_ns, read.end_ns) == (SECOND * 10**9, SECOND * 10**9)
    assert [note.path for note in read.skipped] == ["record.generation.created_at"]


@pytest.mark.parametrize(
    ("members", "milliseconds"),
    [({"latency": 200}, 200), ({"latency": 0}, 0), ({"latency": 200, "generation_time": 300}, 300)],
)
def test_a_generation_record_has_both_times(members: dict[str, Any], milliseconds: int) -> None:
    """The latency is used if the generation time is missing."""
    read = generation(generation={"created_at": CREATED_AT, **members})

    assert read.end_ns - read.start_ns == milliseconds * 10**6
    assert read.skipped == ()


def test_a_speech_is_a_placeholder_and_no_other_binary_body_is_read() -> None:
    """Sound is bytes that are no text."""
    times = {"started_at": CREATED_AT, "ended_at": CREATED_AT}
    sound = b"ID3\x04\x00\x00"
    speech = read_record(
        {"request": {"model": "openai/tts", "input": "Hi", "voice": "alloy"}, "response": sound, **times}
    )
    chat = read_record({"request": {"messages": []}, "response": sound, **times})

    assert (speech.operation, speech.complete, speech.skipped) == ("generate_content", True, ())
    assert json.loads(speech.completion or "")["completion"] == "[audio, 6 characters]"
    assert [str(note) for note in chat.skipped] == ["record.response: expected JSON, got 6 bytes"]
    assert not chat.complete


@pytest.mark.parametrize(
    ("record", "operation"),
    [
        ({"request": {"prompt": "A"}, "response": {"choices": [{"text": "b"}]}}, "text_completion"),
        ({"request": {"input": "A"}, "response": {"data": [{"embedding": [1]}]}}, "embeddings"),
        ({"request": {"input": "A"}, "generation": {"api_type": "embeddings"}}, "embeddings"),
        ({"request": {"query": "A", "documents": ["B"]}}, "rerank"),
        ({"request": {"input": "A"}, "api": "tts"}, "generate_content"),
        ({"request": {"prompt": "A"}, "api": "image"}, "generate_content"),
        ({"request": {"file": "a.wav"}, "response": {"text": "B"}}, "transcription"),
        ({"request": {"messages": []}}, "chat"),
    ],
)
def test_requests_that_are_no_conversation_have_one_span_or_none(record: Any, operation: str) -> None:
    """Of them, OpenRouter is assumed to broadcast text completions alone."""
    read = read_record({**record, "started_at": CREATED_AT, "ended_at": CREATED_AT})
    observed = resource_spans(read, hierarchy="observed")
    (documented,) = resource_spans(read)
    is_sent = operation in ("chat", "text_completion")

    assert read.operation == operation
    assert documented.scope_spans[0].spans[0].attributes["gen_ai.operation.name"] == operation
    assert (len(observed), span_count(read, "observed")) == (is_sent, is_sent)


@pytest.mark.parametrize(
    "record",
    [
        {"request": {"limit": 5}},
        {"request": {"limit": 5}, "response": {"data": [{"id": "openai/gpt-4o"}]}},
        {"request": {"id": "gen-1"}, "response": {"data": {"id": "gen-1", "total_cost": 1}}},
    ],
)
def test_a_request_of_no_api_is_refused(record: Any) -> None:
    """It would be a successful span with nothing in it."""
    with pytest.raises(InvalidDocument) as caught:
        read_record({**record, "started_at": CREATED_AT, "ended_at": CREATED_AT})

    assert str(caught.value) == "record.request: none of the members of a request to OpenRouter"


def test_an_error_of_a_request_of_no_api_is_read() -> None:
    """It says what happened."""
    record = {"request": {"limit": 5}, "response": {"error": {"message": "no"}}}
    read = read_record({**record, "started_at": CREATED_AT, "ended_at": CREATED_AT})

    assert read.failure == Failure(message="no", before_routing=True)


def test_the_session_may_come_by_a_header() -> None:
    """The body's counts first; ``rawRequest`` has none then."""
    headed = read_record(record(observed={"session_id": "h"}, request={"messages": [], "model": "m"}))
    sdk = read_record(record(request={"messages": [], "extra_headers": {"x-session-id": "s"}}))

    assert (headed.session_id, sdk.session_id) == ("h", "s")
    assert read_record(record(observed={"session_id": "h"})).session_id == "session_abc"
    assert "session_id" not in (headed.completion or "")


def refused(**facts: Any) -> dict[str, Any]:
    """A record whose response is an error alone."""
    return {
        "request": {"model": "a/b", "messages": []},
        "response": {"error": {"code": 400, "message": "no"}},
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
        **facts,
    }


@pytest.mark.parametrize(
    ("facts", "before_routing"),
    [
        ({}, True),
        ({"generation": {"id": "gen-1"}}, False),
        ({"observed": {"provider_responses": [{"provider_name": "P", "status": 500}]}}, False),
    ],
)
def test_an_id_or_an_attempt_shows_that_a_request_was_routed(
    facts: dict[str, Any], before_routing: bool
) -> None:
    """Either is enough."""
    failure = read_record(refused(**facts)).failure

    assert failure is not None
    assert failure.before_routing is before_routing


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
def test_an_error_body_with_a_generation_record_has_spans(hierarchy: Any) -> None:
    """One root; none is lost because the body alone looks like a refusal."""
    failed = read_record(refused(generation={"id": "gen-1"}))
    groups = resource_spans(failed, hierarchy=hierarchy)

    assert [group.span_count for group in groups] == [1]


def test_a_lone_surrogate_in_a_request_without_an_id_is_no_error() -> None:
    """Its key is made of the request's text."""
    (one, other) = (
        read_record(refused(request={"model": "a/b", "messages": [{"role": "user", "content": text}]})).key
        for text in ("\ud83d", "!")
    )

    assert one.startswith("gen-")
    assert one != other
