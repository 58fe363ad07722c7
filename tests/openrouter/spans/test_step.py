# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The span of a step, which stands above several requests."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import InvalidValue, Span, SpanKind, Status, StatusCode
from otlpjson.openrouter import Step, step_spans


def test_a_step_stands_over_several_requests() -> None:
    """With the ids and times that it is given, in the trace of its key."""
    members: dict[str, Any] = {"span_id": "b7ad6b7169203331", "name": "Agent", "start_ns": 1, "end_ns": 2}
    group = step_spans(Step(trace_key="monitoring_pipeline_001", trace_name="Pipeline", **members))

    assert group.resource.attributes["openrouter.trace.id"] == "monitoring_pipeline_001"
    assert group.scope_spans[0].spans == (
        Span(
            trace_id="addc2f052d437fec14c79a7193ea8135",
            kind=SpanKind.INTERNAL,
            attributes={"trace.name": "Pipeline", "span.type": "span"},
            **members,
        ),
    )


def test_a_step_below_another_has_its_parent_session_and_status() -> None:
    status = Status(code=StatusCode.ERROR, message="KeyError")
    members: dict[str, Any] = {
        "span_id": "b7ad6b7169203331",
        "parent_span_id": "00f067aa0ba902b7",
        "name": "Turn 1",
        "start_ns": 1,
        "end_ns": 2,
        "status": status,
    }
    ((span,),) = (
        scope.spans
        for scope in step_spans(Step(trace_key="k", trace_name="T", session_id="s", **members)).scope_spans
    )

    assert (span.parent_span_id, span.status) == ("00f067aa0ba902b7", status)
    assert span.attributes["session.id"] == "s"


def test_what_no_span_can_hold_is_refused() -> None:
    name: Any = 7
    with pytest.raises(InvalidValue) as caught:
        step_spans(
            Step(trace_key="k", trace_name="T", span_id="b7ad6b7169203331", name=name, start_ns=1, end_ns=2)
        )

    assert str(caught.value) == "Span.name: expected text, got int 7"
