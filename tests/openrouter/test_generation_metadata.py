# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Additional metadata that a destination asks for, and resource attributes of the user's choice."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import decode
from otlpjson.core.bodies import join
from otlpjson.core.errors import InvalidValue
from otlpjson.openrouter import Form, entries_of_generation, read_record, resource_spans, step_spans
from otlpjson.openrouter.spans.step import Step

RECORD: dict[str, Any] = {
    "request": {"model": "openai/gpt-4o", "messages": [], "stream": True, "trace": {"feature": "x"}},
    "response": {
        "id": "gen-1771005600-a",
        "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": 16,
            "completion_tokens": 4,
            "cost": 0.25,
            "prompt_tokens_details": {"cache_write_tokens": 3},
        },
    },
    "started_at": 1771005600000000000,
    "ended_at": 1771005601000000000,
    "generation": {
        "data": {
            "id": "gen-1771005600-a",
            "model": "openai/gpt-4o-2024-08-06",
            "streamed": False,
            "cancelled": False,
            "tokens_prompt": 6,
            "tokens_completion": 5,
            "is_byok": False,
            "external_user": "ann",
            "api_type": "completions",
            "service_tier": None,
            "web_search_engine": "exa",
            "num_search_results": 2,
            "num_fetches": 0,
            "num_media_prompt": 1,
            "num_input_audio_prompt": 0,
            "num_media_completion": 0,
            "upstream_inference_cost": 0,
            "app_id": 7,
        }
    },
}
BY_GROUP: dict[str, dict[str, Any]] = {
    "cost": {
        "usage": 0.25,
        "tokens_prompt": 6,
        "tokens_completion": 5,
        "is_byok": False,
        "cache_write_tokens": 3,
    },
    "identity": {"model": "openai/gpt-4o-2024-08-06", "external_user": "ann"},
    "request_context": {
        "api_type": "completions",
        "streamed": True,
        "cancelled": False,
        "web_search_engine": "exa",
        "num_search_results": 2,
        "num_fetches": 0,
        "num_media_prompt": 1,
        "num_input_audio_prompt": 0,
        "num_media_completion": 0,
    },
}


def attributes(record: Any, form: Form) -> dict[str, Any]:
    """Those of the span of the request."""
    traces = decode(join(entries_of_generation(read_record(record), form)))
    return dict(traces.resource_spans[0].scope_spans[0].spans[0].attributes)


def added(record: Any, **settings: Any) -> dict[str, Any]:
    """What is there besides, by the name behind the prefix; the same is below both prefixes."""
    found = attributes(record, Form(**settings))
    prefixes = ("trace.metadata.openrouter_generation.", "span.metadata.openrouter_generation.")
    first, second = (
        {key[len(prefix) :]: value for key, value in found.items() if key.startswith(prefix)}
        for prefix in prefixes
    )
    assert first == second
    assert len(found) - 2 * len(first) == len(attributes(record, Form()))
    return first


@pytest.mark.parametrize("group", BY_GROUP)
def test_a_group_adds_its_fields(group: str) -> None:
    """What is not reported is not there; what is not documented is not there either."""
    assert added(RECORD, generation_metadata=[group]) == BY_GROUP[group]


def test_privacy_mode_does_not_take_them_away() -> None:
    """As OpenRouter's dashboard says of identity fields, and its documentation of costs."""
    every = {name: value for group in BY_GROUP.values() for name, value in group.items()}

    assert added(RECORD, generation_metadata=tuple(BY_GROUP)) == every
    private = attributes(RECORD, Form(generation_metadata=list(BY_GROUP), privacy_mode=True))
    assert {f"trace.metadata.openrouter_generation.{name}" for name in every} <= set(private)


def test_without_the_record_there_is_what_the_answer_has() -> None:
    """The key of the last attempt tells whether it was the caller's own."""
    bare = {key: value for key, value in RECORD.items() if key != "generation"}
    attempts = [{"provider_name": "a", "is_byok": False}, {"provider_name": "b", "is_byok": True}]
    groups = tuple(BY_GROUP)

    assert added(bare, generation_metadata=groups) == {
        "usage": 0.25,
        "cache_write_tokens": 3,
        "streamed": True,
    }
    with_attempts = {**bare, "observed": {"provider_responses": attempts}}
    assert added(with_attempts, generation_metadata=["cost"])["is_byok"] is True


def test_the_callers_own_metadata_goes_before() -> None:
    """It has the same name only on purpose."""
    trace = {"openrouter_generation": {"usage": "mine"}}
    record = {**RECORD, "request": {**RECORD["request"], "trace": trace}}

    found = attributes(record, Form(generation_metadata=["cost"]))
    assert found["trace.metadata.openrouter_generation.usage"] == "mine"


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
def test_resource_attributes_are_on_every_resource(hierarchy: Any) -> None:
    """Beside OpenRouter's three, of which two can be replaced."""
    form = Form(
        hierarchy=hierarchy,
        resource_attributes={
            "deployment.environment.name": "prod",
            "service.name": "mine",
            "n": 7,
            "b": True,
        },
    )
    record = {**RECORD, "observed": {"provider_responses": [{"provider_name": "a"}]}}
    traces = decode(join(entries_of_generation(read_record(record), form)))
    resources = [dict(group.resource.attributes) for group in traces.resource_spans]

    assert resources[0] == {
        "service.name": "mine",
        "openrouter.trace.id": "gen-1771005600-a",
        "service.version": "1.0.0",
        "deployment.environment.name": "prod",
        "n": 7,
        "b": True,
    }
    assert resources == resources[:1] * len(resources)
    step = Step(trace_key="k", trace_name="t", span_id="1" * 16, name="s", start_ns=1, end_ns=2)
    assert dict(step_spans(step, form.resource_attributes).resource.attributes) == {
        **resources[0],
        "openrouter.trace.id": "k",
    }


def test_values_that_python_takes_for_equal_stay_apart() -> None:
    """Two destinations may have them at the same time, and what is made for one is not the other's."""
    generation = read_record(RECORD)
    sent = []
    for value in (1, True, 1.0, 1):
        form = Form(resource_attributes={"n": value})
        resources = [
            decode(join(entries_of_generation(generation, form))).resource_spans[0].resource,
            resource_spans(generation, resource_attributes={"n": value})[0].resource,
        ]
        assert resources[0] == resources[1]
        sent.append(resources[0].attributes["n"])

    assert [(value, type(value)) for value in sent] == [(1, int), (True, bool), (1.0, float), (1, int)]
    forms = {Form(resource_attributes={"n": value}) for value in (1, True, 1.0, 1)}
    assert len(forms) == 3
    assert Form(resource_attributes={"n": 1}).resource_attributes != (("n", True),)
    assert Form(resource_attributes={"n": 1}).resource_attributes != "n"


CANARY = "canary"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (CANARY, "resource_attributes"),
        (None, "resource_attributes"),
        ([(CANARY, "b")], "resource_attributes"),
        ({str(number): "x" for number in range(65)}, "resource_attributes"),
        ({"": CANARY}, "resource_attributes"),
        ({"a.": CANARY}, "resource_attributes"),
        ({7: CANARY}, "resource_attributes"),
        ({"openrouter.trace.id": CANARY}, "resource_attributes"),
        ({"a": [CANARY]}, "resource_attributes.a"),
        ({"a": CANARY * 1000}, "resource_attributes.a"),
    ],
)
def test_other_resource_attributes_are_refused(value: Any, path: str) -> None:
    """And no value is shown."""
    with pytest.raises(InvalidValue) as caught:
        Form(resource_attributes=value)

    assert caught.value.path == path
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("value", ["cost", ["costs"], [1], None])
def test_another_group_is_refused(value: Any) -> None:
    """With those that there are."""
    with pytest.raises(InvalidValue) as caught:
        Form(generation_metadata=value)

    assert caught.value.expected == "a list of cost, identity, request_context"
