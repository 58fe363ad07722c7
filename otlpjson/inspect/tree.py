# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Spans as trees: which is there twice, has no parent, is its own ancestor, or lasts longer than its parent.

Source: opentelemetry/proto/trace/v1/trace.proto: "The span_id of this span's parent span",
"it is expected that end_time >= start_time"; W3C Trace Context for the ids.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from ..core.findings import Findings, Path
from ..core.model import Span

__all__ = ["check_tree", "circles"]

Placed = tuple[Path, Span]

_Key = tuple[str, str]


def check_tree(placed: Sequence[Placed], findings: Findings) -> None:
    """Says what is odd about spans by themselves and as parents and children."""
    known: dict[_Key, Placed] = {}
    for path, span in placed:
        _check_alone(span, path, findings)
        if known.setdefault((span.trace_id, span.span_id), (path, span))[1] is not span:
            expected, found = "each span once in its trace", f"the id {span.span_id} again"
            findings.warn("VAL-8", path, expected, found)
    for path, span in placed:
        if span.parent_span_id is not None:
            _check_parent(span, known.get((span.trace_id, span.parent_span_id)), path, findings)
    _check_circles(known, findings)


def _check_alone(span: Span, path: Path, findings: Findings) -> None:
    if not span.name:
        findings.warn("VAL-2", path, "a name", "none")
    if not span.start_ns:
        findings.warn("VAL-2", path, "a start time", "none")
    if not span.end_ns:
        findings.warn("VAL-2", path, "an end time", "none")


def _check_parent(span: Span, parent: Placed | None, path: Path, findings: Findings) -> None:
    if parent is None:
        found = f"{span.parent_span_id}, which is not there"
        findings.note("VAL-9", path, "a parent in the same body", found)
        return
    above = parent[1]
    if not (above.start_ns and above.end_ns and span.start_ns and span.end_ns):
        return
    if span.start_ns < above.start_ns or span.end_ns > above.end_ns:
        expected = f"times within the parent's, {above.start_ns} to {above.end_ns}"
        findings.note("VAL-9", path, expected, f"{span.start_ns} to {span.end_ns}")


def _check_circles(known: Mapping[_Key, Placed], findings: Findings) -> None:
    """An error for each circle of spans, at the first of them: each of them is its own ancestor."""
    parents: dict[_Key, _Key | None] = {
        key: None if span.parent_span_id is None else (key[0], span.parent_span_id)
        for key, (_, span) in known.items()
    }
    for circle in circles(parents):
        found = f"a circle of {len(circle)}"
        findings.error("VAL-9", known[circle[0]][0], "spans that are not their own ancestors", found, "kept")


_K = TypeVar("_K", bound=Hashable)


def circles(parents: Mapping[_K, _K | None]) -> Iterator[list[_K]]:
    """
    Each circle once, its members in the order of the way up, from the one that is reached first.

    Args:
        parents: Each one's parent. What has none, or one that is not there, is in no circle.
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
