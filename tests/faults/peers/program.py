# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A program that records with one of the peers, and tells how that went.

    python -m tests.faults.peers.program PEER SCENARIO URL FOLDER

Prints one JSON object: seconds, mebibytes, what it was told.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from typing import Any, Callable, Final

from .server import name_of

__all__ = ["PEERS", "main"]

_START_NS: Final = 1771005600000000000

Record = Callable[[int, int], None]
End = Callable[[], None]


def _ours(url: str, folder: str | None) -> tuple[Record, End]:
    from otlpjson import Broadcast, BroadcastDestination
    from otlpjson.delivery import otel_collector

    target = BroadcastDestination(destination=otel_collector(f"{url}/v1/traces"), name="here")
    broadcast = Broadcast([target], spool=folder)

    def record(number: int, size: int) -> None:
        broadcast.record(
            {
                "request": {
                    "model": "a/b",
                    "messages": [{"role": "user", "content": "x" * size}],
                    "trace": {"generation_name": name_of(number)},
                },
                "response": {"id": f"gen-{number}", "choices": [{"message": {"content": "y"}}]},
                "started_at": _START_NS,
                "ended_at": _START_NS + 10**9,
            }
        )

    def end() -> None:
        broadcast.close()

    return record, end


def _opentelemetry(exporter: Any) -> tuple[Record, End]:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("peer")

    def record(number: int, size: int) -> None:
        span = tracer.start_span(name_of(number), attributes={"gen_ai.prompt": "x" * size})
        span.end()

    return record, provider.shutdown


def _json(url: str, folder: str | None) -> tuple[Record, End]:
    from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter

    return _opentelemetry(OTLPSpanExporter(endpoint=f"{url}/v1/traces"))


def _protobuf(url: str, folder: str | None) -> tuple[Record, End]:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return _opentelemetry(OTLPSpanExporter(endpoint=f"{url}/v1/traces"))


def _sentry(url: str, folder: str | None) -> tuple[Record, End]:
    import sentry_sdk

    sentry_sdk.init(
        dsn=url.replace("http://", "http://key@") + "/1", default_integrations=False, traces_sample_rate=1.0
    )

    def record(number: int, size: int) -> None:
        with sentry_sdk.start_transaction(name=name_of(number), op="llm") as transaction:
            transaction.set_data("prompt", "x" * size)

    return record, sentry_sdk.get_client().close


PEERS: Final = {
    "otlpjson": lambda url, folder: _ours(url, None),
    "otlpjson, spool": _ours,
    "OpenTelemetry JSON": _json,
    "OpenTelemetry protobuf": _protobuf,
    "sentry-sdk": _sentry,
}
"""How to make each: what records a span, and what ends it."""


def main(peer: str, scenario: str, url: str, folder: str) -> None:
    """Records as the scenario wants, and prints what is measured."""
    record, end = PEERS[peer](url, folder)
    begun_s, before = time.monotonic(), _resident_mib()
    _SCENARIOS[scenario](record)
    recorded_s = time.monotonic()
    if scenario == "sigterm":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)
    end()
    print(
        json.dumps(
            {
                "recording_s": round(recorded_s - begun_s, 2),
                "end_s": round(time.monotonic() - recorded_s, 2),
                "mib": round(max(_peak_mib() - before, 0)),
            }
        )
    )


def _outage(record: Record) -> None:
    for number in range(400):
        record(number, 500)
        time.sleep(0.05)
    time.sleep(10)


def _some(record: Record) -> None:
    for number in range(20):
        record(number, 500)


def _hundred(record: Record) -> None:
    for number in range(100):
        record(number, 500)


def _burst(record: Record) -> None:
    for number in range(10_000):
        record(number, 100)


def _large(record: Record) -> None:
    for number in range(500):
        record(number, 1_000_000)
        time.sleep(0.002)


def _forks(record: Record) -> None:
    for number in range(50):
        record(number, 100)
    for child in range(40):
        process = os.fork()
        if process == 0:
            signal.alarm(20)
            record(1000 + child, 100)
            import atexit

            atexit._run_exitfuncs()
            os._exit(0)
        os.waitpid(process, 0)


_SCENARIOS: Final = {
    "outage": _outage,
    "sigterm": _hundred,
    "forks": _forks,
    "redirect": _some,
    "poison": _some,
    "drip": _some,
    "bomb": _some,
    "burst": _burst,
    "memory": _large,
}


def _resident_mib() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
