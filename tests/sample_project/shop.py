# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A shop that tells of its payments: with otlpjson's encoder, and with an exporter of its own."""

from __future__ import annotations

import json
import os
import time

from otlpjson import Resource, ResourceSpans, ScopeSpans, Span, TracesData
from otlpjson.testing import Frozen

__all__ = ["exported", "payment"]


def payment(amount: float, source: Frozen) -> TracesData:
    """The trace of one payment."""
    span = Span(
        trace_id=source.trace_id(),
        span_id=source.span_id(),
        name="pay",
        start_ns=source.time_ns(),
        end_ns=source.time_ns(),
        attributes={"amount": amount},
    )
    resource = Resource(attributes={"service.name": "shop"})
    return TracesData(
        resource_spans=[ResourceSpans(resource=resource, scope_spans=[ScopeSpans(spans=[span])])]
    )


def exported(amount: int) -> bytes:
    """What another exporter writes: ids, times and a process number as they happen to be."""
    trace_id, span_id, now_ns = os.urandom(16).hex(), os.urandom(8).hex(), time.time_ns()
    traceparent = f"00-{trace_id}-{span_id}-01"
    span = {
        "name": "pay",
        "traceId": trace_id,
        "spanId": span_id,
        "startTimeUnixNano": now_ns,
        "endTimeUnixNano": now_ns + amount,
        "attributes": [
            {"key": "amount", "value": {"intValue": amount}},
            {"key": "traceparent", "value": {"stringValue": traceparent}},
            {"key": "process.pid", "value": {"intValue": os.getpid()}},
        ],
    }
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
