# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies pinned by ``golden_otlp``; their files lie in ``golden`` beside this module."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otlpjson import TracesData, encode
from otlpjson.testing import freeze, freeze_body
from otlpjson.testing.plugin import GoldenOtlp

from ..cases import bodies

GOLDEN = Path(__file__).parent / "golden" / "test_pinned"
EXPORTED = (
    b'{"resourceSpans": [{"resource": {"attributes": [{"key": "service.instance.id", "value": '
    b'{"stringValue": "82acc915-6747-4b57-96bd-514345e2348b"}}]}, "scopeSpans": [{"scope": {"name": "shop"}, '
    b'"spans": [{"traceId": "3b229a568f7007bdb4be2dceb5a09835", "spanId": "76113ba0656d5635", "parentSpanId": '
    b'"8a358c14d155cd75", "flags": 256, "name": "pay", "kind": 1, "startTimeUnixNano": 1795517116769288333, '
    b'"endTimeUnixNano": 1795517116769312289, "attributes": [{"key": "amount", "value": {"intValue": 12}}], '
    b'"status": {}}, {"traceId": "3b229a568f7007bdb4be2dceb5a09835", "spanId": "8a358c14d155cd75", "name": '
    b'"order", "kind": 1, "startTimeUnixNano": 1795517116769234323, "endTimeUnixNano": 1795517116772601858, '
    b'"events": [{"timeUnixNano": 1795517116769301953, "name": "paid"}], "status": {"code": 1}}]}]}]}'
)
"""What an exporter may write: spans as they end, integers as numbers, spaces, empty objects."""


@pytest.mark.parametrize("traces", [bodies.everything(), TracesData()], ids=["everything", "nothing"])
def test_traces_are_pinned_by_their_bytes(traces: TracesData, golden_otlp: GoldenOtlp) -> None:
    """As our encoder writes them; the numbers' form has a file of its own."""
    golden_otlp(traces)
    golden_otlp(encode(traces, integers_as_numbers=True), name="numbers")


def test_another_exporters_body_is_pinned_by_its_bytes(golden_otlp: GoldenOtlp) -> None:
    """With ids, times and what a process draws frozen; the file holds exactly what it wrote."""
    frozen = freeze_body(EXPORTED, 7, attributes={"service.instance.id": "one"})

    golden_otlp(frozen)
    assert (GOLDEN / "test_another_exporters_body_is_pinned_by_its_bytes.json").read_bytes() == frozen


def test_another_exporters_body_is_pinned_by_its_meaning(golden_otlp: GoldenOtlp) -> None:
    """Whatever its form: here a compact one."""
    compact = json.dumps(json.loads(EXPORTED), separators=(",", ":"))

    golden_otlp(freeze(7).body(compact.encode()), compare="meaning")
    golden_otlp(freeze(7, start_ns=1).body(EXPORTED, times="shifted"), name="shifted", compare="meaning")
