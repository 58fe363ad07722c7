# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The groups of spans that are sent: for a generation, and for a step above several requests."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import InvalidValue, Resource, Span, SpanKind, StatusCode
from otlpjson.openrouter import Attempt, Failure, resource_spans, step

from .generations import FIRST, GENERATION, generation_span, traced


def test_the_resource_has_the_guides_three_attributes() -> None:
    """It has no others: telemetry.sdk.* is for SDKs."""
    (group,) = resource_spans(GENERATION)

    assert group.resource == Resource(
        attributes={
            "service.name": "openrouter",
            "openrouter.trace.id": "monitoring_pipeline_001",
            "service.version": "1.0.0",
        }
    )


def test_without_a_trace_id_the_generation_id_is_the_trace_key() -> None:
    """Then the trace id begins with the generation's span id."""
    (group,) = resource_spans(traced())
    span = group.scope_spans[0].spans[0]

    assert group.resource.attributes["openrouter.trace.id"] == GENERATION.generation_id
    assert span.trace_id.startswith(span.span_id)


REFUSED = Failure(message="no such model", before_routing=True)


@pytest.mark.parametrize(
    ("failure", "attempts", "groups"),
    [(REFUSED, (), 0), (Failure(message="x"), (FIRST,), 2), (Failure(message="x"), (), 1)],
)
def test_a_request_refused_before_routing_has_spans_in_the_documented_hierarchy_only(
    failure: Failure, attempts: tuple[Attempt, ...], groups: int
) -> None:
    """OpenRouter sends nothing for it, but its caller wants to see it."""
    generation = attrs.evolve(GENERATION, failure=failure, attempts=attempts)

    assert len(resource_spans(generation, hierarchy="observed")) == groups
    assert generation_span(attrs.evolve(generation, attempts=())).status.code == StatusCode.ERROR


def test_an_unknown_hierarchy_is_refused() -> None:
    """There are two."""
    with pytest.raises(InvalidValue) as caught:
        resource_spans(GENERATION, hierarchy="other")  # type: ignore[arg-type]  # the point of the test

    assert str(caught.value) == "resource_spans.hierarchy: expected documented or observed, got str 'other'"


def test_a_step_stands_over_several_requests() -> None:
    """With the ids and times that it is given, in the trace of its key."""
    members: dict[str, Any] = {"span_id": "b7ad6b7169203331", "name": "Agent", "start_ns": 1, "end_ns": 2}
    group = step(trace_key="monitoring_pipeline_001", trace_name="Pipeline", span=members)

    assert group.resource.attributes["openrouter.trace.id"] == "monitoring_pipeline_001"
    assert group.scope_spans[0].spans == (
        Span(
            trace_id="addc2f052d437fec14c79a7193ea8135",
            kind=SpanKind.INTERNAL,
            attributes={"trace.name": "Pipeline", "span.type": "span"},
            **members,
        ),
    )
