# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Milliseconds per megabyte that both readers spend on each bomb: ``python -m tests.bench.bombs``.

The best of a few rounds, because everything else on the machine only adds. The last lines are
bodies that are right, for comparison.
"""

from __future__ import annotations

import argparse
import gc
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import perf_counter_ns
from typing import Any, Callable, Final

import attrs

from otlpjson import InvalidDocument, decode, decode_lenient, encode

from ..cases.bombs import BOMBS, NUMBERS
from . import workload

__all__ = ["Cost", "costs", "main", "table"]

_MEGABYTE: Final = 1_000_000
_ROUNDS: Final = 5


@attrs.frozen
class Cost:
    """
    What one body costs.

    Attributes:
        name: What the table calls it.

        strict_ms, lenient_ms: Per megabyte, the best of all rounds.
    """

    name: str
    strict_ms: float
    lenient_ms: float


def costs(size: int, rounds: int) -> Iterator[Cost]:
    """Every bomb in about this many bytes, one after another."""
    for name, body in _bodies(size):
        yield Cost(name, _best_ms(decode, body, rounds), _best_ms(decode_lenient, body, rounds))


def table(results: Sequence[Cost]) -> str:
    """Plain text, one line a bomb."""
    width = max(len(cost.name) for cost in results)
    lines = [f"{'ms per MB':<{width}}  {'strict':>8}  {'lenient':>8}"]
    lines += [f"{cost.name:<{width}}  {cost.strict_ms:8.1f}  {cost.lenient_ms:8.1f}" for cost in results]
    return "\n".join(lines)


def _bodies(size: int) -> Iterator[tuple[str, bytes]]:
    for name, (bomb, _) in BOMBS.items():
        yield name, bomb(size)
    for name, (body_of, _, _) in NUMBERS.items():
        yield f"digits: {name}", body_of("1" * size)
        yield f"quoted digits: {name}", body_of(f'"{"1" * size}"')
        yield f"digits of an exponent: {name}", body_of("1e" + "9" * size)
    yield "right: empty groups", b'{"resourceSpans":[' + b",".join([b"{}"] * (size // 3)) + b"]}"
    spans = max(1, size // 2000)
    for form, as_numbers in (("text", False), ("numbers", True)):
        yield (
            f"right: spans, integers as {form}",
            encode(workload.traces(0, spans), integers_as_numbers=as_numbers),
        )


def _best_ms(read: Callable[[bytes], Any], body: bytes, rounds: int) -> float:
    best = min(_once_ns(read, body) for _ in range(rounds))
    return best / 1e6 / (len(body) / _MEGABYTE)


def _once_ns(read: Callable[[bytes], Any], body: bytes) -> int:
    # What else is in memory must not be gone through meanwhile.
    gc.disable()
    start = perf_counter_ns()
    with suppress(InvalidDocument):
        read(body)
    end = perf_counter_ns()
    gc.enable()
    return end - start


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bombs")
    parser.add_argument("--bytes", type=int, default=_MEGABYTE, help="size of each body")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="the best of so many counts")
    options = parser.parse_args(arguments)
    print(f"{platform.python_implementation()} {platform.python_version()}, bodies of {options.bytes} bytes")
    print(table(list(costs(options.bytes, options.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
