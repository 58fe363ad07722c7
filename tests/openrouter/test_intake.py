# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What callers hand in, in every form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.openrouter.document import Document
from otlpjson.openrouter.intake import intake_of

from .handed import Dumped, Headers, Http, NotGiven

BODY = {"id": "gen-1", "choices": [{"message": {"content": "Hi"}}]}
CHUNK = {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Hi"}}]}
TEXT = json.dumps(BODY)
EVENT = f"data: {json.dumps(CHUNK)}\n\n"
NO_JSON = "expected JSON, server-sent events, or a response that has been read, got "


def taken(**record: Any) -> tuple[Any, Any, list[str]]:
    """The body or ``None``, the pieces or ``None``, and the notes."""
    top = Document("record", {"request": {"model": "m"}, **record}, [])
    intake = intake_of(top)
    return dict(intake.response.members) or None, intake.pieces, [str(note) for note in top.skipped]


@pytest.mark.parametrize("name", ["response", "response_stream"])
@pytest.mark.parametrize(
    "value",
    [
        BODY,
        Dumped(BODY),
        TEXT,
        TEXT.encode(),
        bytearray(TEXT.encode()),
        memoryview(TEXT.encode()),
        "\ufeff" + json.dumps(BODY, indent=2),
        Http(200, _content=TEXT.encode()),
    ],
)
def test_a_body_may_have_any_form(name: str, value: Any) -> None:
    """It may also be in the place of a stream: a refused request gets no stream."""
    assert taken(**{name: value}) == (BODY, None, [])


@pytest.mark.parametrize("name", ["response", "response_stream"])
@pytest.mark.parametrize(
    ("value", "pieces"),
    [
        (EVENT, (EVENT.encode(),)),
        (EVENT.encode(), (EVENT.encode(),)),
        (CHUNK, (CHUNK,)),
        (Dumped(CHUNK), (CHUNK,)),
        ([Dumped(CHUNK), CHUNK], (CHUNK, CHUNK)),
        ([{"type": "message_start"}], ({"type": "message_start"},)),
        (json.dumps(CHUNK), (CHUNK,)),
        (Http(200, _content=EVENT.encode()), (EVENT.encode(),)),
    ],
)
def test_a_stream_may_have_any_form(name: str, value: Any, pieces: Any) -> None:
    """It may also be in the place of a body."""
    assert taken(**{name: value}) == (None, pieces, [])


def test_a_stream_may_be_a_list_of_pieces() -> None:
    """What is no piece is noted."""
    pieces = [EVENT[:9], EVENT[9:].encode(), bytearray(b"x"), memoryview(b"y"), "", CHUNK, None, 5]

    assert taken(response_stream=pieces) == (
        None,
        (EVENT[:9].encode(), EVENT[9:].encode(), b"x", b"y", b"", CHUNK),
        [
            "record.response_stream[6]: expected text, bytes or a chunk, got nothing",
            "record.response_stream[7]: expected text, bytes or a chunk, got int of 1 digit",
        ],
    )
    assert taken(response_stream=[TEXT[:5], TEXT[5:]]) == (BODY, None, [])
    assert taken(response_stream=[]) == (None, (), [])
    assert taken(response_stream=": comment") == (None, (b": comment",), [])


def test_an_error_may_be_in_a_list() -> None:
    """As Google's API answers."""
    assert taken(response=[{"error": {"code": 429}}]) == ({"error": [{"code": 429}]}, None, [])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<html>502</html>", "str of 16 characters"),
        (b"secret", "6 bytes"),
        ("", "str of 0 characters"),
        ("5", "str of 1 character"),
        (5, "int of 1 digit"),
        ([], "list of 0 items"),
        (["secret"], "list of 1 item"),
        (iter(()), "tuple_iterator"),
    ],
)
def test_what_is_no_body_is_noted(value: Any, found: str) -> None:
    """Nothing is iterated, and nothing of it is shown."""
    assert taken(response=value) == (None, None, [f"record.response: {NO_JSON}{found}"])


def test_a_body_that_has_not_been_read_is_noted() -> None:
    """Its status is known all the same."""
    top = Document("record", {"request": {"a": 1}, "response": Http(502, _content=False)}, [])
    intake = intake_of(top)

    assert intake.facts == {"http_status": 502}
    assert [str(note) for note in top.skipped] == [
        "record.response: the body of the response has not been read"
    ]


@pytest.mark.parametrize("body", [b"ID3\x04\x00", b"\xff\xfb\x90"])
def test_a_binary_body_is_kept_apart(body: bytes) -> None:
    """Only the mapping knows whether sound was asked for."""
    top = Document("record", {"request": {"a": 1}, "response": body}, [])

    assert (intake_of(top).binary, top.skipped) == (body, [])


@pytest.mark.parametrize(
    ("request_body", "members", "facts"),
    [
        ({"model": "m"}, {"model": "m"}, {}),
        (Dumped({"model": "m"}), {"model": "m"}, {}),
        ('{"model": "m"}', {"model": "m"}, {}),
        (b'{"model": "m"}', {"model": "m"}, {}),
        ({"messages": [Dumped({"role": "user"})]}, {"messages": [{"role": "user"}]}, {}),
        (
            {
                "model": "m",
                "extra_body": {"provider": {"sort": "price"}},
                "extra_headers": {"X-Session-Id": "s-1", "X-Title": "t"},
                "extra_query": {"q": 1},
                "timeout": 5,
                "api_key": "sk-secret",
                "temperature": NotGiven(),
            },
            {"model": "m", "provider": {"sort": "price"}},
            {"session_id": "s-1"},
        ),
        ({"model": "m", "extra_body": None, "extra_headers": None}, {"model": "m"}, {}),
        ("no JSON", {}, {}),
        (5, {}, {}),
        (None, {}, {}),
    ],
)
def test_a_request_may_be_an_sdks_arguments(request_body: Any, members: Any, facts: Any) -> None:
    """What is no part of the body is left out; headers may name the session."""
    intake = intake_of(Document("record", {"request": request_body}, []))

    assert (intake.request.members, intake.facts) == (members, facts)


def test_headers_of_the_response_are_facts() -> None:
    """Beside those of the request."""
    response = Http(200, Headers({"x-generation-id": "gen-1"}), _content=b"{}")
    record = {"request": {"extra_headers": {"x-session-id": "s"}, "model": "m"}, "response": response}

    assert intake_of(Document("record", record, [])).facts == {
        "http_status": 200,
        "generation_id": "gen-1",
        "session_id": "s",
    }


def test_pieces_of_text_with_half_a_character_are_read() -> None:
    """As a decoder that was cut in the middle leaves them."""
    _, pieces, notes = taken(response_stream=['data: {"choices":[]}\n\n', "\ud83d\n\n"])

    assert (pieces, notes) == ((b'data: {"choices":[]}\n\n', b"?\n\n"), [])


@pytest.mark.parametrize(
    "pieces", [[{"choices": []}, b"data: {}\n\n"], [b'{"error":', {"choices": []}], [b"data: {}\n\n"]]
)
def test_pieces_that_are_not_all_bytes_are_no_body(pieces: list[Any]) -> None:
    """Only bytes alone can be a body in pieces."""
    body, taken_pieces, notes = taken(response_stream=pieces)

    assert (body, taken_pieces, notes) == (None, tuple(pieces), [])
