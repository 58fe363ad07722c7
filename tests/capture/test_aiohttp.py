# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""aiohttp beyond the exits: bodies of every kind, answers without one, sessions of other settings."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from otlpjson import instrument, uninstrument
from otlpjson.capture import aiohttp_stack
from otlpjson.testing import Answer, LoopbackOpenRouter

from .recorder import BODY, WHOLE, Recorder, brief, url

TEXT = json.dumps(BODY).encode()


def run(recorder: Recorder, use: Callable[[Any], Awaitable[Any]], **named: Any) -> Any:
    """What a program does with a captured session."""

    async def main() -> Any:
        async with aiohttp.ClientSession(**named) as session:
            return await use(recorder.broadcast.capture(session, traceparent_hosts="127.0.0.1"))

    return asyncio.run(main())


def test_bodies_in_memory_are_copied_and_others_are_left(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield TEXT

    async def use(session: Any) -> None:
        for data in (TEXT, TEXT.decode(), io.BytesIO(TEXT), bytearray(TEXT), pieces()):
            async with session.post(url(server), data=data) as response:
                await response.read()
        await (await session.post(url(server), json=BODY)).json()

    run(recorder, use)
    generations = recorder.generations()

    assert [request.json for request in server.requests] == [BODY] * 6
    assert [each.request_model is not None for each in generations] == [True] * 4 + [False, True]
    assert [brief(each) for each in generations] == [WHOLE] * 6


def test_what_is_refused_is_recorded_with_its_request(recorder: Recorder) -> None:
    async def use(session: Any) -> None:
        target = "http://127.0.0.1:1/api/v1/chat/completions"
        session_header = ("X-Session-Id", "s-1")
        for named in (
            {"json": BODY, "headers": dict([session_header])},
            {"data": TEXT, "headers": [session_header]},
            {},
        ):
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.post(target, **named)

    run(recorder, use)
    generations = recorder.generations()

    assert [brief(each)["failure"] for each in generations] == ["ClientConnectorError"] * 3
    assert [each.request_model for each in generations] == ["openai/gpt-4o-mini"] * 2 + [None]
    assert [each.session_id for each in generations] == ["s-1", "s-1", None]


# Several times, because a response may be whole when it starts, or not.
@pytest.mark.parametrize("settings", [{"auto_decompress": False}, {"raise_for_status": True}, {}] * 3)
def test_the_settings_of_a_session_hold(
    recorder: Recorder, server: LoopbackOpenRouter, settings: dict[str, Any]
) -> None:
    async def use(session: Any) -> bytes:
        async with session.post(url(server), json=BODY) as response:
            content: bytes = await response.read()
            return content

    server.script(Answer(coding="gzip"))
    content = run(recorder, use, **settings)

    assert (content[:1] == b"{") is settings.get("auto_decompress", True)
    assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_a_request_may_leave_the_coding_to_the_program(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    if "auto_decompress" not in inspect.signature(aiohttp.ClientSession._request).parameters:
        pytest.skip("this aiohttp has no such argument")

    async def use(session: Any) -> bytes:
        async with session.post(url(server), json=BODY, auto_decompress=False) as response:
            content: bytes = await response.read()
            return content

    server.script(Answer(coding="gzip"))

    assert run(recorder, use)[:1] != b"{"
    assert [brief(each) for each in recorder.generations()] == [WHOLE]


def test_an_error_that_is_raised_has_its_record(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    """Without its body, which the session does not read."""

    async def use(session: Any) -> None:
        with pytest.raises(aiohttp.ClientResponseError):
            await session.post(url(server), json=BODY)

    server.script(Answer.error(402, "Insufficient credits"))
    run(recorder, use, raise_for_status=True)
    (generation,) = recorder.generations()

    assert generation.failure is not None


def test_an_answer_without_a_body_ends_at_once(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    async def use(session: Any) -> bytes:
        response = await session.post(url(server), json=BODY)
        content: bytes = await response.read()
        return content

    server.script(Answer(status=200, body=b""))

    assert run(recorder, use) == b""
    assert [each.complete for each in recorder.generations()] == [False]


def test_redirects_are_attempts_and_the_trace_goes_along(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    async def use(session: Any) -> None:
        with recorder.broadcast.trace("Flow"):
            async with session.post(f"{url(server)}/", json=BODY) as response:
                await response.read()
            async with session.get(f"{server.base_url}/models"):
                pass

    server.script(Answer(status=307, body=b"", headers=(("location", url(server)),)))
    run(recorder, use)
    first, second = recorder.generations()

    assert not first.complete
    assert brief(second) == WHOLE
    assert len({request.headers["traceparent"] for request in server.requests}) == 1
    assert first.trace.trace_id == second.trace.trace_id


def test_sessions_that_exist_and_those_to_come_are_instrumented(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as existing:
            instrument(recorder.broadcast, hosts="127.0.0.1")
            async with aiohttp.ClientSession() as later:
                for session in (existing, later, recorder.broadcast.capture(later)):
                    async with session.post(url(server), json=BODY) as response:
                        await response.read()
            uninstrument()
            async with existing.post(url(server), json=BODY) as response:
                await response.read()

    asyncio.run(main())

    assert [brief(each) for each in recorder.generations()] == [WHOLE] * 3
    assert "send" not in vars(aiohttp.ClientSession)


def test_a_released_session_is_as_before(recorder: Recorder, server: LoopbackOpenRouter) -> None:
    async def use(session: Any) -> None:
        recorder.broadcast.release(session)
        async with session.post(url(server), json=BODY) as response:
            await response.read()
        assert "_request" not in vars(session)

    run(recorder, use)

    assert recorder.generations() == []


def test_a_stream_that_nothing_follows_any_more_goes_on(
    recorder: Recorder, server: LoopbackOpenRouter
) -> None:
    """It may be read, end and fail as before."""

    async def use(session: Any) -> None:
        server.script(Answer(pause_s=0.02))
        response = await session.post(url(server), json={**BODY, "stream": True})
        await response.content.readany()
        stream = response.content
        aiohttp_stack._FOLLOWED.clear()
        stream.feed_data(b"more")
        assert stream.read_nowait() == b"more"
        stream.set_exception(ValueError("theirs"))
        with pytest.raises(ValueError, match="theirs"):
            await stream.read()
        stream._exception = None
        waiting = asyncio.ensure_future(stream._wait("read"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        stream.feed_eof()
        response.close()

    run(recorder, use)

    assert [brief(each)["failure"] for each in recorder.generations()] == ["The client has disconnected"]
