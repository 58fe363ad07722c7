# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The traces in any number of bodies: all spans with the same trace id, wherever they are."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from .model import Resource, Span, TracesData

__all__ = ["Trace", "traces_of"]


@attrs.frozen(kw_only=True)
class Trace:
    """
    All spans of one trace.

    Attributes:
        trace_id: 32 hex digits.

        spans: In the order in which they were read.

        resources: The resource of each span, in the same order.
    """

    trace_id: str
    spans: tuple[Span, ...]
    resources: tuple[Resource, ...]

    @property
    def times_ns(self) -> tuple[int, int] | None:
        """The earliest and the latest known time of any span, or ``None`` if no time is known."""
        times = [time for span in self.spans for time in (span.start_ns, span.end_ns) if time]
        return (min(times), max(times)) if times else None


def traces_of(bodies: Iterable[TracesData]) -> tuple[Trace, ...]:
    """The traces in any number of bodies, each with all its spans, in order of first appearance."""
    found: dict[str, list[tuple[Span, Resource]]] = {}
    pairs = (
        (span, group.resource)
        for body in bodies
        for group in body.resource_spans
        for scope_spans in group.scope_spans
        for span in scope_spans.spans
    )
    for span, resource in pairs:
        found.setdefault(span.trace_id, []).append((span, resource))
    return tuple(
        Trace(
            trace_id=trace_id,
            spans=tuple(span for span, _ in pairs),
            resources=tuple(resource for _, resource in pairs),
        )
        for trace_id, pairs in found.items()
    )
