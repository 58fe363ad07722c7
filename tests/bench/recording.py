# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What recording costs the thread that records.

    python -m tests.bench.recording

Prints microseconds of the thread's own CPU time for ``Broadcast.record``, at two sizes of request
and with one and four destinations; and, where OpenTelemetry's SDK is installed, for the end of one
of its spans with the same attributes, which puts it into the queue of a ``BatchSpanProcessor``.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Callable, Final

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

__all__ = ["SIZES", "cost_us", "figures", "main", "record"]

SIZES: Final = (3_000, 300_000)
_RUNS: Final = 2_000


def record(size: int) -> dict[str, Any]:
    """A record of about this many bytes of JSON, most of them in messages of 1,000 characters."""
    messages = [{"role": "user", "content": "x" * 1000} for _ in range(max(size // 1040 - 1, 1))]
    return {
        "request": {"model": "openai/gpt-4o", "messages": messages, "user": "u", "trace": {"team": "core"}},
        "response": {
            "id": "gen-1",
            "model": "openai/gpt-4o",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": "y" * 800, "tool_calls": None},
                }
            ],
            "usage": {
                "prompt_tokens": 300,
                "completion_tokens": 200,
                "cost": 0.001,
                "cost_details": {"a": 1},
            },
        },
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
    }


def cost_us(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """The median and the 99th percentile of a call, in microseconds of the thread's CPU time."""
    work()
    times: list[float] = []
    for _ in range(runs):
        start = time.thread_time_ns()
        work()
        times.append((time.thread_time_ns() - start) / 1000)
        time.sleep(0.0002)  # the thread that maps is busy, and this one does not run all the time either
    return figures(times)


def figures(times: list[float]) -> tuple[float, float]:
    """The median and the 99th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def _lines(runs: int) -> Iterator[str]:
    for size in SIZES:
        for destinations in (1, 4):
            yield _ours(size, destinations, runs)
        yield from _sdk(size, runs)


def _ours(size: int, destinations: int, runs: int) -> str:
    one = record(size)
    # Nobody listens there; what is mapped waits or is dropped.
    nowhere = otel_collector("http://127.0.0.1:9/")
    names = [str(number) for number in range(destinations)]
    broadcast = Broadcast([BroadcastDestination(destination=nowhere, name=name) for name in names])
    times = cost_us(lambda: broadcast.record(one), runs)
    broadcast.close(0.0)
    noun = "destination" if destinations == 1 else "destinations"
    return _line(f"record, {len(json.dumps(one)):,} bytes, {destinations} {noun}", times)


def _line(name: str, times_us: tuple[float, float]) -> str:
    median, high = times_us
    return f"{name:46} p50 {median:7.1f} us   p99 {high:7.1f} us"


class _Nowhere:
    """An exporter of the SDK that drops everything."""

    def export(self, spans: Any) -> Any:
        return import_module("opentelemetry.sdk.trace.export").SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 0) -> bool:
        return True


def _sdk(size: int, runs: int) -> Iterator[str]:
    try:
        trace = import_module("opentelemetry.sdk.trace")
        export = import_module("opentelemetry.sdk.trace.export")
    except ImportError:
        yield "OpenTelemetry's SDK is not installed: `pip install opentelemetry-sdk` compares with it"
        return
    provider = trace.TracerProvider()
    provider.add_span_processor(export.BatchSpanProcessor(_Nowhere()))
    tracer, text = provider.get_tracer("bench"), "x" * size

    def span() -> None:
        with tracer.start_as_current_span(
            "chat", attributes={"gen_ai.prompt": text, "gen_ai.system": "openai"}
        ):
            pass

    times = cost_us(span, runs)
    provider.shutdown()
    yield _line(f"one span of the SDK with {size:,} characters", times)


def main(arguments: list[str]) -> None:
    """Prints a line for each measure."""
    # Nothing is delivered, which is said for each destination.
    logging.getLogger("otlpjson").setLevel(logging.CRITICAL)
    for line in _lines(int(arguments[0]) if arguments else _RUNS):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
