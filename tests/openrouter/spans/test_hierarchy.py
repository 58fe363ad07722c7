# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The spans of one generation in both hierarchies: names, ids, times and parents."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from otlpjson import Attributes, Event, Span, SpanKind, Status, StatusCode, span_id_of
from otlpjson.openrouter import (
    Attempt,
    Failure,
    Timing,
    TraceOptions,
    Truncation,
    resource_spans,
)

from .generations import FIRST, GENERATION, generation_span, spans_of, traced

GENERATION_SPAN_ID = "1dd54376a0bde446"
ROOT_SPAN_ID = "384f2317ba32879b"
INTERMEDIATE_SPAN_ID = "6cf4dba51e6f5e8c"


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
    """There is a span for each given name; the given parent is that of the first."""
    spans = spans_of(traced(**options))

    assert [(span.name, span.span_id, span.parent_span_id) for span in spans] == expected
    assert [span.kind for span in spans] == [SpanKind.INTERNAL] * (len(spans) - 1) + [SpanKind.CLIENT]
    assert {(span.start_ns, span.end_ns) for span in spans} == {(GENERATION.start_ns, GENERATION.end_ns)}
    assert len({span.trace_id for span in spans}) == 1


def test_a_trace_id_of_32_hex_digits_is_kept() -> None:
    """So the spans of a program that already has a trace belong to it."""
    span = generation_span(traced(trace_id="0AF7651916CD43DD8448EB211C80319C"))

    assert span.trace_id == "0af7651916cd43dd8448eb211c80319c"


def test_requests_that_share_a_trace_never_send_one_span_twice() -> None:
    """Each request has spans of its own."""
    options = {"trace_id": "t", "trace_name": "T", "span_name": "S"}
    one, other = (attrs.evolve(traced(**options), key=key) for key in ("gen-1", "gen-2"))

    assert {span.span_id for span in spans_of(one)} & {span.span_id for span in spans_of(other)} == set()
    assert spans_of(one)[0].trace_id == spans_of(other)[0].trace_id


def test_spans_above_the_generation_carry_little() -> None:
    """They lack usage, so that sums over attributes count each request once."""
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


def test_a_trace_that_already_has_a_root_gets_no_other() -> None:
    """``trace_name`` is only an attribute; the intermediate span is created as usual."""
    spans = spans_of(traced(trace_name="T", span_name="S", has_root=True))

    assert [span.name for span in spans] == ["S", "LLM Generation"]
    assert spans[-1].attributes["trace.name"] == "T"


FAILED = attrs.evolve(GENERATION, failure=Failure(message="too late", kind="timeout", code="504"))
SECOND = Attempt(provider_name="OpenAI", status=200, latency_ms=757.5)
STREAMED = attrs.evolve(
    GENERATION,
    streamed=True,
    attempts=(FIRST, SECOND),
    timing=Timing(provider_request_ms=51.0, provider_body_end_ms=3719.0, generation_ms=3668.0),
)


def test_a_failure_is_in_the_status_and_an_event() -> None:
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
    """OpenRouter sends OK explicitly; a response that was cut off may have been either."""
    span = generation_span(attrs.evolve(GENERATION, complete=complete))

    assert span.status == Status(code=code)
    assert span.events == ()


def test_each_provider_attempt_is_a_child() -> None:
    """Each begins at the end of the one before it; a failed one has the status error."""
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
    """Facts that were not reported are absent; an index of 0 is a value."""
    known = spans_of(STREAMED)[2].attributes
    unknown = spans_of(attrs.evolve(GENERATION, attempts=(Attempt(),)))[2].attributes

    assert known[key] == value
    assert type(known[key]) is type(value)
    assert (key in unknown) is (key == "span.metadata.attempt_index")


def test_a_streamed_call_has_a_generation_child_that_may_end_after_its_parent() -> None:
    """It begins at the end of the last attempt, which is when headers arrive, and lasts the generation time."""
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
    """As captured: it is missing for calls without a stream, without known attempts, and on an error."""
    names = [span.name for span in spans_of(attrs.evolve(STREAMED, **changes))]

    assert "generation" not in names


def test_an_attempt_without_a_name_or_a_latency_ends_with_its_parent() -> None:
    """No time is made up."""
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
    """``trace_name`` and ``span_name`` create no span; each span is in a group of its own."""
    groups = resource_spans(attrs.evolve(STREAMED, trace=TraceOptions(**options)), hierarchy="observed")
    spans = [span for group in groups for scope_spans in group.scope_spans for span in scope_spans.spans]

    assert [len(group.scope_spans[0].spans) for group in groups] == [1, 1, 1, 1]
    assert len({group.resource for group in groups}) == 1
    assert (spans[0].name, spans[0].parent_span_id, spans[0].span_id) == (name, parent, GENERATION_SPAN_ID)
    assert spans[0].attributes["trace.name"] == options.get("trace_name", "OpenRouter Request")
    assert {span.parent_span_id for span in spans[1:]} == {GENERATION_SPAN_ID}


def test_both_hierarchies_have_the_same_generation_span_but_for_its_parent() -> None:
    """Both are made from the same table."""
    documented, observed = generation_span(GENERATION), resource_spans(GENERATION, hierarchy="observed")[0]
    (span,) = observed.scope_spans[0].spans

    assert attrs.evolve(documented, parent_span_id=None) == span


def test_values_that_were_cut_are_listed_in_an_event() -> None:
    """With the reason and the limit."""
    truncation = Truncation(max_characters=64)
    span = generation_span_cut(truncation)

    assert span.attributes["gen_ai.prompt.truncated"] is True
    assert "gen_ai.system.truncated" not in span.attributes
    assert span.events == (
        Event(
            name="openrouter.trace_truncated",
            time_ns=GENERATION.end_ns,
            attributes={
                "truncated.keys": '["span.input","span.output","gen_ai.prompt","gen_ai.completion"]',
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
    """In resource, spans, events and status; each span with a cut value has the event."""
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


def test_a_limit_in_bytes_is_in_the_event_as_well() -> None:
    """Tempo's limit is in bytes."""
    span = generation_span_cut(Truncation(max_bytes=64))
    values = [value for value in span.attributes.values() if isinstance(value, str)]

    assert max(len(value.encode()) for value in values) <= 64
    assert (
        span.events[0].attributes["message"] == "Values longer than 10000000 characters or 64 bytes were cut."
    )
