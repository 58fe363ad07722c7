# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Chunks of a chat stream, put together."""

from __future__ import annotations

from typing import Any, Final

import pytest

from otlpjson import Finding
from otlpjson.openrouter.apis.chat import chat_form
from otlpjson.openrouter.apis.chat_stream import ChatStream
from otlpjson.openrouter.apis.stream import response_of_stream
from otlpjson.openrouter.document import Document


def stream_of(*chunks: dict[str, Any]) -> tuple[ChatStream, list[str]]:
    """The stream of chunks, and the notes."""
    stream, skipped = ChatStream(), list[Finding]()
    for index, members in enumerate(chunks):
        stream.add(Document(f"chunk[{index}]", members, skipped))
    return stream, [str(note) for note in skipped]


def added(*chunks: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The response that chunks make up, and the notes."""
    stream, notes = stream_of(*chunks)
    return stream.response(), notes


def test_members_of_the_response_are_kept() -> None:
    """The last value that is not empty counts; an error chunk may have an empty model."""
    response, notes = added(
        {"id": "gen-1", "model": "m/a", "provider": "A", "created": 5, "object": "chat.completion.chunk"},
        {
            "id": "gen-1",
            "model": "m/b",
            "provider": None,
            "service_tier": "default",
            "system_fingerprint": "f",
        },
        {"id": "", "model": "", "openrouter_metadata": {"strategy": "direct"}, "unknown": 1},
        {},
    )

    assert notes == []
    assert response == {
        "id": "gen-1",
        "model": "m/b",
        "provider": "A",
        "created": 5,
        "service_tier": "default",
        "system_fingerprint": "f",
        "openrouter_metadata": {"strategy": "direct"},
    }


@pytest.mark.parametrize(
    "last", [{"choices": []}, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}, {}]
)
def test_usage_is_the_last_one_and_is_not_added_up(last: dict[str, Any]) -> None:
    """Its chunk has no choices or repeats one."""
    response, notes = added(
        {"choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 1}},
        {**last, "usage": {"prompt_tokens": 2}},
        {"choices": [], "usage": None},
    )

    assert notes == []
    assert response == {
        "usage": {"prompt_tokens": 2},
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "x"}}],
    }


def test_the_last_finish_reason_wins() -> None:
    """It may arrive twice; a later null does not remove it."""
    response, _ = added(
        {"choices": [{"finish_reason": "length", "native_finish_reason": "MAX_TOKENS"}]},
        {"choices": [{"finish_reason": "stop", "native_finish_reason": "STOP"}]},
        {"choices": [{"finish_reason": None, "native_finish_reason": None}]},
    )

    assert response["choices"] == [
        {"index": 0, "finish_reason": "stop", "native_finish_reason": "STOP", "message": {}}
    ]


def test_choices_are_identified_by_their_index() -> None:
    """A choice without an index is the first."""
    response, _ = added(
        {"choices": [{"index": 1, "delta": {"content": "b"}}, {"delta": {"content": "a"}}]},
        {"choices": [{"index": 0, "delta": {"content": "A"}, "finish_reason": "stop"}]},
        {"choices": [{"index": 1, "delta": {"content": "B"}, "finish_reason": "length"}]},
    )

    assert response["choices"] == [
        {"index": 0, "finish_reason": "stop", "message": {"content": "aA"}},
        {"index": 1, "finish_reason": "length", "message": {"content": "bB"}},
    ]


def test_log_probabilities_grow() -> None:
    """Both those of the content and those of a refusal are appended."""
    response, _ = added(
        {"choices": [{"delta": {}, "logprobs": {"content": [{"token": "a"}], "refusal": None}}]},
        {"choices": [{"delta": {}, "logprobs": None}]},
        {"choices": [{"delta": {}, "logprobs": {"content": [{"token": "b"}], "refusal": [{"token": "c"}]}}]},
    )

    assert response["choices"] == [
        {
            "index": 0,
            "logprobs": {"content": [{"token": "a"}, {"token": "b"}], "refusal": [{"token": "c"}]},
            "message": {},
        }
    ]


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **members: Any) -> dict[str, Any]:
    """A chunk of the only choice."""
    return {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}], **members}


USAGE: Final = {"prompt_tokens": 1, "cost": 0.1}
ZEROS: Final = {"prompt_tokens": 0, "cost": 0.0}


@pytest.mark.parametrize(
    ("chunks", "ended"),
    [
        ([], False),
        ([chunk({"content": "x"})], False),
        ([chunk({"content": "x"}, "")], False),
        ([chunk({}, "stop")], True),
        ([chunk({"content": "x"}, "length")], True),
        ([{"error": {"code": 502}, "choices": []}], True),
        ([{"choices": [{"delta": {}, "error": {"code": 1}}]}], True),
        ([{"choices": [], "error": {"message": "", "code": 0}}], False),
        ([{"choices": [], "debug": {"echo_upstream_body": {}}}], False),
        # Usage after all that was said is an end.
        ([chunk({"content": "x"}), {"choices": [], "usage": USAGE}], True),
        ([chunk({"content": "x"}), chunk({"content": ""}, usage=USAGE)], True),
        ([chunk({"content": "x"}, usage=USAGE)], True),
        ([chunk({"content": "x"}), {"choices": [], "usage": ZEROS}], False),
        ([chunk({"content": "x"}), {"choices": [], "usage": None}], False),
        # Usage with every piece is none.
        ([chunk({"content": "x"}, usage=USAGE), chunk({"content": "y"}, usage=USAGE)], False),
        ([chunk({"content": "x"}, usage=USAGE), chunk({"content": "y"})], False),
        ([chunk({"content": "x"}, usage=USAGE), chunk(usage=USAGE)], True),
    ],
)
def test_a_finish_reason_an_error_or_usage_ends_a_stream(chunks: list[dict[str, Any]], ended: bool) -> None:
    """A stream without any was cut off."""
    assert stream_of(*chunks)[0].ended is ended


OVERLOADED: Final = {"message": "Overloaded", "code": 503}
WELL: Final = "an error, but the answer ended well after it"


@pytest.mark.parametrize(
    ("chunks", "error"),
    [
        ([{"error": OVERLOADED, "choices": []}], OVERLOADED),
        ([{"error": OVERLOADED}], OVERLOADED),
        ([{"error": "Overloaded"}], "Overloaded"),
        ([{"type": "error", "error": OVERLOADED}], OVERLOADED),
        ([{"type": "error", **OVERLOADED}], OVERLOADED),
        ([{"type": "error", "error": None}], {"message": "error"}),
        ([OVERLOADED], OVERLOADED),
        ([{"detail": "Not Found"}], {"detail": "Not Found"}),
        # None of these is an error.
        ([{"type": "ping"}], None),
        ([{"type": "ping", "code": 1, "message": "alive"}], None),
        ([{"message": "processing"}], None),
        ([{"code": 1}], None),
        ([{"error": {"message": "", "code": 0}}], None),
        ([{"error": False}], None),
    ],
)
def test_an_error_is_a_member_of_a_chunk_or_the_chunk_itself(
    chunks: list[dict[str, Any]], error: Any
) -> None:
    """After it, the answer is a failed one; what was said so far stays."""
    stream, notes = stream_of(chunk({"content": "x"}), *chunks)
    failed = {} if error is None else {"finish_reason": "error"}
    told = {} if error is None else {"error": error}

    assert notes == []
    assert stream.ended is (error is not None)
    assert stream.response() == {**told, "choices": [{"index": 0, **failed, "message": {"content": "x"}}]}


def test_a_stream_without_choices_is_no_answer() -> None:
    """An empty list of choices makes it one."""
    assert stream_of({"error": OVERLOADED, "error_type": "x"})[0].response() == {
        "error": OVERLOADED,
        "error_type": "x",
    }
    assert stream_of({"error": OVERLOADED, "choices": []})[0].response() == {
        "error": OVERLOADED,
        "choices": [],
    }


@pytest.mark.parametrize(
    ("chunks", "noted"),
    [
        ([{"error": OVERLOADED, "error_type": "x"}, chunk({}, "stop")], "chunk[0].error"),
        (
            [chunk({}, "stop"), {"type": "error", **OVERLOADED}, chunk({}, "stop", usage=USAGE)],
            "chunk[1].error",
        ),
        (
            [{"choices": [{"error": OVERLOADED, "finish_reason": "error"}]}, chunk({}, "stop")],
            "chunk[0].choices[0].error",
        ),
    ],
)
def test_an_error_before_a_good_end_is_noted(chunks: list[dict[str, Any]], noted: str) -> None:
    """The response no longer has it."""
    stream, notes = stream_of(*chunks)
    response = stream.response()
    response.pop("usage", None)

    assert response == {"choices": [{"index": 0, "finish_reason": "stop", "message": {}}]}
    assert notes == [f"{noted}: {WELL}"]


@pytest.mark.parametrize(
    ("chunks", "members"),
    [
        ([chunk({}, "stop"), {"error": OVERLOADED}], {}),
        ([chunk(), {"error": OVERLOADED}, {"choices": [], "usage": USAGE}], {}),
        ([{"error": OVERLOADED}, chunk({"content": ""}, "")], {}),
        ([{"error": OVERLOADED}, chunk({}, "error")], {}),
        ([chunk({}, "stop", error=OVERLOADED)], {}),
        ([chunk({}, "stop"), {"choices": [{"error": OVERLOADED}]}], {"error": OVERLOADED}),
    ],
)
def test_an_error_without_a_good_end_is_the_failure(
    chunks: list[dict[str, Any]], members: dict[str, Any]
) -> None:
    """Also one that comes after the finish reason."""
    stream, notes = stream_of(*chunks)
    response = stream.response()
    choice = {name: value for name, value in response["choices"][0].items() if name != "message"}

    assert (choice, notes) == ({"index": 0, "finish_reason": "error", **members}, [])
    assert stream.ended
    assert members or response["error"] == OVERLOADED


def test_a_damaged_finish_reason_is_no_good_end() -> None:
    """The error before it stays."""
    stream, _ = stream_of({"error": OVERLOADED, "choices": []}, {"choices": [{"finish_reason": 5}]})

    assert stream.response()["error"] == OVERLOADED


def test_events_that_keep_a_connection_open_are_no_notes() -> None:
    """An event named ``error`` may have its words as data."""
    text = (
        ": OPENROUTER PROCESSING\n\nevent: ping\ndata: alive\n\ndata:\n\n"
        'data: {"choices":[{"delta":{"content":"x"}}]}\n\nevent: ping\ndata: {"type":"ping"}\n\n'
        "event: error\ndata: Overloaded\n\ndata: [DONE]\n\n"
    )
    owner = Document("record", {}, [])
    streamed = response_of_stream([text.encode()], owner, Document("request", {"messages": []}, []))

    assert owner.skipped == []
    assert (streamed.api, streamed.ended, streamed.response.members) == (
        "chat",
        True,
        {
            "error": "Overloaded",
            "choices": [{"index": 0, "finish_reason": "error", "message": {"content": "x"}}],
        },
    )


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ([{"message": {"content": "x"}}], {"content": "x"}),
        ([{"delta": {}, "message": {"content": "x"}}], {"content": "x"}),
        # Some servers repeat all that was said so far.
        (
            [{"delta": {"content": "x"}, "message": {"content": "x"}}, {"message": {"content": "xy"}}],
            {"content": "x"},
        ),
    ],
)
def test_a_chunk_may_have_the_whole_message(choices: list[dict[str, Any]], message: dict[str, Any]) -> None:
    """It is read unless there were deltas."""
    stream, _ = stream_of(*({"choices": [choice]} for choice in choices))

    assert stream.response()["choices"] == [{"index": 0, "message": message}]


def test_damaged_members_are_noted_and_left_out() -> None:
    """The path has the number of the chunk."""
    stream, notes = stream_of(
        {"choices": "none"},
        {"choices": [7, {"index": "x", "delta": [], "finish_reason": 5}]},
        {
            "choices": [
                {"delta": {"content": 5, "tool_calls": [None, {"index": -1, "function": {"name": "f"}}]}}
            ]
        },
    )
    call = {"id": None, "index": 0, "type": "function", "function": {"name": "f", "arguments": ""}}

    assert stream.response()["choices"] == [{"index": 0, "message": {"tool_calls": [call]}}]
    assert notes == [
        "chunk[0].choices: expected a list, got str of 4 characters",
        "chunk[1].choices[0]: expected an object, got int of 1 digit",
        "chunk[1].choices[1].index: expected a whole number, 0 or more, got str of 1 character",
        "chunk[1].choices[1].finish_reason: expected text, got int of 1 digit",
        "chunk[1].choices[1].delta: expected an object, got list of 0 items",
        "chunk[2].choices[0].delta.content: expected text, got int of 1 digit",
        "chunk[2].choices[0].delta.tool_calls[0]: expected an object, got nothing",
        "chunk[2].choices[0].delta.tool_calls[1].index: expected a whole number, 0 or more, got int of 1 digit",
    ]


def answers(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Deltas of a message: each text in pieces of two characters, each list item by item."""
    deltas: list[dict[str, Any]] = [{"role": whole["role"], "content": ""}]
    for name, value in whole.items():
        if isinstance(value, str) and name != "role":
            deltas += [{name: value[start : start + 2]} for start in range(0, len(value), 2)]
        elif isinstance(value, list):
            deltas += [{name: [item]} for item in value]
        elif value is not None and name != "role":
            deltas.append({name: value})
    return deltas


@pytest.mark.parametrize(
    "message",
    [
        {"content": "It works."},
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
                {"type": "text", "text": "A"},
            ]
        },
        {"content": None, "refusal": "I cannot."},
        {
            "content": "A",
            "reasoning": "Let us",
            "reasoning_details": [{"type": "reasoning.text", "text": "Let us", "index": 0}],
        },
        {"content": "A", "reasoning_content": "Let us"},
        {
            "content": "A",
            "reasoning_details": [{"type": "reasoning.server_tool_call", "result": "ok", "index": 0}],
        },
        {"content": None, "audio": {"id": "a", "data": "QUJD", "transcript": "Hello"}},
        {
            "content": "A",
            "images": [{"image_url": {"url": "data:image/png;base64,QUJD"}}],
            "annotations": [{"n": 1}],
        },
        {"content": "", "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]},
        {
            "tool_calls": [
                {"index": 0, "id": "a", "function": {"name": "f"}, "x": 1},
                {"index": 0, "id": "b", "function": {"name": "f", "arguments": " {}"}},
            ]
        },
        {"tool_calls": [{"id": "a", "custom": {"name": "sh", "input": "ls"}}]},
        {"function_call": {"name": "f", "arguments": {"x": 1}}},
        {"function_call": {"name": "f"}},
    ],
)
def test_a_streamed_answer_is_read_like_a_whole_one(message: dict[str, Any]) -> None:
    """Only the notes' paths may differ."""
    whole = {"role": "assistant", "content": "", **message}
    stream, _ = stream_of(
        *(chunk(delta) for delta in answers(whole)), chunk({}, "stop", id="gen-1", usage=USAGE)
    )
    body = {
        "id": "gen-1",
        "usage": USAGE,
        "choices": [{"index": 0, "finish_reason": "stop", "message": whole}],
    }
    request = Document("request", {"messages": []}, [])
    streamed, joined = Document("response", stream.response(), []), Document("response", body, [])

    assert chat_form(request, streamed) == chat_form(request, joined)
    assert streamed.skipped == joined.skipped
