# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Six HTTP clients, each behind the same few functions, so that one exit can be tried with all of them."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Protocol

import aiohttp
import pytest
import requests

__all__ = ["ASYNC_DRIVERS", "SYNC_DRIVERS", "AsyncDriver", "SyncDriver"]


class SyncDriver(Protocol):
    """A client whose calls return when they are done."""

    def client(self) -> Any: ...
    def open(self, client: Any, url: str, body: dict[str, Any]) -> Any: ...
    def pieces(self, response: Any) -> Iterator[bytes]: ...
    def whole(self, response: Any) -> bytes: ...


class AsyncDriver(Protocol):
    """A client of coroutines."""

    def client(self) -> Any: ...
    async def open(self, client: Any, url: str, body: dict[str, Any]) -> Any: ...
    def pieces(self, response: Any) -> AsyncIterator[bytes]: ...
    async def whole(self, response: Any) -> bytes: ...
    async def close(self, response: Any) -> None: ...
    async def end(self, client: Any) -> None: ...


TIMEOUT_S = 0.4
"""How long each of them waits for the next bytes."""


class Requests:
    def client(self) -> Any:
        session = requests.Session()
        session.trust_env = False
        return session

    def open(self, client: Any, url: str, body: dict[str, Any]) -> Any:
        return client.post(url, json=body, stream=True, timeout=TIMEOUT_S)

    def pieces(self, response: Any) -> Iterator[bytes]:
        pieces: Iterator[bytes] = response.iter_content(None)
        return pieces

    def whole(self, response: Any) -> bytes:
        content: bytes = response.content
        return content


class Httpx:
    def __init__(self, module: str) -> None:
        self.module = module

    def client(self) -> Any:
        return importlib.import_module(self.module).Client(timeout=TIMEOUT_S, trust_env=False)

    def open(self, client: Any, url: str, body: dict[str, Any]) -> Any:
        return client.send(client.build_request("POST", url, json=body), stream=True)

    def pieces(self, response: Any) -> Iterator[bytes]:
        pieces: Iterator[bytes] = response.iter_bytes()
        return pieces

    def whole(self, response: Any) -> bytes:
        content: bytes = response.read()
        return content


class AsyncHttpx:
    def __init__(self, module: str) -> None:
        self.module = module

    def client(self) -> Any:
        return importlib.import_module(self.module).AsyncClient(timeout=TIMEOUT_S, trust_env=False)

    async def open(self, client: Any, url: str, body: dict[str, Any]) -> Any:
        return await client.send(client.build_request("POST", url, json=body), stream=True)

    def pieces(self, response: Any) -> AsyncIterator[bytes]:
        pieces: AsyncIterator[bytes] = response.aiter_bytes()
        return pieces

    async def whole(self, response: Any) -> bytes:
        content: bytes = await response.aread()
        return content

    async def close(self, response: Any) -> None:
        await response.aclose()

    async def end(self, client: Any) -> None:
        await client.aclose()


class Aiohttp:
    def client(self) -> Any:
        return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(sock_read=TIMEOUT_S, sock_connect=5))

    async def open(self, client: Any, url: str, body: dict[str, Any]) -> Any:
        return await client.post(url, json=body)

    def pieces(self, response: Any) -> AsyncIterator[bytes]:
        pieces: AsyncIterator[bytes] = response.content.iter_any()
        return pieces

    async def whole(self, response: Any) -> bytes:
        content: bytes = await response.read()
        return content

    async def close(self, response: Any) -> None:
        response.close()

    async def end(self, client: Any) -> None:
        await client.close()
        await asyncio.sleep(0)


def _of(name: str, make: Callable[[], Any]) -> Any:
    module = name.partition(" ")[0]
    missing = importlib.util.find_spec(module) is None
    return pytest.param(make(), id=name, marks=pytest.mark.skipif(missing, reason=f"no {module} here"))


SYNC_DRIVERS = [
    _of("requests", Requests),
    _of("httpx", lambda: Httpx("httpx")),
    _of("httpx2", lambda: Httpx("httpx2")),
]
ASYNC_DRIVERS = [
    _of("httpx async", lambda: AsyncHttpx("httpx")),
    _of("httpx2 async", lambda: AsyncHttpx("httpx2")),
    _of("aiohttp", Aiohttp),
]
