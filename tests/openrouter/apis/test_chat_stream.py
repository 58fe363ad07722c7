# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Chunks of a chat stream, put together."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter.apis.chat_stream import ChatStream
from otlpjson.openrouter.document import Document


def added(*chunks: dict[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """The response that chunks make up, and the notes."""
    stream, notes = ChatStream(), []
    for index, chunk in enumerate(chunks):
        document = Document(f"chunk[{index}]", chunk, [])
        stream.add(document)
        notes += document.skipped
    return stream.response(), notes


def message(*deltas: Any) -> Any:
    """The message that deltas of the first choice make up."""
    response, notes = added(*({"choices": [{"index": 0, "delta": delta}]} for delta in deltas))

    assert notes == []
    return response["choices"][0]["message"]


def call(index: Any = None, call_id: Any = None, name: Any = None, arguments: Any = None) -> dict[str, Any]:
    """A piece of a call with the given members."""
    function = {"name": name, "arguments": arguments}
    members = {
        "index": index,
        "id": call_id,
        "function": {k: v for k, v in function.items() if v is not None},
    }
    return {name: value for name, value in members.items() if value is not None}


def called(index: int, call_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    """A complete call."""
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "index": index, "type": "function", "function": function}


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
        "choices": [],
    }


@pytest.mark.parametrize(
    ("deltas", "whole"),
    [
        ([], None),
        ([None, {}], {}),
        ([{"role": "assistant", "content": ""}, {"role": "assistant"}], {"role": "assistant", "content": ""}),
        (
            [{"content": "It "}, {"content": None}, {"content": "works"}, {"content": ""}],
            {"content": "It works"},
        ),
        ([{"reasoning": "Let "}, {"reasoning": None}, {"reasoning": "us"}], {"reasoning": "Let us"}),
        ([{"refusal": "I "}, {"refusal": "cannot"}], {"refusal": "I cannot"}),
        ([{"role": None, "content": None, "tool_calls": None, "reasoning_details": None, "audio": None}], {}),
        ([{"images": [{"n": 1}]}, {"images": [{"n": 2}]}], {"images": [{"n": 1}, {"n": 2}]}),
        ([{"annotations": [{"n": 1}]}, {"annotations": []}], {"annotations": [{"n": 1}]}),
        (
            [
                {"audio": {"id": "audio_1", "transcript": "Hel"}},
                {"audio": {"data": "QUJD"}},
                {"audio": {"data": "REVG", "transcript": "lo", "expires_at": 9, "id": None}},
            ],
            {"audio": {"id": "audio_1", "transcript": "Hello", "data": "QUJDREVG", "expires_at": 9}},
        ),
        (
            [
                {"function_call": {"name": "find", "arguments": ""}},
                {"function_call": {"arguments": '{"a"'}},
                {"function_call": {"arguments": ":1}"}},
            ],
            {"function_call": {"name": "find", "arguments": '{"a":1}'}},
        ),
    ],
)
def test_deltas_add_up_to_a_message(deltas: list[Any], whole: Any) -> None:
    """Texts and lists are appended, the role is set, null is ignored."""
    assert (message(*deltas) if deltas else None) == whole


@pytest.mark.parametrize(
    ("pieces", "calls"),
    [
        # In pieces, interleaved.
        (
            [
                [call(0, "a", "find", "")],
                [call(1, "b", "read", "")],
                [call(0, arguments='{"x"')],
                [call(1, arguments='{"y"')],
                [call(0, arguments=":1}"), call(1, arguments=":2}")],
            ],
            [called(0, "a", "find", '{"x":1}'), called(1, "b", "read", '{"y":2}')],
        ),
        # Told in the order of their indexes.
        (
            [[call(1, "b", "read", "{}")], [call(0, "a", "find", "{}")]],
            [called(0, "a", "find", "{}"), called(1, "b", "read", "{}")],
        ),
        # Whole calls in one chunk, with the same id, an empty one or none.
        (
            [[call(0, "same", "find", "{}"), call(1, "same", "find", "{}")], [call(2, "", "read", "{}")]],
            [
                called(0, "same", "find", "{}"),
                called(1, "same", "find", "{}"),
                called(2, "", "read", "{}"),
            ],
        ),
        # Id and name in every piece.
        (
            [[call(0, "a", "find", "{")], [call(0, "a", "find", "}")]],
            [called(0, "a", "find", "{}")],
        ),
        # The id comes late.
        (
            [[call(0, name="find", arguments="{")], [call(0, "a", arguments="}")]],
            [called(0, "a", "find", "{}")],
        ),
        # Without an index: the last call, unless an id or a name begins another.
        ([[call(None, "a", "find", "{")], [call(arguments="}")]], [called(0, "a", "find", "{}")]),
        ([[call(None, "a", "find", "{")], [call(None, "a", "find", "}")]], [called(0, "a", "find", "{}")]),
        (
            [[call(None, "a", "find", "{}"), call(None, "b", "read", "{")], [call(arguments="}")]],
            [called(0, "a", "find", "{}"), called(1, "b", "read", "{}")],
        ),
        (
            [[call(name="find", arguments="{}"), call(name="read", arguments="{}")]],
            [called(0, None, "find", "{}"), called(1, None, "read", "{}")],
        ),
        (
            [[call(3, "a", "find", "{}")], [call(None, "b", "read", "{}")], [call(3, arguments=" ")]],
            [called(3, "a", "find", "{} "), called(4, "b", "read", "{}")],
        ),
        ([[call(arguments="{}")]], [called(0, None, None, "{}")]),
        # Arguments that were cut off.
        ([[call(0, "a", "find", '{"x":')]], [called(0, "a", "find", '{"x":')]),
        (
            [[{"index": 0, "type": "custom", "function": None}]],
            [{**called(0, None, None, ""), "type": "custom"}],
        ),
    ],
)
def test_pieces_add_up_to_calls(pieces: list[list[dict[str, Any]]], calls: list[dict[str, Any]]) -> None:
    """Calls are identified by their index; id and name arrive once, arguments in pieces."""
    assert message(*({"tool_calls": piece} for piece in pieces)) == {"tool_calls": calls}


@pytest.mark.parametrize(
    ("fragments", "details"),
    [
        (
            [
                {"type": "reasoning.text", "text": "Let ", "index": 0, "format": "anthropic-claude-v1"},
                {"type": "reasoning.text", "text": "us", "index": 0, "signature": None},
                {"type": "reasoning.text", "signature": "c2ln", "index": 0},
            ],
            [
                {
                    "type": "reasoning.text",
                    "text": "Let us",
                    "index": 0,
                    "format": "anthropic-claude-v1",
                    "signature": "c2ln",
                }
            ],
        ),
        (
            [
                {"type": "reasoning.summary", "summary": "A", "index": 0},
                {"type": "reasoning.encrypted", "data": "xy", "index": 0},
                {"type": "reasoning.summary", "summary": "B", "index": 1},
                {"type": "reasoning.summary", "summary": "a", "index": 0},
                {"type": "reasoning.encrypted", "data": "z", "index": 0, "id": "rs_1"},
            ],
            [
                {"type": "reasoning.summary", "summary": "Aa", "index": 0},
                {"type": "reasoning.encrypted", "data": "xyz", "index": 0, "id": "rs_1"},
                {"type": "reasoning.summary", "summary": "B", "index": 1},
            ],
        ),
        (
            [
                {"type": "reasoning.text", "text": "A"},
                {"type": "reasoning.text", "text": "B"},
                {"type": "reasoning.encrypted", "data": "x"},
                {"type": "reasoning.text", "text": "C"},
            ],
            [
                {"type": "reasoning.text", "text": "AB"},
                {"type": "reasoning.encrypted", "data": "x"},
                {"type": "reasoning.text", "text": "C"},
            ],
        ),
        (
            [
                {"type": "reasoning.text", "text": "A", "index": 2},
                {"type": "reasoning.text", "signature": "s"},
            ],
            [{"type": "reasoning.text", "text": "A", "index": 2, "signature": "s"}],
        ),
        (
            [
                {"type": "reasoning.server_tool_call", "tool_name": "search", "index": 0},
                {"type": "reasoning.server_tool_call", "result": "ok", "index": 0},
            ],
            [{"type": "reasoning.server_tool_call", "tool_name": "search", "result": "ok", "index": 0}],
        ),
        (
            [
                {"type": "reasoning.text", "text": 5, "index": 0},
                {"type": "reasoning.text", "text": "A", "index": 0},
                {"type": "reasoning.text", "text": {"no": "text"}, "index": 0},
            ],
            [{"type": "reasoning.text", "text": {"no": "text"}, "index": 0}],
        ),
    ],
)
def test_fragments_add_up_to_reasoning_details(
    fragments: list[dict[str, Any]], details: list[dict[str, Any]]
) -> None:
    """Pieces of one type and index are one entry; without an index, a piece continues only the last entry."""
    each = message(*({"reasoning_details": [fragment]} for fragment in fragments))
    at_once = message({"reasoning_details": fragments})

    assert each == at_once == {"reasoning_details": details}


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


@pytest.mark.parametrize(
    ("chunk", "ended", "response"),
    [
        ({"choices": [{"delta": {"content": "x"}, "finish_reason": None}]}, False, None),
        ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, True, None),
        (
            {"id": "gen-1", "model": "", "error": {"code": 502}, "error_type": "server", "choices": []},
            True,
            {"id": "gen-1", "error": {"code": 502}, "error_type": "server", "choices": []},
        ),
        (
            {"error": {"code": "server_error"}, "choices": [{"delta": {}, "finish_reason": "error"}]},
            True,
            {
                "error": {"code": "server_error"},
                "choices": [{"index": 0, "finish_reason": "error", "message": {}}],
            },
        ),
        (
            {"choices": [{"delta": {}, "error": {"code": 1}}]},
            True,
            {"choices": [{"index": 0, "error": {"code": 1}, "message": {}}]},
        ),
        ({"choices": [], "debug": {"echo_upstream_body": {}}}, False, {"choices": []}),
        ({"choices": [], "error": None}, False, {"choices": []}),
    ],
)
def test_a_finish_reason_or_an_error_ends_a_stream(
    chunk: dict[str, Any], ended: bool, response: dict[str, Any] | None
) -> None:
    """A stream without either was cut off."""
    stream = ChatStream()
    stream.add(Document("chunk", chunk, []))

    assert stream.ended is ended
    assert response is None or stream.response() == response


def test_damaged_members_are_noted_and_left_out() -> None:
    """The path has the number of the chunk."""
    response, notes = added(
        {"choices": "none"},
        {"choices": [7, {"index": "0", "delta": []}]},
        {"choices": [{"delta": {"content": 5, "tool_calls": [None, {"index": -1, "function": "f"}]}}]},
    )

    assert response["choices"] == [
        {"index": 0, "message": {"tool_calls": [called(0, None, None, "")]}},
    ]
    assert [(note.path, note.expected) for note in notes] == [
        ("chunk[0].choices", "a list"),
        ("chunk[1].choices[0]", "an object"),
        ("chunk[1].choices[1].index", "a whole number, 0 or more"),
        ("chunk[1].choices[1].delta", "an object"),
        ("chunk[2].choices[0].delta.content", "text"),
        ("chunk[2].choices[0].delta.tool_calls[0]", "an object"),
        ("chunk[2].choices[0].delta.tool_calls[1].function", "an object"),
        ("chunk[2].choices[0].delta.tool_calls[1].index", "a whole number, 0 or more"),
    ]
