# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One attempt: how it ends, what its record holds, and what it does when something of it fails."""

from __future__ import annotations

import gzip
import json
import threading
from typing import Any

import pytest

from otlpjson.capture.budget import Budget
from otlpjson.capture.exchange import Exchange
from otlpjson.openrouter import read_record

REQUEST = json.dumps({"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}]})
DELTA = b'data: {"id":"gen-1","choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n'
STOP = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"cost":0.5}}\n\n'
DONE = b"data: [DONE]\n\n"
SSE = {"content-type": "text/event-stream; charset=utf-8"}


class Trial:
    """An exchange, what it gave when it ended, and its own errors."""

    def __init__(self, request: Any = REQUEST, max_copy_bytes: int = 1 << 20, api: str = "chat") -> None:
        self.ended: list[Exchange] = []
        self.errors: list[Exception] = []
        self.budget = Budget(1 << 22, max_copy_bytes)
        self.exchange = Exchange(
            api=api,
            request=request,
            on_end=self.ended.append,
            on_error=self.errors.append,
            budget=self.budget,
        )

    def record(self) -> Any:
        (ended,) = self.ended
        assert self.errors == []
        return ended.record()

    def observed(self) -> Any:
        return self.record()[0]["observed"]

    def generation(self) -> Any:
        return read_record(self.record()[0])


def test_a_stream_is_a_record_with_its_times() -> None:
    trial = Trial()
    trial.exchange.sent({"X-Session": "no", "x-session-id": "s-1", "x-stainless-retry-count": "2"})
    trial.exchange.answered(200, {**SSE, "x-generation-id": "gen-1"})
    for piece in (b": wait\n\n", DELTA, STOP, DONE):
        trial.exchange.piece(piece)
    trial.exchange.end()
    record, notes = trial.record()
    times = record["observed"]

    assert notes == []
    assert b"".join(record["response_stream"]) == b": wait\n\n" + DELTA + STOP + DONE
    assert (times["http_status"], times["generation_id"]) == (200, "gen-1")
    assert (times["session_id"], times["retry_number"]) == ("s-1", "2")
    assert 0 < times["provider_headers_ms"] < times["first_token_ms"] < times["provider_body_end_ms"]
    assert record["ended_at"] - record["started_at"] >= times["provider_body_end_ms"] * 1e6
    assert trial.generation().usage.total_cost == 0.5


@pytest.mark.parametrize(
    ("last", "is_whole"),
    [(DONE, True), (b"event: message_stop\ndata: {}\n\n", True), (STOP, False), (b"", False)],
)
def test_a_stream_that_is_closed_at_its_last_event_has_an_end(last: bytes, is_whole: bool) -> None:
    """SDKs close it there."""
    trial = Trial()
    trial.exchange.answered(200, SSE)
    trial.exchange.piece(DELTA)
    trial.exchange.piece(last)
    trial.exchange.leave()

    assert ("provider_body_end_ms" in trial.observed()) is is_whole
    assert trial.observed()["client_disconnected"] is True


def test_a_stream_without_content_has_no_first_token() -> None:
    trial = Trial()
    trial.exchange.answered(200, SSE)
    trial.exchange.end()

    assert set(trial.observed()) == {"http_status", "provider_headers_ms"}
    assert trial.record()[0]["response_stream"] == (b"",)


def test_a_body_has_no_times_of_a_stream() -> None:
    trial = Trial()
    trial.exchange.answered(200, {"content-type": "application/json"})
    trial.exchange.piece(b'{"choices":[]}')
    trial.exchange.end()

    assert trial.record()[0]["response"] == b'{"choices":[]}'
    assert "first_token_ms" not in trial.observed()


@pytest.mark.parametrize(("is_read", "response"), [(True, b""), (False, None)])
def test_an_empty_body_is_no_answer_and_one_that_was_not_read_is_not_known(
    is_read: bool, response: Any
) -> None:
    trial = Trial()
    trial.exchange.answered(200, {})
    (trial.exchange.end if is_read else trial.exchange.leave)()

    assert trial.record()[0]["response"] == response


def test_it_ends_once() -> None:
    trial = Trial()
    trial.exchange.answered(200, SSE)
    trial.exchange.end()
    trial.exchange.fail(OSError("late"))
    trial.exchange.leave()
    trial.exchange.end()
    trial.exchange.piece(DELTA)

    assert len(trial.ended) == 1
    assert not {"interrupted_by", "client_disconnected"} & set(trial.observed())
    assert trial.record()[0]["response_stream"] == (b"",)


def test_two_threads_end_it_once() -> None:
    for _ in range(50):
        trial = Trial()
        threads = [threading.Thread(target=trial.exchange.leave) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(trial.ended) == 1


@pytest.mark.parametrize(
    ("error", "fact"),
    [
        (ConnectionResetError("secret words"), {"interrupted_by": "ConnectionResetError"}),
        (KeyboardInterrupt(), {"client_disconnected": True}),
        (GeneratorExit(), {"client_disconnected": True}),
    ],
)
def test_of_an_exception_the_class_is_kept(error: BaseException, fact: dict[str, Any]) -> None:
    trial = Trial()
    trial.exchange.fail(error)

    assert trial.observed() == fact
    assert "response" in trial.record()[0]
    assert "secret" not in repr(trial.record())


def test_what_is_forgotten_gives_no_record() -> None:
    trial = Trial()
    trial.exchange.answered(200, SSE)
    trial.exchange.piece(DELTA)
    trial.exchange.forget()
    trial.exchange.end()

    assert trial.ended == []
    assert trial.budget.take(1 << 22)


def test_a_copy_is_made_of_what_has_come() -> None:
    """The program may hold the response, and read it later, as long as it likes."""
    trial = Trial()
    trial.exchange.answered(200, SSE)
    trial.exchange.piece(DELTA)
    trial.exchange.leave()

    assert trial.ended[0] is not trial.exchange
    assert trial.exchange.size == 0
    assert trial.ended[0].size >= len(DELTA) + len(REQUEST)
    trial.ended[0].give_back()
    assert trial.budget.take(1 << 22)


def test_the_coding_of_the_content_is_undone_on_the_copy() -> None:
    trial = Trial()
    trial.exchange.answered(200, {**SSE, "content-encoding": "gzip"})
    coded = gzip.compress(DELTA + DONE)
    trial.exchange.piece(coded[:5])
    trial.exchange.piece(coded[5:])
    trial.exchange.end()

    assert b"".join(trial.record()[0]["response_stream"]) == DELTA + DONE


def test_what_the_client_decodes_is_left() -> None:
    trial = Trial()
    trial.exchange.answered(200, {"content-encoding": "gzip"}, is_decoded=True)
    trial.exchange.piece(b"{}")
    trial.exchange.end()

    assert trial.record()[0]["response"] == b"{}"


@pytest.mark.parametrize(
    ("coding", "data", "message"),
    [
        ("compress", b"x", "the coding of the content is unknown here"),
        ("gzip", b"no gzip", "the content could not be decoded"),
    ],
)
def test_content_that_cannot_be_decoded_is_said(coding: str, data: bytes, message: str) -> None:
    trial = Trial()
    trial.exchange.answered(200, {"content-encoding": coding})
    trial.exchange.piece(data)
    trial.exchange.piece(data)
    trial.exchange.end()
    record, notes = trial.record()

    assert [(note.path, note.message) for note in notes] == [("record.response", message)]
    assert record["response"] == b""


@pytest.mark.parametrize(("streamed", "asked"), [(True, {"stream": True}), (False, {"stream": False})])
def test_a_request_that_could_not_be_copied_is_said(streamed: bool, asked: dict[str, Any]) -> None:
    trial = Trial(request=None)
    trial.exchange.answered(200, SSE if streamed else {})
    trial.exchange.end()
    record, notes = trial.record()

    assert record["request"] == asked
    assert notes[0].path == "record.request"


def test_a_stream_over_the_bound_keeps_its_beginning_and_its_end() -> None:
    """And with it the usage, and that it is not whole."""
    trial = Trial(max_copy_bytes=2_000)
    trial.exchange.answered(200, SSE)
    for _ in range(3_000):
        trial.exchange.piece(DELTA)
    trial.exchange.piece(STOP)
    trial.exchange.piece(DONE)
    trial.exchange.end()
    _, notes = trial.record()
    generation = trial.generation()

    assert [note.message for note in notes] == [
        "the response is larger than the copy of it, which lacks its middle"
    ]
    assert trial.ended[0].size < 80_000
    assert (generation.usage.total_cost, generation.finish_reason) == (0.5, "stop")
    assert generation.completion.count("Hi") < 3_000


def test_a_body_over_the_bound_keeps_its_usage() -> None:
    trial = Trial(max_copy_bytes=200)
    trial.exchange.answered(200, {})
    text = "x" * 200_000
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = json.dumps({"id": "gen-1", "model": "m", "choices": [choice], "usage": {"cost": 0.5}}).encode()
    for start in range(0, len(body), 100):
        trial.exchange.piece(body[start : start + 100])
    trial.exchange.end()

    assert trial.record()[0]["response"] == {"id": "gen-1", "model": "m", "usage": {"cost": 0.5}}


def test_its_own_errors_go_to_its_owner() -> None:
    """And never to the client."""

    class Broken:
        def get(self, name: str, default: Any = None) -> Any:
            raise RuntimeError("broken")

    trial = Trial()
    headers: Any = Broken()
    trial.exchange.sent(headers)
    trial.exchange.answered(200, headers)
    assert [type(error) for error in trial.errors] == [RuntimeError, RuntimeError]

    def refuse(exchange: Exchange) -> None:
        raise ValueError("refused")

    failing = Exchange(
        api="chat", request="", on_end=refuse, on_error=trial.errors.append, budget=Budget(1, 1)
    )
    failing.end()
    assert [type(error) for error in trial.errors[2:]] == [ValueError]


def test_its_repr_shows_no_content() -> None:
    assert repr(Trial().exchange) == "Exchange(api='chat')"


def test_it_may_begin_with_an_earlier_one() -> None:
    first, second = Trial(), Trial()
    second.exchange.begun(first.exchange)
    for trial in (first, second):
        trial.exchange.end()

    assert first.record()[0]["started_at"] == second.record()[0]["started_at"]
