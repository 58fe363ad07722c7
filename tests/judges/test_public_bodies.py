# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Bodies of public projects and captured deliveries, read by every judge.

``OTLPJSON_CAPTURES`` names the folder of captures; the vectors lie beside it. Each is public:
open-telemetry/opentelemetry-proto ``examples/trace.json``, the file exporter's page of
open-telemetry/opentelemetry-specification, open-telemetry/opentelemetry-java
``expected-spans-wrapper.json``, jaegertracing/jaeger ``otlp2jaeger-in.json``, and the deliveries
in empathic/toolpath.
"""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import TracesData as TracesMessage

from otlpjson import InvalidDocument, TracesData, decode, decode_lenient, encode
from otlpjson.inspect.tempo import decode_tempo

from .. import oracle
from ..captured import CAPTURES, needs_captures
from ..plain import plain_message, plain_model, protobuf_message
from . import official

pytestmark = [pytest.mark.captures, needs_captures]

# Each with its number of spans.
RIGHT: Final = {
    "../vectors/proto-trace.json": 1,
    "../vectors/java-expected-spans-wrapper.json": 2,
    "../vectors/jaeger-otlp2jaeger-in.json": 2,
    "client-disconnected.json": 1,
    "deliveries/grafana-guide-request.json": 2,
    "deliveries/streamed-tool-call.json": 3,
    "connection-test.json": 1,
    "grafana-guide-request.json": 2,
    "streamed-tool-call.json": 3,
    "tempo/every-type.sent.json": 1,
    "collector/every-type.file.json": 1,
}
WITHOUT_IDS: Final = "../vectors/spec-file-exporter.jsonl"
TEMPO: Final = (
    "tempo/client-disconnected.trace-v2.json",
    "tempo/connection-test.trace-v2.json",
    "tempo/every-type.trace-v1.json",
    "tempo/every-type.trace-v2.json",
    "tempo/grafana-guide-request.trace-v2.json",
    "tempo/streamed-tool-call.trace-v2.json",
)


def read(name: str) -> bytes:
    """A file of the folders."""
    return (CAPTURES / name).read_bytes()


def span_count(traces: TracesData) -> int:
    """How many spans there are."""
    return sum(group.span_count for group in traces.resource_spans)


@pytest.mark.parametrize("name", RIGHT)
def test_every_judge_reads_a_public_body_alike(name: str) -> None:
    """Strictly; and the oracle, which knows the canonical form alone, reads the same of what we make of it."""
    body = read(name)
    traces = decode(body)
    ours = plain_model(traces)

    assert span_count(traces) == RIGHT[name]
    assert plain_message(protobuf_message(body)) == ours
    assert official.read(body) == ours
    assert oracle.read(encode(traces)) == ours


def test_judges_disagree_about_ids_that_are_empty() -> None:
    """VAL-1: the specification's sample leaves ids out for brevity. We are right: such spans have no identity."""
    body = read(WITHOUT_IDS)
    with pytest.raises(InvalidDocument) as caught:
        decode(body)
    lenient = decode_lenient(body)
    theirs = plain_message(protobuf_message(body))

    assert caught.value.rule == "VAL-1"
    assert span_count(lenient.traces) == 0
    assert official.read(body) == theirs
    assert [_ids(span) for span in _spans(theirs)] == [("", "")] * len(_spans(theirs)) != []
    assert {finding.rule for finding in lenient.findings} == {"VAL-1"}


@pytest.mark.parametrize("name", TEMPO)
def test_protobuf_reads_an_answer_of_tempo_alike(name: str) -> None:
    """Tempo writes ProtoJSON, which is protobuf's own: ids in base64, enums by name."""
    answer = json.loads(read(name))
    tree = answer["trace"] if "trace" in answer else {"resourceSpans": answer["batches"]}

    assert plain_model(decode_tempo(read(name))) == plain_message(ParseDict(tree, TracesMessage()))


def test_every_file_is_judged() -> None:
    """None of the folders' files is left out but those of Jaeger's own form and records, which are no bodies."""
    vectors = {f"../vectors/{path.name}" for path in (CAPTURES / "../vectors").glob("*.json*")}
    captures = {
        path.relative_to(CAPTURES).as_posix()
        for path in CAPTURES.rglob("*.json")
        if "record" not in json.loads(path.read_bytes())
    }

    assert vectors | captures - {"jaeger/every-type.trace-v3.json"} == {*RIGHT, WITHOUT_IDS, *TEMPO}


def _spans(plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [span for group in plain for scope_spans in group["scope_spans"] for span in scope_spans["spans"]]


def _ids(span: dict[str, Any]) -> tuple[str, str]:
    return span["trace_id"], span["span_id"]
