# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is refused, each with the sentence that a person reads."""

from __future__ import annotations

from typing import Any, Callable, Final

from otlpjson import Attributes, Event, Link, Resource, TracesData, entries_of
from otlpjson.delivery import grafana_cloud
from otlpjson.openrouter import read_record

from .bodies import SPAN_ID, TRACE_ID, span

_BASE: Final = "https://otlp-gateway-prod-us-west-0.grafana.net"
_TIMES: Final = {"started_at": "2026-02-13T18:00:00Z", "ended_at": "2026-02-13T18:00:01Z"}


def short_trace_id() -> Any:
    """VAL-1."""
    return span(trace_id="5b8e")


def zero_trace_id() -> Any:
    """VAL-1: all zero is no id."""
    return span(trace_id="0" * 32)


def span_id_with_a_space() -> Any:
    """VAL-1: bytes.fromhex would skip it."""
    return span(span_id="eee19b7e c3c1b17")


def zero_parent() -> Any:
    """VAL-1: a root has None, not zeros."""
    return span(parent_span_id="0" * 16)


def end_before_start() -> Any:
    """VAL-2."""
    return span(start_ns=2, end_ns=1)


def time_below_zero() -> Any:
    """VAL-2: fixed64."""
    return span(start_ns=-1)


def time_as_float() -> Any:
    """VAL-2: a float of nanoseconds has lost some."""
    return span(end_ns=1.771005600e18)


def flags_too_large() -> Any:
    """fixed32."""
    return span(flags=2**32)


def kind_as_bool() -> Any:
    """A bool is no number here."""
    return span(kind=True)


def name_as_number() -> Any:
    """A name is text."""
    return span(name=5)


def attributes_as_pairs() -> Any:
    """A list of pairs says how to become a mapping."""
    return span(attributes=[("a", 1)])


def attributes_as_number() -> Any:
    """Attributes take their mapping first."""
    return Attributes(5)  # type: ignore[arg-type]  # the point of the case


def dropped_below_zero() -> Any:
    """uint32."""
    return Attributes({}, dropped_count=-1)


def events_as_dicts() -> Any:
    """The model's own classes are wanted."""
    return span(events=[{"name": "x"}])


def status_as_number() -> Any:
    """A status is a message, not its code."""
    return span(status=2)


def resource_as_dict() -> Any:
    """What belongs inside is named."""
    return TracesData(resource_spans=[Resource()])  # type: ignore[list-item]  # the point of the case


def event_time_too_late() -> Any:
    """fixed64."""
    return Event(name="late", time_ns=2**64)


def link_without_trace() -> Any:
    """A link points somewhere."""
    return Link(trace_id="", span_id=SPAN_ID)


def long_value_shortened() -> Any:
    """At most 60 characters of a value are shown."""
    return span(trace_id=TRACE_ID * 10)


def body_that_is_a_list() -> Any:
    """A body is an object."""
    return entries_of(b"[]")


def two_bodies_in_one() -> Any:
    """FIL-5: a receiver would lose the second one."""
    return entries_of(b'{"resourceSpans":[]}{"resourceSpans":[]}')


def group_that_is_a_number() -> Any:
    """The place is named."""
    return entries_of(b'{"resourceSpans":[{},{"scopeSpans":[{"spans":7}]}]}')


def record_without_times() -> Any:
    """One sentence says what would do."""
    return read_record({"request": {"model": "openai/gpt-4o", "messages": []}})


def record_in_seconds() -> Any:
    """Numbers too small to be nanoseconds are a mistake."""
    return read_record({"request": {"messages": []}, "started_at": 1771005600, "ended_at": 1771005601})


def record_without_offset() -> Any:
    """A time without offset is some time."""
    return read_record({"request": {"messages": []}, "started_at": "2026-02-13T18:00:00", "ended_at": "x"})


def record_of_another_api() -> Any:
    """The APIs have names."""
    return read_record({"request": {"input": "Hello"}, "api": "assistants", **_TIMES})


def record_of_no_api() -> Any:
    """It would be a successful span with nothing in it."""
    return read_record({"request": {"limit": 5}, "response": {"object": "list", "data": []}, **_TIMES})


def dashboard_url() -> Any:
    """The commonest mistake says where to look."""
    return grafana_cloud("https://your-stack.grafana.net", "123456", "glc_x")


def three_wrong_values() -> Any:
    """A wrong configuration is reported completely."""
    return grafana_cloud("http://gateway.example", "my-stack", "glc x")


def user_in_url() -> Any:
    """Credentials have their own places."""
    return grafana_cloud(_BASE.replace("https://", "https://123456:glc_x@"), "123456", "glc_x")


CASES: Final[tuple[Callable[[], Any], ...]] = tuple(
    case
    for name, case in list(globals().items())
    if callable(case) and getattr(case, "__module__", "") == __name__
)
