# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The time to read a stream, per piece, for streams of different lengths.

    python -m tests.bench.streams

Prints nanoseconds of CPU per piece for each kind of stream, and the ratio of the longest to the
shortest: 1 means that the time grows with the number of pieces and no faster.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from typing import Any, Callable, Final

from otlpjson.openrouter import read_record

__all__ = ["KINDS", "main", "record"]

_TIMES: Final = {"started_at": 1771005600 * 10**9, "ended_at": 1771005601 * 10**9}
_RUNS: Final = 5


def _chat(deltas: Iterable[dict[str, Any]], **choice: Any) -> Iterable[dict[str, Any]]:
    return ({"id": "gen-1", "choices": [{"index": 0, "delta": delta, **choice}]} for delta in deltas)


def chat_text(count: int) -> Iterable[dict[str, Any]]:
    """Pieces of CJK text."""
    return _chat({"content": "東京"} for _ in range(count))


def chat_logprobs(count: int) -> Iterable[dict[str, Any]]:
    """Pieces of text with the log probability of each."""
    logprobs = {"content": [{"token": "x", "logprob": -0.5, "top_logprobs": []}]}
    return _chat(({"content": "x"} for _ in range(count)), logprobs=logprobs)


def chat_calls(count: int) -> Iterable[dict[str, Any]]:
    """Calls, each in one piece."""
    return _chat(
        {"tool_calls": [{"index": n, "id": f"c{n}", "function": {"name": "f", "arguments": "{}"}}]}
        for n in range(count)
    )


def chat_details(count: int) -> Iterable[dict[str, Any]]:
    """Details of reasoning, each with an index of its own."""
    return _chat(
        {"reasoning_details": [{"type": "reasoning.text", "index": n, "text": "x"}]} for n in range(count)
    )


def messages_text(count: int) -> Iterable[dict[str, Any]]:
    """Pieces of one block of CJK text."""
    yield {"type": "message_start", "message": {"id": "gen-1", "content": []}}
    yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    for _ in range(count):
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "東京"}}


def messages_calls(count: int) -> Iterable[dict[str, Any]]:
    """Blocks with calls."""
    yield {"type": "message_start", "message": {"id": "gen-1", "content": []}}
    for n in range(count):
        block = {"type": "tool_use", "id": f"c{n}", "name": "f", "input": {}}
        yield {"type": "content_block_start", "index": n, "content_block": block}


def responses_text(count: int) -> Iterable[dict[str, Any]]:
    """Pieces of one part of CJK text."""
    yield {"type": "response.created", "response": {"id": "gen-1", "object": "response"}}
    for _ in range(count):
        yield {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "東京"}


def responses_calls(count: int) -> Iterable[dict[str, Any]]:
    """Items with calls."""
    yield {"type": "response.created", "response": {"id": "gen-1", "object": "response"}}
    for n in range(count):
        item = {"type": "function_call", "call_id": f"c{n}", "name": "f", "arguments": "{}"}
        yield {"type": "response.output_item.done", "output_index": n, "item": item}


KINDS: Final[dict[str, tuple[Callable[[int], Iterable[dict[str, Any]]], tuple[int, ...]]]] = {
    "chat, text": (chat_text, (1_000, 10_000, 100_000)),
    "chat, text with log probabilities": (chat_logprobs, (1_000, 10_000, 100_000)),
    "chat, calls": (chat_calls, (1_000, 4_000, 16_000)),
    "chat, details of reasoning": (chat_details, (1_000, 2_000, 8_000)),
    "messages, text": (messages_text, (1_000, 10_000, 100_000)),
    "messages, calls": (messages_calls, (1_000, 4_000, 16_000)),
    "responses, text": (responses_text, (1_000, 10_000, 100_000)),
    "responses, calls": (responses_calls, (1_000, 4_000, 16_000)),
}
"""Each kind of stream with the numbers of pieces that it is read with."""


def record(kind: str, count: int) -> dict[str, Any]:
    """A record with a stream of this kind and so many pieces."""
    events = KINDS[kind][0](count)
    stream = b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in events)
    api = kind.partition(",")[0]
    request: dict[str, Any] = {"input": "x"} if api == "responses" else {"messages": []}
    return {"request": {"model": "m", **request}, "api": api, "response_stream": stream, **_TIMES}


def _seconds(given: dict[str, Any]) -> float:
    """The least CPU time of several runs."""
    times = []
    for _ in range(_RUNS):
        began = time.process_time()
        read_record(given)
        times.append(time.process_time() - began)
    return min(times)


def main() -> int:
    """Prints one line for each kind."""
    print(f"{'stream':36}{'ns of CPU per piece, by number of pieces':56}longest : shortest")
    for kind, (_, counts) in KINDS.items():
        each = [_seconds(record(kind, count)) / count * 1e9 for count in counts]
        shown = "  ".join(f"{count:>7,}: {one:>7,.0f}" for count, one in zip(counts, each))
        print(f"{kind:36}{shown:56}{each[-1] / each[0]:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
