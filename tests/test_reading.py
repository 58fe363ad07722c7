# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A file of several documents read as one."""

from __future__ import annotations

import io

import pytest

from otlpjson import InvalidDocument, TracesData, encode
from otlpjson.indented import indented
from otlpjson.reading import Reading, read

from .cases.bodies import body, span

ONE = body(span())
TWO = body(span(name="two"))
BOTH = TracesData(resource_spans=[*ONE.resource_spans, *TWO.resource_spans])


@pytest.mark.parametrize("layout", [bytes, indented])
def test_documents_are_read_as_one(layout: type[bytes]) -> None:
    """One a line, or over several lines each."""
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


def test_findings_that_are_too_many_are_counted() -> None:
    """Ten thousand of a document are kept, and told are all of them."""
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
