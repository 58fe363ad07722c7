# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is a difference between two traces, what is none, and how it is told."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    TracesData,
    decode,
    encode,
)
from otlpjson.inspect.diff_words import Difference
from otlpjson.inspect.differ import diff

from .. import strategies
from ..cases.bodies import body, everything, span

OTHER_ID = "00f067aa0ba902b7"
PAY = 'span eee19b7ec3c1b174 "pay"'


def told(left: TracesData, right: TracesData) -> list[str]:
    """The differences as sentences."""
    return [str(difference) for difference in diff(left, right)]


def group(*spans: Span, resource: dict[str, Any] | None = None, **members: Any) -> ResourceSpans:
    """A group with one scope."""
    scope = ScopeSpans(spans=spans, **members)
    return ResourceSpans(resource=Resource(attributes=resource or {}), scope_spans=[scope])


def test_what_is_equal_has_no_difference() -> None:
    """Also where nothing is the same object."""
    assert diff(everything(), everything()) == ()
    assert diff(TracesData(), TracesData()) == ()


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        ({"name": "buy"}, {}, f'{PAY[:-5]}"buy": name: "buy" in A, "pay" in B'),
        ({"kind": SpanKind.CLIENT}, {"kind": 42}, f"{PAY}: kind: 3 (CLIENT) in A, 42 in B"),
        ({"start_ns": 5}, {"start_ns": 6}, f"{PAY}: start_ns: 5 in A, 6 in B"),
        ({"end_ns": 0}, {}, f"{PAY}: end_ns: 0 in A, 1771005601203000000 in B"),
        ({"parent_span_id": OTHER_ID}, {}, f'{PAY}: parent_span_id: "{OTHER_ID}" in A, nothing in B'),
        ({"trace_state": "a=1"}, {"trace_state": "a=2"}, f'{PAY}: trace_state: "a=1" in A, "a=2" in B'),
        ({"flags": 1}, {"flags": 257}, f"{PAY}: flags: 1 in A, 257 in B"),
        ({"status": Status(code=1)}, {}, f"{PAY}: status.code: 1 (OK) in A, 0 (UNSET) in B"),
        (
            {"status": Status(code=2, message="no")},
            {"status": Status(code=2)},
            f'{PAY}: status.message: "no" in A, "" in B',
        ),
        ({"dropped_events_count": 2}, {}, f"{PAY}: dropped_events_count: 2 in A, 0 in B"),
        ({"dropped_links_count": 2}, {}, f"{PAY}: dropped_links_count: 2 in A, 0 in B"),
        (
            {"attributes": Attributes({}, dropped_count=3)},
            {},
            f"{PAY}: attributes.dropped_count: 3 in A, 0 in B",
        ),
        (
            {"events": [Event(name="a", time_ns=1)]},
            {"events": [Event(name="a", time_ns=2)]},
            f"{PAY}: events[0].time_ns: 1 in A, 2 in B",
        ),
        (
            {"events": [Event(name="a", attributes={"k": 1})]},
            {"events": [Event(name="a", attributes={"k": 2})]},
            f"{PAY}: events[0].attributes['k']: int 1 in A, int 2 in B",
        ),
        ({"events": [Event(name="a")]}, {}, f'{PAY}: events[0]: "a" in A, nothing in B'),
        ({}, {"events": [Event(name="a")]}, f'{PAY}: events[0]: nothing in A, "a" in B'),
        (
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16)]},
            {"links": [Link(trace_id="1" * 32, span_id="3" * 16)]},
            f'{PAY}: links[0].span_id: "{"2" * 16}" in A, "{"3" * 16}" in B',
        ),
        (
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16, attributes={"k": 1})]},
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16)]},
            f"{PAY}: links[0].attributes['k']: int 1 in A, nothing in B",
        ),
        (
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16, flags=1)]},
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16)]},
            f"{PAY}: links[0].flags: 1 in A, 0 in B",
        ),
        (
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16, trace_state="a=1")]},
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16)]},
            f'{PAY}: links[0].trace_state: "a=1" in A, "" in B',
        ),
        (
            {},
            {"links": [Link(trace_id="1" * 32, span_id="2" * 16)]},
            f"{PAY}: links[0]: nothing in A, span {'2' * 16} of trace {'1' * 32} in B",
        ),
    ],
)
def test_each_field_of_a_span_counts(left: dict[str, Any], right: dict[str, Any], sentence: str) -> None:
    """Whatever differs is one sentence."""
    assert told(body(span(**left)), body(span(**right))) == [sentence]


@pytest.mark.parametrize(
    ("left", "right", "sentence"),
    [
        (12, 12.0, "['k']: int 12 in A, double 12.0 in B"),
        (1, True, "['k']: int 1 in A, bool true in B"),
        ("1", 1, "['k']: text \"1\" in A, int 1 in B"),
        ("a", b"a", "['k']: text \"a\" in A, 1 bytes 61 in B"),
        (None, "", "['k']: an empty value in A, text \"\" in B"),
        (0.0, -0.0, "['k']: double 0.0 in A, double -0.0 in B"),
        ([1, 2], [2, 1], None),
        ([1], [1, "b"], "['k'][1]: nothing in A, text \"b\" in B"),
        ([1, None], [1], "['k'][1]: an empty value in A, nothing in B"),
        ([{"x": [1.5]}], [{"x": [2.5]}], "['k'][0]['x'][0]: double 1.5 in A, double 2.5 in B"),
        ({"x": 1, "y": 2}, {"y": 2}, "['k']['x']: int 1 in A, nothing in B"),
        ({}, [], "['k']: map of 0 in A, array of 0 in B"),
    ],
)
def test_values_are_compared_with_their_types_and_to_the_bottom(
    left: Any, right: Any, sentence: str | None
) -> None:
    """Arrays by index, maps by key."""
    expected = (
        [f"{PAY}: attributes{sentence}"]
        if sentence
        else [
            f"{PAY}: attributes['k'][0]: int 1 in A, int 2 in B",
            f"{PAY}: attributes['k'][1]: int 2 in A, int 1 in B",
        ]
    )

    assert told(body(span(attributes={"k": left})), body(span(attributes={"k": right}))) == expected


def test_a_long_text_is_told_where_it_begins_to_differ() -> None:
    """Of a status message too; the place is a field as well."""
    left, right = "p" * 100 + "x", "p" * 100 + "y"
    message = {"status": Status(code=2, message=left)}, {"status": Status(code=2, message=right)}
    attribute = {"attributes": {"prompt": left}}, {"attributes": {"prompt": right}}

    assert diff(body(span(**attribute[0])), body(span(**attribute[1])), names=("old", "new")) == (
        Difference(
            path=f"{PAY}: attributes['prompt']",
            left=f'text …"{"p" * 20}x" of 101 characters',
            right=f'text …"{"p" * 20}y" of 101 characters',
            position=100,
            names=("old", "new"),
        ),
    )
    assert told(body(span(**message[0])), body(span(**message[1]))) == [
        f'{PAY}: status.message from position 100 on: …"{"p" * 20}x" of 101 characters in A, '
        f'…"{"p" * 20}y" of 101 characters in B'
    ]


def test_order_and_grouping_are_no_difference() -> None:
    """Of attributes, of keys in maps, of spans, of groups; and spans with the same around them may be apart."""
    one = span(attributes={"a": 1, "m": {"x": 1, "y": float("nan")}})
    same = span(attributes={"m": {"y": float("nan"), "x": 1}, "a": 1})
    two = span(span_id=OTHER_ID)
    around = {"service.name": "shop", "host": "h"}
    left = TracesData(resource_spans=[group(one, two, resource=around), group(span(trace_id="1" * 32))])
    turned = {"host": "h", "service.name": "shop"}
    right = TracesData(
        resource_spans=[
            group(span(trace_id="1" * 32)),
            group(two, resource=turned),
            group(same, resource=turned),
        ]
    )

    assert told(left, right) == []


def test_spans_are_matched_by_both_ids_and_the_rest_is_told() -> None:
    """In the order of the left side, then what only the right side has."""
    a, b, c = (span(span_id=digit * 16, name=digit) for digit in "abc")
    elsewhere = span(span_id="a" * 16, trace_id="1" * 32)

    assert told(body(a, b), body(elsewhere, c, attrs.evolve(b, flags=1))) == [
        f'span {"a" * 16} "a" only in A',
        f'span {"b" * 16} "b": flags: 0 in A, 1 in B',
        f'span {"a" * 16} "pay" only in B',
        f'span {"c" * 16} "c" only in B',
    ]


def test_a_span_given_several_times_is_matched_in_order_of_occurrence() -> None:
    """The first with the first, and what is left over is told."""
    left = body(span(flags=1), span(flags=2), span(flags=3))

    assert told(left, body(span(flags=1), span(flags=5))) == [
        f"{PAY}: flags: 2 in A, 5 in B",
        f"{PAY} only in A",
    ]


def test_what_surrounds_spans_is_told_once_for_all_of_them() -> None:
    """With how many spans it concerns, also where they lie in several groups; first of all."""
    spans = [span(span_id=digit * 16, name=digit) for digit in "abc"]
    scope = InstrumentationScope(name="lib", version="1", attributes={"k": 1})
    left = [group(*spans[:2], resource={"service.name": "shop"}, scope=scope), group(spans[2])]
    right = [
        group(spans[0], resource={"service.name": "till"}, schema_url="https://example.org/2"),
        group(spans[1], resource={"service.name": "till"}),
        attrs.evolve(group(attrs.evolve(spans[2], flags=1)), schema_url="https://example.org/1"),
    ]

    assert told(TracesData(resource_spans=left), TracesData(resource_spans=right)) == [
        f"resource of 2 spans, the first {'a' * 16} \"a\": attributes['service.name']: "
        'text "shop" in A, text "till" in B',
        f'scope of 2 spans, the first {"a" * 16} "a": name: "lib" in A, "" in B',
        f'scope of 2 spans, the first {"a" * 16} "a": version: "1" in A, "" in B',
        f"scope of 2 spans, the first {'a' * 16} \"a\": attributes['k']: int 1 in A, nothing in B",
        f'scope of span {"a" * 16} "a": schema_url: "" in A, "https://example.org/2" in B',
        f'resource of span {"c" * 16} "c": schema_url: "" in A, "https://example.org/1" in B',
        f'span {"c" * 16} "c": flags: 0 in A, 1 in B',
    ]


def test_one_scope_in_two_groups_is_surrounded_by_both() -> None:
    """A value may be used twice; what lies around it still counts."""
    shared = ScopeSpans(spans=[span()])
    left = [ResourceSpans(scope_spans=[shared])] * 2
    right = [
        ResourceSpans(scope_spans=[shared]),
        ResourceSpans(scope_spans=[shared], resource=Resource(attributes={"k": 1})),
    ]

    assert told(TracesData(resource_spans=left), TracesData(resource_spans=right)) == [
        f"resource of {PAY}: attributes['k']: nothing in A, int 1 in B"
    ]
    assert told(TracesData(resource_spans=right), TracesData(resource_spans=left)) == [
        f"resource of {PAY}: attributes['k']: int 1 in A, nothing in B"
    ]


def test_groups_without_spans_count() -> None:
    """Equal ones are set aside, in any order of keys; the others are compared in order."""
    equal = {"a": 1, "b": [1.0, "x"]}, {"b": [1.0, "x"], "a": 1}
    named = InstrumentationScope(name="lib")
    left = [group(resource=equal[0]), group(resource={"k": 1}, scope=named), ResourceSpans()]
    right = [group(resource={"k": 2}), group(resource=equal[1])]

    assert told(TracesData(resource_spans=left), TracesData(resource_spans=right)) == [
        "group 1 without spans: attributes['k']: int 1 in A, int 2 in B",
        'group 1 without spans: scope.name: "lib" in A, "" in B',
        "group 2 without spans only in A",
    ]
    assert told(TracesData(resource_spans=right[:1] * 3), TracesData(resource_spans=right[:1] * 2)) == [
        "group 1 without spans only in A"
    ]
    assert told(TracesData(), TracesData(resource_spans=[ResourceSpans()])) == [
        "group 1 without spans only in B"
    ]
    assert told(TracesData(resource_spans=left), TracesData(resource_spans=left[::-1])) == []


@given(strategies.traces)
def test_traces_do_not_differ_from_what_their_bytes_hold(traces: TracesData) -> None:
    """A law: encoding and decoding loses nothing that counts."""
    assert diff(traces, decode(encode(traces))) == ()


@given(strategies.traces, strategies.traces)
def test_what_differs_differs_both_ways(left: TracesData, right: TracesData) -> None:
    """A law: as many differences from either side, and none where the bytes are the same."""
    assert len(diff(left, right)) == len(diff(right, left))
    assert diff(left, right) == () or encode(left) != encode(right)
