# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One trace at a time looked at as the page does: whether conditions hold for it, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from ..core.model import ResourceSpans, ScopeSpans, TracesData
from ..core.traces import Trace
from .store.conditions import Condition
from .store.questions import Questions
from .store.store import Store

__all__ = ["TraceTable"]


class TraceTable:
    """A context manager around a store in memory, which holds one trace at a time."""

    def __init__(self) -> None:
        self._store = Store(None, now_ns=lambda: 0)
        self._questions = Questions(self._store.database)

    def __enter__(self) -> TraceTable:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.database.close()

    def look(self, trace: Trace, conditions: Sequence[Condition]) -> dict[str, Any] | None:
        """What the viewer's API answers about a trace; ``None`` if a condition does not hold for it."""
        groups = [
            ResourceSpans(resource=resource, scope_spans=(ScopeSpans(spans=(span,)),))
            for span, resource in zip(trace.spans, trace.resources)
        ]
        self._store.add(TracesData(resource_spans=tuple(groups)))
        try:
            if not self._questions.matching(trace.trace_id, conditions):
                return None
            return self._questions.trace(trace.trace_id)
        finally:
            self._store.delete(trace.trace_id)
