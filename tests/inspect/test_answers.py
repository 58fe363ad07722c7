# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A file of several documents read as one."""

from __future__ import annotations

import io

import pytest

from otlpjson import Attributes, InvalidDocument, TracesData, decode, encode
from otlpjson.inspect.answers import Reading, decode_answer, decode_lines, read
from otlpjson.testing.indented import indented

from ..captured import CAPTURES, needs_captures
from ..cases import bodies
from ..cases.bodies import body, span

ONE = body(span())

TWO = body(span(name="two"))

BOTH = TracesData(resource_spans=[*ONE.resource_spans, *TWO.resource_spans])


@pytest.mark.parametrize("layout", [bytes, indented])
def test_documents_are_read_as_one(layout: type[bytes]) -> None:
    """One per line, or over several lines each."""
    reading = read(io.BytesIO(layout(encode(ONE)) + b"\n" + layout(encode(TWO))))

    assert reading == Reading(traces=BOTH)
    assert reading.span_count == 2


def test_answers_of_trace_stores_are_read_as_well() -> None:
    """Jaeger's, for example."""
    assert read([b'{"result":' + encode(ONE) + b"}"]).traces == ONE


def test_what_was_found_has_the_line_of_its_document() -> None:
    """With the place in that document."""
    bad = encode(TWO).replace(b'"kind":1', b'"kind":"SPAN_KIND_SERVER"')
    reading = read([encode(ONE), b"", bad])

    assert [(number, finding.path) for number, finding in reading.findings] == [
        (3, "body.resourceSpans[0].scopeSpans[0].spans[0].kind")
    ]


@pytest.mark.slow
def test_findings_that_are_too_many_are_counted() -> None:
    """Ten thousand per document are kept, and all are counted."""
    event = b'{"name":1}'
    events = b",".join([event] * 10_002)
    bad = encode(ONE).replace(b'"kind":1', b'"kind":1,"events":[' + events + b"]")
    reading = read([bad, bad])

    assert (len(reading.findings), reading.omitted) == (20_000, 4)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "body: expected one JSON object or more, got an empty file"),
        ([b"\n", b" \r\n"], "body: expected one JSON object or more, got an empty file"),
        ([b"{}", b"[1]"], "line 2: body: expected an object, got a list (PROTO)"),
    ],
)
def test_what_cannot_be_read_is_said(lines: list[bytes], sentence: str) -> None:
    """With its line."""
    with pytest.raises(InvalidDocument) as caught:
        read(lines)

    assert str(caught.value) == sentence


def test_documents_are_read_one_by_one_and_a_bad_one_ends_nothing() -> None:
    """Each with the number of its first line; a bad one gives its error."""
    outcomes = [*decode_lines([b"", encode(ONE), b"[1]", encode(TWO)])]

    assert [number for number, _ in outcomes] == [2, 3, 4]
    assert outcomes[0][1] == decode_answer(encode(ONE))
    assert isinstance(outcomes[1][1], InvalidDocument)
    assert str(outcomes[1][1]) == "body: expected an object, got a list (PROTO)"
    assert outcomes[2][1] == decode_answer(encode(TWO))
    assert [*decode_lines([b" \n"])] == []


BODY = encode(bodies.everything())


def test_a_body_and_an_answer_of_jaeger_hold_the_same() -> None:
    """Jaeger puts OTLP/JSON under ``result``."""
    assert decode_answer(BODY).traces == bodies.everything()
    assert decode_answer(b'{"result":' + BODY + b"}").traces == bodies.everything()
    assert decode_answer(BODY).findings == ()


def test_an_answer_of_tempo_is_recognised() -> None:
    """Ids are read from base64 then."""
    answer = (
        b'{"trace":{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"CvdlGRbNQ92ESOshHIAxnA==",'
        b'"spanId":"t61rcWkgMzE=","kind":"SPAN_KIND_SERVER"}]}]}]}}'
    )
    (group,) = decode_answer(answer).traces.resource_spans
    (span,) = group.scope_spans[0].spans

    assert (span.trace_id, span.span_id, int(span.kind)) == (
        "0af7651916cd43dd8448eb211c80319c",
        "b7ad6b7169203331",
        2,
    )


def test_repairs_are_listed_with_their_place_in_the_answer() -> None:
    """The reading is lenient."""
    decoded = decode_answer(b'{"result":{"resourceSpans":[7]}}')

    assert decoded.traces == TracesData()
    assert [str(finding) for finding in decoded.findings] == [
        "body.result.resourceSpans[0]: expected an object, got number 7; left out (PROTO)"
    ]


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(InvalidDocument) as caught:
        decode_answer(b"[1]")

    assert str(caught.value) == "body: expected an object, got a list (PROTO)"

    with pytest.raises(InvalidDocument) as caught:
        decode_answer(BODY, max_bytes=10)

    assert str(caught.value) == f"body: expected at most 10 bytes, got {len(BODY)} (SND-3)"


@pytest.mark.captures
@needs_captures
def test_what_jaeger_stored_is_what_was_sent() -> None:
    """But for the schema URLs, the order of attributes and an attribute with Jaeger's own warnings."""
    sent = decode((CAPTURES / "tempo" / "every-type.sent.json").read_bytes())
    decoded = decode_answer((CAPTURES / "jaeger" / "every-type.trace-v3.json").read_bytes())
    (before,) = sent.resource_spans[0].scope_spans[0].spans
    (after,) = decoded.traces.resource_spans[0].scope_spans[0].spans
    attributes = dict(after.attributes)

    assert decoded.findings == ()
    assert "@jaeger@warnings" in attributes
    del attributes["@jaeger@warnings"]
    assert Attributes(dict(sorted(attributes.items()))) == dict(sorted(before.attributes.items()))
    assert (after.flags, after.links, after.status) == (before.flags, before.links, before.status)
