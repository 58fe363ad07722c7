# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a span says beyond its line, each value with its type."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Attributes, Event, Link, Resource, Span, SpanKind
from otlpjson.cli.drawing.details import Detail, resource_details, span_details

TRACE, SPAN = f"{1:032x}", f"{2:016x}"


def span(**fields: Any) -> Span:
    """A span that says nothing more than is given."""
    return Span(trace_id=TRACE, span_id=SPAN, name="n", start_ns=1000, end_ns=2000, **fields)


def words(of: Span) -> list[str]:
    """The lines without attributes."""
    return [detail.key for detail in span_details(of, 1000) if not detail.kind]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("12", "text", "12"),
        ("", "text", ""),
        (12, "int", "12"),
        (12.0, "double", "12.0"),
        (float("nan"), "double", "NaN"),
        (float("-inf"), "double", "-Infinity"),
        (True, "bool", "true"),
        (b"\x00\xff", "bytes", "00ff"),
        (None, "empty", ""),
        (["a", 1, 1.0, None, b"\x01", [False]], "array", '["a", 1, 1.0, null, 0x01, [false]]'),
        ({"é": {"b": []}}, "map", '{"é": {"b": []}}'),
    ],
)
def test_a_value_is_shown_with_its_type(value: Any, kind: str, text: str) -> None:
    """A text is itself; in arrays and maps it has quotes."""
    assert [*span_details(span(attributes={"key": value}), 0)][1:] == [
        Detail(level=0, key="key", kind=kind, value=text)
    ]


def test_ids_kind_and_context_come_first() -> None:
    """A kind that nobody knows is its number."""
    assert words(span()) == [f"span {SPAN}, kind internal"]
    assert words(span(kind=SpanKind.CLIENT, trace_state="k=v", flags=257)) == [
        f"span {SPAN}, kind client, trace state k=v, flags 257"
    ]
    assert words(span(kind=77)) == [f"span {SPAN}, kind 77"]


def test_events_and_links_follow_with_their_own_attributes() -> None:
    """An event's time is counted from the trace's start; it may lie before it, or be unknown."""
    events = [
        Event(name="late", time_ns=2500, attributes={"a": 1}),
        Event(name="early", time_ns=400),
        Event(name="some time"),
    ]
    link = Link(trace_id=TRACE, span_id=SPAN, trace_state="k=v", attributes=Attributes({}, dropped_count=2))
    details = [*span_details(span(events=events, links=[link]), 1000)]

    assert details[1:] == [
        Detail(level=0, key="event late at 1.5 us"),
        Detail(level=1, key="a", kind="int", value="1"),
        Detail(level=0, key="event early at -600 ns"),
        Detail(level=0, key="event some time"),
        Detail(level=0, key=f"link to span {SPAN} of trace {TRACE}, trace state k=v"),
        Detail(level=1, key="2 attributes dropped"),
    ]


def test_what_was_dropped_is_counted() -> None:
    """Attributes, events and links, each at its end."""
    of = span(attributes=Attributes({}, dropped_count=1), dropped_events_count=2, dropped_links_count=1)

    assert words(of)[1:] == ["1 attribute dropped", "2 events dropped", "1 link dropped"]


def test_a_resource_tells_its_attributes() -> None:
    """An empty one tells nothing."""
    assert [*resource_details(Resource())] == []
    assert [*resource_details(Resource(attributes={"service.name": "shop"}))] == [
        Detail(level=0, key="resource"),
        Detail(level=1, key="service.name", kind="text", value="shop"),
    ]
