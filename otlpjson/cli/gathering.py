# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Traces as their bodies come: a trace is handed on when its root is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from ..core.model import Span, TracesData
from ..core.traces import Trace, traces_of

__all__ = ["Gathering"]

# A trace that began in another program has its root there.
_PATIENCE_S: Final = 5.0
_MAX_SPANS: Final = 10_000


@attrs.frozen
class _Waiting:
    """Spans of a trace without a root, and when the first of them came."""

    trace: Trace
    since_s: float


@attrs.define
class Gathering:
    """
    What has come and was not handed on.

    Attributes:
        patience_s: How long spans wait for their root.
    """

    patience_s: float = _PATIENCE_S
    _waiting: dict[str, _Waiting] = attrs.field(factory=dict)

    def add(self, traces: TracesData, now_s: float) -> Iterator[Trace]:
        """The traces whose roots are there with this body; what comes later is handed on by itself."""
        for new in traces_of([traces]):
            before = self._waiting.pop(new.trace_id, None)
            whole = new if before is None else _joined(before.trace, new)
            if any(map(_is_root, whole.spans)):
                yield whole
            else:
                since_s = now_s if before is None else before.since_s
                self._waiting[new.trace_id] = _Waiting(whole, since_s)
        while sum(len(one.trace.spans) for one in self._waiting.values()) > _MAX_SPANS:
            yield self._waiting.pop(next(iter(self._waiting))).trace

    def due(self, now_s: float) -> Iterator[Trace]:
        """The traces that have waited long enough."""
        for trace_id, one in list(self._waiting.items()):
            if now_s - one.since_s >= self.patience_s:
                del self._waiting[trace_id]
                yield one.trace

    def rest(self) -> Iterator[Trace]:
        """All that is left."""
        while self._waiting:
            yield self._waiting.pop(next(iter(self._waiting))).trace


def _is_root(span: Span) -> bool:
    return span.parent_span_id is None


def _joined(first: Trace, second: Trace) -> Trace:
    return Trace(
        trace_id=first.trace_id,
        spans=first.spans + second.spans,
        resources=first.resources + second.resources,
    )
