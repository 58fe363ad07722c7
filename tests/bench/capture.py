# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What capture adds to what a client does itself.

    python -m tests.bench.capture

Prints microseconds of the thread's own CPU time: for the next piece of a stream, and for a whole
request of httpx that no network answers, each without capture and with it, and the difference.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any, Final

import httpx

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import webhook
from otlpjson.testing import FakeTransport

from .recording import figures

__all__ = ["Figures", "main", "pieces_us", "requests_us"]

URL: Final = "https://openrouter.ai/api/v1/chat/completions"
BODY: Final = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "stream": True}
_DELTA: Final = (
    b'data: {"id":"gen-1","model":"openai/gpt-4o","choices":[{"index":0,"delta":{"content":" word"}}]}\n\n'
)
_END: Final = (
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"cost":0.5}}\n\n'
    b"data: [DONE]\n\n"
)
Figures = tuple[float, float]
"""The median and the 99th percentile."""


class _Server(httpx.BaseTransport):
    """Answers with a stream of so many pieces."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        stream = _Stream(self.pieces)
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=stream)


class _Stream(httpx.SyncByteStream):
    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.pieces):
            yield _DELTA
        yield _END


def pieces_us(client: httpx.Client, runs: int) -> Figures:
    """The next piece of a stream."""
    times: list[float] = []
    with client.stream("POST", URL, json=BODY) as response:
        pieces = response.iter_raw()
        next(pieces)
        for _ in range(runs):
            start = time.thread_time_ns()
            next(pieces)
            times.append((time.thread_time_ns() - start) / 1000)
    return figures(times)


def requests_us(client: httpx.Client, runs: int) -> Figures:
    """A whole request, and its body read to the end."""
    times: list[float] = []
    for _ in range(runs):
        start = time.thread_time_ns()
        client.post(URL, json=BODY)
        times.append((time.thread_time_ns() - start) / 1000)
    return figures(times)


def _captured(broadcast: Broadcast, pieces: int) -> httpx.Client:
    return broadcast.capture(httpx.Client(transport=_Server(pieces)))


def main(runs: int = 20_000) -> int:
    """Prints the figures."""
    target = BroadcastDestination(destination=webhook("http://127.0.0.1:9/"))
    with Broadcast([target], transport=lambda target: FakeTransport()) as broadcast:
        rows: list[tuple[str, Any, int, int]] = [
            ("next piece", pieces_us, runs, runs),
            ("request of 20 pieces", requests_us, runs // 20, 20),
        ]
        for name, measure, count, pieces in rows:
            bare = measure(httpx.Client(transport=_Server(pieces)), count)
            ours = measure(_captured(broadcast, pieces), count)
            print(
                f"{name:<22} bare {bare[0]:6.1f} µs, p99 {bare[1]:6.1f} µs; captured {ours[0]:6.1f} µs, "
                f"p99 {ours[1]:6.1f} µs; added {ours[0] - bare[0]:5.1f} µs, p99 {ours[1] - bare[1]:5.1f} µs"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
