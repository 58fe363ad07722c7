# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A running request: its record, and what it shows; ``test_broadcast`` has the rest."""

from __future__ import annotations

import time
from asyncio import CancelledError
from typing import Any

from otlpjson.broadcast import Call
from otlpjson.broadcast.call import with_error

REQUEST: dict[str, Any] = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Say yes."}]}


def test_the_record_has_the_pieces_of_a_stream_only_if_there_were_any() -> None:
    call = Call(request=REQUEST, response={"id": "gen-1"}, api="chat", observed={"first_token_ms": 5})
    record = call.record(1, 2)
    call.chunk("a\ud800")
    call.chunk(bytearray(b"b"))

    assert record == {
        "request": REQUEST,
        "response": {"id": "gen-1"},
        "api": "chat",
        "observed": {"first_token_ms": 5},
        "started_at": 1,
        "ended_at": 2,
    }
    assert call.record(1, 2) == {**record, "response_stream": ("a\ud800", b"b")}


def test_an_exception_is_a_fact_about_a_response_that_is_not_whole() -> None:
    """The caller's own words count more; one who is cancelled has left."""
    record = Call(request=REQUEST).record(1, 2)
    own = Call(request=REQUEST, observed={"error_message": "own"}).record(1, 2)

    assert with_error(record, None) is record
    assert with_error(record, KeyError()) == {**record, "observed": {"interrupted_by": "KeyError"}}
    assert with_error(record, OSError("no")) == {**record, "observed": {"interrupted_by": "OSError: no"}}
    assert with_error(own, OSError("no"))["observed"]["error_message"] == "own"
    for left in (GeneratorExit(), CancelledError("secret"), KeyboardInterrupt()):
        assert with_error(record, left) == {**record, "observed": {"client_disconnected": True}}


def test_a_call_shows_no_content() -> None:
    call = Call(request=REQUEST, response={"id": "gen-1"}, api="chat")
    call.chunk("Say yes.")

    assert repr(call) == "Call(api='chat')"


def test_a_stream_has_the_time_to_its_first_token() -> None:
    """Unless the caller says it."""
    call = Call(request=REQUEST)
    call.chunk('data: {"choices":[{"delta":{"role":"assistant","content":""}}]}')
    time.sleep(0.02)
    call.chunk('data: {"choices":[{"delta":{"content":"Yes"}}]}')
    time.sleep(0.02)
    call.chunk('data: {"choices":[{"delta":{"content":"."}}]}')
    measured = call.record(1, 2)["observed"]["first_token_ms"]
    call.observed["first_token_ms"] = 5

    assert measured == (call._times_ns[1] - call._clock_ns) / 1e6 >= 20
    assert call.record(1, 2)["observed"] == {"first_token_ms": 5}
