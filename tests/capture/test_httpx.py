# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""httpx and httpx2 beyond the exits: transports of every kind, mounts, bodies that cannot be copied."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.testing import Answer, LoopbackOpenRouter

from .recorder import BODY, WHOLE, Recorder, brief, url

URL = "http://openrouter.test/api/v1/chat/completions"


@pytest.fixture(params=[name for name in ("httpx", "httpx2") if importlib.util.find_spec(name)])
def module(request: pytest.FixtureRequest) -> Any:
    return importlib.import_module(request.param)


def test_a_transport_without_a_server_is_recorded(module: Any) -> None:
    """Such as one of a test, whose response holds its content."""
    choice = {"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2, "cost": 0.000123}

    def answer(request: Any) -> Any:
        return module.Response(200, json={"id": "gen-1", "choices": [choice], "usage": usage})

    with Recorder() as recorder:
        client = recorder.broadcast.capture(module.Client(transport=module.MockTransport(answer)))
        assert client.post(URL, json=BODY).json()["id"] == "gen-1"
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_a_transport_that_retries_is_seen_through(module: Any, server: LoopbackOpenRouter) -> None:
    """Each attempt is a record of its own, and the whole request is none besides."""

    class Retrying(module.BaseTransport):  # type: ignore[misc]
        def __init__(self) -> None:
            self.inner = module.HTTPTransport()

        def handle_request(self, request: Any) -> Any:
            response = self.inner.handle_request(request)
            if response.status_code == 429:
                response.read()
                response = self.inner.handle_request(request)
            return response

        def close(self) -> None:
            self.inner.close()

    server.script(Answer.error(429, "Slow down"))
    with Recorder() as recorder:
        client = recorder.broadcast.capture(module.Client(transport=Retrying()))
        assert client.post(url(server), json=BODY).status_code == 200
        first, second = recorder.generations()
    client.close()

    assert brief(first)["failure"] == "Slow down"
    assert brief(second) == WHOLE


def test_a_transport_that_answers_by_itself_is_recorded_too(module: Any) -> None:
    """A cache, for example, does not ask the transport that it holds."""

    class Cached(module.BaseTransport):  # type: ignore[misc]
        def __init__(self) -> None:
            self.inner = module.HTTPTransport()

        def handle_request(self, request: Any) -> Any:
            return module.Response(200, json={"id": "gen-1", "choices": []})

    with Recorder() as recorder, recorder.broadcast.capture(module.Client(transport=Cached())) as client:
        client.post(URL, json=BODY)
        assert [each.generation_id for each in recorder.generations()] == ["gen-1"]


def test_mounted_transports_are_recorded(module: Any, server: LoopbackOpenRouter) -> None:
    mounts = {"all://127.0.0.1": module.HTTPTransport(), "all://example.test": None}
    with Recorder() as recorder, recorder.broadcast.capture(module.Client(mounts=mounts)) as client:
        client.post(url(server), json=BODY)
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_a_transport_itself_may_be_captured(module: Any, server: LoopbackOpenRouter) -> None:
    with Recorder() as recorder:
        transport = recorder.broadcast.capture(module.HTTPTransport())
        with module.Client(transport=transport) as client:
            client.post(url(server), json=BODY)
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_an_asynchronous_transport_may_be_captured(module: Any, server: LoopbackOpenRouter) -> None:
    async def run() -> None:
        transport = recorder.broadcast.capture(module.AsyncHTTPTransport())
        async with module.AsyncClient(transport=transport) as client:
            await client.post(url(server), json=BODY)
            await client.get(server.base_url)

    with Recorder() as recorder:
        asyncio.run(run())
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_a_body_that_is_read_once_is_left_to_the_client(module: Any, server: LoopbackOpenRouter) -> None:
    """The record says so, and has the rest."""

    def pieces() -> Iterator[bytes]:
        yield b'{"model":"openai/gpt-4o-mini",'
        yield b'"messages":[]}'

    with Recorder() as recorder, recorder.broadcast.capture(module.Client()) as client:
        client.post(url(server), content=pieces())
        (generation,) = recorder.generations()
        (error,) = recorder.broadcast.errors

    assert server.requests[0].json["messages"] == []
    assert brief(generation) == WHOLE
    assert str(error) == "record.request: its body is no text in memory, so it was not copied"


def test_other_requests_pass(module: Any, server: LoopbackOpenRouter) -> None:
    """By their method, path or host."""
    with Recorder() as recorder:
        with recorder.broadcast.capture(module.Client(), hosts="openrouter.ai") as client:
            client.post(url(server), json=BODY)
        with recorder.broadcast.capture(module.Client()) as client:
            client.get(url(server))
            client.post(f"{server.base_url}/models", json=BODY)
        assert recorder.generations() == []


def test_the_trace_goes_to_the_hosts_that_are_named(module: Any, server: LoopbackOpenRouter) -> None:
    """Not over a header that is there, and only inside of a trace."""
    own = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
    with Recorder() as recorder:
        here = recorder.broadcast.capture(module.Client(), traceparent_hosts="127.0.0.1")
        there = recorder.broadcast.capture(module.Client(), traceparent_hosts="openrouter.ai")
        with here, there:
            here.post(url(server), json=BODY)
            with recorder.broadcast.trace("Flow"):
                there.post(url(server), json=BODY)
                here.post(url(server), json=BODY, headers={"traceparent": own})
                here.post(url(server), json=BODY)
        recorder.generations()
        root = next(span for span in recorder.transport.spans if span.name == "Flow")

    sent = [request.headers.get("traceparent") for request in server.requests]
    assert sent == [None, None, own, f"00-{root.trace_id}-{root.span_id}-01"]
    assert not any("baggage" in request.headers for request in server.requests)


def test_a_released_client_is_as_before(module: Any, server: LoopbackOpenRouter) -> None:
    with Recorder() as recorder:
        client = module.Client()
        before = dict(vars(client._transport))
        assert recorder.broadcast.capture(recorder.broadcast.capture(client)) is client
        assert vars(client._transport) != before
        assert recorder.broadcast.release(recorder.broadcast.release(client)) is client
        assert vars(client._transport) == before
        client.post(url(server), json=BODY)
        client.close()
        assert recorder.generations() == []


def test_a_client_has_one_owner(module: Any) -> None:
    with Recorder() as first, Recorder() as second, module.Client() as client:
        first.broadcast.capture(client)
        with pytest.raises(InvalidValue, match=r"Broadcast\.capture\.client.*nothing else records"):
            second.broadcast.capture(client)
        # What is not its own, it leaves alone.
        second.broadcast.release(client)
        assert "handle_request" in vars(client._transport)
        first.broadcast.release(client)
        second.broadcast.capture(client)


def test_a_redirect_is_an_attempt_of_its_own(module: Any, server: LoopbackOpenRouter) -> None:
    moved = Answer(status=307, body=b"", headers=(("location", url(server)),))
    server.script(moved)
    with Recorder() as recorder:
        with recorder.broadcast.capture(module.Client(follow_redirects=True)) as client:
            client.post(f"{server.base_url}/chat/completions/", json=BODY)
        first, second = recorder.generations()

    assert not first.complete
    assert brief(second) == WHOLE


def test_what_a_program_asks_of_a_stream_reaches_it(module: Any, server: LoopbackOpenRouter) -> None:
    with Recorder() as recorder, recorder.broadcast.capture(module.Client()) as client:
        with client.stream("POST", url(server), json=BODY) as response:
            # The client has one of its own around it.
            stream = response.stream._stream
            stream._stream.mark = 1
            assert stream.mark == 1
            assert isinstance(stream, module.SyncByteStream)
            with pytest.raises(AttributeError):
                _ = stream.nothing
            pieces = iter(stream)
            assert iter(pieces) is pieces
            response.read()
        assert [brief(each) for each in recorder.generations()] == [WHOLE]


@pytest.mark.parametrize("client", [None, 7, "openai", object(), dict])
def test_an_object_of_another_kind_is_refused(client: Any) -> None:
    expected = "a client of httpx, httpx2, requests or aiohttp, or of an SDK that is built on one"
    with Recorder() as recorder:
        with pytest.raises(InvalidValue, match=expected):
            recorder.broadcast.capture(client)
        with pytest.raises(InvalidValue, match=r"Broadcast\.release\.client"):
            recorder.broadcast.release(client)


@pytest.mark.parametrize("hosts", ["", "https://openrouter.ai", ["openrouter.ai", 7], "a b"])
def test_a_host_is_a_name(module: Any, hosts: Any) -> None:
    with Recorder() as recorder, module.Client() as client:
        with pytest.raises(InvalidValue, match=r"Broadcast\.capture\.hosts"):
            recorder.broadcast.capture(client, hosts=hosts)
        assert "handle_request" not in vars(client._transport)


def test_a_stream_that_is_closed_is_recorded_at_once(module: Any, server: LoopbackOpenRouter) -> None:
    """However long the program keeps the response."""
    server.script(Answer(ending="hang", pieces=3), Answer(ending="hang", pieces=3))
    stream = {**BODY, "stream": True}

    async def leave() -> Any:
        async with recorder.broadcast.capture(module.AsyncClient()) as client:
            async with client.stream("POST", url(server), json=stream) as response:
                await response.aiter_raw().__anext__()
            return response

    with Recorder() as recorder:
        with recorder.broadcast.capture(module.Client()) as client:
            with client.stream("POST", url(server), json=stream) as first:
                next(first.iter_raw())
            assert len(recorder.generations()) == 1
        second = asyncio.run(leave())
        assert len(recorder.generations()) == 2
    assert first.is_closed and second.is_closed
