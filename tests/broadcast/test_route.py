# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The route to one destination counts what it does not send, without making spans for that."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.broadcast import BroadcastDestination
from otlpjson.broadcast.route import Route
from otlpjson.delivery import Counts, QueueLimits, otel_collector
from otlpjson.openrouter import Attempt, Failure, Generation, TraceOptions
from otlpjson.testing import FakeTransport

GENERATION = Generation(
    key="gen-1",
    start_ns=1,
    end_ns=2,
    attempts=(Attempt(provider_name="A"), Attempt(provider_name="B")),
    streamed=True,
    trace=TraceOptions(trace_name="T", span_name="S"),
)
EARLY = Generation(key="gen-2", start_ns=1, end_ns=2, failure=Failure(message="no", before_routing=True))


@pytest.mark.parametrize(
    ("hierarchy", "spans"), [("documented", {"disabled": 7}), ("observed", {"disabled": 4})]
)
def test_what_is_not_sent_is_counted_in_the_spans_it_would_have_had(
    monkeypatch: pytest.MonkeyPatch, hierarchy: str, spans: dict[str, int]
) -> None:
    """Of a request that was refused before it was routed there is nothing in the observed hierarchy."""

    def mapped(*asked: object, **more: object) -> Any:
        raise AssertionError("nothing is mapped only to be counted")

    monkeypatch.setattr("otlpjson.openrouter.spans.spans.resource_spans", mapped)
    target = BroadcastDestination(
        destination=otel_collector("http://localhost:1/"),
        enabled=False,
        hierarchy="observed" if hierarchy == "observed" else "documented",
    )
    route = Route.to(target, predicate=None, queue=QueueLimits(), transport=FakeTransport())
    route.send(GENERATION, mapped)
    route.send(EARLY, mapped)

    assert route.exporter.close(0.0)
    assert route.exporter.counts() == Counts(dropped=spans)
