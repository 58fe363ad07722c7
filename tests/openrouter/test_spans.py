# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Generations to spans: names, ids, times, and every row of the attribute table."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from otlpjson import Attributes, Event, Resource, Span, SpanKind, Status, StatusCode
from otlpjson.openrouter import (
    Failure,
    Generation,
    SpanSummary,
    TraceOptions,
    Usage,
    connection_test,
    read_record,
    resource_spans,
    summary,
)
from otlpjson.openrouter import spans as spans_module

from .. import FIXTURES

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


FULL = Generation(
    key="gen-1",
    generation_id="gen-1",
    start_ns=1,
    end_ns=2,
    request_model="anthropic/claude-sonnet-4.5:nitro",
    response_model="anthropic/claude-sonnet-4.5",
    provider_name="Amazon Bedrock",
    user_id="u",
    session_id="s",
    trace=TraceOptions(trace_name="T", metadata=(("a", 1), ("b.c", "x"))),
    usage=Usage(
        input_tokens=1,
        output_tokens=2,
        total_tokens=3,
        cached_tokens=4,
        reasoning_tokens=5,
        input_cost=0.25,
        output_cost=0.5,
        total_cost=0.75,
    ),
    prompt='{"messages":[]}',
    completion='{"completion":""}',
    finish_reason="stop",
    native_finish_reason="end_turn",
    failure=Failure(message="too late", kind="timeout", code="504"),
)
# In wire order, with the value when all is known, and whether the row is there when nothing is.
ROWS: list[tuple[str, Any, bool]] = [
    ("trace.name", "T", True),
    ("user.id", "u", False),
    ("session.id", "s", False),
    ("trace.metadata.a", 1, False),
    ("trace.metadata.b.c", "x", False),
    ("span.type", "generation", True),
    ("span.level", "ERROR", True),
    ("span.status_message", "too late", False),
    ("span.metadata.a", 1, False),
    ("span.metadata.b.c", "x", False),
    ("gen_ai.operation.name", "chat", True),
    ("gen_ai.system", "anthropic", False),
    ("gen_ai.provider.name", "anthropic", False),
    ("gen_ai.request.model", "anthropic/claude-sonnet-4.5", False),
    ("gen_ai.response.model", "anthropic/claude-sonnet-4.5", False),
    ("gen_ai.response.id", "gen-1", False),
    ("gen_ai.usage.input_tokens", 1, False),
    ("gen_ai.usage.output_tokens", 2, False),
    ("gen_ai.usage.total_tokens", 3, False),
    ("gen_ai.usage.input_cost", 0.25, False),
    ("gen_ai.usage.output_cost", 0.5, False),
    ("gen_ai.usage.total_cost", 0.75, False),
    ("gen_ai.prompt", '{"messages":[]}', False),
    ("gen_ai.completion", '{"completion":""}', False),
    ("gen_ai.usage.input_tokens.cached", 4, False),
    ("gen_ai.usage.output_tokens.reasoning", 5, False),
    ("gen_ai.response.finish_reasons", '["stop"]', False),
    ("gen_ai.response.finish_reason", "stop", False),
    ("trace.metadata.openrouter.source", "openrouter", True),
    ("trace.metadata.openrouter.user_id", "u", False),
    ("trace.metadata.openrouter.provider_name", "Amazon Bedrock", False),
    ("trace.metadata.openrouter.finish_reason", "end_turn", False),
]


def test_all_rows_stand_in_wire_order() -> None:
    """The order of captured deliveries; each row of the table is tested below."""
    table = {row.key for row in spans_module._GENERATION_ROWS if not row.key.endswith(".")}

    assert list(generation_span(FULL).attributes) == [key for key, _, _ in ROWS]
    assert table <= {key for key, _, _ in ROWS}


@pytest.mark.parametrize(("key", "value", "always"), ROWS, ids=[key for key, _, _ in ROWS])
def test_a_row_has_its_value_and_is_absent_when_nobody_reported_one(
    key: str, value: Any, always: bool
) -> None:
    """Missing is not zero."""
    nothing = Generation(key="gen-1", start_ns=1, end_ns=2)

    assert Attributes({key: generation_span(FULL).attributes[key]}) == Attributes({key: value})
    assert (key in generation_span(nothing).attributes) is always


def test_zero_is_a_value() -> None:
    """A free model costs nothing, which is something."""
    free = attrs.evolve(FULL, usage=Usage(input_tokens=0, total_cost=0.0))
    attributes = generation_span(free).attributes

    assert attributes["gen_ai.usage.input_tokens"] == 0
    assert attributes["gen_ai.usage.total_cost"] == 0.0


@pytest.mark.parametrize(
    ("response_model", "system"), [("openai/gpt-4o", "openai"), ("router", None), (None, "anthropic")]
)
def test_the_system_is_the_models_author(response_model: str | None, system: str | None) -> None:
    """Of the model that answered, else of the one that was asked; a slug without slash has none."""
    span = generation_span(attrs.evolve(FULL, response_model=response_model))

    assert span.attributes.get("gen_ai.system") == span.attributes.get("gen_ai.provider.name") == system


def test_custom_keys_lose_against_openrouters_own_and_are_counted() -> None:
    """Also where OpenRouter's own row is absent, so that a key means one thing."""
    metadata = (("openrouter.source", "x"), ("openrouter.provider_name", "x"), ("kept", 1), ("kept", 2))
    span = generation_span(
        attrs.evolve(GENERATION, provider_name=None, trace=TraceOptions(metadata=metadata))
    )

    assert span.attributes["trace.metadata.openrouter.source"] == "openrouter"
    assert "trace.metadata.openrouter.provider_name" not in span.attributes
    assert span.attributes["trace.metadata.kept"] == 1
    assert span.attributes.dropped_count == 4


def test_a_failure_is_told_in_status_level_message_and_event() -> None:
    """As captured when a client went away."""
    span = generation_span(FULL)

    assert span.status == Status(code=StatusCode.ERROR, message="too late")
    assert span.events == (
        Event(
            name="exception",
            time_ns=2,
            attributes={"exception.type": "Error", "exception.message": "too late"},
        ),
    )
    assert {item.status.code for item in spans_of(FULL)} == {StatusCode.ERROR}


@pytest.mark.parametrize(("answered", "code"), [(True, StatusCode.OK), (False, StatusCode.UNSET)])
def test_without_a_failure_an_answer_is_ok_and_no_answer_is_unset(answered: bool, code: StatusCode) -> None:
    """OpenRouter writes OK explicitly; what is not known is not claimed."""
    span = generation_span(attrs.evolve(GENERATION, answered=answered))

    assert span.status == Status(code=code)
    assert span.events == ()


def test_privacy_mode_leaves_out_content_and_nothing_else() -> None:
    """Prompt and completion are absent; an error keeps its kind and code."""
    open_span, private_span = generation_span(FULL), generation_span(FULL, privacy_mode=True)

    assert set(open_span.attributes) - set(private_span.attributes) == {"gen_ai.prompt", "gen_ai.completion"}
    assert private_span.status.message == "timeout (504)"
    assert private_span.attributes["span.status_message"] == "timeout (504)"
    assert private_span.events[0].attributes["exception.message"] == "timeout (504)"
    assert "too late" not in repr(private_span)


def test_every_row_that_is_content_is_known() -> None:
    """An allow-list: a new row that is content has to be named here."""
    content = [row.key for row in spans_module._GENERATION_ROWS if row.content]

    assert content == ["gen_ai.prompt", "gen_ai.completion"]
    assert [row.key for row in spans_module._PARENT_ROWS if row.content] == []


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


def test_the_summary_has_what_people_look_for() -> None:
    """Of a generation's span; other spans have none of it."""
    assert summary(generation_span(FULL)) == SpanSummary(
        model="anthropic/claude-sonnet-4.5", input_tokens=1, output_tokens=2, total_cost=0.75
    )
    assert summary(spans_of(FULL)[0]) == SpanSummary()
    assert (
        summary(generation_span(attrs.evolve(FULL, response_model=None))).model
        == "anthropic/claude-sonnet-4.5"
    )
