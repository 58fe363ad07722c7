# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The differences between two traces by meaning.

Spans are matched by trace id and span id; spans with the same ids are matched in order. The
order of groups, spans and attributes does not count, nor does how spans are spread over groups
with the same resource and scope. The order of events, links and array items counts, and so do
the types of values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

import attrs

from ..core.model import ResourceSpans, ScopeSpans, Span, TracesData
from ..core.words import quoted
from .diff_messages import (
    differences_of_scopes,
    differences_of_sources,
    differences_of_spans,
    meaning,
)
from .diff_words import Difference

__all__ = ["diff"]


@attrs.frozen
class _Placed:
    """A span with what surrounds it."""

    span: Span
    group: ResourceSpans
    scope: ScopeSpans

    def __str__(self) -> str:
        return f"span {self.span.span_id} {quoted(self.span.name)}"


def diff(
    left: TracesData, right: TracesData, *, names: tuple[str, str] = ("A", "B")
) -> tuple[Difference, ...]:
    """
    The differences between two traces; empty where they mean the same.

    Differences of resources and scopes come first, each once for all its spans; then spans in the
    order of the left side, spans that only the right side has, and groups without spans.

    Args:
        left, right: The traces to compare.

        names: What the two sides are called in the sentences of the differences.
    """
    here, there = _by_ids(left), _by_ids(right)
    pairs = [(placed, there[key]) for key, placed in here.items() if key in there]
    found = [
        *_surroundings(pairs),
        *_spans(here, there),
        *(Difference(str(placed), None, "") for key, placed in there.items() if key not in here),
        *_without_spans(left, right),
    ]
    return tuple(attrs.evolve(item, names=names) for item in found)


def _by_ids(traces: TracesData) -> dict[tuple[str, str, int], _Placed]:
    """Every span by its ids and the number of spans before it with the same ids, in order."""
    before: Counter[tuple[str, str]] = Counter()
    placed = {}
    for group in traces.resource_spans:
        for scope in group.scope_spans:
            for span in scope.spans:
                ids = (span.trace_id, span.span_id)
                placed[(*ids, before[ids])] = _Placed(span, group, scope)
                before[ids] += 1
    return placed


def _spans(
    here: dict[tuple[str, str, int], _Placed], there: dict[tuple[str, str, int], _Placed]
) -> Iterator[Difference]:
    for key, placed in here.items():
        other = there.get(key)
        if other is None:
            yield Difference(str(placed), "", None)
            continue
        for item in differences_of_spans(placed.span, other.span):
            yield item.below(f"{placed}: ")


def _surroundings(pairs: list[tuple[_Placed, _Placed]]) -> Iterator[Difference]:
    """Resources and scopes that differ: each difference once, with the spans it concerns."""
    concerned: dict[tuple[str, Difference], list[_Placed]] = {}
    known: dict[tuple[int, ...], list[tuple[str, Difference]]] = {}
    for left, right in pairs:
        # The same groups surround many spans, and live as long as the traces do.
        ids = (id(left.group), id(left.scope), id(right.group), id(right.scope))
        if ids not in known:
            known[ids] = [
                *(("resource", item) for item in differences_of_sources(left.group, right.group)),
                *(("scope", item) for item in differences_of_scopes(left.scope, right.scope)),
            ]
        for kind_and_item in known[ids]:
            concerned.setdefault(kind_and_item, []).append(left)
    for (kind, item), spans in concerned.items():
        whose = str(spans[0]) if len(spans) == 1 else f"{len(spans)} spans, the first {str(spans[0])[5:]}"
        yield item.below(f"{kind} of {whose}: ")


def _without_spans(left: TracesData, right: TracesData) -> Iterator[Difference]:
    """Groups and scopes without spans; those that have no equal on the other side are compared in order."""
    here, there = list(_empty(left)), list(_empty(right))
    common = Counter(map(_meaning_of, here)) & Counter(map(_meaning_of, there))
    here, there = _without(here, common.copy()), _without(there, common)
    for index, (one, other) in enumerate(zip_longest(here, there), 1):
        path = f"group {index} without spans"
        if one is None or other is None:
            yield Difference(path, *((None, "") if one is None else ("", None)))
            continue
        for item in differences_of_sources(one[0], other[0]):
            yield item.below(f"{path}: ")
        for item in differences_of_scopes(one[1], other[1]):
            yield item.below(f"{path}: scope.")


_Empty = tuple[ResourceSpans, ScopeSpans]


def _empty(traces: TracesData) -> Iterator[_Empty]:
    for group in traces.resource_spans:
        for scope in group.scope_spans or (ScopeSpans(),):
            if not scope.spans:
                yield group, scope


def _meaning_of(empty: _Empty) -> object:
    group, scope = empty
    texts = (group.schema_url, scope.scope.name, scope.scope.version, scope.schema_url)
    return texts, meaning(group.resource.attributes), meaning(scope.scope.attributes)


def _without(items: list[_Empty], common: Counter[object]) -> list[_Empty]:
    kept = []
    for item in items:
        key = _meaning_of(item)
        if common[key]:
            common[key] -= 1
        else:
            kept.append(item)
    return kept
