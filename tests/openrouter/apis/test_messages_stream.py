# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Events of a ``/messages`` stream, put together."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter.apis.messages_stream import MessagesStream
from otlpjson.openrouter.document import Document

START: dict[str, Any] = {
    "type": "message_start",
    "message": {
        "id": "gen-1",
        "type": "message",
        "role": "assistant",
        "model": "anthropic/claude-haiku-4.5",
        "provider": "Amazon Bedrock",
        "content": [],
        "stop_reason": None,
        "usage": {"input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 1},
    },
}
STOP: dict[str, Any] = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn", "stop_sequence": None},
    "usage": {"output_tokens": 7},
}


# Of an answer that was cut off; the count of the output had only begun.
INPUT_COUNTS = {"input_tokens": 9, "cache_read_input_tokens": 4}


def added(*events: dict[str, Any]) -> tuple[MessagesStream, list[str]]:
    """The stream after these events, and the notes."""
    stream, notes = MessagesStream(), list[Finding]()
    for index, event in enumerate(events):
        stream.add(Document(f"event[{index}]", event, notes))
    return stream, [str(note) for note in notes]


def start(block: dict[str, Any], index: int = 0) -> dict[str, Any]:
    """The event that starts a block."""
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(kind: str, index: int = 0, **members: Any) -> dict[str, Any]:
    """The event with a piece of a block."""
    return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **members}}


def content(*events: dict[str, Any]) -> Any:
    """The content that events make up; nothing may be noted."""
    stream, notes = added(*events)

    assert notes == []
    return stream.response()["content"]


def test_a_whole_stream_is_the_message() -> None:
    """Pings may be anywhere; the counts at the end replace those at the start."""
    ping = {"type": "ping"}
    stream, notes = added(
        ping,
        START,
        ping,
        start({"type": "text", "text": "", "citations": []}),
        delta("text_delta", text="It "),
        ping,
        delta("text_delta", text="works"),
        {"type": "content_block_stop", "index": 0},
        {**STOP, "context_management": {"applied_edits": []}},
        ping,
        {"type": "message_stop", "openrouter_metadata": {"strategy": "direct"}},
    )

    assert notes == []
    assert stream.ended
    assert stream.response() == {
        "id": "gen-1",
        "type": "message",
        "role": "assistant",
        "model": "anthropic/claude-haiku-4.5",
        "provider": "Amazon Bedrock",
        "content": [{"type": "text", "text": "It works", "citations": []}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 7},
        "context_management": {"applied_edits": []},
        "openrouter_metadata": {"strategy": "direct"},
    }


@pytest.mark.parametrize(
    ("events", "blocks"),
    [
        ([start({"type": "text", "text": ""})], [{"type": "text", "text": ""}]),
        (
            [start({"type": "text", "text": "A"}), delta("text_delta", text="B")],
            [{"type": "text", "text": "AB"}],
        ),
        (
            [
                start({"type": "thinking", "thinking": "", "signature": ""}),
                delta("thinking_delta", thinking="Let "),
                delta("thinking_delta", thinking="us"),
                delta("signature_delta", signature="old"),
                delta("signature_delta", signature="c2ln"),
            ],
            [{"type": "thinking", "thinking": "Let us", "signature": "c2ln"}],
        ),
        (
            [start({"type": "redacted_thinking", "data": "xyz"})],
            [{"type": "redacted_thinking", "data": "xyz"}],
        ),
        (
            [
                start({"type": "text", "text": "", "citations": None}),
                delta("citations_delta", citation={"type": "char_location"}),
                delta("citations_delta", citation={"type": "page_location"}),
            ],
            [
                {
                    "type": "text",
                    "text": "",
                    "citations": [{"type": "char_location"}, {"type": "page_location"}],
                }
            ],
        ),
        (
            [
                start({"type": "compaction"}),
                delta("compaction_delta", content="So far", encrypted_content="x"),
                delta("compaction_delta", content=None),
            ],
            [{"type": "compaction", "content": "So far", "encrypted_content": "x"}],
        ),
        # Interleaved, and in the order of their indexes.
        (
            [
                start({"type": "text", "text": ""}, 1),
                start({"type": "thinking", "thinking": ""}),
                delta("text_delta", 1, text="B"),
                delta("thinking_delta", 0, thinking="A"),
            ],
            [{"type": "thinking", "thinking": "A"}, {"type": "text", "text": "B"}],
        ),
        # The start was lost.
        ([delta("text_delta", text="A")], [{"type": "text", "text": "A"}]),
        ([delta("thinking_delta", thinking="A")], [{"type": "thinking", "thinking": "A"}]),
        ([delta("input_json_delta", partial_json="{}")], [{"type": "tool_use", "partial_json": "{}"}]),
        # What should be text and is not.
        (
            [start({"type": "text", "text": 5}), delta("text_delta", text="A")],
            [{"type": "text", "text": "A"}],
        ),
        (
            [start({"type": "text", "citations": 5}), delta("citations_delta", citation=None)],
            [{"type": "text", "citations": [None]}],
        ),
    ],
)
def test_deltas_add_up_to_blocks(events: list[dict[str, Any]], blocks: list[dict[str, Any]]) -> None:
    """Text, thinking and citations are appended, a signature is set."""
    assert content(START, *events) == blocks


@pytest.mark.parametrize(
    ("pieces", "given"),
    [
        ([], {}),
        ([""], {}),
        (['{"city"', ': "東京"}'], {"city": "東京"}),
        (["", '{"a":', "[1,", "2]}"], {"a": [1, 2]}),
        (['{"city": "Tok'], '{"city": "Tok'),
        (["[" * 100_000], "[" * 100_000),
        (["5"], 5),
    ],
)
def test_pieces_of_json_add_up_to_the_input(pieces: list[str], given: Any) -> None:
    """Without pieces, the input at the start counts; the pieces keep their white space."""
    block = {"type": "tool_use", "id": "toolu_1", "name": "find", "input": {}}
    deltas = [delta("input_json_delta", partial_json=piece) for piece in pieces]
    streamed = {"partial_json": "".join(pieces)} if "".join(pieces) else {}

    assert content(START, start(block), *deltas) == [{**block, **streamed}]


@pytest.mark.parametrize(
    ("pieces", "given"),
    [([], {}), (['{"q":', ' "red"}'], {"q": "red"}), (['{"q'], '{"q'), (["[" * 100_000], "[" * 100_000)],
)
def test_the_input_of_a_servers_tool_is_a_value(pieces: list[str], given: Any) -> None:
    """It is kept as the block has it in a response that is no stream; cut off, it stays text."""
    block = {"type": "server_tool_use", "id": "st_1", "name": "web_search", "input": {}}
    deltas = [delta("input_json_delta", partial_json=piece) for piece in pieces]

    assert content(START, start(block), *deltas) == [{**block, "input": given}]


def test_a_block_that_starts_again_is_empty() -> None:
    """Nothing of the first block is left."""
    again = start({"type": "tool_use", "input": {}})

    assert content(again, delta("input_json_delta", partial_json='{"a"'), again) == [
        {"type": "tool_use", "input": {}}
    ]


def test_usage_replaces_and_is_never_added() -> None:
    """Counts that a later event lacks or has as null stay."""
    stream, _ = added(
        START,
        {**STOP, "usage": {"input_tokens": 12, "output_tokens": 3, "cost": 0.5, "service_tier": "standard"}},
        {**STOP, "usage": {"input_tokens": None, "output_tokens": 5}},
        {"type": "message_delta", "delta": {"stop_reason": None}, "usage": None},
    )

    assert stream.response()["usage"] == {
        "input_tokens": 12,
        "cache_read_input_tokens": 4,
        "output_tokens": 5,
        "cost": 0.5,
        "service_tier": "standard",
    }


def test_the_counts_at_the_start_are_those_of_the_input() -> None:
    """They are zero for most models, and then nothing is known; the output is counted at the end."""
    assert added(START)[0].response()["usage"] == INPUT_COUNTS
    zeros = {**START["message"], "usage": {"input_tokens": 0, "output_tokens": 0}}
    assert added({"type": "message_start", "message": zeros})[0].response()["usage"] is None


def test_the_end_has_the_stop_reason() -> None:
    """A refusal has no blocks, only the members about the stop."""
    details = {"type": "refusal", "category": "cyber", "explanation": "No."}
    members = {
        "stop_reason": "refusal",
        "stop_details": details,
        "container": None,
        "content": "x",
        "id": "y",
    }
    stream, notes = added(START, {"type": "message_delta", "delta": members})
    response = stream.response()

    assert notes == []
    assert (response["stop_reason"], response["stop_details"]) == ("refusal", details)
    assert (response["content"], response["id"], "container" in response) == ([], "gen-1", False)


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        ([], False),
        ([START, start({"type": "text", "text": "x"})], False),
        ([START, {"type": "message_delta", "delta": {"stop_reason": None}}], False),
        ([START, STOP], True),
        ([START, STOP, {"type": "message_delta", "delta": {}}], True),
        ([START, {"type": "message_stop"}], True),
        ([START, {"type": "error", "error": {"type": "overloaded_error"}}], True),
    ],
)
def test_a_stop_reason_the_last_event_or_an_error_ends_a_stream(
    events: list[dict[str, Any]], ended: bool
) -> None:
    """The event ``message_stop`` may be missing."""
    assert added(*events)[0].ended is ended


@pytest.mark.parametrize(
    ("event", "members"),
    [
        (
            {"error": {"type": "overloaded_error", "message": "Busy"}, "openrouter_metadata": {"n": 1}},
            {"error": {"type": "overloaded_error", "message": "Busy"}, "openrouter_metadata": {"n": 1}},
        ),
        (
            {"error": {}, "request_id": "gen-2", "error_type": "timeout"},
            {"error": {"message": "error"}, "request_id": "gen-2", "error_type": "timeout"},
        ),
        ({}, {"error": {"message": "error"}}),
        ({"error": "Busy"}, {"error": "Busy"}),
    ],
)
def test_an_error_keeps_the_content_before_it(event: dict[str, Any], members: dict[str, Any]) -> None:
    """The content so far is part of the response."""
    stream, notes = added(START, start({"type": "text", "text": "So"}), {"type": "error", **event})
    expected = {
        **START["message"],
        "content": [{"type": "text", "text": "So"}],
        "usage": INPUT_COUNTS,
        **members,
    }

    assert notes == []
    assert stream.response() == expected


def test_unknown_and_damaged_events_are_noted() -> None:
    """Notes have the path of the event but never any of its text."""
    stream, notes = added(
        {"type": "secret_event"},
        {},
        {"type": 5},
        delta("secret_delta", text="secret"),
        {
            "type": "content_block_delta",
            "index": "secret",
            "delta": {"type": "text_delta", "text": ["secret"]},
        },
        {"type": "message_start", "message": ["secret"]},
        {"type": "content_block_start", "index": 1, "content_block": "secret"},
    )

    assert notes == [
        "event[0].type: unknown event type",
        "event[1].type: unknown event type",
        "event[2].type: expected text, got int of 1 digit",
        "event[2].type: unknown event type",
        "event[3].delta.type: unknown delta type",
        "event[4].index: expected a whole number, 0 or more, got str of 6 characters",
        "event[4].delta.text: expected text, got list of 1 item",
        "event[5].message: expected an object, got list of 1 item",
        "event[6].content_block: expected an object, got str of 6 characters",
    ]
    assert stream.response()["content"] == [{"type": "text", "text": ""}, {}]


ERROR: dict[str, Any] = {"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}
LAST: dict[str, Any] = {"type": "message_stop"}


@pytest.mark.parametrize(
    ("events", "error", "stop_reason", "notes"),
    [
        ([ERROR], True, None, 0),
        ([STOP, ERROR], True, None, 0),
        ([STOP, ERROR, LAST], False, "end_turn", 1),
        ([ERROR, STOP], False, "end_turn", 1),
        ([ERROR, STOP, LAST], False, "end_turn", 1),
        ([ERROR, LAST], True, None, 0),
        ([ERROR, STOP, ERROR], True, None, 1),
    ],
)
def test_an_error_counts_unless_the_message_ends_well_after_it(
    events: list[dict[str, Any]], error: bool, stop_reason: str | None, notes: int
) -> None:
    """An error that came last is the end, whatever the stop reason before it was."""
    stream, noted = added(START, *events)
    response = stream.response()

    assert ("error" in response, response["stop_reason"], stream.ended) == (error, stop_reason, True)
    assert [note.partition(": ")[2] for note in noted] == [
        "an error, but the answer ended well after it"
    ] * notes


@pytest.mark.parametrize(
    ("event", "error"),
    [
        ({"type": "error", "error": {"message": "m"}}, {"message": "m"}),
        ({"type": "error", "message": "m", "code": 5}, {"message": "m", "code": 5}),
    ],
)
def test_a_stream_that_only_failed_has_no_answer(event: dict[str, Any], error: Any) -> None:
    """It is a refused request, whose error may be in the event itself."""
    assert added(event)[0].response() == {
        "type": "message",
        "error": error,
        "usage": None,
        "stop_reason": None,
    }


def test_a_delta_without_an_index_belongs_to_the_latest_block() -> None:
    """Some servers leave it out."""
    block = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
    second = {"type": "content_block_start", "index": 1, "content_block": block}
    piece = {"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "{}"}}

    assert content(START, start(text_block("A")), second, piece) == [
        text_block("A"),
        {**block, "partial_json": "{}"},
    ]


def test_text_at_the_start_of_a_block_is_kept() -> None:
    """Some servers begin with it."""
    assert content(START, start(text_block("A")), delta("text_delta", text="B")) == [text_block("AB")]


def text_block(words: str) -> dict[str, Any]:
    """A block of text."""
    return {"type": "text", "text": words}
