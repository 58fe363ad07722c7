# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Everything there is to say of a body: all at once, with weight, place and rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import encode
from otlpjson.core.lines import documents
from otlpjson.inspect.checker import Checked, check, check_lines

from .. import FIXTURES
from ..captured import CAPTURES, needs_captures
from ..cases import bodies

SPAN: dict[str, Any] = {
    "traceId": "0af7651916cd43dd8448eb211c80319c",
    "spanId": "b7ad6b7169203331",
    "name": "pay",
    "kind": 1,
    "startTimeUnixNano": "1",
    "endTimeUnixNano": "2",
}
PLACE = "body.resourceSpans[0].scopeSpans[0].spans[0]"


def body(*spans: Any) -> bytes:
    """A body with these spans."""
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def said(checked: Checked) -> list[str]:
    """The findings; an error, and nothing else, makes that a body does not pass."""
    assert checked.passed is not any(found.severity.value == "error" for found in checked.findings)
    return [f"{found.severity.value} {found.path} {found.message} {found.rule}" for found in checked.findings]


def test_all_errors_are_found_at_once() -> None:
    """A strict reader would end at the first."""
    wrong = {**SPAN, "traceId": "5b8e", "kind": "SERVER", "endTimeUnixNano": "0x1", "flags": -1}

    assert said(check(body(wrong, 7))) == [
        f"error {PLACE}.traceId expected 32 hex digits, not all zero, got text '5b8e' DEC-2",
        f"error {PLACE}.flags expected a whole number from 0 to 2**32 - 1, got number -1 PROTO",
        f"error {PLACE}.kind expected the number of an enum's member, got text 'SERVER' DEC-3",
        f"error {PLACE}.endTimeUnixNano expected a whole number, bare or as decimal text, got text '0x1' PROTO",
        "error body.resourceSpans[0].scopeSpans[0].spans[1] expected an object, got number 7 PROTO",
    ]


def test_warnings_and_notes_let_a_body_pass() -> None:
    """What is unknown, too much for some, or only odd."""
    odd = {**SPAN, "kind": 9, "colour": "red", "parentSpanId": "00f067aa0ba902b7", "flags": None}
    odd["attributes"] = [{"key": "a", "value": {"stringValue": "x" * 2049}}]

    assert said(check(body(odd))) == [
        f"warning {PLACE}.colour unknown field DEC-7",
        f"warning {PLACE}.flags null ENC-8",
        f"warning {PLACE}.kind expected a number from 0 to 5, got number 9 DEC-3",
        f"warning {PLACE}.attributes['a'] expected a text of at most 2048 bytes, which Tempo keeps, got 2049 bytes GC-2",
        f"note {PLACE} parent span 00f067aa0ba902b7 is not in this body VAL-9",
    ]


def test_a_long_text_is_told_at_its_place_wherever_attributes_are() -> None:
    """GC-2: of resources, scopes, spans, events and links."""
    long = {"attributes": [{"key": "a", "value": {"stringValue": "x" * 2049}}]}
    link = {"traceId": SPAN["traceId"], "spanId": SPAN["spanId"], **long}
    span = {**SPAN, **long, "events": [{"name": "e", **long}], "links": [link]}
    group = {"resource": long, "scopeSpans": [{"scope": {"name": "s", **long}, "spans": [span]}]}
    found = check(json.dumps({"resourceSpans": [group]}).encode()).findings

    assert [(finding.rule, finding.path) for finding in found] == [
        ("GC-2", "body.resourceSpans[0].resource.attributes['a']"),
        ("GC-2", "body.resourceSpans[0].scopeSpans[0].scope.attributes['a']"),
        ("GC-2", f"{PLACE}.events[0].attributes['a']"),
        ("GC-2", f"{PLACE}.links[0].attributes['a']"),
        ("GC-2", f"{PLACE}.attributes['a']"),
    ]


def test_spans_are_looked_at_as_a_whole_also_across_groups() -> None:
    """Duplicate ids and cycles are found across groups; a cycle is an error."""
    cycle = {**SPAN, "parentSpanId": SPAN["spanId"]}
    two = json.dumps({"resourceSpans": [json.loads(body(cycle))["resourceSpans"][0]] * 2}).encode()

    assert said(check(two)) == [
        "warning body.resourceSpans[1].scopeSpans[0].spans[0] duplicate span id b7ad6b7169203331 VAL-8",
        f"error {PLACE} parent cycle of 1 span VAL-9",
    ]


@pytest.mark.parametrize("empty", [b"{}", b'{"resourceSpans":[]}', b'{"resourceSpans":[{}]}'])
def test_no_spans_at_all_is_a_note(empty: bytes) -> None:
    """Legal, though nobody should send it."""
    assert said(check(empty)) == ["note body no spans VAL-9"]


def test_spans_that_cannot_be_read_are_spans_all_the_same() -> None:
    """So there is no note about none."""
    without_ids = {**SPAN, "traceId": ""}

    assert [text.split()[0] for text in said(check(body(7)))] == ["error"]
    assert [text.split()[0] for text in said(check(body(without_ids)))] == ["error"]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (b"", "error body expected one JSON object, got nothing JSON"),
        (b"[]", "error body expected an object, got a list PROTO"),
        (b"{}{}", "error body more text after the JSON value, at character 2 JSON"),
        (b"\xef\xbb\xbf{}", "error body byte order mark JSON"),
        (
            b'{"resourceSpans":[',
            "error body expected one JSON object, got text that is not JSON"
            " (Expecting value: line 1 column 19 (char 18)) JSON",
        ),
    ],
)
def test_what_is_no_body_is_a_finding_too(document: bytes, found: str) -> None:
    """Nothing is raised."""
    assert said(check(document))[0] == found


def test_a_body_that_is_too_large_to_be_read_is_a_finding() -> None:
    assert said(check(b"{}", max_bytes=1)) == ["error body expected at most 1 bytes, got 2 SND-3"]


def test_the_size_of_a_trace_counts_where_the_body_is_as_large() -> None:
    """GC-5, after what is said of the body's own size."""
    half = {**SPAN, "name": "x" * 1_600_000}

    assert [finding.rule for finding in check(body(half, {**half, "spanId": "1" * 16})).findings] == [
        "SND-3",
        "FIL-2",
        "GC-5",
    ]


@pytest.mark.slow
def test_findings_beyond_ten_thousand_are_counted() -> None:
    """A hostile body has a million; an error among those that are not kept still counts."""
    odd = body(*[{**SPAN, "name": ""}] * 6000, 7)
    checked = check(odd)

    assert (len(checked.findings), checked.passed) == (10_000, False)
    # The size, the wrong item, the names, and each span after the first is the same again.
    assert checked.omitted == 1 + 1 + 6000 + 5999 - 10_000


def test_each_line_of_a_file_is_a_body_with_its_number() -> None:
    """Blank lines aside; an indented body is one from its first line on."""
    lines = [b"\n", b"{}\n", b"{]\n", b"\n", body(SPAN) + b"\n"]
    indented = json.dumps(json.loads(body(SPAN)), indent=1).encode().splitlines(keepends=True)

    assert [(number, checked.passed) for number, checked in check_lines(lines)] == [
        (2, True),
        (3, False),
        (5, True),
    ]
    assert [(number, said(checked)) for number, checked in check_lines(indented)] == [(1, [])]
    assert list(check_lines([])) == []


def test_a_byte_order_mark_is_told_once() -> None:
    """At the first body of the file, which receivers would refuse."""
    marked = [b"\xef\xbb\xbf" + body(SPAN) + b"\n", body(SPAN) + b"\n"]

    assert [said(checked) for _, checked in check_lines(marked)] == [
        ["error body byte order mark JSON"],
        [],
    ]


GOLDENS = sorted([*FIXTURES.glob("encode/*.json"), *FIXTURES.glob("openrouter/*/body*.json")])


def test_what_this_package_writes_has_no_error() -> None:
    """Whatever was put in, a receiver can take what came out."""
    for path in GOLDENS:
        ((number, checked),) = check_lines(path.read_bytes().splitlines(keepends=True))

        assert (number, checked.passed) == (1, True), path
    assert len(GOLDENS) > 80


def test_the_body_with_everything_is_quiet_but_for_its_odd_values() -> None:
    assert {finding.severity.value for finding in check(encode(bodies.everything())).findings} <= {
        "warning",
        "note",
    }


ID = "hex digits, not all zero, got text '' VAL-1"
FOUND = {
    "vectors/jaeger-otlp2jaeger-in.json": [
        f"note {PLACE} parent span 909541b92cf05311 is not in this body VAL-9",
        f"note {PLACE[:-3]}[1] parent span 909541b92cf05311 is not in this body VAL-9",
    ],
    "vectors/java-expected-spans-wrapper.json": [],
    "vectors/proto-trace.json": [f"note {PLACE} parent span eee19b7ec3c1b173 is not in this body VAL-9"],
    "vectors/spec-file-exporter.jsonl": [
        f"error {PLACE}.traceId expected 32 {ID}",
        f"error {PLACE}.spanId expected 16 {ID}",
        f"error {PLACE[:-3]}[1].traceId expected 32 {ID}",
        f"error {PLACE[:-3]}[1].spanId expected 16 {ID}",
        f"error {PLACE[:-3]}[1].links[0].traceId expected 32 {ID}",
        f"error {PLACE[:-3]}[1].links[0].spanId expected 16 {ID}",
        f"error {PLACE[:-3]}[1].links[1].traceId expected 32 {ID}",
        f"error {PLACE[:-3]}[1].links[1].spanId expected 16 {ID}",
    ],
    "captures/client-disconnected.json": [],
    "captures/connection-test.json": [],
    "captures/grafana-guide-request.json": [],
    "captures/streamed-tool-call.json": [],
    "captures/collector/every-type.file.json": [
        f"warning {PLACE}.attributes['t.long'] expected a text of at most 2048 bytes, which Tempo keeps, got 3000 bytes GC-2",
        f"warning {PLACE}.attributes['t.long_multibyte'] expected a text of at most 2048 bytes, which Tempo keeps, got 3001 bytes GC-2",
        f"note {PLACE} parent span 00f067aa0ba902b7 is not in this body VAL-9",
    ],
}
FOUND["captures/tempo/every-type.sent.json"] = FOUND["captures/collector/every-type.file.json"]


@pytest.mark.captures
@needs_captures
@pytest.mark.parametrize("name", sorted(FOUND))
def test_public_bodies_have_the_findings_that_they_should(name: str) -> None:
    """Empty ids in the specification's own sample; no more."""
    path = CAPTURES.parent / name
    ((_, document),) = documents(path.read_bytes().splitlines(keepends=True))

    assert said(check(document)) == FOUND[name]


def test_ids_in_base64_are_one_error() -> None:
    """Stores print them; every span is read all the same, and the finding stands once."""
    spans = [
        {**SPAN, "traceId": "W47/95gDgQPSabYzgT/GDA==", "spanId": identifier, "parentSpanId": "7uGbfsPBsXQ="}
        for identifier in ("7uGbfsPBsXQ=", "7uGbfsPBsXU=")
    ]
    checked = check(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode())
    errors = [one for one in checked.findings if one.severity.value == "error" and one.rule == "DEC-2"]

    assert [one.message for one in errors] == ["ids in base64, as Tempo's API writes them"]
    assert not checked.passed
