# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Spans of other programs, and of OpenTelemetry in this one, as parents."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.broadcast.remote_parent import current_span

from ..capture.recorder import Recorder

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN_ID = "00f067aa0ba902b7"
PARENT = f"00-{TRACE_ID}-{SPAN_ID}-01"
REQUEST = {"model": "openai/gpt-4o", "messages": []}


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@contextmanager
def opentelemetry_span(trace_id: int, span_id: int, flags: int) -> Iterator[None]:
    """A span of OpenTelemetry's API, without its SDK."""
    from opentelemetry import context, trace

    span = trace.NonRecordingSpan(trace.SpanContext(trace_id, span_id, False, trace.TraceFlags(flags)))
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield
    finally:
        context.detach(token)


def ask(recorder: Recorder, **request: Any) -> None:
    with recorder.broadcast.call({**REQUEST, **request}) as call:
        call.response = {"choices": []}


def sent(recorder: Recorder) -> dict[str, Any]:
    recorder.generations()
    return {span.name: span for span in recorder.transport.spans}


@pytest.mark.parametrize(
    "parent", [PARENT, f" {PARENT}\t", f"00-{TRACE_ID}-{SPAN_ID}-00", f"01-{TRACE_ID}-{SPAN_ID}-01-later"]
)
def test_a_trace_goes_on_below_the_span_of_a_header(recorder: Recorder, parent: str) -> None:
    with recorder.broadcast.trace("Flow", parent=parent, session_id="s-1"):
        ask(recorder)
    spans = sent(recorder)

    assert {span.trace_id for span in spans.values()} == {TRACE_ID}
    assert spans["Flow"].parent_span_id == SPAN_ID
    assert spans["LLM Generation"].parent_span_id == spans["Flow"].span_id


def test_two_parts_of_one_trace_have_ids_of_their_own(recorder: Recorder) -> None:
    for _ in range(2):
        with recorder.broadcast.trace("Flow", parent=PARENT), recorder.broadcast.span("Step"):
            pass
    recorder.generations()

    assert len({span.span_id for span in recorder.transport.spans}) == 4


@pytest.mark.parametrize(
    "parent",
    [
        "",
        "x",
        PARENT.upper(),
        f"ff-{TRACE_ID}-{SPAN_ID}-01",
        f"{PARENT}-later",
        f"00-{'0' * 32}-{SPAN_ID}-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
    ],
)
def test_another_text_begins_a_new_trace(recorder: Recorder, parent: str) -> None:
    """Others send it, and it must not break the program; it is noted."""
    with recorder.broadcast.trace("Flow", parent=parent):
        pass
    span = sent(recorder)["Flow"]

    assert span.parent_span_id is None and span.trace_id != TRACE_ID
    assert [str(error) for error in recorder.broadcast.errors] == [
        "Broadcast.trace.parent: is no traceparent, so a new trace began"
    ]


def test_a_parent_is_a_text(recorder: Recorder) -> None:
    parent: Any = 7
    with pytest.raises(InvalidValue, match=r"Broadcast\.trace\.parent: expected the text of a header"):
        recorder.broadcast.trace("Flow", parent=parent).__enter__()


def test_a_parent_has_the_traces_id(recorder: Recorder) -> None:
    with pytest.raises(InvalidValue, match=r"Broadcast\.trace\.trace_id"):
        recorder.broadcast.trace("Flow", parent=PARENT, trace_id="t-1").__enter__()


def test_a_sampled_span_of_opentelemetry_is_the_parent(recorder: Recorder) -> None:
    """Of a trace, of a step without one, and of a request alone."""
    with opentelemetry_span(int(TRACE_ID, 16), int(SPAN_ID, 16), 1):
        with recorder.broadcast.trace("Flow"):
            pass
        with recorder.broadcast.span("Step"):
            pass
        ask(recorder)
        with recorder.broadcast.trace("Own", trace_id="t-1"):
            pass
    spans = sent(recorder)

    assert {spans[name].trace_id for name in ("Flow", "Step", "LLM Generation")} == {TRACE_ID}
    assert {spans[name].parent_span_id for name in ("Flow", "Step", "LLM Generation")} == {SPAN_ID}
    assert spans["Own"].trace_id != TRACE_ID and spans["Own"].parent_span_id is None


def test_a_request_with_a_place_of_its_own_keeps_it(recorder: Recorder) -> None:
    with opentelemetry_span(int(TRACE_ID, 16), int(SPAN_ID, 16), 1):
        ask(recorder, trace={"trace_id": "t-1"})
    recorder.generations()

    assert TRACE_ID not in {span.trace_id for span in recorder.transport.spans}


@pytest.mark.parametrize(
    ("trace_id", "span_id", "flags"), [(int(TRACE_ID, 16), int(SPAN_ID, 16), 0), (0, 0, 1)]
)
def test_a_span_that_is_not_sent_is_no_parent(trace_id: int, span_id: int, flags: int) -> None:
    with opentelemetry_span(trace_id, span_id, flags):
        assert current_span() is None


def test_without_opentelemetry_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace", raising=False)
    assert current_span() is None


def test_a_broken_one_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", object())
    assert current_span() is None
