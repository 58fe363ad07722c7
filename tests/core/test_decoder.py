# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies read back, strictly and leniently: every row of the contract, and the faults of the peers by name."""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any, Callable, Final

import pytest

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
    InvalidDocument,
    InvalidValue,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
    TracesData,
    decode,
    decode_lenient,
    encode,
)
from otlpjson.core.decoder import Decoded, Reader
from otlpjson.core.findings import Findings, Severity
from otlpjson.core.problem import Mismatch

from .. import FIXTURES
from ..cases import bodies
from ..cases.bodies import END_NS, SPAN_ID, START_NS, TRACE_ID
from ..cases.documents import LINK, SPAN, document, link, span, with_value
from ..readings import Fault, case_id

EVENT: Final = f"{SPAN}.events[0]"
NOTHING: Final = TracesData()
NO_SPANS: Final = bodies.body()
NOT_TRACE_ID: Final = "32 hex digits, not all zero"
NOT_SPAN_ID: Final = "16 hex digits, not all zero"
NOT_TIME: Final = ("VAL-2", "nanoseconds since 1970, 0 to 2**64 - 1")
NOT_WHOLE: Final = ("PROTO", "a whole number, bare or as decimal text")
NOT_UINT32: Final = ("PROTO", "a whole number from 0 to 2**32 - 1")
NOT_ENUM: Final = ("DEC-3", "the number of an enum's member")
NOT_STATE: Final = ("VAL-4", "a W3C trace state such as 'vendor=value'")
UNKNOWN: Final = ("DEC-7", "", "unknown field", "ignored")
NULL: Final = ("ENC-8", "", "null", "treated as absent")
NO_OBJECT: Final = ("PROTO", "an object")
NULL_OBJECT: Final = ("DEC-10", "an object", "null", "left out")
SPAN_LOST: Final = "the span is left out"
LINK_LOST: Final = "the link is left out"


def spans(**members: str | None) -> str:
    """A body with one span, as text."""
    return document(span(**members)).decode()


def links(**members: str | None) -> str:
    """A body with one span that has one link, as text."""
    return spans(links=f"[{link(**members)}]")


def traces(**fields: Any) -> TracesData:
    """What the body with one span is read as."""
    return bodies.body(bodies.span(**fields))


def group(**fields: Any) -> TracesData:
    """A body with one group."""
    return TracesData(resource_spans=[ResourceSpans(**fields)])


def scope_spans(**fields: Any) -> TracesData:
    """A body with one scope."""
    return group(scope_spans=[ScopeSpans(**fields)])


LINKED: Final = Link(trace_id=TRACE_ID, span_id=SPAN_ID)
LONG_AFTER: Final = "99999999999999999999999999"

# One fault each. Strict: refused with the whole sentence. Lenient: what the model holds, and the finding.
WRONG: Final[list[Fault]] = [
    # ids: DEC-2, VAL-1
    Fault(
        spans(traceId='"5b8e"'),
        NO_SPANS,
        *("DEC-2", NOT_TRACE_ID, "text '5b8e'", SPAN_LOST),
        f"{SPAN}.traceId",
    ),
    Fault(
        spans(traceId='"W47/95gDgQPSabYzgT/GDA=="'),
        traces(trace_id="5b8efff798038103d269b633813fc60c"),
        *("DEC-2", "", "ids in base64, as Tempo's API writes them", "read as hex digits"),
        f"{SPAN}.traceId",
    ),
    Fault(
        spans(traceState="7"),
        traces(),
        *("PROTO", "text", "number 7", "left out"),
        f"{SPAN}.traceState",
    ),
    Fault(spans(traceId=None), NO_SPANS, "VAL-1", NOT_TRACE_ID, "nothing", SPAN_LOST, f"{SPAN}.traceId"),
    Fault(spans(traceId='""'), NO_SPANS, "VAL-1", NOT_TRACE_ID, "text ''", SPAN_LOST, f"{SPAN}.traceId"),
    Fault(
        spans(spanId=f'"{"0" * 16}"'),
        NO_SPANS,
        *("VAL-1", NOT_SPAN_ID, "text '0000000000000000'", SPAN_LOST),
        f"{SPAN}.spanId",
    ),
    Fault(spans(spanId="[]"), NO_SPANS, "DEC-2", NOT_SPAN_ID, "a list", SPAN_LOST, f"{SPAN}.spanId"),
    Fault(
        spans(parentSpanId='"ab cd"'),
        NO_SPANS,
        *("DEC-2", NOT_SPAN_ID, "text 'ab cd'", SPAN_LOST),
        f"{SPAN}.parentSpanId",
    ),
    Fault(
        spans(parentSpanId='"0"'),
        NO_SPANS,
        *("VAL-1", NOT_SPAN_ID, "text '0'", SPAN_LOST),
        f"{SPAN}.parentSpanId",
    ),
    Fault(
        spans(parentSpanId=f'"{"0" * 16}"'),
        traces(),
        *("VAL-1", NOT_SPAN_ID, "text '0000000000000000'", "read as a root"),
        f"{SPAN}.parentSpanId",
    ),
    Fault(
        links(traceId='"5b8e"'),
        traces(dropped_links_count=1),
        *("DEC-2", NOT_TRACE_ID, "text '5b8e'", LINK_LOST),
        f"{LINK}.traceId",
    ),
    Fault(
        links(spanId=None),
        traces(dropped_links_count=1),
        *("VAL-1", NOT_SPAN_ID, "nothing", LINK_LOST),
        f"{LINK}.spanId",
    ),
    # times: VAL-2, DEC-5
    Fault(
        spans(endTimeUnixNano='"5"'),
        traces(end_ns=START_NS),
        *("VAL-2", f"0 or at least the start, {START_NS}", "number 5", "read as the start"),
        f"{SPAN}.endTimeUnixNano",
    ),
    Fault(
        spans(startTimeUnixNano='"2"', endTimeUnixNano='"1"'),
        traces(start_ns=2, end_ns=2),
        *("VAL-2", "0 or at least the start, 2", "number 1", "read as the start"),
        f"{SPAN}.endTimeUnixNano",
    ),
    Fault(
        spans(startTimeUnixNano='"-1"'),
        traces(start_ns=0),
        *(*NOT_TIME, "text '-1'", "read as 0"),
        f"{SPAN}.startTimeUnixNano",
    ),
    Fault(
        spans(endTimeUnixNano=LONG_AFTER),
        traces(end_ns=2**64 - 1),
        *(*NOT_TIME, f"number {LONG_AFTER}", f"read as {2**64 - 1}"),
        f"{SPAN}.endTimeUnixNano",
    ),
    Fault(
        spans(endTimeUnixNano='""'),
        traces(end_ns=0),
        *(*NOT_WHOLE, "text ''", "left out"),
        f"{SPAN}.endTimeUnixNano",
    ),
    Fault(
        spans(startTimeUnixNano="1771005600000000000.0"),
        traces(),
        *("DEC-5", "a whole number", "number 1771005600000000000.0", f"read as {START_NS}"),
        f"{SPAN}.startTimeUnixNano",
    ),
    Fault(
        spans(events='[{"name":"e","timeUnixNano":"-5"}]'),
        traces(events=[Event(name="e")]),
        *(*NOT_TIME, "text '-5'", "read as 0"),
        f"{EVENT}.timeUnixNano",
    ),
    # enums: DEC-3
    Fault(
        spans(kind='"SPAN_KIND_SERVER"'),
        traces(kind=2),
        *(*NOT_ENUM, "text 'SPAN_KIND_SERVER'", "read as 2"),
        f"{SPAN}.kind",
    ),
    Fault(
        spans(kind='"SPAN_KIND_UNSPECIFIED"'),
        traces(kind=0),
        *(*NOT_ENUM, "text 'SPAN_KIND_UNSPECIFIED'", "read as 0"),
        f"{SPAN}.kind",
    ),
    Fault(
        spans(kind='"SPAN_KIND_CONSUMER"'),
        traces(kind=5),
        *(*NOT_ENUM, "text 'SPAN_KIND_CONSUMER'", "read as 5"),
        f"{SPAN}.kind",
    ),
    Fault(spans(kind="2.0"), traces(kind=2), *NOT_ENUM, "number 2.0", "read as 2", f"{SPAN}.kind"),
    Fault(
        spans(kind='"STATUS_CODE_OK"'),
        traces(kind=0),
        *(*NOT_ENUM, "text 'STATUS_CODE_OK'", "left out"),
        f"{SPAN}.kind",
    ),
    Fault(
        spans(status='{"code":"STATUS_CODE_ERROR","message":"m"}'),
        traces(status=Status(code=2, message="m")),
        *(*NOT_ENUM, "text 'STATUS_CODE_ERROR'", "read as 2"),
        f"{SPAN}.status.code",
    ),
    Fault(
        spans(status='{"code":"STATUS_CODE_OK"}'),
        traces(status=Status(code=1)),
        *(*NOT_ENUM, "text 'STATUS_CODE_OK'", "read as 1"),
        f"{SPAN}.status.code",
    ),
    # 32-bit numbers
    Fault(spans(flags="true"), traces(), *NOT_WHOLE, "true", "left out", f"{SPAN}.flags"),
    Fault(links(flags="-1"), traces(links=[LINKED]), *NOT_UINT32, "number -1", "left out", f"{LINK}.flags"),
    Fault(
        spans(droppedAttributesCount="4294967296"),
        traces(),
        *(*NOT_UINT32, "number 4294967296", "left out"),
        f"{SPAN}.droppedAttributesCount",
    ),
    Fault(
        spans(droppedEventsCount='"x"'),
        traces(),
        *(*NOT_WHOLE, "text 'x'", "left out"),
        f"{SPAN}.droppedEventsCount",
    ),
    Fault(
        spans(droppedLinksCount="2.0"),
        traces(dropped_links_count=2),
        *("DEC-5", "a whole number", "number 2.0", "read as 2"),
        f"{SPAN}.droppedLinksCount",
    ),
    # texts: ENC-5
    Fault(spans(name="5"), traces(name=""), "PROTO", "text", "number 5", "left out", f"{SPAN}.name"),
    Fault(
        spans(name='"\\ud83e"'),
        traces(name="\N{REPLACEMENT CHARACTER}"),
        *("ENC-5", "", "lone surrogate"),
        "read as U+FFFD",
        f"{SPAN}.name",
    ),
    Fault(
        spans(events='[{"name":{}}]'),
        traces(events=[Event(name="")]),
        *("PROTO", "text", "an object", "left out"),
        f"{EVENT}.name",
    ),
    Fault(
        '{"resourceSpans":[{"schemaUrl":[]}]}',
        group(),
        *("PROTO", "text", "a list", "left out"),
        "body.resourceSpans[0].schemaUrl",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"scope":{"version":1},"schemaUrl":"u"}]}]}',
        scope_spans(schema_url="u"),
        *("PROTO", "text", "number 1", "left out"),
        "body.resourceSpans[0].scopeSpans[0].scope.version",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"scope":{"name":1},"schemaUrl":""}]}]}',
        scope_spans(),
        *("PROTO", "text", "number 1", "left out"),
        "body.resourceSpans[0].scopeSpans[0].scope.name",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"schemaUrl":1}]}]}',
        scope_spans(),
        *("PROTO", "text", "number 1", "left out"),
        "body.resourceSpans[0].scopeSpans[0].schemaUrl",
    ),
    Fault(
        spans(status='{"code":2,"message":[]}'),
        traces(status=Status(code=2)),
        *("PROTO", "text", "a list", "left out"),
        f"{SPAN}.status.message",
    ),
    # attributes, in each message that has some
    Fault(
        '{"resourceSpans":[{"resource":{"attributes":{"a":1}}}]}',
        group(),
        *("PROTO", "a list", "an object", "left out"),
        "body.resourceSpans[0].resource.attributes",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"scope":{"attributes":[{"key":"a","value":1}]}}]}]}',
        scope_spans(scope=InstrumentationScope(attributes={"a": None})),
        *(*NO_OBJECT, "number 1", "left out"),
        "body.resourceSpans[0].scopeSpans[0].scope.attributes[0].value",
    ),
    Fault(
        spans(attributes='[{"key":"a","value":{"intValue":"1","boolValue":true}}]'),
        traces(attributes={"a": True}),
        *("DEC-1", "one value", "intValue and boolValue", "the last one counts"),
        f"{SPAN}.attributes[0].value",
    ),
    Fault(
        spans(events='[{"name":"e","attributes":[{"key":"a","value":{"doubleValue":-Infinity}}]}]'),
        traces(events=[Event(name="e", attributes={"a": float("-inf")})]),
        *("DEC-9", 'a number, "NaN", "Infinity" or "-Infinity"', "-Infinity, which is not JSON"),
        "read as -Infinity",
        f"{EVENT}.attributes[0].value.doubleValue",
    ),
    Fault(
        links(attributes='[{"key":"a","value":{"bytesValue":"?"}}]'),
        traces(links=[Link(trace_id=TRACE_ID, span_id=SPAN_ID, attributes={"a": None})]),
        *("DEC-8", "base64", "text '?'", "left out"),
        f"{LINK}.attributes[0].value.bytesValue",
    ),
    # what has to be an object or a list
    Fault('{"resourceSpans":{}}', NOTHING, "PROTO", "a list", "an object", "left out", "body.resourceSpans"),
    Fault('{"resourceSpans":[null]}', NOTHING, *NULL_OBJECT, "body.resourceSpans[0]"),
    Fault('{"resourceSpans":[5,{}]}', group(), *NO_OBJECT, "number 5", "left out", "body.resourceSpans[0]"),
    Fault(
        '{"resourceSpans":[{"resource":[]}]}',
        group(),
        *(*NO_OBJECT, "a list", "left out"),
        "body.resourceSpans[0].resource",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[[]]}]}',
        group(),
        *(*NO_OBJECT, "a list", "left out"),
        "body.resourceSpans[0].scopeSpans[0]",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"scope":"s"}]}]}',
        scope_spans(),
        *(*NO_OBJECT, "text 's'", "left out"),
        "body.resourceSpans[0].scopeSpans[0].scope",
    ),
    Fault(document("null").decode(), NO_SPANS, *NULL_OBJECT, SPAN),
    Fault(document("7", span()).decode(), traces(), *NO_OBJECT, "number 7", "left out", SPAN),
    Fault(spans(status="2"), traces(), *NO_OBJECT, "number 2", "left out", f"{SPAN}.status"),
    Fault(spans(events="{}"), traces(), "PROTO", "a list", "an object", "left out", f"{SPAN}.events"),
    Fault(
        spans(events='[null,{"name":"e"}]', droppedEventsCount="4"),
        traces(events=[Event(name="e")], dropped_events_count=5),
        *NULL_OBJECT,
        EVENT,
    ),
    Fault(
        spans(links=f"[{link()},null]", droppedLinksCount="4"),
        traces(links=[LINKED], dropped_links_count=5),
        *NULL_OBJECT,
        f"{SPAN}.links[1]",
    ),
    Fault(spans(links='"x"'), traces(), "PROTO", "a list", "text 'x'", "left out", f"{SPAN}.links"),
    # the text itself
    Fault(
        '{"resourceSpans":[{}],"resourceSpans":[]}',
        NOTHING,
        *("JSON", "", "duplicate member", "the last one counts"),
        "body.resourceSpans",
    ),
    Fault(
        spans(name='"once","name":"twice"'),
        traces(name="twice"),
        *("JSON", "", "duplicate member", "the last one counts"),
        f"{SPAN}.name",
    ),
    Fault(
        "{} {}",
        NOTHING,
        "JSON",
        "",
        "more text after the JSON value, at character 2",
        "only the first value is read",
    ),
    Fault("\ufeff{}", NOTHING, "JSON", "", "byte order mark", "ignored"),
]

# What every reader takes with a warning.
ODD: Final[list[Fault]] = [
    Fault(
        spans(kind="42"),
        traces(kind=42),
        *("DEC-3", "a number from 0 to 5", "number 42", "kept"),
        f"{SPAN}.kind",
    ),
    Fault(
        spans(kind="-1"),
        traces(kind=-1),
        *("DEC-3", "a number from 0 to 5", "number -1", "kept"),
        f"{SPAN}.kind",
    ),
    Fault(
        spans(status='{"code":3}'),
        traces(status=Status(code=3)),
        *("DEC-3", "a number from 0 to 2", "number 3", "kept"),
        f"{SPAN}.status.code",
    ),
    Fault(
        spans(traceState='"some-state"'),
        traces(trace_state="some-state"),
        *(*NOT_STATE, "text 'some-state'", ""),
        f"{SPAN}.traceState",
    ),
    Fault(
        links(traceState='"a=1,a=2"'),
        traces(links=[Link(trace_id=LINKED.trace_id, span_id=LINKED.span_id, trace_state="a=1,a=2")]),
        *(*NOT_STATE, "text 'a=1,a=2'", ""),
        f"{LINK}.traceState",
    ),
    Fault(
        spans(status='{"message":"m"}'),
        traces(status=Status(message="m")),
        *("VAL-3", "", "status message with code 0", ""),
        f"{SPAN}.status.message",
    ),
    Fault(
        spans(status='{"code":1,"message":"m"}'),
        traces(status=Status(code=1, message="m")),
        *("VAL-3", "", "status message with code 1", ""),
        f"{SPAN}.status.message",
    ),
    Fault('{"resourceSpans":null}', NOTHING, *NULL, "body.resourceSpans"),
    Fault('{"resourceSpans":[{"resource":null}]}', group(), *NULL, "body.resourceSpans[0].resource"),
    Fault('{"resourceSpans":[{"schemaUrl":null}]}', group(), *NULL, "body.resourceSpans[0].schemaUrl"),
    Fault(spans(traceState="null"), traces(), *NULL, f"{SPAN}.traceState"),
    Fault(spans(parentSpanId="null"), traces(), *NULL, f"{SPAN}.parentSpanId"),
    Fault(spans(flags="null"), traces(), *NULL, f"{SPAN}.flags"),
    Fault(spans(name="null"), traces(name=""), *NULL, f"{SPAN}.name"),
    Fault(spans(kind="null"), traces(kind=0), *NULL, f"{SPAN}.kind"),
    Fault(spans(endTimeUnixNano="null"), traces(end_ns=0), *NULL, f"{SPAN}.endTimeUnixNano"),
    Fault(spans(status="null"), traces(), *NULL, f"{SPAN}.status"),
    Fault(spans(attributes="null"), traces(), *NULL, f"{SPAN}.attributes"),
    Fault(spans(events="null"), traces(), *NULL, f"{SPAN}.events"),
    Fault(spans(droppedLinksCount="null"), traces(), *NULL, f"{SPAN}.droppedLinksCount"),
    Fault('{"x":[[[]]]}', NOTHING, *UNKNOWN, "body.x"),
    Fault('{"batches":[{}]}', NOTHING, *UNKNOWN, "body.batches"),
    Fault(
        '{"resourceSpans":[{"deprecatedScopeSpans":[{}]}]}',
        group(),
        *UNKNOWN,
        "body.resourceSpans[0].deprecatedScopeSpans",
    ),
    Fault(
        '{"resourceSpans":[{"instrumentationLibrarySpans":[{}]}]}',
        group(),
        *UNKNOWN,
        "body.resourceSpans[0].instrumentationLibrarySpans",
    ),
    Fault(
        '{"resourceSpans":[{"resource":{"schemaUrl":"u"}}]}',
        group(),
        *UNKNOWN,
        "body.resourceSpans[0].resource.schemaUrl",
    ),
    Fault(
        '{"resourceSpans":[{"resource":{"entityRefsOfMine":[]}}]}',
        group(),
        *UNKNOWN,
        "body.resourceSpans[0].resource.entityRefsOfMine",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"x":1}]}]}',
        scope_spans(),
        *UNKNOWN,
        "body.resourceSpans[0].scopeSpans[0].x",
    ),
    Fault(
        '{"resourceSpans":[{"scopeSpans":[{"scope":{"x":1}}]}]}',
        scope_spans(),
        *UNKNOWN,
        "body.resourceSpans[0].scopeSpans[0].scope.x",
    ),
    Fault(spans(TraceId='"x"'), traces(), *UNKNOWN, f"{SPAN}.TraceId"),
    Fault(spans(status='{"deprecatedCode":1}'), traces(), *UNKNOWN, f"{SPAN}.status.deprecatedCode"),
    Fault(spans(events='[{"name":"e","x":1}]'), traces(events=[Event(name="e")]), *UNKNOWN, f"{EVENT}.x"),
    Fault(links(x="{}"), traces(links=[LINKED]), *UNKNOWN, f"{LINK}.x"),
    Fault(
        spans(attributes='[{"key":"a","value":{"x":[1]}}]'),
        traces(attributes={"a": None}),
        *UNKNOWN,
        f"{SPAN}.attributes[0].value.x",
    ),
]

# What every reader takes without a word: the text, and what it is read as.
RIGHT: Final[list[tuple[str, TracesData]]] = [
    ("{}", NOTHING),
    ('{"resourceSpans":[]}', NOTHING),
    ('{"resourceSpans":[{}]}', group()),
    ('{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[]}]}]}', scope_spans()),
    (spans(), traces()),
    (spans(traceId=f'"{TRACE_ID.upper()}"', spanId=f'"{SPAN_ID.upper()}"'), traces()),
    (spans(parentSpanId='""'), traces()),
    (spans(parentSpanId='"AAAAAAAAAAAAAAA1"'), traces(parent_span_id="aaaaaaaaaaaaaaa1")),
    (spans(name=None), traces(name="")),
    (spans(kind=None), traces(kind=0)),
    (spans(startTimeUnixNano=str(START_NS), endTimeUnixNano=str(END_NS)), traces()),
    (spans(startTimeUnixNano=None, endTimeUnixNano="0"), traces(start_ns=0, end_ns=0)),
    (spans(endTimeUnixNano=f'"{START_NS}"'), traces(end_ns=START_NS)),
    (spans(endTimeUnixNano=f'"{2**64 - 1}"'), traces(end_ns=2**64 - 1)),
    (spans(flags='"769"', droppedEventsCount='"2"'), traces(flags=769, dropped_events_count=2)),
    (spans(status="{}"), traces()),
    (spans(status='{"code":2,"message":""}'), traces(status=Status(code=2))),
    (spans(status='{"message":"","code":1}'), traces(status=Status(code=1))),
    (spans(events="[]", links="[]", attributes="[]", droppedAttributesCount="0"), traces()),
    (spans(events="[{}]"), traces(events=[Event(name="")])),
    (
        links(flags="257", traceState='"k=v"'),
        traces(links=[Link(trace_id=TRACE_ID, span_id=SPAN_ID, flags=257, trace_state="k=v")]),
    ),
    (
        '{"resourceSpans":[{"resource":{"attributes":[],"droppedAttributesCount":3},"schemaUrl":"u"}]}',
        group(resource=Resource(attributes=Attributes(dropped_count=3)), schema_url="u"),
    ),
]


def place_and_found(fault: Fault) -> str:
    """Readable parameter ids: what tells one case from another stands at the end."""
    return case_id(fault.path.rsplit("]", 1)[-1] + " " + fault.found)


@pytest.mark.parametrize(("json", "value"), RIGHT, ids=case_id)
def test_a_right_body_is_read_without_a_finding(json: str, value: TracesData) -> None:
    """DEC-2, DEC-4, DEC-10: upper case, bare and quoted numbers, absent members, empty lists."""
    assert decode(json.encode()) == value
    assert decode_lenient(json.encode()) == Decoded(traces=value)


@pytest.mark.parametrize("fault", WRONG, ids=place_and_found)
def test_a_strict_reader_refuses_a_wrong_body(fault: Fault) -> None:
    """DEC, VAL: at the first error, with its place, what belongs there, what was there, and the rule."""
    with pytest.raises(InvalidDocument) as caught:
        decode(fault.json.encode())

    assert str(caught.value) == fault.refusal
    assert (caught.value.path, caught.value.rule) == (fault.path, fault.rule)
    assert (caught.value.expected, caught.value.found) == (fault.expected, fault.found)


@pytest.mark.parametrize("fault", WRONG, ids=place_and_found)
def test_a_lenient_reader_repairs_a_wrong_body(fault: Fault) -> None:
    """What can be read is kept, what cannot is left out, and both are told."""
    decoded = decode_lenient(fault.json.encode())

    assert decoded == Decoded(traces=fault.value, findings=(fault.finding(),))


@pytest.mark.parametrize("fault", ODD, ids=place_and_found)
def test_every_reader_takes_an_odd_body(fault: Fault) -> None:
    """DEC-3, DEC-7, DEC-10: strictly without a word, leniently with a warning."""
    assert decode(fault.json.encode()) == fault.value
    assert decode_lenient(fault.json.encode()) == Decoded(
        traces=fault.value, findings=(fault.finding(Severity.WARNING),)
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"[]", "body: expected an object, got a list (PROTO)"),
        (b"5", "body: expected an object, got number 5 (PROTO)"),
        (b'"{}"', "body: expected an object, got text '{}' (PROTO)"),
        (b"null", "body: expected an object, got null (DEC-10)"),
        (b"NaN", "body: expected an object, got NaN, which is not JSON (PROTO)"),
        (b"", "body: expected one JSON object, got nothing (JSON)"),
        (
            b'{"resourceSpans":[',
            "body: expected one JSON object, got text that is not JSON"
            " (Expecting value: line 1 column 19 (char 18)) (JSON)",
        ),
        (
            b"[" * 100_000,
            "body: JSON is nested too deeply (DEC-11)",
        ),
    ],
    ids=case_id,
)
def test_what_is_no_json_object_is_refused_by_both(body: bytes, text: str) -> None:
    """1.1, DEC-11: there is nothing to read."""
    for read in (decode, decode_lenient):
        with pytest.raises(InvalidDocument) as caught:
            read(body)

        assert str(caught.value) == text


def test_a_body_of_bytes_that_are_not_utf_8_is_read_leniently() -> None:
    """The place is an offset in the bytes."""
    body = document(span(name='"pay"')).replace(b"pay", b"p\xffy")
    decoded = decode_lenient(body)

    assert decoded.traces == traces(name="p\N{REPLACEMENT CHARACTER}y")
    assert [str(finding) for finding in decoded.findings] == [
        f"body: expected UTF-8 text, got byte 0xff at offset {body.index(255)};"
        " read with U+FFFD in its place (JSON)"
    ]
    with pytest.raises(InvalidDocument) as caught:
        decode(body)
    assert str(caught.value) == f"body: expected UTF-8 text, got byte 0xff at offset {body.index(255)} (JSON)"


def test_both_readers_have_a_limit() -> None:
    """SND-3: exactly so many bytes pass."""
    body = document(span())
    for read in (decode, decode_lenient):
        read(body, max_bytes=len(body))
        with pytest.raises(InvalidDocument) as caught:
            read(body, max_bytes=len(body) - 1)

        assert str(caught.value) == f"body: expected at most {len(body) - 1} bytes, got {len(body)} (SND-3)"


def test_one_bad_span_costs_no_other() -> None:
    """VAL-1: left out alone, and told; its other faults are told too."""
    decoded = decode_lenient(document(span(name='"a"'), span(spanId='"1"', flags="-1"), span(name='"b"')))

    assert decoded.traces == bodies.body(bodies.span(name="a"), bodies.span(name="b"))
    assert [finding.path for finding in decoded.findings] == [
        "body.resourceSpans[0].scopeSpans[0].spans[1].spanId",
        "body.resourceSpans[0].scopeSpans[0].spans[1].flags",
    ]


def test_all_that_is_odd_about_one_span_has_its_place() -> None:
    """A member given twice, and then one that OTLP does not have."""
    decoded = decode_lenient(document(span(name='"once","name":"twice"', x="1")))

    assert decoded.traces == traces(name="twice")
    assert [str(finding) for finding in decoded.findings] == [
        f"{SPAN}.name: duplicate member; the last one counts (JSON)",
        f"{SPAN}.x: unknown field; ignored (DEC-7)",
    ]


def test_what_is_left_out_is_counted() -> None:
    """Events and links beside the attributes; never beyond what a uint32 holds."""
    body = document(
        span(
            events='[1,{"name":"e"},null]',
            droppedEventsCount="4294967294",
            links=f"[{link(traceId=None)},{link()}]",
            attributes='[{"key":"","value":{}}]',
            droppedAttributesCount="9",
        )
    )
    (read,) = decode_lenient(body).traces.resource_spans[0].scope_spans[0].spans

    assert (read.dropped_events_count, read.dropped_links_count) == (2**32 - 1, 1)
    assert read.attributes.dropped_count == 10


@pytest.mark.slow
def test_findings_beyond_ten_thousand_are_counted() -> None:
    """A megabyte of bad spans gives no gigabyte of findings."""
    decoded = decode_lenient(document(*["{}"] * 6_000))

    assert decoded.traces == NO_SPANS
    assert len(decoded.findings) == 10_000
    assert decoded.omitted == 2_000


def test_a_reading_knows_where_each_span_stood() -> None:
    """Those that were left out are not among them."""
    reader = Reader(Findings())
    read = reader.traces(json.loads(document(span(name='"a"'), "5", span(name='"b"'))))

    assert [span for _, span in reader.places] == [*read.resource_spans[0].scope_spans[0].spans]
    findings = Findings()
    for path, _ in reader.places:
        findings.note("JSON", path, Mismatch("", ""))
    assert [finding.path for finding in findings.kept] == [
        "body.resourceSpans[0].scopeSpans[0].spans[0]",
        "body.resourceSpans[0].scopeSpans[0].spans[2]",
    ]


def test_three_places_of_one_kind_keep_their_order() -> None:
    """Groups, scopes and spans are neither joined nor sorted."""
    read = decode(encode(bodies.several_groups()))

    assert read == bodies.several_groups()


@pytest.mark.slow
@pytest.mark.parametrize("read", [decode, decode_lenient])
def test_a_caller_deep_in_the_stack_gets_no_recursion_error(read: Any) -> None:
    """DEC-11: a legal body that is as deep as one can be is read, or refused where no stack is left for it."""
    body = with_value('{"arrayValue":{"values":[' * 64 + "]}}" * 64)
    left = sys.getrecursionlimit() - len(inspect.stack())
    refusals = set()
    for frames in range(40, left - 100, 10):
        try:
            at_depth(left - frames, lambda: read(body))
        except InvalidDocument as error:
            refusals.add(str(error))

    at_depth(10, lambda: read(body))
    assert refusals == {"body: JSON is nested too deeply (DEC-11)"}


def at_depth(frames: int, call: Callable[[], Any]) -> Any:
    """Calls it with so many frames below."""
    return call() if frames == 0 else at_depth(frames - 1, call)


# What is right in a golden file.


def test_entity_references_are_dropped_with_a_note() -> None:
    """resource.proto, field 3, of a resource alone."""
    decoded = decode_lenient(
        b'{"resourceSpans":[{"resource":{"entityRefs":[{"type":"service","idKeys":["service.name"]}]},'
        b'"scopeSpans":[{"scope":{"entityRefs":[]}}]}]}'
    )

    assert [(finding.severity, str(finding)) for finding in decoded.findings] == [
        (
            Severity.NOTE,
            "body.resourceSpans[0].resource.entityRefs:"
            " entity references, which OTLP still develops; dropped (DEC-7)",
        ),
        (
            Severity.WARNING,
            "body.resourceSpans[0].scopeSpans[0].scope.entityRefs: unknown field; ignored (DEC-7)",
        ),
    ]


WARNED: Final = {
    "kinds": "DEC-3",
    "status_unknown": "DEC-3",
    "status_message_without_error": "VAL-3",
    "trace_state_of_another_form": "VAL-4",
}


@pytest.mark.parametrize("integers_as_numbers", [False, True])
def test_what_was_encoded_comes_back_equal(integers_as_numbers: bool) -> None:
    """Also from an indented file; without a finding, and the same bytes again."""
    for case in bodies.CASES:
        body = encode(case(), integers_as_numbers=integers_as_numbers)
        assert decode(body) == case(), case.__name__
        assert decode(json.dumps(json.loads(body), indent=1).encode()) == case(), case.__name__
        assert encode(decode(body), integers_as_numbers=integers_as_numbers) == body, case.__name__
        decoded = decode_lenient(body)
        assert decoded.traces == case(), case.__name__
        assert {(finding.severity, finding.rule) for finding in decoded.findings} == (
            {(Severity.WARNING, WARNED[case.__name__])} if case.__name__ in WARNED else set()
        )


GOLDEN: Final = sorted(
    [
        *FIXTURES.glob("encode/*.json"),
        *FIXTURES.glob("wire/*.json"),
        *FIXTURES.glob("openrouter/*/body*.json"),
    ]
)


def test_a_golden_body_is_read_and_written_again() -> None:
    """Byte for byte in its compact form, in the form of integers that it has."""
    for path in GOLDEN:
        body = json.dumps(json.loads(path.read_bytes()), separators=(",", ":")).encode()
        as_numbers = path.name.endswith((".observed.json", ".numbers.json"))

        assert encode(decode(path.read_bytes()), integers_as_numbers=as_numbers) == body, path


def test_there_are_golden_bodies() -> None:
    """The globs above find what they are meant to find."""
    assert {path.parent.name for path in GOLDEN} >= {"encode", "wire", "guide"}
    assert len(GOLDEN) > 100


# The faults of the peers' decoders, each by name.


@pytest.mark.parametrize(
    "written", ["abcd", "ab cd", "", TRACE_ID[:-1], TRACE_ID + "0", f" {TRACE_ID[1:]}"], ids=case_id
)
def test_id_of_wrong_length_is_an_error(written: str) -> None:
    """DEC-2: the official decoder reads ``abcd`` and ``ab cd`` as ids."""
    body = document(span(traceId=json.dumps(written)))
    with pytest.raises(InvalidDocument) as caught:
        decode(body)

    rule = "DEC-2" if written else "VAL-1"
    assert str(caught.value) == f"{SPAN}.traceId: expected {NOT_TRACE_ID}, got text '{written}' ({rule})"
    assert decode_lenient(body).traces == NO_SPANS


def test_url_safe_base64_is_read_exactly() -> None:
    """DEC-8: the official decoder reads ``-_-_`` as no bytes at all."""
    assert decode(with_value('{"bytesValue":"-_-_"}')) == bodies.with_attributes({"a": b"\xfb\xff\xbf"})


@pytest.mark.parametrize("kind", [42, -1, 2**31 - 1, -(2**31)])
def test_unknown_kind_is_kept(kind: int) -> None:
    """DEC-3: the official decoder raises."""
    read = decode(document(span(kind=str(kind))))

    assert read == traces(kind=kind)
    assert encode(read) == document(span(kind=str(kind)))


def test_quoted_32_bit_number_is_read() -> None:
    """2.3: the official decoder raises for ``"flags": "1"``."""
    quoted = span(
        flags='"1"', droppedAttributesCount='"2"', droppedEventsCount='"3"', droppedLinksCount='"4"'
    )

    assert decode(document(quoted)) == traces(
        flags=1,
        attributes=Attributes(dropped_count=2),
        dropped_events_count=3,
        dropped_links_count=4,
    )


def test_snake_case_keys_are_counted() -> None:
    """DEC-6: the official decoder ignores them in silence, and the span arrives empty."""
    body = (
        b'{"resource_spans":[{"schema_url":"u","scope_spans":[{"spans":[{"trace_id":"'
        + TRACE_ID.encode()
        + b'","span_id":"'
        + SPAN_ID.encode()
        + b'","name":"n","start_time_unix_nano":"7"}]}]}]}'
    )
    decoded = decode_lenient(body)
    whole = Span(trace_id=TRACE_ID, span_id=SPAN_ID, name="n", start_ns=7, end_ns=0, kind=0)

    assert decode(body) == NOTHING
    assert decoded.traces == group(schema_url="u", scope_spans=[ScopeSpans(spans=[whole])])
    assert [(finding.rule, finding.repair) for finding in decoded.findings] == [
        ("DEC-6", "read as resourceSpans"),
        ("DEC-6", "read as schemaUrl"),
        ("DEC-6", "read as scopeSpans"),
        ("DEC-6", "read as traceId"),
        ("DEC-6", "read as spanId"),
        ("DEC-6", "read as startTimeUnixNano"),
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"startTimeUnixNano": '"-1"'},
        {"startTimeUnixNano": str(2**64)},
        {"startTimeUnixNano": '"1_0"'},
        {"flags": "true"},
        {"flags": str(2**32)},
        {"kind": str(2**31)},
        {"attributes": f'[{{"key":"a","value":{{"intValue":{2**63}}}}}]'},
        {"attributes": '[{"key":"a","value":{"doubleValue":1e999}}]'},
    ],
)
def test_number_out_of_range_is_an_error(members: dict[str, str]) -> None:
    """DEC-9: the official decoder accepts -1 as a time, ``1_0`` as 10 and ``true`` as flags."""
    with pytest.raises(InvalidDocument) as caught:
        decode(document(span(**members)))

    assert caught.value.path.startswith(f"{SPAN}.{next(iter(members))}")


@pytest.mark.parametrize("token", ["NaN", "Infinity", "-Infinity"])
def test_bare_nan_is_an_error(token: str) -> None:
    """DEC-9: the official decoder accepts it; leniently it is read as what is meant."""
    body = with_value(f'{{"doubleValue":{token}}}')
    with pytest.raises(InvalidDocument) as caught:
        decode(body)

    assert str(caught.value) == (
        f"{SPAN}.attributes[0].value.doubleValue:"
        f' expected a number, "NaN", "Infinity" or "-Infinity", got {token}, which is not JSON (DEC-9)'
    )
    assert decode_lenient(body).traces == bodies.with_attributes({"a": float(token)})


@pytest.mark.parametrize("read", [decode, decode_lenient])
@pytest.mark.parametrize("body", ["{}", bytearray(b"{}"), None])
def test_a_body_is_bytes(read: Callable[[Any], Any], body: Any) -> None:
    """The refusal does not show the text, which may be content."""
    with pytest.raises(InvalidValue) as caught:
        read(body)

    assert str(caught.value) == f"body: expected bytes, got {type(body).__name__}"
