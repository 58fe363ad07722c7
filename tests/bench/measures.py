# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is counted and timed: each a piece of work on inputs that no repetition shares with another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from json.encoder import encode_basestring_ascii
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from otlpjson import Span, decode, encode
from otlpjson.openrouter.entries import entries_of_generation
from otlpjson.openrouter.records import read_lines

from . import baseline, workload

__all__ = ["FLOOR", "MEASURES", "Measure"]

FLOOR: Final = "floor"
"""The measure that others are ratios of."""


@attrs.frozen(kw_only=True)
class Measure:
    """
    A piece of work.

    Attributes:
        unit: What it is measured per: ``span`` or ``record``.

        prepare: Its input, of a seed and a number of units; not measured.

        run: What is measured.

        units: How many are in one input.
    """

    unit: str
    prepare: Callable[[int, int], Any]
    run: Callable[[Any], object]
    units: int


def _spans(run: Callable[[Any], object], prepare: Callable[[int, int], Any] = workload.traces) -> Measure:
    return Measure(unit="span", prepare=prepare, run=run, units=100)


def _records(length: int, units: int, run: Callable[[Any], object] | None = None) -> Measure:
    return Measure(
        unit="record",
        prepare=lambda seed, count: workload.lines(seed, count, length),
        run=run or _entries,
        units=units,
    )


def _entries(lines: list[bytes]) -> None:
    for line in read_lines(lines):
        assert line.generation is not None
        entries_of_generation(line.generation)


def _read(lines: list[bytes]) -> None:
    for line in read_lines(lines):
        assert line.generation is not None


def _texts(seed: int, count: int) -> list[list[str]]:
    """The texts of each span: what any encoder has to escape."""
    spans: Iterator[Span] = (
        span
        for group in workload.traces(seed, count).resource_spans
        for scope_spans in group.scope_spans
        for span in scope_spans.spans
    )
    return [list(_texts_of(span)) for span in spans]


def _texts_of(span: Span) -> Iterator[str]:
    yield span.name
    events, links = span.events, span.links
    inside = (*(event.attributes for event in events), *(link.attributes for link in links))
    for attributes in (span.attributes, *inside):
        yield from (value for value in attributes.values() if isinstance(value, str))


def _escaped(texts: list[list[str]]) -> bytes:
    return "".join([encode_basestring_ascii(text) for of_span in texts for text in of_span]).encode()


def _built(members: list[dict[str, Any]]) -> None:
    for one in members:
        workload.span_of(one)


def _body(seed: int, count: int) -> bytes:
    return encode(workload.traces(seed, count))


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        FLOOR: _spans(_escaped, _texts),
        "encode": _spans(encode),
        "build": _spans(_built, workload.members),
        "decode": _spans(decode, _body),
        "record": _records(600, 20),
        "read": _records(600, 20, _read),
        "record-8k": _records(8_000, 4),
        "record-100k": _records(100_000, 1),
        "tree": _spans(baseline.encode),
    }
)
"""
By name. ``floor`` escapes all texts of a span and joins them; ``build`` makes spans of plain values;
``record`` goes from a line of a file to the bytes of an entry, with two texts of 600 characters, and
``read`` the first half of that way, to a generation;
``tree`` builds dicts and calls ``json.dumps``.
"""
