# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The groups of spans that are sent: for a generation, and for a step above several requests."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import InvalidValue, Resource, StatusCode
from otlpjson.openrouter import (
    Attempt,
    Failure,
    Generation,
    Hierarchy,
    TraceOptions,
    resource_spans,
    span_count,
)
from otlpjson.openrouter.form import HIERARCHIES

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


TEXTS = st.none() | st.just("name")
GENERATIONS = st.builds(
    Generation,
    key=st.just("gen-1"),
    start_ns=st.just(1),
    end_ns=st.just(2),
    streamed=st.booleans(),
    attempts=st.lists(st.just(Attempt(provider_name="A")), max_size=3).map(tuple),
    failure=st.none() | st.builds(Failure, message=st.just("no"), before_routing=st.booleans()),
    trace=st.builds(TraceOptions, trace_name=TEXTS, span_name=TEXTS, has_root=st.booleans()),
)


@given(generation=GENERATIONS, hierarchy=st.sampled_from(HIERARCHIES))
def test_spans_are_counted_without_making_them(generation: Generation, hierarchy: Hierarchy) -> None:
    """What is not sent is counted, and to map it for that would cost as much as to send it."""
    groups = resource_spans(generation, hierarchy=hierarchy)

    assert span_count(generation, hierarchy) == sum(group.span_count for group in groups)
