# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The span of a step: it stands above several requests, as the root of their trace or below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ...core import ids
from ...core.model import ResourceSpans, Span, SpanKind, Status
from .resource_attributes import NO_ATTRIBUTES, ResourceAttributes
from .spans import group_of, resource_of
from .table import step_attributes

__all__ = ["Step", "step_spans"]


@attrs.frozen(kw_only=True)
class Step:
    """
    A part of a program's work that contains several requests.

    Attributes:
        trace_key: The key of its trace, as in a request's ``trace.trace_id``.

        trace_name: The name of the trace's root.

        session_id: The session of the requests in it, or ``None``.

        span_id: 16 hex digits.

        parent_span_id: The step around it, or ``None`` for the root.

        name: Its own name.

        start_ns, end_ns: When it began and ended, in nanoseconds since 1970.

        status: How it ended.
    """

    trace_key: str
    trace_name: str
    session_id: str | None = None
    span_id: str
    parent_span_id: str | None = None
    name: str
    start_ns: int
    end_ns: int
    status: Status = attrs.field(factory=Status)


def step_spans(
    step: Step, resource_attributes: ResourceAttributes | Mapping[str, Any] = NO_ATTRIBUTES
) -> ResourceSpans:
    """
    The one span of a step, as a group to send.

    Args:
        step: What was done, and when.

        resource_attributes: Names and values that the resource has besides its own three.

    Raises:
        InvalidValue: A field of the step cannot be a span's.
    """
    span = Span(
        trace_id=ids.trace_id_of(step.trace_key),
        span_id=step.span_id,
        parent_span_id=step.parent_span_id,
        name=step.name,
        kind=SpanKind.INTERNAL,
        start_ns=step.start_ns,
        end_ns=step.end_ns,
        status=step.status,
        attributes=step_attributes(step.trace_name, step.session_id),
    )
    return group_of(resource_of(step.trace_key, resource_attributes), [span])
