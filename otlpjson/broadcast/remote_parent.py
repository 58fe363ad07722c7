# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
A span of another program, or of OpenTelemetry in this one, as the parent of spans here.

Source: W3C Trace Context, section "traceparent Header".
"""

from __future__ import annotations

import re
import sys
from typing import Any, Final

import attrs

from ..core.ids import is_span_id, is_trace_id
from ..openrouter import Generation

__all__ = ["RemoteParent", "current_span"]

_TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.ASCII)
_OPENTELEMETRY: Final = "opentelemetry.trace"


@attrs.frozen
class RemoteParent:
    """
    A span that is not sent from here.

    Attributes:
        trace_id: 32 hex digits.

        span_id: 16 hex digits.
    """

    trace_id: str
    span_id: str

    @classmethod
    def of_traceparent(cls, text: str) -> RemoteParent | None:
        """The parent that a header names; ``None`` if it is no such header."""
        found = _TRACEPARENT.fullmatch(text.strip())
        # A later version may have further parts; version ff is never used.
        is_one = found and found[1] != "ff" and (found[1] != "00" or not found[4])
        if not found or not is_one or not is_trace_id(found[2]) or not is_span_id(found[3]):
            return None
        return cls(found[2], found[3])

    @property
    def traceparent(self) -> str:
        """The header for a request that is made below this span."""
        return f"00-{self.trace_id}-{self.span_id}-01"

    def adopt(self, generation: Generation) -> Generation:
        """The generation as a child of this span, unless it has its own trace or parent."""
        trace = generation.trace
        if trace.trace_id is not None or trace.parent_span_id is not None:
            return generation
        trace = attrs.evolve(trace, trace_id=self.trace_id, parent_span_id=self.span_id)
        return attrs.evolve(generation, trace=trace)


def current_span() -> RemoteParent | None:
    """The span of OpenTelemetry that is active here, if the program uses it and samples this span."""
    api: Any = sys.modules.get(_OPENTELEMETRY)
    if api is None:
        return None
    try:
        context = api.get_current_span().get_span_context()
        if not context.is_valid or not context.trace_flags.sampled:
            return None
        return RemoteParent(f"{context.trace_id:032x}", f"{context.span_id:016x}")
    except Exception:  # foreign code, and no reason not to record the request
        return None
