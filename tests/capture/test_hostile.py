# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Callers that ask for much: a thousand streams at once, one of two gigabytes, threads that share a client."""

from __future__ import annotations

import asyncio
import gc
import threading
import tracemalloc
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx
import pytest
import requests

from otlpjson.testing import Answer, LoopbackOpenRouter

from .recorder import WHOLE, Recorder, brief, url

STREAM = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
MIB = 1024 * 1024


@pytest.mark.slow
def test_a_thousand_streams_at_once_are_a_thousand_records(server: LoopbackOpenRouter) -> None:
    """All of them are open before the first one ends."""

    async def main(recorder: Recorder) -> set[bytes]:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:
            recorder.broadcast.capture(session)
            responses = await asyncio.gather(*(session.post(url(server), json=STREAM) for _ in range(1000)))
            seen = await asyncio.gather(*(response.read() for response in responses))
            return {content[-14:] for content in seen}

    # They answer slowly enough that they all run at once.
    server.script(*(Answer(pause_s=0.3) for _ in range(1000)))
    with Recorder() as recorder:
        assert asyncio.run(main(recorder)) == {b"data: [DONE]\n\n"}
        generations = recorder.generations()

    assert [brief(each) for each in generations] == [WHOLE] * 1000
    assert len({each.generation_id for each in generations}) == 1000


@pytest.mark.slow
def test_a_stream_of_two_gigabytes_is_read_within_the_bound(server: LoopbackOpenRouter) -> None:
    """The program gets every byte, and the record the usage at the end."""
    delta = b'data: {"id":"gen-1","choices":[{"index":0,"delta":{"content":"' + b"x" * MIB + b'"}}]}\n\n'
    end = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"cost":0.5}}\n\n'

    def body() -> Iterator[bytes]:
        for _ in range(2048):
            yield delta
        yield end + b"data: [DONE]\n\n"

    server.script(Answer(body=body()))
    size = 0
    with Recorder() as recorder, recorder.broadcast.capture(httpx.Client(timeout=60)) as client:
        with client.stream("POST", url(server), json=STREAM) as response:
            pieces = response.iter_raw()
            size += len(next(pieces))
            tracemalloc.start()
            for piece in pieces:
                size += len(piece)
            held, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        (generation,) = recorder.generations()

    assert size == 2048 * len(delta) + len(end) + 14
    assert held < 18 * MIB and peak < 24 * MIB
    assert (generation.usage.total_cost, generation.finish_reason) == (0.5, "stop")
    assert any("larger than the copy" in str(error) for error in recorder.broadcast.errors)


@pytest.mark.parametrize("module", [httpx, requests])
def test_threads_that_share_a_client_have_a_record_each(server: LoopbackOpenRouter, module: Any) -> None:
    client = httpx.Client() if module is httpx else requests.Session()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                client.post(url(server), json=STREAM).raise_for_status()
        except BaseException as error:
            failures.append(error)

    with Recorder() as recorder:
        recorder.broadcast.capture(client)
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        generations = recorder.generations()
    client.close()

    assert failures == []
    assert [brief(each) for each in generations] == [WHOLE] * 80


def test_a_client_that_is_closed_while_it_streams_leaves_its_record(server: LoopbackOpenRouter) -> None:
    server.script(Answer(ending="hang", pieces=3))
    with Recorder() as recorder:
        client = recorder.broadcast.capture(httpx.Client())
        response = client.send(client.build_request("POST", url(server), json=STREAM), stream=True)
        next(response.iter_raw())
        client.close()
        del response
        gc.collect()
        assert [brief(each)["failure"] for each in recorder.generations()] == ["The client has disconnected"]
