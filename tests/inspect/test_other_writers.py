# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
What other implementations write, and how each value is read.

Each row is one thing that a writer of OTLP/JSON is known to do, in its own form, with what a
lenient reader makes of it and what ``check`` says. Sources are the projects' own fixtures and tests.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pytest

from otlpjson import InvalidDocument, Span, Status, decode, decode_lenient
from otlpjson.inspect import check

IDS: Final = '"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"'
REST: Final = (
    '"name":"pay","kind":3,"startTimeUnixNano":"1771005600000000000","endTimeUnixNano":"1771005601000000000"'
)
SPAN: Final = "body.resourceSpans[0].scopeSpans[0].spans[0]"
FIRST: Final = f"{SPAN}.attributes[0].value"


class Row(NamedTuple):
    """
    One habit of a writer.

    Attributes:
        writer: Who writes it.

        members: The members of a span beside its name, kind and times; with ``attribute`` those of a value.

        read: What a lenient reader gives: the changed fields of the span; ``None`` where the span is left out.

        said: What ``check`` says.
    """

    writer: str
    members: str
    read: dict[str, Any] | None
    said: list[str]


def attribute(value: str) -> str:
    """A span's ids and one attribute."""
    return f'{IDS},"attributes":[{{"key":"k","value":{value}}}]'


ROWS: Final[list[Row]] = [
    Row(
        "JavaScript: a number beyond 2**53 in a form with exponent",
        attribute('{"intValue":1e+21}'),
        {"attributes": {"k": "1000000000000000000000"}},
        [
            f"error: {FIRST}.intValue: expected a whole number, got number 1e+21 (DEC-5)",
            f"error: {FIRST}.intValue: expected a whole number within int64, got number 1e+21 (ENC-11)",
        ],
    ),
    Row(
        "JavaScript: JSON.stringify of NaN and of the infinities",
        attribute('{"doubleValue":null}'),
        {"attributes": {"k": None}},
        [
            f'error: {FIRST}.doubleValue: expected a number, "NaN", "Infinity" or "-Infinity", got null (DEC-9)'
        ],
    ),
    Row(
        "JavaScript: integers as JSON numbers, which its own reader would round",
        attribute('{"intValue":9007199254740993}'),
        {"attributes": {"k": 9007199254740993}},
        [],
    ),
    Row(
        "Go: NaN as ProtoJSON writes it",
        attribute('{"doubleValue":"-Infinity"}'),
        {"attributes": {"k": float("-inf")}},
        [],
    ),
    Row(
        "Go: bytes in the alphabet of URLs",
        attribute('{"bytesValue":"-_8="}'),
        {"attributes": {"k": b"\xfb\xff"}},
        [
            f"warning: {FIRST}.bytesValue: expected padded standard base64,"
            " got a URL-safe or unpadded form, which the Collector refuses (ENC-6)"
        ],
    ),
    Row(
        "Rust: an empty list with its values",
        attribute('{"arrayValue":{"values":[]}}'),
        {"attributes": {"k": ()}},
        [],
    ),
    Row(
        "ProtoJSON: an empty list without them", attribute('{"arrayValue":{}}'), {"attributes": {"k": ()}}, []
    ),
    Row(
        "Python: a short trace id",
        '"traceId":"abcd","spanId":"b7ad6b7169203331"',
        None,
        [f"error: {SPAN}.traceId: expected 32 hex digits, not all zero, got text 'abcd' (DEC-2)"],
    ),
    Row(
        "the Collector's own test data: spans without ids",
        '"flags":0',
        None,
        [
            f"error: {SPAN}.traceId: expected 32 hex digits, not all zero, got nothing (VAL-1)",
            f"error: {SPAN}.spanId: expected 16 hex digits, not all zero, got nothing (VAL-1)",
        ],
    ),
    Row(
        "Tempo: ids in base64",
        '"traceId":"CvdlGRbNQ92ESOshHIAxnA==","spanId":"t61rcWkgMzE="',
        {},
        [f"error: {SPAN}.traceId: ids in base64, as Tempo's API writes them (DEC-2)"],
    ),
    Row(
        "Jaeger: a trace state of its own",
        f'{IDS},"traceState":"some-state"',
        {"trace_state": "some-state"},
        [
            f"warning: {SPAN}.traceState: expected a W3C trace state such as 'vendor=value', got text 'some-state' (VAL-4)"
        ],
    ),
    Row(
        "Go pdata: a message beside the code OK",
        f'{IDS},"status":{{"message":"fine","code":1}}',
        {"status": Status(code=1, message="fine")},
        [f"warning: {SPAN}.status.message: status message with code 1 (VAL-3)"],
    ),
    Row(
        "protobuf's own JSON: kinds and codes by name",
        f'{IDS},"status":{{"code":"STATUS_CODE_OK"}}',
        {"status": Status(code=1)},
        [
            f"error: {SPAN}.status.code: expected the number of an enum's member,"
            " got text 'STATUS_CODE_OK' (DEC-3)"
        ],
    ),
    Row(
        "the Collector with a deprecated field",
        f'{IDS},"status":{{"deprecatedCode":2,"code":1}}',
        {"status": Status(code=1)},
        [f"warning: {SPAN}.status.deprecatedCode: unknown field (DEC-7)"],
    ),
    Row(
        "the profiles signal: an index for a text",
        attribute('{"stringValueStrindex":7}'),
        {"attributes": {"k": None}},
        [f"note: {FIRST}.stringValueStrindex: an index into the string table of profiles (DEC-7)"],
    ),
    Row(
        "a count below zero",
        f'{IDS},"droppedAttributesCount":-1',
        {},
        [
            f"error: {SPAN}.droppedAttributesCount: expected a whole number from 0 to 2**32 - 1, got number -1 (PROTO)"
        ],
    ),
    Row(
        "half of a character",
        attribute('{"stringValue":"a\\ud83d"}'),
        {"attributes": {"k": "a\ufffd"}},
        [f"error: {FIRST}.stringValue: lone surrogate (ENC-5)"],
    ),
]


def body_of(row: Row) -> bytes:
    """The row in a body."""
    return f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{{row.members},{REST}}}]}}]}}]}}'.encode()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.writer)
def test_what_others_write_is_read_and_named(row: Row) -> None:
    """Nothing is lost without a finding, and what only warns is read by a strict reader too."""
    body = body_of(row)
    spans = [
        Span(
            **{
                "trace_id": "0af7651916cd43dd8448eb211c80319c",
                "span_id": "b7ad6b7169203331",
                "name": "pay",
                "kind": 3,
                "start_ns": 1771005600000000000,
                "end_ns": 1771005601000000000,
                **fields,
            }
        )
        for fields in ([] if row.read is None else [row.read])
    ]
    report = check(body)

    assert [
        span
        for group in decode_lenient(body).traces.resource_spans
        for scope in group.scope_spans
        for span in scope.spans
    ] == spans
    assert [
        f"{finding.severity.value}: {finding.path}: {finding.message} ({finding.rule})"
        for finding in report.findings
    ] == row.said
    if any(line.startswith("error") for line in row.said):
        with pytest.raises(InvalidDocument):
            decode(body)
    else:
        assert decode(body) == decode_lenient(body).traces
