# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Findings about spans as trees: duplicate ids, missing parents, parent cycles, starts before the parent's.

Source: opentelemetry/proto/trace/v1/trace.proto: "The span_id of this span's parent span",
"it is expected that end_time >= start_time"; W3C Trace Context for the ids.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from ..core.findings import Findings, Path
from ..core.model import Span
from ..core.problem import Mismatch
from ..core.words import plural

__all__ = ["check_tree", "cycles"]

Placed = tuple[Path, Span]

_Key = tuple[str, str]


def check_tree(placed: Sequence[Placed], findings: Findings) -> None:
    """Adds findings about each span by itself, and about spans as parents and children."""
    known: dict[_Key, Placed] = {}
    for path, span in placed:
        _check_alone(span, path, findings)
        if known.setdefault((span.trace_id, span.span_id), (path, span))[1] is not span:
            findings.warn("VAL-8", path, f"duplicate span id {span.span_id}")
    for path, span in placed:
        if span.parent_span_id is not None:
            _check_parent(span, known.get((span.trace_id, span.parent_span_id)), path, findings)
    _check_cycles(known, findings)


def _check_alone(span: Span, path: Path, findings: Findings) -> None:
    if not span.name:
        findings.warn("VAL-2", path, "no name")
    if not span.start_ns:
        findings.warn("VAL-2", path, "no start time")
    if not span.end_ns:
        findings.warn("VAL-2", path, "no end time")


def _check_parent(span: Span, parent: Placed | None, path: Path, findings: Findings) -> None:
    if parent is None:
        findings.note("VAL-9", path, f"parent span {span.parent_span_id} is not in this body")
        return
    above = parent[1]
    if not (above.start_ns and span.start_ns):
        return
    # A child may end after its parent. At OpenRouter every one does.
    if span.start_ns < above.start_ns:
        expected = f"a start not before the parent's, {above.start_ns}"
        findings.note("VAL-9", path, Mismatch(expected, str(span.start_ns)))


def _check_cycles(known: Mapping[_Key, Placed], findings: Findings) -> None:
    """An error for each parent cycle, at its first span."""
    parents: dict[_Key, _Key | None] = {
        key: None if span.parent_span_id is None else (key[0], span.parent_span_id)
        for key, (_, span) in known.items()
    }
    for cycle in cycles(parents):
        findings.error("VAL-9", known[cycle[0]][0], f"parent cycle of {plural(len(cycle), 'span')}", "kept")


_K = TypeVar("_K", bound=Hashable)


def cycles(parents: Mapping[_K, _K | None]) -> Iterator[list[_K]]:
    """
    Each cycle of parents once, as its members from child to parent.

    Args:
        parents: Each member's parent; ``None`` or an unknown one for a member without.
    """
    settled: set[_K] = set()
    for start in parents:
        way: dict[_K, None] = {}
        at: _K | None = start
        while at is not None and at in parents and at not in settled and at not in way:
            way[at] = None
            at = parents[at]
        if at is not None and at in way:
            steps = [*way]
            yield steps[steps.index(at) :]
        settled.update(way)
