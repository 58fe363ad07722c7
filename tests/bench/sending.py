# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What sending costs, in CPU time of the sending process: ``python -m tests.bench.sending``.

One span in a POST, and 1,000 spans in one, encoded, compressed and sent over loopback, beside the
exporters of OpenTelemetry where they are installed. The server is a process of its own. Candidates take
turns at going first, and each has new spans.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from time import process_time_ns
from typing import Any, Callable, Final

import attrs

from otlpjson import TracesData, encode
from otlpjson.delivery import Compression, OutcomeKind, Sender, otel_collector

from . import workload
from .encode import Run, Times, measure
from .peers import Sdk
from .sink import SINK

__all__ = ["Candidate", "main"]

_ROUNDS: Final = 15
_POSTS: Final = 40
_SPANS: Final = 1000


@attrs.frozen(kw_only=True)
class Candidate:
    """
    One way from spans to a server.

    Attributes:
        name: What the table calls it.

        prepare: What it takes, made from the spans; not measured.

        send: What is measured: encodes, compresses and sends it.
    """

    name: str
    prepare: Callable[[TracesData], Any]
    send: Callable[[Any], object]


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sending", description="Times sending.")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="default: %(default)s")
    options = parser.parse_args(argv)
    with _sink() as url, ExitStack() as stack:
        candidates = [*_ours(url, stack), *_peers(url)]
        for spans, posts in ((1, _POSTS), (_SPANS, 1)):
            print(f"\n{spans} {'span' if spans == 1 else 'spans'} in a POST")
            runs = list(_runs(candidates, spans, posts))
            print(_table(measure(runs, options.rounds, posts, process_time_ns), spans))
    return 0


def _runs(candidates: Sequence[Candidate], spans: int, posts: int) -> Iterator[Run]:
    for candidate in candidates:

        def prepare(seed: int, candidate: Candidate = candidate) -> list[Any]:
            seeds = range(seed * posts, (seed + 1) * posts)
            return [candidate.prepare(workload.traces(one, spans)) for one in seeds]

        def send_all(made: list[Any], candidate: Candidate = candidate) -> None:
            for one in made:
                candidate.send(one)

        yield Run(candidate.name, prepare, send_all)


def _table(results: Sequence[Times], spans: int) -> str:
    """Plain text, one line a candidate; ratios are to the first one, within a round."""
    width = max(len(times.name) for times in results)
    lines = [f"{'':<{width}}  µs of CPU per POST  spans per CPU second  × the first one"]
    for times in results:
        ratio = statistics.median(theirs / ours for theirs, ours in zip(times.us, results[0].us))
        median = statistics.median(times.us)
        lines.append(f"{times.name:<{width}}  {median:18,.0f}  {spans / median * 1e6:20,.0f}  {ratio:15.2f}")
    return "\n".join(lines)


def _ours(url: str, stack: ExitStack) -> Iterator[Candidate]:
    ways = {"otlpjson": Compression()}
    with suppress(ModuleNotFoundError):
        compress = import_module("isal.igzip").compress
        ways["otlpjson with isal"] = Compression(compress=lambda body: compress(body, 1))
    for name, compression in ways.items():
        sender = stack.enter_context(Sender(otel_collector(f"{url}/v1/traces"), compression=compression))

        def send(traces: TracesData, sender: Sender = sender) -> None:
            outcome = sender.send(encode(traces))
            if outcome.kind is not OutcomeKind.ACCEPTED:
                raise RuntimeError(f"not accepted: {outcome}")

        yield Candidate(name=name, prepare=lambda traces: traces, send=send)


def _peers(url: str) -> Iterator[Candidate]:
    os.environ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "gzip"
    for kind in ("json", "proto"):
        distribution = f"opentelemetry-exporter-otlp-{kind}-http"
        try:
            module = import_module(f"opentelemetry.exporter.otlp.{kind}.http.trace_exporter")
            sdk = Sdk.load()
        except ModuleNotFoundError:
            print(f"{distribution} is not installed", file=sys.stderr)
            continue
        exporter = module.OTLPSpanExporter(endpoint=f"{url}/v1/traces")

        def send(spans: Any, exporter: Any = exporter) -> None:
            if exporter.export(spans).name != "SUCCESS":
                raise RuntimeError("not accepted")

        yield Candidate(name=f"{distribution} {version(distribution)}", prepare=sdk.spans, send=send)


@contextmanager
def _sink() -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-m", SINK], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
