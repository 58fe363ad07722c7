# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Through a proxy, a plain request names the whole URL; what is recorded is the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import httpx
import pytest
import requests

from otlpjson import instrument, uninstrument
from otlpjson.testing import LoopbackOpenRouter

from .recorder import BODY, WHOLE, Recorder, brief

URL = "http://openrouter.test/api/v1/chat/completions"


def with_requests(proxy: str, use: Callable[[Any], Any]) -> None:
    with use(requests.Session()) as session:
        session.post(URL, json=BODY, proxies={"http": proxy}).raise_for_status()


def with_httpx(proxy: str, use: Callable[[Any], Any]) -> None:
    with use(httpx.Client(proxy=proxy)) as client:
        client.post(URL, json=BODY).raise_for_status()


def with_aiohttp(proxy: str, use: Callable[[Any], Any]) -> None:
    async def main() -> None:
        async with use(aiohttp.ClientSession()) as session:
            response = await session.post(URL, json=BODY, proxy=proxy)
            await response.read()

    asyncio.run(main())


@pytest.mark.parametrize("way", ["captured", "instrumented"])
@pytest.mark.parametrize("ask", [with_requests, with_httpx, with_aiohttp])
def test_a_request_through_a_proxy_is_recorded_once(
    recorder: Recorder, server: LoopbackOpenRouter, ask: Callable[[str, Any], None], way: str
) -> None:
    proxy = server.base_url.removesuffix("/api/v1")
    if way == "captured":
        ask(proxy, lambda client: recorder.broadcast.capture(client, hosts="openrouter.test"))
    else:
        instrument(recorder.broadcast, hosts="openrouter.test")
        try:
            ask(proxy, lambda client: client)
        finally:
            uninstrument()

    assert [brief(each) for each in recorder.generations()] == [WHOLE]
    assert [request.path for request in server.requests] == [URL]
