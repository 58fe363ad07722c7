# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Sending again is recognisable: the same ids, the same bytes, in both servers."""

from __future__ import annotations

import json
import time
from pathlib import Path

from otlpjson.broadcast import Broadcast, BroadcastDestination

from .commands import Person
from .gateway import Gateway
from .generations import Case, cases
from .go_json import spans
from .losses import as_jaeger_gave, as_jaeger_gives


def made(seed: int) -> list[Case]:
    """A dozen requests of which there are spans, whatever the hierarchy, in traces of their own."""
    found = [case for case in cases(seed, 60, time.time_ns()) if case.record["note"] != "refused"]
    return [
        case for case in found if not str(case.record["request"]["trace"].get("trace_id", "")).startswith("s")
    ][:12]


def test_a_delivery_sent_twice_has_the_same_ids(gateway: Gateway) -> None:
    """Two processes' worth of Broadcast, one record each: the Collector's two lines are equal."""
    (case, *_) = made(41)
    for _ in range(2):
        with Broadcast([BroadcastDestination(destination=gateway.destination())]) as broadcast:
            broadcast.record(case.record)
            assert broadcast.flush(60)
    first, second = gateway.lines_with(case.trace_id, 2)

    assert first == second
    assert as_jaeger_gave(spans(gateway.trace_in_jaeger(case.trace_id))) == as_jaeger_gives(spans(first))


def test_a_file_sent_twice_has_the_same_ids(gateway: Gateway, tmp_path: Path) -> None:
    """The command, started twice: every span is written twice, and Jaeger shows it once."""
    person = Person(folder=tmp_path).with_credentials(gateway.base_url())
    path = tmp_path / "records.jsonl"
    sent = made(43)
    path.write_text("".join(json.dumps(case.record) + "\n" for case in sent), encoding="utf-8")
    before = len(gateway.lines())
    runs = [person.runs("send", path) for _ in range(2)]
    gateway.lines_with(sent[-1].trace_id, 2)
    first, second = gateway.lines()[before:]

    assert [run.code for run in runs] == [0, 0]
    assert runs[0].err == runs[1].err
    assert first == second
    assert {span["trace id"] for span in spans(first)} == {case.trace_id for case in sent}
    for case in sent:
        of_trace = [span for span in spans(first) if span["trace id"] == case.trace_id]
        assert as_jaeger_gave(spans(gateway.trace_in_jaeger(case.trace_id))) == as_jaeger_gives(of_trace)
