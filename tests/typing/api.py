# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Every public name used the way a caller would; type-checked, never run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import otlpjson
from otlpjson import delivery, openrouter
from otlpjson.broadcast import Broadcast, BroadcastDestination, destination_from
from otlpjson.core.bodies import Body, fill, join
from otlpjson.core.decoder import Decoded
from otlpjson.core.findings import Finding, Severity
from otlpjson.inspect.diff_words import Difference
from otlpjson.inspect.differ import diff
from otlpjson.receiver.server import Receiver
from otlpjson.testing import Frozen, Times, freeze, freeze_body
from otlpjson.testing.golden import Compare, disagreement
from otlpjson.testing.plugin import GoldenOtlp

attributes: otlpjson.Attributes = otlpjson.Attributes({"a": 1}, dropped_count=1)
value: otlpjson.AttributeValue = attributes["a"]
span = otlpjson.Span(
    trace_id=os.urandom(16).hex(),
    span_id=os.urandom(8).hex(),
    parent_span_id=otlpjson.span_id_of("parent"),
    name="pay",
    start_ns=1,
    end_ns=2,
    kind=otlpjson.SpanKind.CLIENT,
    status=otlpjson.Status(code=otlpjson.StatusCode.ERROR, message="no funds"),
    attributes={"a": [1, {"b": None}]},
    events=[otlpjson.Event(name="e", time_ns=1, attributes={})],
    links=[otlpjson.Link(trace_id=otlpjson.trace_id_of("t"), span_id=otlpjson.span_id_of("s"))],
)
group = otlpjson.ResourceSpans(
    resource=otlpjson.Resource(attributes={"service.name": "shop"}),
    scope_spans=[otlpjson.ScopeSpans(scope=otlpjson.InstrumentationScope(name="s"), spans=[span])],
)
body: bytes = otlpjson.encode(otlpjson.TracesData(resource_spans=[group]), integers_as_numbers=True)
entry: otlpjson.Entry = otlpjson.encode_entry(group)
entries: tuple[otlpjson.Entry, ...] = otlpjson.entries_of(body)
bodies: Iterator[Body] = fill(entries, 1000)
joined: bytes = join(entries)
read_back: otlpjson.TracesData = otlpjson.decode(body, max_bytes=1000)
repaired: Decoded = otlpjson.decode_lenient(body)
found: tuple[Finding, ...] = repaired.findings
weight: Severity = found[0].severity
differences: tuple[Difference, ...] = diff(read_back, repaired.traces, names=("old", "new"))
words: tuple[str, str | None, str | None] = (differences[0].path, differences[0].left, differences[0].right)

frozen: Frozen = freeze("seed", start_ns=1, step_ns=1, attributes={"service.instance.id": "one"})
drawn: tuple[str, str, int] = (frozen.trace_id(), frozen.span_id(), frozen.time_ns())
frozen_body: bytes = frozen.body(
    freeze_body(body, 7, times="shifted", attributes={"pid": 1}), times="stepped"
)
times: Times = "shifted"
frozen_traces: otlpjson.TracesData = frozen.traces(read_back, times=times)
compare: Compare = "meaning"
complaint: str = disagreement(body, frozen_body, compare)


def test_of_a_user(golden_otlp: GoldenOtlp) -> None:
    """Bytes, a text, or traces; names and the way to compare."""
    golden_otlp(body)
    golden_otlp(body.decode(), name="text")
    golden_otlp(read_back, name="traces", compare="meaning")


generation: openrouter.Generation = openrouter.read_record({"request": {}, "response": None})
hierarchy: openrouter.Hierarchy = "observed"
groups: tuple[otlpjson.ResourceSpans, ...] = openrouter.resource_spans(
    generation, hierarchy=hierarchy, privacy_mode=True, truncation=openrouter.Truncation(max_bytes=2048)
)
facts: openrouter.SpanSummary = openrouter.summary(span)
used: openrouter.Totals = openrouter.totals([span])
service: otlpjson.AttributeValue = openrouter.service_name(group.resource)
line: openrouter.Line = next(openrouter.read_lines([b"{}"]))
parts: tuple[openrouter.TraceOptions, openrouter.Usage] = (generation.trace, generation.usage)
known: tuple[openrouter.Timing, tuple[openrouter.Attempt, ...]] = (generation.timing, generation.attempts)
failure: openrouter.Failure | None = generation.failure
skipped: tuple[otlpjson.Finding, ...] = generation.skipped
probe: otlpjson.ResourceSpans = openrouter.connection_test(1)
sample: otlpjson.ResourceSpans = openrouter.sample_trace(1, "test")
query: str = openrouter.sample_query("test")
step = openrouter.Step(
    trace_key="k", trace_name="T", span_id="0123456789abcdef", name="n", start_ns=1, end_ns=2
)
root: otlpjson.ResourceSpans = openrouter.step_spans(step)
number: int = openrouter.span_count(generation, "observed")
reason: str | None = openrouter.Policy(sampling_rate=0.5, predicate=lambda g: g.failure is None).refusal(
    generation
)

try:
    destination: delivery.Destination = delivery.grafana_cloud("https://gateway.example", 123456, "glc_x")
    same: delivery.Destination = destination_from(os.environ)
    collector: delivery.Destination = delivery.otel_collector(
        "http://localhost:4318/v1/traces", {"x-key": "k"}
    )
    hook: delivery.Destination = delivery.webhook("https://example.com/hook", "PUT")
except otlpjson.ConfigError as error:
    problems: dict[str, str] = error.problems
except (otlpjson.InvalidValue, otlpjson.InvalidDocument) as error:
    path: str = error.path
except otlpjson.OtlpJsonError:
    pass
with delivery.Sender(destination, timeout_s=5, proxies={}, ca_file="ca.pem") as sender:
    transport: delivery.Transport = sender
    outcome: delivery.Outcome = sender.send(body)
    verdict: delivery.Verdict = delivery.judge(outcome, destination.url)
    sent: delivery.Counts = delivery.deliver(entries, sender, delivery.Limits(max_wait_s=5))
    settled: delivery.Settled = next(delivery.settle(entries, sender, delivery.Limits()))
done: bool = settled.fate is delivery.Fate.DELIVERED and outcome.kind is delivery.OutcomeKind.ACCEPTED
with Receiver(credentials=("123456", "glc_x")) as receiver:
    received: tuple[bytes, ...] = receiver.lines

with Broadcast([BroadcastDestination(destination=collector, name="a", privacy_mode=True)]) as broadcast:
    with broadcast.trace("Agent", trace_id="t", session_id="s") as key, broadcast.span("Step"):
        pass
    with broadcast.call({"model": "openai/gpt-4o"}, api="chat") as call:
        call.response = {"id": "gen-1"}
        call.chunk(b"data: [DONE]")
    understood: bool = broadcast.record({})
    counts: dict[str, delivery.Counts] = broadcast.counts()
    settled_in_time: bool = broadcast.flush(1.0)
    refused: dict[str, int] = broadcast.refused
    wrong: tuple[Exception, ...] = broadcast.errors
exporter = delivery.Exporter(sender, queue=delivery.QueueLimits(max_age_s=1))
