# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How a request ended, in every row of the module's table."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Failure, Generation, read_record

WHOLE: dict[str, Any] = {
    "id": "gen-1",
    "choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}],
    "usage": {"cost": 0.5},
}
PIECE = b'data: {"id":"gen-1","choices":[{"delta":{"content":"Hi"}}]}\n\n'
END = b'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"cost":0.5}}\n\n'
ERROR = b'data: {"error":{"code":502,"message":"lost"}}\n\n'
DONE = b"data: [DONE]\n\n"
NO_ANSWER = "the body is no answer: it has neither id, usage nor content"
LEFT = "The client has disconnected"
TIMES = {"started_at": "2026-02-13T18:00:00Z", "ended_at": "2026-02-13T18:00:01Z"}


def ended(**record: Any) -> tuple[Any, bool, list[str]]:
    """The failure's message, whether the response is complete, and the notes without their places."""
    read: Generation = read_record({"request": {"model": "m/x", "messages": []}, **TIMES, **record})
    message = None if read.failure is None else read.failure.message
    return message, read.complete, [note.message for note in read.skipped]


@pytest.mark.parametrize(
    ("record", "ending"),
    [
        # The caller's own words.
        ({"response": WHOLE, "observed": {"error_message": "mine"}}, ("mine", True, [])),
        # An error, and what may follow it.
        ({"response": {"error": {"message": "no"}}}, ("no", True, [])),
        (
            {"response": {**WHOLE, "error": {"message": "no"}}},
            (None, True, ["an error, but the answer ended well after it"]),
        ),
        ({"response_stream": PIECE + ERROR}, ("lost", True, [])),
        ({"response_stream": PIECE + ERROR + DONE}, ("lost", True, [])),
        ({"response_stream": PIECE + END + ERROR}, ("lost", True, [])),
        (
            {"response_stream": PIECE + ERROR + END},
            (None, True, ["an error, but the answer ended well after it"]),
        ),
        # A body that is no answer.
        ({"response": {"detail": "Not Found"}}, ("Not Found", True, [NO_ANSWER])),
        ({"response": {"success": False}}, (None, False, [NO_ANSWER])),
        ({"response": {"success": False}, "observed": {"http_status": 502}}, ("HTTP 502", True, [NO_ANSWER])),
        ({"observed": {"http_status": 404}}, ("HTTP 404", True, [])),
        ({"response": WHOLE, "observed": {"http_status": 404}}, (None, True, [])),
        # A whole answer, whatever happens to the caller.
        ({"response": WHOLE}, (None, True, [])),
        ({"response": WHOLE, "observed": {"interrupted_by": "ValueError"}}, (None, True, [])),
        ({"response": WHOLE, "observed": {"client_disconnected": True}}, (None, True, [])),
        ({"response_stream": PIECE + END, "observed": {"client_disconnected": True}}, (None, True, [])),
        ({"response_stream": PIECE + DONE}, (None, True, [])),
        ({"response": {"id": "gen-1"}}, (None, True, ["the answer has neither content nor usage"])),
        # A caller that left before.
        ({"response_stream": PIECE, "observed": {"client_disconnected": True}}, (LEFT, True, [])),
        ({"response_stream": PIECE, "generation": {"cancelled": True}}, (LEFT, True, [])),
        (
            {"response_stream": PIECE, "observed": {"interrupted_by": "ValueError: x"}},
            ("ValueError: x", True, []),
        ),
        ({"observed": {"interrupted_by": "OSError"}}, ("OSError", True, [])),
        # Nothing that says how it ended.
        ({"response_stream": PIECE}, (None, False, ["the stream was cut off"])),
        ({"response_stream": b""}, (None, False, ["the stream was cut off"])),
        ({"response_stream": b'data: {"x":1}\n\n' + DONE}, (None, False, ["the stream holds no answer"])),
        (
            {"response": {"object": "response", "id": "r", "status": "queued"}},
            (None, False, ["the answer is not finished"]),
        ),
        ({"generation": {"finish_reason": "stop"}}, (None, True, [])),
        ({"generation": {"finish_reason": "error"}}, (None, False, [])),
        ({}, (None, False, [])),
    ],
)
def test_a_request_ends_in_one_way(record: dict[str, Any], ending: Any) -> None:
    """The first row of the table that fits is used."""
    assert ended(**record) == ending


def test_what_came_before_the_client_left_is_kept() -> None:
    """As captured, the failure has the text of the answer so far beside it."""
    read = read_record(
        {
            "request": {"model": "m/x", "messages": [], "stream": True},
            "response_stream": PIECE,
            "observed": {"client_disconnected": True},
            **TIMES,
        }
    )

    assert read.failure == Failure(message=LEFT)
    assert (read.completion or "").startswith('{"completion":"Hi","reasoning":null,"rawRequest"')


def test_the_note_of_an_unfinished_answer_names_its_status() -> None:
    """So that a reader knows which member said so."""
    notes = read_record(
        {
            "request": {"model": "a/b", "prompt": "A cat"},
            "api": "video",
            "response": {"id": "v-1", "status": "queued", "polling_url": "https://example.org"},
            "started_at": 1771005600000000000,
            "ended_at": 1771005601000000000,
        }
    ).skipped

    assert [str(note) for note in notes] == ["record.response.status: the answer is not finished"]
