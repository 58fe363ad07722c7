# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ids and times that are the same in every run: drawn, or put in the place of real ones."""

from __future__ import annotations

import json
import re

import attrs
import pytest
from hypothesis import given

from otlpjson import (
    Event,
    InvalidValue,
    Link,
    TracesData,
    decode,
    decode_lenient,
    encode,
)
from otlpjson.core.ids import is_span_id, is_trace_id
from otlpjson.inspect.differ import diff
from otlpjson.testing import freeze, freeze_body

from .. import strategies
from ..cases.bodies import body, span

START_NS, STEP_NS = 1767225600000000000, 1000000
"""The first time that is drawn, and what lies between two of them."""
TRACE_ID, SPAN_ID, PARENT_ID = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
DRAWN = (
    "9ba5547bd4ac8a5aad7cb05cb250803b",
    "da00b8c0fb07b39f",
    "1dad13bad94f7254",
)
"""What seed 7 gives for a trace, a span and another span, drawn in this order."""


def test_what_is_drawn_is_the_same_in_every_run() -> None:
    """Written down here, so on every Python too."""
    frozen = freeze(7)

    assert (frozen.trace_id(), frozen.span_id(), frozen.span_id()) == DRAWN
    assert (frozen.time_ns(), frozen.time_ns()) == (START_NS, START_NS + STEP_NS)


def test_each_seed_has_ids_of_its_own() -> None:
    """A number or a text; and no two that are drawn are the same."""
    sources = [freeze(), freeze(1), freeze("pay")]
    drawn = [identifier for frozen in sources for identifier in (frozen.trace_id(), frozen.span_id())]

    assert freeze(7).trace_id() == freeze("7").trace_id()
    assert len({*drawn, sources[0].trace_id(), sources[0].span_id()}) == 8
    assert all(is_trace_id(identifier) for identifier in drawn[::2])
    assert all(is_span_id(identifier) for identifier in drawn[1::2])


def test_the_clock_can_be_set() -> None:
    """Where it starts, and how fast it goes."""
    frozen = freeze(start_ns=5, step_ns=3)

    assert [frozen.time_ns() for _ in range(3)] == [5, 8, 11]


def test_it_can_be_the_id_generator_of_opentelemetrys_sdk() -> None:
    """Numbers there; the SDK asks besides whether trace ids are random."""
    frozen = freeze(7)

    assert f"{frozen.generate_trace_id():032x}" == DRAWN[0]
    assert f"{frozen.generate_span_id():016x}" == DRAWN[1]
    assert frozen.is_trace_id_random() is False


def foreign(trace_id: str = TRACE_ID, span_id: str = SPAN_ID, start_ns: int = 1700000000123456789) -> bytes:
    """A body of another exporter: other order, numbers for times, white space, an id inside a text."""
    return (
        '{"resourceSpans": [{"scopeSpans": [{"spans": [\n'
        f'{{"name": "pay", "traceId": "{trace_id}", "spanId": "{span_id}", "parentSpanId": "",\n'
        f' "startTimeUnixNano": {start_ns}, "endTimeUnixNano": "{start_ns + 777}",\n'
        f' "attributes": [{{"key": "traceparent", "value": {{"stringValue": "00-{trace_id}-{span_id}-01"}}}},\n'
        f'  {{"key": "order", "value": {{"intValue": 1.0e3}}}}]}}]}}]}}]}}\n'
    ).encode()


def test_a_foreign_body_keeps_its_form() -> None:
    """Only ids and times are other ones, ids also where a text holds them."""
    assert freeze_body(foreign(), 7) == (
        foreign(DRAWN[0], DRAWN[1], START_NS).replace(b"1767225600000000777", b"1767225600001000000")
    )
    assert freeze_body(foreign("f" * 32, "9" * 16, 5), 7) == freeze_body(foreign(), 7)


def test_durations_can_be_preserved() -> None:
    """All times are shifted so that the earliest start is the first time."""
    assert freeze_body(foreign(), 7, times="shifted") == foreign(DRAWN[0], DRAWN[1], START_NS)


def test_attributes_can_be_given_values() -> None:
    """For what a machine or a process decides."""
    frozen = freeze_body(foreign(), 7, times="shifted", attributes={"order": 5, "traceparent": "hidden"})

    assert frozen == (
        foreign(DRAWN[0], DRAWN[1], START_NS)
        .replace(b"1.0e3", b"5")
        .replace(f"00-{DRAWN[0]}-{DRAWN[1]}-01".encode(), b"hidden")
    )


def test_the_same_id_is_replaced_by_the_same_in_every_body() -> None:
    """A batch exporter cuts a trace into several bodies; time goes on in the second."""
    frozen = freeze(7)
    child = body(span(trace_id=TRACE_ID, span_id=SPAN_ID, parent_span_id=PARENT_ID, start_ns=20, end_ns=30))
    root = body(
        span(
            trace_id=TRACE_ID,
            span_id=PARENT_ID,
            start_ns=10,
            end_ns=40,
            links=[Link(trace_id=TRACE_ID, span_id=SPAN_ID)],
        )
    )
    first, second = frozen.traces(child), frozen.traces(root)

    assert first == body(
        span(
            trace_id=DRAWN[0],
            span_id=DRAWN[1],
            parent_span_id=DRAWN[2],
            start_ns=START_NS,
            end_ns=START_NS + STEP_NS,
        )
    )
    assert second == body(
        span(
            trace_id=DRAWN[0],
            span_id=DRAWN[2],
            start_ns=START_NS + 2 * STEP_NS,
            end_ns=START_NS + 3 * STEP_NS,
            links=[Link(trace_id=DRAWN[0], span_id=DRAWN[1])],
        )
    )


def test_times_of_a_later_body_are_shifted_as_those_of_the_first() -> None:
    """So what lies between them stays as well; a body without a start is no first one."""
    frozen = freeze(7)
    none, first, second = (
        body(span(trace_id=TRACE_ID, span_id=SPAN_ID, start_ns=start_ns, end_ns=9000))
        for start_ns in (0, 5000, 4990)
    )
    here, there, last = (frozen.traces(traces, times="shifted") for traces in (none, first, second))
    times = [
        (span.start_ns, span.end_ns)
        for traces in (here, there, last)
        for span in traces.resource_spans[0].scope_spans[0].spans
    ]

    assert times == [(0, 9000), (START_NS, START_NS + 4000), (START_NS - 10, START_NS + 4000)]


def test_what_was_drawn_stays() -> None:
    """A program that draws its ids here gets other times alone."""
    frozen = freeze(7)
    drawn = body(span(trace_id=frozen.trace_id(), span_id=frozen.span_id(), start_ns=5, end_ns=6))

    assert frozen.traces(drawn) == body(
        span(trace_id=DRAWN[0], span_id=DRAWN[1], start_ns=START_NS, end_ns=START_NS + STEP_NS)
    )


def test_ids_that_are_none_stay_and_case_is_kept() -> None:
    """A golden file shows what is wrong with an exporter; a longer run of letters is no id either."""
    longer = {"name": f"x{TRACE_ID}", "traceState": f"{TRACE_ID}f"}
    members = {"traceId": TRACE_ID.upper(), "spanId": "0" * 16, "parentSpanId": "b7ad", **longer}
    text = json.dumps(members)

    assert freeze_body(text.encode(), 7).decode() == text.replace(TRACE_ID.upper(), DRAWN[0].upper())


def test_bytes_that_are_no_text_stay() -> None:
    """Nothing but ids and times is touched."""
    odd = b'{"name":"\xff\xfe"}'

    assert freeze_body(odd) == odd


def test_several_documents_are_one_body() -> None:
    """JSON Lines, with a mark of byte order before them."""
    lines = (
        b"\xef\xbb\xbf" + foreign().replace(b"\n", b" ") + b"\n" + foreign(start_ns=1).replace(b"\n", b" ")
    )
    frozen = freeze_body(lines, 7)

    assert [
        span.start_ns
        for line in frozen.splitlines()
        for span in decode_lenient(line).traces.resource_spans[0].scope_spans[0].spans
    ] == [START_NS + 2 * STEP_NS, START_NS]


def test_an_unknown_way_to_treat_times_is_refused() -> None:
    """There are two."""
    with pytest.raises(InvalidValue) as caught:
        freeze_body(b"{}", times="real")  # type: ignore[arg-type]  # a mistake that this is about

    assert str(caught.value) == "Frozen.body.times: expected 'stepped' or 'shifted', got str 'real'"


@given(strategies.traces)
def test_freezing_changes_nothing_but_ids_and_times(traces: TracesData) -> None:
    """Laws: other ids and times than now make no difference, and everything but them stays."""
    once = freeze(7).traces(traces)
    fields = {
        difference.path.rpartition(" ")[2] for difference in diff(once, freeze(7, start_ns=5).traces(traces))
    }

    assert decode(freeze_body(encode(traces), 7)) == once
    assert freeze(7).traces(once) == freeze(7).traces(freeze(8).traces(traces))
    assert {re.sub(r".*\.", "", field) for field in fields} <= {"start_ns", "end_ns", "time_ns"}
    assert [group.span_count for group in once.resource_spans] == [
        group.span_count for group in traces.resource_spans
    ]


def test_events_are_frozen_inside_their_span() -> None:
    """Between its start and its end."""
    events = [Event(name="a", time_ns=15), Event(name="b", time_ns=12), Event(name="c")]
    frozen = freeze(start_ns=100, step_ns=1).traces(body(span(start_ns=10, end_ns=20, events=events)))
    (only,) = frozen.resource_spans[0].scope_spans[0].spans

    assert (only.start_ns, [event.time_ns for event in only.events], only.end_ns) == (100, [102, 101, 0], 103)
    assert attrs.evolve(only.events[2], time_ns=0) == Event(name="c")
