# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Generations to spans: names, ids, times, and who is whose parent."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import (
    Attributes,
    Event,
    InvalidValue,
    Resource,
    Span,
    SpanKind,
    Status,
    StatusCode,
    span_id_of,
    trace_id_of,
)
from otlpjson.openrouter import (
    Attempt,
    Failure,
    Generation,
    Hierarchy,
    Timing,
    TraceOptions,
    Truncation,
    connection_test,
    read_record,
    resource_spans,
    sample_query,
    sample_trace,
    span_count,
)
from otlpjson.openrouter.form import HIERARCHIES

from ... import FIXTURES

GENERATION = read_record(json.loads((FIXTURES / "openrouter" / "guide" / "record.json").read_bytes()))
GENERATION_SPAN_ID = "1dd54376a0bde446"
ROOT_SPAN_ID = "384f2317ba32879b"
INTERMEDIATE_SPAN_ID = "6cf4dba51e6f5e8c"


def spans_of(generation: Generation, *, privacy_mode: bool = False) -> tuple[Span, ...]:
    """The spans of the single scope of the single group."""
    (group,) = resource_spans(generation, privacy_mode=privacy_mode)
    (scope_spans,) = group.scope_spans
    assert (scope_spans.scope.name, scope_spans.scope.version) == ("openrouter", "")
    return scope_spans.spans


def generation_span(generation: Generation, *, privacy_mode: bool = False) -> Span:
    """The span that carries all attributes: the last one."""
    return spans_of(generation, privacy_mode=privacy_mode)[-1]


def traced(**options: Any) -> Generation:
    """The guide's generation with other trace options."""
    return attrs.evolve(GENERATION, trace=TraceOptions(**options))


def test_the_resource_has_the_guides_three_attributes() -> None:
    """And nothing else: no telemetry.sdk.*, which is for SDKs."""
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


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [("LLM Generation", GENERATION_SPAN_ID, None)]),
        ({"generation_name": "G"}, [("G", GENERATION_SPAN_ID, None)]),
        (
            {"trace_name": "T"},
            [("T", ROOT_SPAN_ID, None), ("LLM Generation", GENERATION_SPAN_ID, ROOT_SPAN_ID)],
        ),
        (
            {"span_name": "S"},
            [("S", INTERMEDIATE_SPAN_ID, None), ("LLM Generation", GENERATION_SPAN_ID, INTERMEDIATE_SPAN_ID)],
        ),
        (
            {
                "trace_name": "T",
                "span_name": "S",
                "generation_name": "G",
                "parent_span_id": "B7AD6B7169203331",
            },
            [
                ("T", ROOT_SPAN_ID, "b7ad6b7169203331"),
                ("S", INTERMEDIATE_SPAN_ID, ROOT_SPAN_ID),
                ("G", GENERATION_SPAN_ID, INTERMEDIATE_SPAN_ID),
            ],
        ),
        ({"parent_span_id": "my-step"}, [("LLM Generation", GENERATION_SPAN_ID, "c139434a4b608da7")]),
        ({"parent_span_id": "0" * 16}, [("LLM Generation", GENERATION_SPAN_ID, "fcdb4b423f4e5283")]),
    ],
)
def test_the_documented_hierarchy(
    options: dict[str, Any], expected: list[tuple[str, str, str | None]]
) -> None:
    """A span for each name that is given; the given parent is above the topmost."""
    spans = spans_of(traced(**options))

    assert [(span.name, span.span_id, span.parent_span_id) for span in spans] == expected
    assert [span.kind for span in spans] == [SpanKind.INTERNAL] * (len(spans) - 1) + [SpanKind.CLIENT]
    assert {(span.start_ns, span.end_ns) for span in spans} == {(GENERATION.start_ns, GENERATION.end_ns)}
    assert len({span.trace_id for span in spans}) == 1


def test_a_trace_id_of_32_hex_digits_is_kept() -> None:
    """A program that has a trace already stays in it."""
    span = generation_span(traced(trace_id="0AF7651916CD43DD8448EB211C80319C"))

    assert span.trace_id == "0af7651916cd43dd8448eb211c80319c"


def test_requests_that_share_a_trace_never_send_one_span_twice() -> None:
    """Each request is a subtree of its own."""
    options = {"trace_id": "t", "trace_name": "T", "span_name": "S"}
    one, other = (attrs.evolve(traced(**options), key=key) for key in ("gen-1", "gen-2"))

    assert {span.span_id for span in spans_of(one)} & {span.span_id for span in spans_of(other)} == set()
    assert spans_of(one)[0].trace_id == spans_of(other)[0].trace_id


def test_spans_above_the_generation_carry_little() -> None:
    """Whose they are and what they are, so that sums over attributes count once."""
    root = spans_of(GENERATION)[0]

    assert root.attributes == Attributes(
        {
            "trace.name": "Metric Analysis Pipeline",
            "user.id": "user_12345",
            "session.id": "session_abc",
            "span.type": "span",
        }
    )
    assert root.status == Status(code=StatusCode.OK)


FAILED = attrs.evolve(GENERATION, failure=Failure(message="too late", kind="timeout", code="504"))
FIRST = Attempt(
    provider_name="Azure", status=503, latency_ms=120.0, is_byok=False, endpoint_id="e1", model_permaslug="m1"
)
SECOND = Attempt(provider_name="OpenAI", status=200, latency_ms=757.5)
STREAMED = attrs.evolve(
    GENERATION,
    streamed=True,
    attempts=(FIRST, SECOND),
    timing=Timing(provider_request_ms=51.0, provider_body_end_ms=3719.0, generation_ms=3668.0),
)


def test_a_failure_is_told_in_status_level_message_and_event() -> None:
    """As captured when a client went away."""
    span = generation_span(FAILED)

    assert span.status == Status(code=StatusCode.ERROR, message="too late")
    assert span.events == (
        Event(
            name="exception",
            time_ns=FAILED.end_ns,
            attributes={"exception.type": "Error", "exception.message": "too late"},
        ),
    )
    assert {item.status.code for item in spans_of(FAILED)} == {StatusCode.ERROR}


@pytest.mark.parametrize(("complete", "code"), [(True, StatusCode.OK), (False, StatusCode.UNSET)])
def test_without_a_failure_a_whole_response_is_ok_and_a_cut_one_is_unset(
    complete: bool, code: StatusCode
) -> None:
    """OpenRouter writes OK explicitly; what is not known is not claimed."""
    span = generation_span(attrs.evolve(GENERATION, complete=complete))

    assert span.status == Status(code=code)
    assert span.events == ()


def test_each_provider_that_was_tried_is_a_child() -> None:
    """In both hierarchies; one begins when the one before it has ended, and a failed one is an error."""
    start_ns = STREAMED.start_ns
    first, second, generation = spans_of(STREAMED)[2:]

    assert first == Span(
        trace_id=generation.trace_id,
        span_id=span_id_of(f"{STREAMED.key}:attempt-0"),
        parent_span_id=GENERATION_SPAN_ID,
        name="provider attempt 1: Azure",
        kind=SpanKind.SERVER,
        start_ns=start_ns,
        end_ns=start_ns + 120_000_000,
        status=Status(code=StatusCode.ERROR),
        attributes={
            "span.type": "span",
            "span.level": "ERROR",
            "span.metadata.attempt_index": 0,
            "span.metadata.status_code": 503,
            "span.metadata.is_byok": False,
            "span.metadata.endpoint_id": "e1",
            "span.metadata.model_permaslug": "m1",
            "gen_ai.operation.name": "chat",
            "gen_ai.response.id": f"{STREAMED.key}:attempt-0",
            "trace.metadata.openrouter.provider_name": "Azure",
        },
    )
    assert second.name == "provider attempt 2: OpenAI"
    assert (second.start_ns, second.end_ns) == (first.end_ns, first.end_ns + 757_500_000)
    assert second.status == Status(code=StatusCode.OK)
    assert second.attributes == {
        "span.type": "span",
        "span.level": "DEFAULT",
        "span.metadata.attempt_index": 1,
        "span.metadata.status_code": 200,
        "gen_ai.operation.name": "chat",
        "gen_ai.response.id": f"{STREAMED.key}:attempt-1",
        "trace.metadata.openrouter.provider_name": "OpenAI",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("span.metadata.attempt_index", 0),
        ("span.metadata.status_code", 503),
        ("span.metadata.is_byok", False),
        ("span.metadata.endpoint_id", "e1"),
        ("span.metadata.model_permaslug", "m1"),
        ("trace.metadata.openrouter.provider_name", "Azure"),
    ],
)
def test_an_attempt_has_what_is_known_of_it(key: str, value: object) -> None:
    """All but the index is absent where nobody reported it; an index of 0 is one."""
    known = spans_of(STREAMED)[2].attributes
    unknown = spans_of(attrs.evolve(GENERATION, attempts=(Attempt(),)))[2].attributes

    assert known[key] == value
    assert type(known[key]) is type(value)
    assert (key in unknown) is (key == "span.metadata.attempt_index")


def test_a_streamed_call_has_a_generation_child_that_may_end_after_its_parent() -> None:
    """It begins when the last attempt has its headers, and lasts as long as the provider worked."""
    child = spans_of(STREAMED)[-1]

    assert (child.name, child.kind, child.parent_span_id) == (
        "generation",
        SpanKind.SERVER,
        GENERATION_SPAN_ID,
    )
    assert child.span_id == span_id_of(f"{STREAMED.key}:generation")
    assert (child.start_ns, child.end_ns - child.start_ns) == (spans_of(STREAMED)[-2].end_ns, 3668_000_000)
    assert child.end_ns > STREAMED.end_ns
    assert child.attributes == {
        "span.type": "span",
        "span.level": "DEFAULT",
        "gen_ai.operation.name": "chat",
        "gen_ai.response.id": f"{STREAMED.key}:generation",
    }


@pytest.mark.parametrize(
    "changes",
    [{"streamed": False}, {"attempts": ()}, {"failure": Failure(message="x")}],
)
def test_the_generation_child_needs_a_stream_attempts_and_a_success(changes: dict[str, Any]) -> None:
    """As captured: not for plain calls, not where nobody knows the attempts, not on an error."""
    names = [span.name for span in spans_of(attrs.evolve(STREAMED, **changes))]

    assert "generation" not in names


def test_an_attempt_without_a_name_or_a_latency_ends_with_its_parent() -> None:
    """What is not known is not made up."""
    generation = attrs.evolve(GENERATION, attempts=(Attempt(),))
    child = spans_of(generation)[-1]

    assert child.name == "provider attempt 1: unknown"
    assert (child.start_ns, child.end_ns) == (GENERATION.start_ns, GENERATION.end_ns)
    assert child.status == Status(code=StatusCode.OK)


@pytest.mark.parametrize(
    ("options", "name", "parent"),
    [
        ({}, "LLM Generation", None),
        ({"trace_name": "T", "span_name": "S"}, "LLM Generation", None),
        ({"generation_name": "G", "parent_span_id": "b7ad6b7169203331"}, "G", "b7ad6b7169203331"),
    ],
)
def test_the_observed_hierarchy_has_the_generation_as_root(
    options: dict[str, Any], name: str, parent: str | None
) -> None:
    """``trace_name`` and ``span_name`` make no span there; every span is a group of its own."""
    groups = resource_spans(attrs.evolve(STREAMED, trace=TraceOptions(**options)), hierarchy="observed")
    spans = [span for group in groups for scope_spans in group.scope_spans for span in scope_spans.spans]

    assert [len(group.scope_spans[0].spans) for group in groups] == [1, 1, 1, 1]
    assert len({group.resource for group in groups}) == 1
    assert (spans[0].name, spans[0].parent_span_id, spans[0].span_id) == (name, parent, GENERATION_SPAN_ID)
    assert spans[0].attributes["trace.name"] == options.get("trace_name", "OpenRouter Request")
    assert {span.parent_span_id for span in spans[1:]} == {GENERATION_SPAN_ID}


def test_both_hierarchies_have_the_same_generation_span_but_for_its_parent() -> None:
    """One table serves both."""
    documented, observed = generation_span(GENERATION), resource_spans(GENERATION, hierarchy="observed")[0]
    (span,) = observed.scope_spans[0].spans

    assert attrs.evolve(documented, parent_span_id=None) == span


REFUSED = Failure(message="no such model", before_routing=True)


@pytest.mark.parametrize(
    ("failure", "attempts", "groups"),
    [(REFUSED, (), 0), (Failure(message="x"), (FIRST,), 2), (Failure(message="x"), (), 1)],
)
def test_a_request_refused_before_routing_is_told_where_it_is_documented_alone(
    failure: Failure, attempts: tuple[Attempt, ...], groups: int
) -> None:
    """OpenRouter sends no trace for it; its caller wants to see it."""
    generation = attrs.evolve(GENERATION, failure=failure, attempts=attempts)

    assert len(resource_spans(generation, hierarchy="observed")) == groups
    assert generation_span(attrs.evolve(generation, attempts=())).status.code == StatusCode.ERROR


def test_an_unknown_hierarchy_is_refused() -> None:
    """There are two."""
    with pytest.raises(InvalidValue) as caught:
        resource_spans(GENERATION, hierarchy="other")  # type: ignore[arg-type]  # the point of the test

    assert str(caught.value) == "resource_spans.hierarchy: expected documented or observed, got str 'other'"


def test_values_that_were_cut_are_told_in_an_event() -> None:
    """Which, why, and how long they may be."""
    truncation = Truncation(max_characters=64)
    span = generation_span_cut(truncation)

    assert span.attributes["gen_ai.prompt.truncated"] is True
    assert "gen_ai.system.truncated" not in span.attributes
    assert span.events == (
        Event(
            name="openrouter.trace_truncated",
            time_ns=GENERATION.end_ns,
            attributes={
                "truncated.keys": '["trace.input",{"openrouter_truncated":{"omitted_items":5}}]',
                "truncated.reason": "too_large",
                "truncated.limit_characters": 64,
                "truncated.limit_bytes": None,
                "message": "Values longer than 64 characters were cut.",
            },
        ),
    )


def generation_span_cut(truncation: Truncation) -> Span:
    """The guide's generation span with short values."""
    (group,) = resource_spans(GENERATION, truncation=truncation)
    return group.scope_spans[0].spans[-1]


def test_the_limit_holds_wherever_a_text_is_sent() -> None:
    """In resource, spans, events and status; every span that lost something says so."""
    trace = TraceOptions(trace_id="i" * 100, trace_name="T" * 100, span_name="S")
    attempts = (Attempt(provider_name="P" * 100), Attempt())
    generation = attrs.evolve(
        STREAMED, key="k" * 100, failure=Failure(message="m" * 100), attempts=attempts, trace=trace
    )
    (group,) = resource_spans(generation, truncation=Truncation(max_bytes=64))
    spans = group.scope_spans[0].spans
    events = [event for span in spans for event in span.events]
    sent = [
        group.resource.attributes,
        *(span.attributes for span in spans),
        *(event.attributes for event in events),
    ]
    texts = [value for attributes in sent for value in attributes.values() if isinstance(value, str)]

    assert max(len(text) for text in [*texts, *(span.status.message for span in spans)]) == 64
    assert group.resource.attributes["openrouter.trace.id.truncated"] is True
    assert spans[2].events[0].attributes["exception.message.truncated"] is True
    assert [span.events[-1].name for span in spans] == ["openrouter.trace_truncated"] * 5
    assert [span.events[-1].time_ns for span in spans] == [span.end_ns for span in spans]


def test_a_limit_in_bytes_is_told_as_well() -> None:
    """Tempo's limit is one in bytes."""
    span = generation_span_cut(Truncation(max_bytes=64))
    values = [value for value in span.attributes.values() if isinstance(value, str)]

    assert max(len(value.encode()) for value in values) <= 64
    assert (
        span.events[0].attributes["message"] == "Values longer than 10000000 characters or 64 bytes were cut."
    )


def test_the_connection_test_is_the_captured_one() -> None:
    """One span with fixed ids, one millisecond long, and a resource with the service's name alone."""
    group = connection_test(1790605182935000000)

    assert group.resource == Resource(attributes={"service.name": "openrouter"})
    assert group.scope_spans[0].spans == (
        Span(
            trace_id="00000000000000000000000000000001",
            span_id="0000000000000001",
            name="openrouter-connection-test",
            kind=SpanKind.INTERNAL,
            start_ns=1790605182935000000,
            end_ns=1790605182936000000,
            status=Status(code=StatusCode.OK),
        ),
    )


def test_a_trace_with_a_root_of_its_own_needs_none_for_the_request() -> None:
    """``trace_name`` is an attribute then; an intermediate span is made as ever."""
    spans = spans_of(traced(trace_name="T", span_name="S", has_root=True))

    assert [span.name for span in spans] == ["S", "LLM Generation"]
    assert spans[-1].attributes["trace.name"] == "T"


def test_the_sample_trace_says_that_it_is_one() -> None:
    """The values of OpenRouter's own, and a query that finds it."""
    (span,) = sample_trace(1790605182935000000, "test-1").scope_spans[0].spans

    assert (span.name, span.kind, span.end_ns - span.start_ns) == ("Test Generation", SpanKind.CLIENT, 10**9)
    assert span.trace_id == trace_id_of("test-1")
    assert span.attributes["trace.name"] == "Test Trace - OpenRouter Observability"
    assert span.attributes["gen_ai.usage.total_cost"] == 0.02
    assert span.attributes["trace.metadata.testId"] == "test-1"
    assert sample_query("test-1") == (
        '{ resource.service.name = "openrouter" && span.trace.metadata.testId = "test-1" }'
    )


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
