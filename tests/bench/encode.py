# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Time per span of every candidate, side by side: ``python -m tests.bench.encode``.

Each round makes new spans from its own seed, and makes them anew for each candidate, so that
nothing one of them leaves in memory helps or hinders the next. Candidates take turns at going
first. A ratio within one round is the figure to trust: both times met the same machine.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from time import perf_counter_ns
from typing import Any, Callable, Final

import attrs

from otlpjson import ResourceSpans, TracesData, encode_entry
from otlpjson.openrouter import read_record, resource_spans

from . import workload
from .peers import (
    BASELINE,
    OURS,
    PEERS,
    Candidate,
    candidate,
    difference,
    with_other_writers,
)

__all__ = ["Run", "Times", "main", "measure", "table"]

_ROUNDS: Final = 15
_SPANS: Final = 1000
_RECORDS: Final = 200
# Its spans are checked for equality and never timed.
_CHECK_SEED: Final = 1_000_000


@attrs.frozen
class Times:
    """
    What one candidate took.

    Attributes:
        name: What the table calls it.

        us: Microseconds per span, one figure a round.
    """

    name: str
    us: tuple[float, ...]


def table(results: Sequence[Times], unit: str) -> str:
    """Plain text, one line a candidate; ratios are to the first one."""
    ours = results[0].us
    width = max(len(times.name) for times in results)
    lines = [
        f"{f'µs per {unit}':<{width}}  {'best':>8}  {'median':>8}  ratio of bests  median ratio of a round"
    ]
    for name, us in ((times.name, times.us) for times in results):
        ratio = statistics.median(theirs / mine for theirs, mine in zip(us, ours))
        lines.append(
            f"{name:<{width}}  {min(us):8.2f}  {statistics.median(us):8.2f}"
            f"  {min(us) / min(ours):14.2f}  {ratio:23.2f}"
        )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints; 0 unless ours and the baseline are not the same bytes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.encode", description="Times the encoder.")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="default: %(default)s")
    parser.add_argument("--spans", type=int, default=_SPANS, help="spans in a body; default: %(default)s")
    parser.add_argument("--records", type=int, default=_RECORDS, help="records to map; default: %(default)s")
    options = parser.parse_args(argv)
    sample = workload.traces(_CHECK_SEED, options.spans)
    if OURS.encode(sample) != BASELINE.encode(sample):
        print("ours and the baseline are not the same bytes: nothing was timed", file=sys.stderr)
        return 1
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {options.rounds} rounds. Measured: from built spans to the bytes of one body,")
    print(f"{options.spans} spans of 16 attributes each, new ones in every round, garbage collection on.\n")
    candidates = [OURS, BASELINE, *with_other_writers(), *_peers(sample)]
    print("\n" + table(_encoding(candidates, options.rounds, options.spans), "span"))
    print("\nThe mapping: one OpenRouter record to one encoded entry, beside encoding its spans alone.\n")
    print(table(_mapping(options.rounds, options.records), "record"))
    return 0


def _peers(sample: TracesData) -> list[Candidate]:
    """Those that can be measured; prints what each writes otherwise than ours, or why it is not measured."""
    found: list[Candidate] = []
    ours = OURS.read(OURS.encode(sample))
    print(f"{OURS.name}, {BASELINE.name}: the same {len(OURS.encode(sample))} bytes")
    for distribution in PEERS:
        try:
            peer = candidate(distribution)
        except ModuleNotFoundError as error:
            print(f"{distribution}: not measured, not installed ({error})")
            continue
        body = peer.encode(peer.prepare(sample))
        parts = difference(ours, peer.read(body))
        if parts.outline:
            print(f"{peer.name}: not measured, its spans, names or numbers of attributes are not ours")
            continue
        found.append(peer)
        print(f"{peer.name}: {len(body)} bytes")
        for word, paths in (
            ("leaves out", parts.left_out),
            ("adds", parts.added),
            ("changes", parts.changed),
        ):
            for path, times in sorted(paths.items()):
                print(f"    {word} {path}, {times} times")
    return found


@attrs.frozen
class Run:
    """One row of a table: its name, what makes its input from a seed, and what is measured on that."""

    name: str
    prepare: Callable[[int], Any]
    measured: Callable[[Any], object]


def _encoding(candidates: Iterable[Candidate], rounds: int, span_count: int) -> list[Times]:
    runs = [Run(each.name, partial(_spans_for, each, span_count), each.encode) for each in candidates]
    return measure(runs, rounds, span_count)


def _spans_for(candidate: Candidate, span_count: int, seed: int) -> Any:
    return candidate.prepare(workload.traces(seed, span_count))


def _mapping(rounds: int, record_count: int) -> list[Times]:
    runs = [
        Run("encode_entry", partial(_groups, record_count), _encode_entries),
        Run(
            "read_record, resource_spans, encode_entry",
            partial(workload.records, count=record_count),
            lambda records: _encode_entries(_mapped(records)),
        ),
    ]
    return measure(runs, rounds, record_count)


def _groups(record_count: int, seed: int) -> list[ResourceSpans]:
    return list(_mapped(workload.records(seed, record_count)))


def _mapped(records: Iterable[dict[str, Any]]) -> Iterator[ResourceSpans]:
    for record in records:
        yield from resource_spans(read_record(record))


def _encode_entries(groups: Iterable[ResourceSpans]) -> None:
    for group in groups:
        encode_entry(group)


def measure(
    runs: Sequence[Run], rounds: int, count: int, clock_ns: Callable[[], int] = perf_counter_ns
) -> list[Times]:
    """Microseconds per piece; round -1 warms caches and the interpreter and is thrown away."""
    figures: list[list[float]] = [[] for _ in runs]
    for seed in range(-1, rounds):
        for turn in range(len(runs)):
            index = (turn + seed) % len(runs)
            microseconds = _time(runs[index], seed, clock_ns) / count
            if seed >= 0:
                figures[index].append(microseconds)
    return [Times(run.name, tuple(us)) for run, us in zip(runs, figures)]


def _time(run: Run, seed: int, clock_ns: Callable[[], int]) -> float:
    given = run.prepare(seed)
    gc.collect()
    start_ns = clock_ns()
    result = run.measured(given)
    end_ns = clock_ns()
    del result  # Only now: giving its memory back is no part of the time.
    return (end_ns - start_ns) / 1000


if __name__ == "__main__":
    raise SystemExit(main())
