# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Events of a ``/responses`` stream, put together."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Finding
from otlpjson.openrouter.apis.responses_stream import ResponsesStream
from otlpjson.openrouter.document import Document

CREATED: dict[str, Any] = {
    "type": "response.created",
    "response": {
        "id": "gen-1",
        "object": "response",
        "created_at": 1771005600,
        "model": "openai/gpt-5.6",
        "status": "in_progress",
        "instructions": "Echo of the request.",
        "output": [],
        "usage": None,
    },
}


# The status of the first events is that of a response that has only begun.
BEGUN = {name: value for name, value in CREATED["response"].items() if name != "status"}


def added(*events: dict[str, Any]) -> tuple[ResponsesStream, list[str]]:
    """The stream after these events, and the notes."""
    stream, notes = ResponsesStream(), list[Finding]()
    for index, event in enumerate(events):
        stream.add(Document(f"event[{index}]", event, notes))
    return stream, [str(note) for note in notes]


def output(*events: dict[str, Any]) -> Any:
    """The output that events make up; nothing may be noted."""
    stream, notes = added(CREATED, *events)

    assert notes == []
    assert not stream.ended
    return stream.response()["output"]


def event(kind: str, index: int = 0, **members: Any) -> dict[str, Any]:
    """An event about the item with this index."""
    return {"type": f"response.{kind}", "output_index": index, "item_id": "x", **members}


def text_part(text: str) -> dict[str, Any]:
    """A part of a message."""
    return {"type": "output_text", "text": text}


MESSAGE = {"type": "message", "id": "msg_1", "role": "assistant", "status": "in_progress", "content": []}
ADDED = event("output_item.added", item=MESSAGE)
OPENED = event("content_part.added", content_index=0, part={**text_part(""), "annotations": []})
PIECES = [event("output_text.delta", content_index=0, delta=piece, logprobs=[]) for piece in ("It ", "works")]
TEXT = event("output_text.done", content_index=0, text="It works.")
PART = event("content_part.done", content_index=0, part=text_part("It works!"))
ITEM = event("output_item.done", item={**MESSAGE, "status": "completed", "content": [text_part("It works?")]})
TERMINAL = {
    "type": "response.completed",
    "response": {
        **CREATED["response"],
        "status": "completed",
        "output": [{"type": "message", "content": []}],
    },
}


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([OPENED, *PIECES], "It works"),
        ([ADDED, OPENED, *PIECES], "It works"),
        ([ADDED, *PIECES], "It works"),
        (PIECES, "It works"),
        ([ADDED, OPENED, *PIECES, TEXT], "It works."),
        ([TEXT], "It works."),
        ([ADDED, OPENED, *PIECES, TEXT, PART], "It works!"),
        ([ADDED, PART], "It works!"),
        ([ADDED, OPENED, *PIECES, TEXT, PART, ITEM], "It works?"),
        ([ITEM], "It works?"),
        # Nothing changes an item that is finished.
        ([ITEM, ADDED, OPENED, *PIECES, TEXT, PART], "It works?"),
    ],
)
def test_the_more_complete_form_wins(events: list[dict[str, Any]], told: str) -> None:
    """A finished item replaces a finished part, that a finished text, and that joined pieces."""
    (item,) = output(*events)
    (part,) = item["content"]

    assert (item["type"], part["type"], part["text"]) == ("message", "output_text", told)


@pytest.mark.parametrize("events", [[], [ADDED, OPENED, *PIECES, TEXT, PART, ITEM]])
def test_the_last_event_replaces_everything(events: list[dict[str, Any]]) -> None:
    """Its response is complete."""
    stream, notes = added(CREATED, *events, TERMINAL)

    assert notes == []
    assert stream.ended
    assert stream.response() == TERMINAL["response"]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        ({}, {"status": "completed"}),
        ({"output": [], "model": None, "usage": {"cost": 1}}, {"status": "completed", "usage": {"cost": 1}}),
        ({"output": {"not": "a list"}}, {"status": "completed"}),
        ({"status": "incomplete"}, {"status": "incomplete"}),
    ],
)
def test_members_that_the_last_event_lacks_stay(response: dict[str, Any], expected: dict[str, Any]) -> None:
    """An empty output counts as missing."""
    stream, _ = added(CREATED, ITEM, {"type": "response.completed", "response": response})

    assert stream.response() == {**CREATED["response"], "output": [ITEM["item"]], **expected}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("response.completed", "completed"),
        ("response.done", "completed"),
        ("response.incomplete", "incomplete"),
        ("response.failed", "failed"),
    ],
)
def test_the_last_event_has_the_status_in_its_name(kind: str, status: str) -> None:
    """It is used for a response without a status."""
    stream, notes = added(CREATED, {"type": kind, "response": None})

    assert notes == []
    assert (stream.ended, stream.response()["status"]) == (True, status)


@pytest.mark.parametrize(
    ("events", "items"),
    [
        # Reasoning as text, as a summary, as both.
        (
            [
                event("output_item.added", item={"type": "reasoning", "id": "rs_1", "summary": []}),
                event("content_part.added", content_index=0, part={"type": "reasoning_text", "text": ""}),
                event("reasoning_text.delta", content_index=0, delta="Let "),
                event("reasoning_text.delta", content_index=0, delta="us"),
                event("reasoning_text.done", content_index=0, text="Let us."),
            ],
            [
                {
                    "type": "reasoning",
                    "id": "rs_1",
                    "summary": [],
                    "content": [{"type": "reasoning_text", "text": "Let us."}],
                }
            ],
        ),
        (
            [
                event(
                    "reasoning_summary_part.added", summary_index=1, part={"type": "summary_text", "text": ""}
                ),
                event("reasoning_summary_text.delta", summary_index=1, delta="B"),
                event("reasoning_summary_text.delta", summary_index=0, delta="A"),
                event("reasoning_summary_text.done", summary_index=0, text="AA"),
                event("reasoning_summary_part.done", summary_index=1, part={"text": "BB"}),
            ],
            [
                {
                    "type": "reasoning",
                    "summary": [
                        {"type": "summary_text", "text": "AA"},
                        {"type": "summary_text", "text": "BB"},
                    ],
                }
            ],
        ),
        (
            [event("content_part.done", content_index=0, part={"type": "reasoning_text", "text": "A"})],
            [{"type": "reasoning", "content": [{"type": "reasoning_text", "text": "A"}]}],
        ),
        # A refusal.
        (
            [event("refusal.delta", content_index=0, delta="I "), event("refusal.delta", delta="cannot")],
            [{"type": "message", "content": [{"type": "refusal", "refusal": "I cannot"}]}],
        ),
        (
            [event("refusal.delta", delta="I "), event("refusal.done", refusal="No.")],
            [{"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}],
        ),
        # Calls, interleaved.
        (
            [
                event(
                    "output_item.added",
                    item={"type": "function_call", "call_id": "c1", "name": "find", "arguments": ""},
                ),
                event("function_call_arguments.delta", delta='{"a"'),
                event("custom_tool_call_input.delta", 1, delta="ls"),
                event("function_call_arguments.delta", delta=":1}"),
                event("custom_tool_call_input.delta", 1, delta=" -l"),
            ],
            [
                {"type": "function_call", "call_id": "c1", "name": "find", "arguments": '{"a":1}'},
                {"type": "custom_tool_call", "name": None, "input": "ls -l"},
            ],
        ),
        (
            [
                event("function_call_arguments.delta", delta="{"),
                event("function_call_arguments.done", name="find", arguments='{"b":2}'),
                event("custom_tool_call_input.done", 1, input="pwd"),
            ],
            [
                {"type": "function_call", "arguments": '{"b":2}', "name": "find"},
                {"type": "custom_tool_call", "input": "pwd", "name": None},
            ],
        ),
        (
            [
                event("output_item.done", item={"type": "function_call", "arguments": "{}"}),
                event("function_call_arguments.delta", delta="x"),
            ],
            [{"type": "function_call", "arguments": "{}"}],
        ),
        # Annotations.
        (
            [
                event("output_text.delta", delta="A"),
                event(
                    "output_text.annotation.added", annotation={"type": "url_citation"}, annotation_index=0
                ),
                event("output_text.annotation.added", annotation={"type": "file_path"}, annotation_index=1),
            ],
            [
                {
                    "type": "message",
                    "content": [
                        {**text_part("A"), "annotations": [{"type": "url_citation"}, {"type": "file_path"}]}
                    ],
                }
            ],
        ),
        # Parts that an item has from the beginning; several parts and items, in the order of their indexes.
        (
            [
                event("output_item.added", 2, item={**MESSAGE, "content": [text_part("A"), text_part("B")]}),
                event("output_text.delta", 2, content_index=1, delta="b"),
                event("output_text.delta", 1, content_index=5, delta="far"),
                event("output_text.delta", 1, content_index=2, delta="near"),
            ],
            [
                {"type": "message", "content": [text_part("near"), text_part("far")]},
                {**MESSAGE, "content": [text_part("A"), text_part("Bb")]},
            ],
        ),
        # Names that OpenRouter's pages use.
        (
            [
                event("content_part.delta", 1, content_index=0, delta="It "),
                event("content_part.delta", 1, content_index=0, delta="works"),
                event("reasoning.delta", delta="Let "),
                event("reasoning.delta", delta="us"),
            ],
            [
                {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "Let us"}]},
                {"type": "message", "content": [text_part("It works")]},
            ],
        ),
        # What should be text and is not.
        (
            [
                event("output_item.added", item={**MESSAGE, "content": [{"type": "output_text", "text": 5}]}),
                event("output_text.delta", delta="A"),
                event("output_text.done", text=None),
            ],
            [{**MESSAGE, "content": [text_part("A")]}],
        ),
        (
            [
                event("output_item.added", item={**MESSAGE, "content": None}),
                event("content_part.added", part={"type": "output_text", "annotations": "none"}),
                event("output_text.annotation.added", annotation=None),
            ],
            [{**MESSAGE, "content": [{"type": "output_text", "annotations": [None]}]}],
        ),
        (
            [
                event("output_item.added", item={"type": "function_call", "arguments": {}, "name": 5}),
                event("function_call_arguments.delta", delta="{}"),
            ],
            [{"type": "function_call", "arguments": "{}", "name": 5}],
        ),
    ],
)
def test_pieces_add_up_to_items(events: list[dict[str, Any]], items: list[dict[str, Any]]) -> None:
    """This is so for every type of item, even if its start was lost."""
    assert output(*events) == items


@pytest.mark.parametrize("kind", ["response.created", "response.queued", "response.in_progress"])
def test_the_first_events_have_the_response(kind: str) -> None:
    """Their status says nothing about the end."""
    stream, notes = added({**CREATED, "type": kind})

    assert notes == []
    assert not stream.ended
    assert stream.response() == BEGUN


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (
            {"code": "server_error", "message": "Oops", "param": None},
            {"code": "server_error", "message": "Oops"},
        ),
        ({"error": {"code": 502, "message": "Oops"}}, {"code": 502, "message": "Oops"}),
        ({"error": "Oops"}, "Oops"),
        ({}, {"message": "error"}),
    ],
)
@pytest.mark.parametrize("kind", ["error", "response.error"])
def test_an_error_is_in_the_event_or_in_an_object(kind: str, members: dict[str, Any], told: Any) -> None:
    """OpenRouter's documentation has both; the output before the error stays."""
    stream, notes = added(CREATED, ITEM, {"type": kind, **members})

    assert notes == []
    assert stream.ended
    assert stream.response() == {**BEGUN, "output": [ITEM["item"]], "error": told, "status": "failed"}


def test_an_error_may_have_its_kind_beside_it() -> None:
    """The stable name is ``error_type``."""
    stream, _ = added({"type": "error", "code": "x", "error_type": "provider_overloaded"})

    assert stream.response() == {
        "object": "response",
        "error": {"code": "x"},
        "error_type": "provider_overloaded",
        "status": "failed",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "debug",
        "response.debug",
        "response.apply_patch_call_operation_diff.delta",
        "response.audio.delta",
        "response.audio.transcript.delta",
        "response.code_interpreter_call_code.done",
        "response.code_interpreter_call.in_progress",
        "response.file_search_call.searching",
        "response.fusion_call.in_progress",
        "response.image_generation_call.partial_image",
        "response.mcp_call_arguments.delta",
        "response.shell_call_output.delta",
        "response.web_search_call.completed",
    ],
)
def test_progress_is_ignored(kind: str) -> None:
    """Items of server tools arrive as a whole."""
    stream, notes = added({"type": kind, "output_index": 0})

    assert (stream.response(), notes) == ({"object": "response"}, [])


def test_unknown_and_damaged_events_are_noted() -> None:
    """Notes have the path of the event but never any of its text."""
    stream, notes = added(
        {"type": "secret"},
        {"type": "response.secret"},
        {"type": "response.output_text.secret"},
        {"type": "response.function_call_arguments.secret"},
        {},
        {"type": "response.created", "response": "secret"},
        event("output_text.delta", content_index="secret", delta=["secret"]),
        event("output_item.added", 1, item={"type": "message", "content": ["secret"]}),
        {"type": "response.output_item.done", "output_index": -1, "item": "secret"},
        event("content_part.added", 2, part="secret"),
    )

    assert notes == [
        "event[0].type: unknown event type",
        "event[1].type: unknown event type",
        "event[2].type: unknown event type",
        "event[3].type: unknown event type",
        "event[4].type: unknown event type",
        "event[5].response: expected an object, got str of 6 characters",
        "event[6].content_index: expected a whole number, 0 or more, got str of 6 characters",
        "event[6].delta: expected text, got list of 1 item",
        "event[7].item.content[0]: expected an object, got str of 6 characters",
        "event[8].output_index: expected a whole number, 0 or more, got int of 1 digit",
        "event[8].item: expected an object, got str of 6 characters",
        "event[9].part: expected an object, got str of 6 characters",
    ]
    assert stream.response()["output"] == [
        {},
        {"type": "message", "content": []},
        {"type": "message", "content": [{"type": "output_text"}]},
    ]


ERROR: dict[str, Any] = {"type": "error", "code": "server_error", "message": "Oops"}


@pytest.mark.parametrize(
    ("events", "error", "status", "notes"),
    [
        ([ERROR], True, "failed", 0),
        ([TERMINAL, ERROR], True, "failed", 0),
        ([ERROR, TERMINAL], False, "completed", 1),
        ([ERROR, {"type": "response.failed", "response": {"error": {"code": "x"}}}], True, "failed", 0),
        ([ERROR, {"type": "response.incomplete", "response": {}}], False, "incomplete", 1),
    ],
)
def test_an_error_counts_unless_the_response_ends_well_after_it(
    events: list[dict[str, Any]], error: bool, status: str, notes: int
) -> None:
    """An error that came last is the end, whatever the status before it was."""
    stream, noted = added(CREATED, *events)
    response = stream.response()

    assert ("error" in response, response["status"], stream.ended) == (error, status, True)
    assert [note.partition(": ")[2] for note in noted] == [
        "an error, but the answer ended well after it"
    ] * notes


def test_annotations_come_one_by_one() -> None:
    """All of them are kept, in order, also beside those of the part itself."""
    items = output(
        event("output_item.added", item={"type": "message"}),
        event("content_part.added", content_index=0, part=text_part("a")),
        event("output_text.annotation.added", content_index=0, annotation={"n": 1}),
        event("output_text.annotation.added", content_index=0, annotation={"n": 2}),
    )

    assert [note["n"] for note in items[0]["content"][0]["annotations"]] == [1, 2]
