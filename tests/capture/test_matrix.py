# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Six clients, and every way out of a request: one record for each attempt, and the caller notices nothing.

Each exit runs twice, without capture and with it. What the caller saw must be the same: the bytes,
and the classes of exceptions. The last column is what was recorded.
"""

from __future__ import annotations

import asyncio
import gc
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from otlpjson.testing import Answer, LoopbackOpenRouter

from .drivers import ASYNC_DRIVERS, SYNC_DRIVERS, AsyncDriver, SyncDriver
from .recorder import Recorder, brief

PLAIN = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}
STREAM = {**PLAIN, "stream": True}

WHOLE = {"failure": None, "complete": True, "total_cost": 0.000123}
LEFT = {"failure": "The client has disconnected", "complete": True, "total_cost": None}
TOO_MANY = {"failure": "Slow down", "complete": True, "total_cost": None}
NO_CREDITS = {"failure": "Insufficient credits", "complete": True, "total_cost": None}
RATE = Answer.error(429, "Slow down")
SLOW = Answer(pause_s=0.01)
HANGS = Answer(pieces=3, ending="hang")

Seen = list[Any]


def failed(*names: str) -> Callable[[dict[str, Any]], bool]:
    """A record that failed with one of these exceptions."""
    return lambda record: record["failure"] in names and record["total_cost"] is None


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackOpenRouter]:
    with LoopbackOpenRouter() as server:
        yield server


# ---- exits of clients whose calls return when they are done


class SyncExits:
    """What a caller does; each returns what it saw."""

    @staticmethod
    def plain(driver: SyncDriver, client: Any, url: str) -> Seen:
        return [driver.whole(driver.open(client, url, PLAIN))]

    @staticmethod
    def whole_stream(driver: SyncDriver, client: Any, url: str) -> Seen:
        response = driver.open(client, url, STREAM)
        return [b"".join(driver.pieces(response)), response.close()]

    @staticmethod
    def break_then_close(driver: SyncDriver, client: Any, url: str) -> Seen:
        response = driver.open(client, url, STREAM)
        seen = []
        for piece in driver.pieces(response):
            seen.append(piece[:6])
            break
        response.close()
        return seen

    @staticmethod
    def break_without_close(driver: SyncDriver, client: Any, url: str) -> Seen:
        response = driver.open(client, url, STREAM)
        for piece in driver.pieces(response):
            return [piece[:6]]
        return []

    @staticmethod
    def generator_closed(driver: SyncDriver, client: Any, url: str) -> Seen:
        response = driver.open(client, url, STREAM)
        pieces = driver.pieces(response)
        first = next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        response.close()
        return [first[:6]]

    @staticmethod
    def interrupted(driver: SyncDriver, client: Any, url: str) -> Seen:
        with suppress(KeyboardInterrupt), closing(driver.open(client, url, STREAM)) as response:
            for _ in driver.pieces(response):
                raise KeyboardInterrupt
        return []

    @staticmethod
    def read_to_the_end_or_error(driver: SyncDriver, client: Any, url: str) -> Seen:
        with closing(driver.open(client, url, STREAM)) as response:
            return _pieces_until_error(driver, response)

    @staticmethod
    def never_read(driver: SyncDriver, client: Any, url: str) -> Seen:
        return [driver.open(client, url, STREAM).status_code]

    @staticmethod
    def exception_in_the_block(driver: SyncDriver, client: Any, url: str) -> Seen:
        with suppress(ZeroDivisionError), closing(driver.open(client, url, STREAM)) as response:
            for _ in driver.pieces(response):
                _ = 1 / 0
        return []

    @staticmethod
    def closed_from_another_thread(driver: SyncDriver, client: Any, url: str) -> Seen:
        response = driver.open(client, url, STREAM)
        first = next(driver.pieces(response))
        thread = threading.Thread(target=response.close)
        thread.start()
        thread.join()
        return [first[:6]]

    @staticmethod
    def tried_again(driver: SyncDriver, client: Any, url: str) -> Seen:
        seen: Seen = []
        for _ in range(2):
            try:
                response = driver.open(client, url, PLAIN)
                seen.append((response.status_code, driver.whole(response)[:9]))
            except Exception as error:
                seen.append(type(error).__name__)
        return seen

    @staticmethod
    def two_at_once(driver: SyncDriver, client: Any, url: str) -> Seen:
        seen: Seen = []
        threads = [
            threading.Thread(target=lambda: seen.append(driver.whole(driver.open(client, url, PLAIN))[:9]))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seen


def _pieces_until_error(driver: SyncDriver, response: Any) -> Seen:
    seen: Seen = [b""]
    try:
        for piece in driver.pieces(response):
            seen[0] += piece
    except Exception as error:
        seen.append(type(error).__name__)
    return seen


# ---- the same for clients of coroutines


class AsyncExits:
    """What a caller does; each returns what it saw."""

    @staticmethod
    async def plain(driver: AsyncDriver, client: Any, url: str) -> Seen:
        return [await driver.whole(await driver.open(client, url, PLAIN))]

    @staticmethod
    async def whole_stream(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        pieces = [piece async for piece in driver.pieces(response)]
        await driver.close(response)
        return [b"".join(pieces)]

    @staticmethod
    async def break_then_close(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        seen = []
        async for piece in driver.pieces(response):
            seen.append(piece[:6])
            break
        await driver.close(response)
        return seen

    @staticmethod
    async def break_without_close(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        async for piece in driver.pieces(response):
            return [piece[:6]]
        return []

    @staticmethod
    async def generator_closed(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)

        async def mine() -> Any:
            async for piece in driver.pieces(response):
                yield piece

        pieces = mine()
        first = await pieces.__anext__()
        await pieces.aclose()
        await driver.close(response)
        return [first[:6]]

    @staticmethod
    async def interrupted(driver: AsyncDriver, client: Any, url: str) -> Seen:
        async def read() -> None:
            response = await driver.open(client, url, STREAM)
            try:
                async for _ in driver.pieces(response):
                    await asyncio.sleep(10)
            finally:
                await driver.close(response)

        task = asyncio.create_task(read())
        await asyncio.sleep(0.1)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return []

    @staticmethod
    async def read_to_the_end_or_error(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        seen: Seen = [b""]
        try:
            async for piece in driver.pieces(response):
                seen[0] += piece
        except Exception as error:
            seen.append(type(error).__name__)
        await driver.close(response)
        return seen

    @staticmethod
    async def never_read(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        return [getattr(response, "status_code", None) or response.status]

    @staticmethod
    async def exception_in_the_block(driver: AsyncDriver, client: Any, url: str) -> Seen:
        response = await driver.open(client, url, STREAM)
        try:
            async for _ in driver.pieces(response):
                _ = 1 / 0
        except ZeroDivisionError:
            await driver.close(response)
        return []

    @staticmethod
    async def tried_again(driver: AsyncDriver, client: Any, url: str) -> Seen:
        seen: Seen = []
        for _ in range(2):
            try:
                response = await driver.open(client, url, PLAIN)
                seen.append((await driver.whole(response))[:9])
            except Exception as error:
                seen.append(type(error).__name__)
        return seen

    @staticmethod
    async def two_at_once(driver: AsyncDriver, client: Any, url: str) -> Seen:
        async def one() -> bytes:
            return (await driver.whole(await driver.open(client, url, PLAIN)))[:9]

        return list(await asyncio.gather(one(), one()))


RESETS = failed("ProtocolError", "ReadError", "ClientPayloadError", "ClientOSError")
TIMEOUTS = failed("ReadTimeoutError", "ReadTimeout", "SocketTimeoutError", "ServerTimeoutError")
CUT = failed("ProtocolError", "RemoteProtocolError", "ClientPayloadError")
# Before the head of the response.
EARLY_RESETS = failed("ConnectionResetError", "ReadError", "ClientOSError", "ServerDisconnectedError")
EARLY_ENDS = failed("RemoteDisconnected", "RemoteProtocolError", "ServerDisconnectedError")
EARLY_TIMEOUTS = failed(
    "ReadTimeoutError", "TimeoutError", "ReadTimeout", "SocketTimeoutError", "ServerTimeoutError"
)

# What the caller does, what the server does, and what is recorded of each attempt.
EXITS: list[tuple[str, list[Answer], list[Any]]] = [
    ("plain", [], [WHOLE]),
    ("plain", [Answer(coding="gzip")], [WHOLE]),
    ("plain", [Answer(coding="deflate")], [WHOLE]),
    ("plain", [Answer(coding="br")], [WHOLE]),
    ("plain", [Answer.error(402, "Insufficient credits")], [NO_CREDITS]),
    ("plain", [Answer(keep_alive=False)], [WHOLE]),
    ("whole_stream", [], [WHOLE]),
    ("whole_stream", [SLOW], [WHOLE]),
    ("whole_stream", [Answer(coding="gzip", pause_s=0.01)], [WHOLE]),
    ("break_then_close", [SLOW], [LEFT]),
    ("break_without_close", [SLOW], [LEFT]),
    ("generator_closed", [SLOW], [LEFT]),
    ("interrupted", [HANGS], [LEFT]),
    ("read_to_the_end_or_error", [HANGS], [TIMEOUTS]),
    ("read_to_the_end_or_error", [Answer(pieces=3, ending="reset", pause_s=0.02)], [RESETS]),
    ("read_to_the_end_or_error", [Answer(pieces=3, ending="close")], [CUT]),
    ("read_to_the_end_or_error", [Answer.error(402, "Insufficient credits")], [NO_CREDITS]),
    ("never_read", [SLOW], [LEFT]),
    ("exception_in_the_block", [SLOW], [LEFT]),
    ("closed_from_another_thread", [SLOW], [LEFT]),
    ("tried_again", [RATE], [TOO_MANY, WHOLE]),
    ("tried_again", [Answer(before_head=True, ending="reset")], [EARLY_RESETS, WHOLE]),
    ("tried_again", [Answer(before_head=True, ending="close")], [EARLY_ENDS, WHOLE]),
    ("tried_again", [Answer(before_head=True, ending="hang")], [EARLY_TIMEOUTS, WHOLE]),
    ("two_at_once", [], [WHOLE, WHOLE]),
]
SYNC_EXITS = [row for row in EXITS if hasattr(SyncExits, row[0])]
ASYNC_EXITS = [row for row in EXITS if hasattr(AsyncExits, row[0])]


@pytest.mark.parametrize(("exit_", "answers", "expected"), SYNC_EXITS)
@pytest.mark.parametrize("driver", SYNC_DRIVERS)
def test_sync_clients(
    server: LoopbackOpenRouter, driver: SyncDriver, exit_: str, answers: list[Answer], expected: list[Any]
) -> None:
    url = f"{server.base_url}/chat/completions"

    def run(client: Any) -> Seen:
        server.script(*answers)
        try:
            seen: Seen = getattr(SyncExits, exit_)(driver, client, url)
            return seen
        finally:
            client.close()
            gc.collect()

    alone = run(driver.client())
    with Recorder() as recorder:
        captured = run(recorder.broadcast.capture(driver.client()))
        recorded = [brief(generation) for generation in recorder.generations()]

    assert _comparable(captured) == _comparable(alone)
    _assert_recorded(recorded, expected)


@pytest.mark.parametrize(("exit_", "answers", "expected"), ASYNC_EXITS)
@pytest.mark.parametrize("driver", ASYNC_DRIVERS)
def test_async_clients(
    server: LoopbackOpenRouter, driver: AsyncDriver, exit_: str, answers: list[Answer], expected: list[Any]
) -> None:
    url = f"{server.base_url}/chat/completions"

    async def run(capture: Callable[[Any], Any]) -> Seen:
        server.script(*answers)
        client = capture(driver.client())
        tasks = asyncio.all_tasks()
        try:
            leave: Callable[..., Awaitable[Seen]] = getattr(AsyncExits, exit_)
            seen = await leave(driver, client, url)
            gc.collect()
            return seen
        finally:
            await driver.end(client)
            # The event loop closes generators that were left in tasks of its own.
            for _ in range(100):
                gc.collect()
                await asyncio.sleep(0.001)
                if asyncio.all_tasks() <= tasks:
                    break
            assert asyncio.all_tasks() <= tasks

    alone = asyncio.run(run(lambda client: client))
    with Recorder() as recorder:
        captured = asyncio.run(run(recorder.broadcast.capture))
        gc.collect()
        recorded = [brief(generation) for generation in recorder.generations()]

    assert _comparable(captured) == _comparable(alone)
    _assert_recorded(recorded, expected)


def _assert_recorded(recorded: list[dict[str, Any]], expected: list[Any]) -> None:
    assert len(recorded) == len(expected)
    for record, wanted in zip(recorded, expected):
        assert wanted(record) if callable(wanted) else record == wanted, record


def _comparable(seen: Seen) -> Seen:
    """Without the ids, which are drawn anew for each request."""
    return [
        re.sub(rb"gen-1771005600-\d+", b"gen", each) if isinstance(each, bytes) else each for each in seen
    ]
