# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The loopback OpenRouter: each answer is one that is read without a note, and each behaviour happens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from otlpjson.openrouter import read_record
from otlpjson.testing import Answer, LoopbackOpenRouter

START_NS = 1_771_005_600_000_000_000
WEATHER = {"name": "weather", "parameters": {"type": "object"}}
APIS: dict[str, dict[str, Any]] = {
    "chat/completions": {"messages": [{"role": "user", "content": "Hi"}]},
    "completions": {"prompt": "Hi"},
    "messages": {"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]},
    "responses": {"input": "Hi"},
}
TOOLS: dict[str, dict[str, Any]] = {
    "chat/completions": {"type": "function", "function": WEATHER},
    "messages": {"name": "weather", "input_schema": {"type": "object"}},
    "responses": {"type": "function", **WEATHER},
}
# The conversation with the result of the tool's call.
RESULTS: dict[str, dict[str, Any]] = {
    "chat/completions": {"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "Rain"}]},
    "messages": {
        "messages": [
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "call_1", "content": "Rain"}],
            }
        ]
    },
    "responses": {"input": [{"type": "function_call_output", "call_id": "call_1", "output": "Rain"}]},
}


@pytest.fixture
def server() -> Iterator[LoopbackOpenRouter]:
    with LoopbackOpenRouter() as server:
        yield server


def ask(server: LoopbackOpenRouter, api: str, body: dict[str, Any], **named: Any) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{server.base_url}/{api}", json=body, timeout=20, **named)


def read(server: LoopbackOpenRouter, api: str, body: dict[str, Any]) -> Any:
    """The generation of a request."""
    response = ask(server, api, body)
    name = "response_stream" if body.get("stream") else "response"
    return read_record(
        {"request": body, name: response.content, "started_at": START_NS, "ended_at": START_NS + 1}
    )


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("api", APIS)
def test_an_answer_is_whole(server: LoopbackOpenRouter, api: str, streamed: bool) -> None:
    generation = read(server, api, {"model": "openai/gpt-5", **APIS[api], "stream": streamed})

    assert generation.skipped == ()
    assert generation.failure is None and generation.complete
    assert generation.response_model == "openai/gpt-5"
    assert generation.generation_id == "gen-1771005600-00000000000000000001"
    assert "Hello from OpenRouter" in generation.completion
    assert generation.usage.input_tokens == 12 and generation.usage.output_tokens == 6
    assert generation.usage.total_cost == 0.000123


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("api", TOOLS)
def test_a_tool_is_called_once(server: LoopbackOpenRouter, api: str, streamed: bool) -> None:
    body = {"model": "openai/gpt-5", **APIS[api], "tools": [TOOLS[api]], "stream": streamed}
    asked = read(server, api, body)
    answered = read(server, api, {**body, **RESULTS[api]})

    assert asked.skipped == answered.skipped == ()
    assert "weather" in asked.completion and "Berlin" in asked.completion
    assert asked.failure is None
    assert "Hello from OpenRouter" in answered.completion


def test_embeddings_are_charged(server: LoopbackOpenRouter) -> None:
    generation = read(server, "embeddings", {"model": "openai/text-embedding-3-small", "input": "Hi"})

    assert generation.skipped == () and generation.operation == "embeddings"
    assert generation.usage.total_cost == 0.000123


def test_what_is_unknown_is_not_found(server: LoopbackOpenRouter) -> None:
    answer = ask(server, "nothing", {})

    assert answer.status_code == 404
    assert answer.json() == {"error": {"code": 404, "message": "Not Found"}}


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_coding_is_undone_by_the_client(server: LoopbackOpenRouter, coding: str, streamed: bool) -> None:
    body = {**APIS["completions"], "stream": streamed}
    plain = ask(server, "completions", body)
    server.script(Answer(coding=coding))
    coded = ask(server, "completions", body)

    assert coded.headers["content-encoding"] == coding
    assert coded.content.replace(b"2", b"1") == plain.content.replace(b"2", b"1")


def test_a_script_is_followed_and_then_the_usual_comes_again(server: LoopbackOpenRouter) -> None:
    server.script(
        Answer.error(429, "Slow down", headers=(("retry-after", "1"),)),
        Answer(body=b'{"own":true}', delay_s=0.05),
        Answer(body=[b"data: 1\n\n", b"", b"data: 2\n\n"]),
    )
    refused = ask(server, "completions", {})
    before = time.perf_counter()
    own = ask(server, "completions", {})
    took_s = time.perf_counter() - before
    stream = ask(server, "completions", {})

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.json() == {"error": {"code": 429, "message": "Slow down"}}
    assert own.json() == {"own": True} and took_s >= 0.05
    assert stream.text == "data: 1\n\ndata: 2\n\n"
    assert "Hello" in ask(server, "completions", {}).text


@pytest.mark.parametrize(
    "answer",
    [
        Answer(ending="reset", before_head=True),
        Answer(ending="close", before_head=True),
        Answer(ending="close", pieces=2),
        Answer(ending="reset", pieces=2, pause_s=0.01),
    ],
    ids=["reset before the head", "closed before the head", "closed", "reset"],
)
def test_a_connection_may_break(server: LoopbackOpenRouter, answer: Answer) -> None:
    server.script(answer)

    with pytest.raises(requests.RequestException):
        ask(server, "completions", {"stream": True})
    assert ask(server, "completions", {}).ok


def test_a_server_that_hangs_ends_with_its_block() -> None:
    with LoopbackOpenRouter() as server:
        server.script(Answer(ending="hang", pieces=1))
        with ask(server, "completions", {"stream": True}, stream=True) as response:
            assert next(response.iter_content(None)).startswith(b":")


def test_connections_stay_open_unless_they_are_closed(server: LoopbackOpenRouter) -> None:
    server.script(Answer(), Answer(keep_alive=False))
    first, second = (ask(server, "completions", {}).headers.get("connection") for _ in range(2))

    assert (first, second) == (None, "close")


def test_what_came_is_kept_without_its_key(server: LoopbackOpenRouter) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"prompt":'
        yield b'"Hi"}'

    url = f"{server.base_url}/completions?x=1"
    requests.post(url, data=pieces(), headers={"Authorization": "Bearer sk-or-1"}, timeout=20)
    requests.post(url, data=b"no JSON", timeout=20)
    requests.post(url, data=b"[]", timeout=20)
    first, *others = server.requests

    assert first.path == "/api/v1/completions?x=1"
    assert json.loads(first.body) == first.json == {"prompt": "Hi"}
    assert first.headers["authorization"] == ""
    assert "sk-or-1" not in repr(server.requests) and "Hi" not in repr(server.requests)
    assert [each.json for each in others] == [{}, {}]


def test_a_slow_answer_ends_with_its_block() -> None:
    with LoopbackOpenRouter() as server:
        server.script(Answer(pause_s=60))
        with ask(server, "completions", {"stream": True}, stream=True) as response:
            assert next(response.iter_content(None)).startswith(b":")
            before = time.perf_counter()
    assert time.perf_counter() - before < 30
