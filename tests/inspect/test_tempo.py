# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Answers of Tempo's query API: both forms, what is refused, and what real ones hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import (
    Attributes,
    Event,
    InvalidDocument,
    Link,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
    decode,
)
from otlpjson.inspect.tempo import decode_tempo

from ..captured import CAPTURES, needs_captures

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
SPAN_ID = "b7ad6b7169203331"
OTHER_ID = "00f067aa0ba902b7"
SPAN: dict[str, Any] = {
    "traceId": "CvdlGRbNQ92ESOshHIAxnA==",
    "spanId": "t61rcWkgMzE=",
    "parentSpanId": "APBnqgupArc=",
    "name": "pay",
    "kind": "SPAN_KIND_CLIENT",
    "startTimeUnixNano": "1771005600123456789",
    "endTimeUnixNano": "1771005601203000001",
    "attributes": [{"key": "n", "value": {"intValue": "1"}}],
    "events": [{"timeUnixNano": "1", "name": "e"}],
    "links": [{"traceId": "CvdlGRbNQ92ESOshHIAxnA==", "spanId": "APBnqgupArc="}],
    "status": {"message": "it failed", "code": "STATUS_CODE_ERROR"},
}
READ = Span(
    trace_id=TRACE_ID,
    span_id=SPAN_ID,
    parent_span_id=OTHER_ID,
    name="pay",
    kind=SpanKind.CLIENT,
    start_ns=1771005600123456789,
    end_ns=1771005601203000001,
    attributes={"n": 1},
    events=[Event(name="e", time_ns=1)],
    links=[Link(trace_id=TRACE_ID, span_id=OTHER_ID)],
    status=Status(code=StatusCode.ERROR, message="it failed"),
)


def groups(span: Any) -> list[Any]:
    """The list of groups around one span."""
    return [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": [span]}]}]


def answer(span: Any) -> bytes:
    """Tempo's newer answer with one span."""
    return json.dumps({"trace": {"resourceSpans": groups(span)}, "metrics": {"inspectedBytes": "1"}}).encode()


def traces(span: Span) -> TracesData:
    """The model of the same."""
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span])])])


def test_both_forms_are_read() -> None:
    """Ids from base64, kinds and codes from their names."""
    assert decode_tempo(answer(SPAN)) == traces(READ)
    assert decode_tempo(json.dumps({"batches": groups(SPAN)}).encode()) == traces(READ)


def test_a_trace_without_groups_is_empty() -> None:
    """A search may answer with one."""
    assert decode_tempo(b'{"trace":{}}') == decode_tempo(b'{"batches":[]}') == TracesData()


def test_ids_in_hex_and_enums_as_numbers_are_read_too() -> None:
    """So a body of OTLP/JSON is read as well."""
    plain = {**SPAN, "traceId": TRACE_ID, "spanId": SPAN_ID, "parentSpanId": OTHER_ID, "kind": 3}

    assert decode_tempo(answer(plain)) == traces(READ)


@pytest.mark.parametrize(
    ("span", "sentence"),
    [
        (
            {"traceId": "CvdlGRbNQ92ESOshHIAx"},
            "traceId: expected 32 hex digits, not all zero, got text 'CvdlGRbNQ92ESOshHIAx' (DEC-2)",
        ),
        (
            {"spanId": "t61rcWkg????"},
            "spanId: expected 16 hex digits, not all zero, got text 't61rcWkg????' (DEC-2)",
        ),
        (
            {"spanId": "t61rcWkgMzEa"},
            "spanId: expected 16 hex digits, not all zero, got text 't61rcWkgMzEa' (DEC-2)",
        ),
        (
            {"spanId": "AAAAAAAAAAA="},
            "spanId: expected 16 hex digits, not all zero, got text '0000000000000000' (VAL-1)",
        ),
        ({"spanId": 5}, "spanId: expected 16 hex digits, not all zero, got number 5 (DEC-2)"),
        (
            {"kind": "SPAN_KIND_NEW"},
            "kind: expected the number of an enum's member, got text 'SPAN_KIND_NEW' (DEC-3)",
        ),
        ({"status": []}, "status: expected an object, got a list (PROTO)"),
        (
            {"status": {"code": "OK"}},
            "status.code: expected the number of an enum's member, got text 'OK' (DEC-3)",
        ),
        ({"links": {}}, "links: expected a list, got an object (PROTO)"),
        ({"links": [1]}, "links[0]: expected an object, got number 1 (PROTO)"),
    ],
)
def test_what_is_neither_is_refused_with_its_place(span: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        decode_tempo(answer({**SPAN, **span}))

    assert str(caught.value) == f"body.trace.resourceSpans[0].scopeSpans[0].spans[0].{sentence}"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"[]", "body: expected an object, got a list (PROTO)"),
        (b'{"trace":[]}', "body.trace: expected an object, got a list (PROTO)"),
        (
            b'{"trace":{"resourceSpans":[3]}}',
            "body.trace.resourceSpans[0]: expected an object, got number 3 (PROTO)",
        ),
        (
            b'{"batches":[{"scopeSpans":[{"spans":[7]}]}]}',
            "body.resourceSpans[0].scopeSpans[0].spans[0]: expected an object, got number 7 (PROTO)",
        ),
        (b'{"batches":{}}', "body.resourceSpans: expected a list, got an object (PROTO)"),
        (
            b"trace not found",
            "body: expected one JSON object, got text that is not JSON (Expecting value: line 1 column 1 (char 0)) (JSON)",
        ),
    ],
)
def test_no_answer_at_all_is_refused(document: bytes, sentence: str) -> None:
    """Tempo says in plain text that it found nothing."""
    with pytest.raises(InvalidDocument) as caught:
        decode_tempo(document)

    assert str(caught.value) == sentence


def test_an_answer_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidDocument) as caught:
        decode_tempo(b'{"trace":{}}', max_bytes=11)

    assert str(caught.value) == "body: expected at most 11 bytes, got 12 (SND-3)"


STORED = {
    "client-disconnected": "client-disconnected.json",
    "connection-test": "connection-test.json",
    "every-type": "tempo/every-type.sent.json",
    "grafana-guide-request": "grafana-guide-request.json",
    "streamed-tool-call": "streamed-tool-call.json",
}
ADDED_LATER = "trace.metadata.openrouter.user_id"
"""A key that was put into one capture after Tempo had stored it."""


@pytest.mark.captures
@needs_captures
@pytest.mark.parametrize("name", sorted(STORED))
def test_what_tempo_stored_is_what_was_sent(name: str) -> None:
    """But for flags, schema URLs, the order of the resource's attributes, and texts over 2,048 bytes."""
    sent = _spans(decode((CAPTURES / STORED[name]).read_bytes()))
    stored = _spans(decode_tempo((CAPTURES / "tempo" / f"{name}.trace-v2.json").read_bytes()))

    assert len(sent) >= 1
    assert stored == sent


@pytest.mark.captures
@needs_captures
def test_the_older_answer_holds_the_same() -> None:
    folder = CAPTURES / "tempo"

    assert decode_tempo((folder / "every-type.trace-v1.json").read_bytes()) == decode_tempo(
        (folder / "every-type.trace-v2.json").read_bytes()
    )


def _spans(data: TracesData) -> dict[str, Any]:
    """Each span by its id, with what Tempo loses put out of sight."""
    return {
        span.span_id: (
            *(span.trace_id, span.parent_span_id, span.name, span.kind, span.start_ns, span.end_ns),
            *(
                span.status,
                span.trace_state,
                span.events,
                span.dropped_events_count,
                span.dropped_links_count,
            ),
            [(link.trace_id, link.span_id, link.trace_state, link.attributes) for link in span.links],
            {key: _kept(value) for key, value in span.attributes.items() if key != ADDED_LATER},
            span.attributes.dropped_count,
            dict(group.resource.attributes),
            group.resource.attributes.dropped_count,
            scope_spans.scope,
        )
        for group in data.resource_spans
        for scope_spans in group.scope_spans
        for span in scope_spans.spans
    }


def _kept(value: Any) -> Any:
    """A value as Tempo keeps it: of a text the first 2,048 bytes, a broken character at their end replaced."""
    if isinstance(value, str):
        return value.rstrip("\N{REPLACEMENT CHARACTER}").encode()[:2048].decode("utf-8", "ignore")
    return repr(value) if isinstance(value, float) else Attributes({"": value, "v": value})
