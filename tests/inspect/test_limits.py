# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Limits of others: the largest that is silent, and the smallest that is told."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Event, InstrumentationScope, Link, Resource, Span
from otlpjson.core.decoder import Message
from otlpjson.core.findings import Findings
from otlpjson.inspect.limits import check_message, check_size, check_traces

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"


def said(findings: Findings) -> list[str]:
    """The findings, all of them warnings."""
    assert {finding.severity.value for finding in findings.kept} <= {"warning"}
    return [f"{finding.path} {finding.message} {finding.rule}" for finding in findings.kept]


def of_message(message: Message) -> list[str]:
    """What is said of one message."""
    findings = Findings()
    check_message(message, (None, "m"), findings)
    return said(findings)


def span(**fields: Any) -> Span:
    return Span(trace_id=TRACE_ID, span_id=SPAN_ID, name="pay", start_ns=1, end_ns=2, **fields)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (500_000, []),
        (
            500_001,
            ["body expected at most 500000 bytes, Grafana Cloud's default burst, got 500001 bytes SND-3"],
        ),
        (
            1024 * 1024 + 1,
            [
                "body expected at most 500000 bytes, Grafana Cloud's default burst, got 1048577 bytes SND-3",
                "body expected a line of at most 1048576 bytes, which the Collector's file receiver reads,"
                " got 1048577 bytes FIL-2",
            ],
        ),
        (
            15 * 1024 * 1024 + 1,
            [
                "body expected at most 15728640 bytes, which Grafana's gateway accepts, got 15728641 bytes SND-3",
                "body expected a line of at most 1048576 bytes, which the Collector's file receiver reads,"
                " got 15728641 bytes FIL-2",
            ],
        ),
    ],
)
def test_a_body_that_is_too_large_is_told(size: int, expected: list[str]) -> None:
    findings = Findings()
    check_size(b"x" * size, findings)

    assert said(findings) == expected


def test_an_indented_body_is_no_line() -> None:
    """FIL-2 is about lines."""
    findings = Findings()
    check_size(b"x\n" * (512 * 1024 + 1), findings)

    assert [finding.rule for finding in findings.kept] == ["SND-3"]


def test_a_trace_that_is_too_large_is_told() -> None:
    """GC-5: all spans of one trace count together, each trace by itself."""
    text = "x" * 1_000_000
    other = Span(trace_id="1" * 32, span_id=SPAN_ID, name="pay", start_ns=1, end_ns=2, attributes={"a": text})
    findings = Findings()
    check_traces([span(attributes={"a": text}), other, *[span(attributes={"a": text})] * 2], findings)

    assert said(findings) == [
        "body expected at most 3000000 bytes of one trace, which Grafana Cloud keeps,"
        f" got about 3000639 bytes of trace {TRACE_ID} GC-5"
    ]


@pytest.mark.parametrize("count", [128, 129])
def test_too_many_attributes_events_and_links_are_told(count: int) -> None:
    """VAL-6: on spans, events and links; resources and scopes are exempt."""
    many = {f"k{index}": index for index in range(count)}
    link = Link(trace_id=TRACE_ID, span_id=SPAN_ID)
    words = "expected at most 128, OpenTelemetry's default limit, got 129 VAL-6"

    assert of_message(span(attributes=many, events=[Event(name="e")] * count, links=[link] * count)) == (
        [f"body.m.events {words}", f"body.m.links {words}", f"body.m.attributes {words}"]
        if count > 128
        else []
    )
    for message in (
        Event(name="e", attributes=many),
        Link(trace_id=TRACE_ID, span_id=SPAN_ID, attributes=many),
    ):
        assert of_message(message) == ([f"body.m.attributes {words}"] if count > 128 else [])
    assert of_message(Resource(attributes=many)) == of_message(InstrumentationScope(attributes=many)) == []


def test_a_value_that_tempo_cuts_is_told() -> None:
    """GC-2: keys and texts, counted in bytes; Tempo does not cut lists, maps and bytes."""
    attributes = {
        "fits": "x" * 2048,
        "cut": "x" * 2049,
        "wide": "é" * 1025,
        "short": "é" * 1024,
        "list": ["x" * 5000],
        "octets": b"x" * 5000,
        "k" * 2049: 1,
    }
    kept = "of at most 2048 bytes, which Tempo keeps"

    assert of_message(Resource(attributes=attributes)) == [
        f"body.m.attributes['cut'] expected a text {kept}, got 2049 bytes GC-2",
        f"body.m.attributes['wide'] expected a text {kept}, got 2050 bytes GC-2",
        f"body.m.attributes['{'k' * 60}…'] expected a key {kept}, got 2049 bytes GC-2",
    ]


def test_a_value_that_is_too_deep_for_some_is_told() -> None:
    """ENC-9: protobuf's JSON reader stops at about 31 nested maps."""
    fits: Any = 1
    for _ in range(30):
        fits = {"a": fits}

    assert of_message(span(attributes={"fits": fits, "deep": [fits], "empty": [], "flat": [1]})) == [
        "body.m.attributes['deep'] expected at most 30 nested lists and maps, which every reader accepts,"
        " got 31 ENC-9"
    ]
