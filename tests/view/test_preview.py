# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a page shows of a span first: of a bounded size, with places where the rest is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.core.model import Event, Link, Resource, Span, Status, StatusCode
from otlpjson.core.traces import traces_of
from otlpjson.view.preview import preview_of, text_at

from .spans import fixture, span

LONG = "long " * 10_000
NO_RESOURCE = Resource()


def of(one: Span, resource: Resource = NO_RESOURCE) -> dict[str, Any]:
    """The preview of a span."""
    text = preview_of(one, resource)
    assert text.isascii()
    found: dict[str, Any] = json.loads(text)
    return found


def talking(*messages: dict[str, Any], **members: Any) -> Span:
    """A span with a prompt of these messages."""
    return span(1, attributes={"gen_ai.prompt": json.dumps({"messages": messages}), **members})


def test_a_preview_has_everything_about_a_small_span() -> None:
    """Ids, times as texts, attributes with types, events, links, what was dropped."""
    one = span(
        1,
        2,
        3,
        kind=42,
        trace_state="a=b",
        flags=257,
        status=Status(code=StatusCode.ERROR, message="it broke"),
        attributes={"text": "a", "number": 1, "list": ["x", 2.5]},
        events=(Event(name="exception", time_ns=5, attributes={"exception.message": "boom"}),),
        links=(Link(trace_id="02" * 16, span_id="02" * 8),),
        dropped_events_count=1,
        dropped_links_count=2,
    )

    assert of(one, Resource(attributes={"service.name": "shop"})) == {
        "trace_id": f"{1:032x}",
        "span_id": f"{2:016x}",
        "parent_span_id": f"{3:016x}",
        "name": "span 2",
        "kind": "42",
        "start_ns": "1771005600000000000",
        "end_ns": "1771005601000000000",
        "trace_state": "a=b",
        "flags": 257,
        "status": 2,
        "message": {"text": "it broke"},
        "conversation": {
            "messages": [],
            "has_completion": False,
            "left_out": 0,
            "tools": {"text": ""},
            "parameters": {"text": ""},
        },
        "attributes": [
            {"key": "text", "type": "text", "text": "a"},
            {"key": "number", "type": "int", "text": "1"},
            {"key": "list", "type": "array", "text": '["x", 2.5]'},
        ],
        "resource": [{"key": "service.name", "type": "text", "text": "shop"}],
        "events": [
            {
                "name": "exception",
                "time_ns": "5",
                "attributes": [{"key": "exception.message", "type": "text", "text": "boom"}],
            }
        ],
        "links": [{"trace_id": "02" * 16, "span_id": "02" * 8}],
        "dropped": {"attributes": 0, "events": 1, "links": 2},
    }


def test_the_conversation_is_that_of_the_span() -> None:
    """Numbered, with the kinds of its parts."""
    ((one,),) = [trace.spans for trace in traces_of([fixture("chat_reasoning")])]
    found = of(one)["conversation"]

    assert found["has_completion"] is True
    assert [(message["number"], message["role"]) for message in found["messages"]] == [
        (0, "user"),
        (1, "assistant"),
        (2, "user"),
        (3, "assistant"),
    ]
    assert found["messages"][3]["parts"] == [
        {"kind": "reasoning", "name": "", "call_id": "", "text": "Not by 2, 3, 5 or 7."},
        {"kind": "text", "name": "", "call_id": "", "text": "Yes, 97 is prime."},
    ]
    assert of(one)["kind"] == "client"


def test_long_texts_are_cut_and_can_be_asked_for() -> None:
    """Each names its place and its length."""
    one = span(
        1,
        status=Status(code=StatusCode.ERROR, message=LONG),
        attributes={
            "a": 1,
            "long": LONG,
            "gen_ai.prompt": json.dumps({"messages": [{"role": "user", "content": ["x", LONG]}]}),
            "gen_ai.completion": json.dumps({"completion": "y", "rawRequest": {"p": LONG}, "tools": [LONG]}),
        },
        events=(Event(name="e", attributes={"k": 1, "long": LONG}),),
    )
    resource = Resource(attributes={"long": LONG})
    found = of(one, resource)
    places = {
        "message": found["message"],
        "messages.0.1": found["conversation"]["messages"][0]["parts"][1],
        "tools": found["conversation"]["tools"],
        "parameters": found["conversation"]["parameters"],
        "attributes.1": found["attributes"][1],
        "resource.0": found["resource"][0],
        "events.0.1": found["events"][0]["attributes"][1],
    }
    for place, cut in places.items():
        whole = text_at(one, resource, place)

        assert whole is not None and LONG in whole, place
        assert (cut["at"], cut["length"]) == (place, len(whole))
        assert cut["text"] == whole[: len(cut["text"])]
        assert len(cut["text"]) in (2_000, 20_000)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "nonsense",
        "messages",
        "messages.0",
        "messages.5.0",
        "messages.0.5",
        "messages.0.0.0",
        "messages.-1.0",
        "messages.a.b",
        "messages.²",
        "attributes",
        "attributes.99",
        "attributes.0.0",
        "attributes.9999999999",
        "events.0.0",
        "events.0",
        "resource.0",
        "message.0",
    ],
)
def test_a_place_that_is_not_there_has_no_text(place: str) -> None:
    """Whatever is asked for."""
    one = talking({"role": "user", "content": "x"})

    assert text_at(one, Resource(), place) is None


def test_a_long_conversation_shows_its_first_and_its_newest_messages() -> None:
    """At most two hundred, and at most so many characters."""
    many = of(talking(*({"role": "user", "content": f"{number}"} for number in range(1000))))["conversation"]
    large = of(talking(*({"role": "user", "content": f"{number} {LONG}"} for number in range(100))))
    one = of(talking({"role": "user", "content": [LONG] * 60}))["conversation"]

    assert [message["number"] for message in many["messages"]] == [0, *range(800, 1000)]
    assert many["left_out"] == 799
    assert [message["number"] for message in large["conversation"]["messages"]] == [0, *range(80, 100)]
    assert (len(one["messages"][0]["parts"]), one["messages"][0]["left_out"], one["left_out"]) == (50, 10, 0)


def test_a_span_of_any_size_has_a_small_preview() -> None:
    """Keys, names, roles, events and links too."""
    huge = "x" * 3_000_000
    one = span(
        1,
        name=huge,
        attributes={f"{number}{huge[:9000]}": huge[:9000] for number in range(700)},
        events=tuple(Event(name=huge) for _ in range(3)) + tuple(Event(name="e") for _ in range(600)),
        links=tuple(Link(trace_id="02" * 16, span_id="02" * 8) for _ in range(600)),
    )
    found = of(one)

    assert len(preview_of(one, Resource())) < 3_000_000
    assert len(found["attributes"]) == 500
    assert found["dropped"] == {"attributes": 0, "events": 103, "links": 100}
    role = of(talking({"role": huge, "content": "x", "tool_call_id": huge}))
    assert len(json.dumps(role)) < 100_000


def test_lone_surrogates_are_escapes() -> None:
    """JSON can hold them, UTF-8 cannot."""
    one = span(1, attributes={"gen_ai.prompt": '{"messages":[{"role":"user","content":"\\ud800"}]}'})

    assert of(one)["conversation"]["messages"][0]["parts"][0]["text"] == "\ud800"
