# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Whether time grows with the size alone: ``python -m tests.bench.growth [--plots FOLDER]``.

For each kind of growth the nanoseconds of CPU time per byte that is written, or read, from small to large.
With a folder, and where matplotlib is installed, each is drawn as a PNG.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from time import process_time_ns
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from otlpjson import Span, decode, encode
from otlpjson.core.model import (
    InstrumentationScope,
    ResourceSpans,
    ScopeSpans,
    TracesData,
)
from otlpjson.openrouter import read_record
from otlpjson.openrouter.entries import entries_of_generation

from . import workload

__all__ = ["GROWTHS", "Growth", "main", "points"]

_LEAST_NS: Final = 50_000_000
_BEST_OF: Final = 5
_DECADES: Final = (1, 10, 100, 1_000, 10_000, 100_000)
_TEXTS: Final = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)


@attrs.frozen(kw_only=True)
class Growth:
    """
    Something that grows.

    Attributes:
        what: What is counted on the axis.

        sizes: From small to large.

        make: The input of a size; not measured.

        run: What is measured; gives the number of bytes by which its time is divided.
    """

    what: str
    sizes: tuple[int, ...]
    make: Callable[[int], Any]
    run: Callable[[Any], int]


def points(growth: Growth) -> Iterator[tuple[int, float]]:
    """For each size the nanoseconds per byte: the best of some rounds, each of a measurable length."""
    for size in growth.sizes:
        made = growth.make(size)
        gc.collect()
        yield size, min(_ns_per_byte(growth.run, made) for _ in range(_BEST_OF))


def _ns_per_byte(run: Callable[[Any], int], made: Any) -> float:
    total = times = 0
    begun_ns = process_time_ns()
    while not times or process_time_ns() - begun_ns < _LEAST_NS:
        total += run(made)
        times += 1
    return (process_time_ns() - begun_ns) / total


def _attributes(count: int) -> TracesData:
    attributes = {f"key.{number}": "x" * 40 for number in range(count)}
    return _traces(workload.span_of({**workload.members(1, 1)[0], "attributes": attributes}))


def _texts(length: int) -> TracesData:
    text = "A text of a user, “quoted”, in some words. " * (length // 43 + 1)
    return _traces(workload.span_of({**workload.members(1, 1)[0], "attributes": {"text": text[:length]}}))


def _traces(span: Span) -> TracesData:
    scope_spans = ScopeSpans(scope=InstrumentationScope(name="growth"), spans=[span])
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[scope_spans])])


def _record(**changes: Any) -> dict[str, Any]:
    request = {"model": "a/b", "messages": [{"role": "user", "content": "Hi"}], "trace": {}}
    return {
        "request": {**request, **changes.pop("request", {})},
        "response": {"id": "gen-1", "choices": [{"message": {"content": "Hello"}}]},
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
        **changes,
    }


def _streamed(chunks: int) -> dict[str, Any]:
    return _record(
        response=[
            {"id": "gen-1", "choices": [{"index": 0, "delta": {"content": f"word {number} "}}]}
            for number in range(chunks)
        ]
    )


def _metadata(keys: int) -> dict[str, Any]:
    return _record(request={"trace": {f"key_{number}": f"value {number}" for number in range(keys)}})


def _nested(depth: int) -> dict[str, Any]:
    value: Any = "in the middle"
    for _ in range(depth):
        value = {"inside": value}
    return _record(request={"trace": {"nested": value}})


def _mapped(record: dict[str, Any]) -> int:
    entries_of_generation(read_record(record))
    return len(json.dumps(record))


def _decoded(body: bytes) -> int:
    decode(body)
    return len(body)


GROWTHS: Final = MappingProxyType(
    {
        "encode spans": Growth(
            what="spans",
            sizes=_DECADES,
            make=lambda size: workload.traces(1, size),
            run=lambda traces: len(encode(traces)),
        ),
        "encode attributes": Growth(
            what="attributes",
            sizes=(1, 2, 4, 8, 16, 32, 64, 128),
            make=_attributes,
            run=lambda traces: len(encode(traces)),
        ),
        "encode texts": Growth(
            what="characters", sizes=_TEXTS, make=_texts, run=lambda traces: len(encode(traces))
        ),
        "decode spans": Growth(
            what="spans",
            sizes=_DECADES[:-1],
            make=lambda size: encode(workload.traces(1, size)),
            run=_decoded,
        ),
        "map chunks": Growth(what="chunks", sizes=_DECADES, make=_streamed, run=_mapped),
        "map metadata": Growth(what="keys", sizes=_DECADES[:-1], make=_metadata, run=_mapped),
        "map depth": Growth(
            what="levels", sizes=(1, 2, 4, 8, 16, 32, 64, 128, 256), make=_nested, run=_mapped
        ),
    }
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints and draws."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth", description="Draws growth.")
    parser.add_argument("--plots", type=Path, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(argv)
    for name, growth in GROWTHS.items():
        if options.names and name not in options.names:
            continue
        found = list(points(growth))
        print(f"\n{name}: ns per byte by the number of {growth.what}")
        print("  ".join(f"{size:,}: {ns:.1f}" for size, ns in found), flush=True)
        if options.plots is not None:
            _draw(options.plots / f"{name.replace(' ', '-')}.png", name, growth.what, found)
    return 0


def _draw(path: Path, name: str, what: str, found: Sequence[tuple[int, float]]) -> None:
    matplotlib = import_module("matplotlib")
    matplotlib.use("Agg")
    pyplot = import_module("matplotlib.pyplot")
    figure, axes = pyplot.subplots(figsize=(6, 3.2), dpi=110)
    axes.plot([size for size, _ in found], [ns for _, ns in found], marker="o", color="#1f4e9c")
    axes.set(
        xscale="log",
        ylim=(0, 1.1 * max(ns for _, ns in found)),
        xlabel=what,
        ylabel="ns per byte",
        title=name,
    )
    axes.grid(True, which="major", alpha=0.3)
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
