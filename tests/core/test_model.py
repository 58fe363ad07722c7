# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The constructors of the model: comfortable forms in, strict forms kept, the rest refused."""

from __future__ import annotations

import enum
from typing import Any, Callable

import attrs
import pytest

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
    InvalidValue,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracesData,
)
from otlpjson.core import model

from ..cases.bodies import SPAN_ID, TRACE_ID, span


class Small(enum.IntEnum):
    """A number with a name."""

    ONE = 1


class Foreign:
    """Another library's integer."""

    def __index__(self) -> int:
        return 5


def test_comfortable_forms_are_kept_in_their_strict_form() -> None:
    """Dicts, lists, plain numbers and upper case are taken, and frozen."""
    made = span(
        trace_id=TRACE_ID.upper(),
        parent_span_id=SPAN_ID.upper(),
        kind=3,
        flags=Foreign(),
        start_ns=Small.ONE,
        attributes={"a": [1]},
        events=iter([Event(name="x")]),
    )

    assert made.trace_id == TRACE_ID
    assert made.parent_span_id == SPAN_ID
    assert made.kind is SpanKind.CLIENT
    assert (made.flags, type(made.flags)) == (5, int)
    assert (made.start_ns, type(made.start_ns)) == (1, int)
    assert made.attributes == Attributes({"a": (1,)})
    assert made.events == (Event(name="x"),)


def test_defaults_mean_not_given() -> None:
    """A span needs ids, a name and times; the rest is absent."""
    made = span()

    assert made == Span(
        trace_id=TRACE_ID,
        span_id=SPAN_ID,
        name="pay",
        start_ns=made.start_ns,
        end_ns=made.end_ns,
        parent_span_id=None,
        trace_state="",
        flags=0,
        kind=SpanKind.INTERNAL,
        status=Status(code=StatusCode.UNSET, message=""),
        attributes={},
        events=(),
        dropped_events_count=0,
        links=(),
        dropped_links_count=0,
    )


@pytest.mark.parametrize("kind", [6, -1, 2**31 - 1, -(2**31)])
def test_unknown_numbers_of_enums_are_kept(kind: int) -> None:
    """ENC-4: what a newer OTLP means by them is not ours to lose."""
    assert type(span(kind=kind).kind) is int
    assert Status(code=kind).code == kind


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"trace_id": 5}, "Span.trace_id: expected 32 hex digits, not all zero, got int 5"),
        ({"trace_id": SPAN_ID}, f"Span.trace_id: expected 32 hex digits, not all zero, got str '{SPAN_ID}'"),
        ({"span_id": ""}, "Span.span_id: expected 16 hex digits, not all zero, got str ''"),
        (
            {"parent_span_id": ""},
            "Span.parent_span_id: expected 16 hex digits, not all zero, or None, got str ''",
        ),
        ({"name": None}, "Span.name: expected text, got nothing"),
        ({"start_ns": True}, "Span.start_ns: expected nanoseconds since 1970, 0 to 2**64 - 1, got bool True"),
        ({"start_ns": "1"}, "Span.start_ns: expected nanoseconds since 1970, 0 to 2**64 - 1, got str '1'"),
        ({"end_ns": 2**64}, f"Span.end_ns: expected nanoseconds since 1970, 0 to 2**64 - 1, got int {2**64}"),
        ({"start_ns": 9, "end_ns": 8}, "Span.end_ns: expected 0 or at least the start, 9, got int 8"),
        ({"kind": 2**31}, "Span.kind: expected a whole number within int32, got int 2147483648"),
        ({"kind": "CLIENT"}, "Span.kind: expected a whole number within int32, got str 'CLIENT'"),
        ({"flags": -1}, "Span.flags: expected a whole number from 0 to 2**32 - 1, got int -1"),
        (
            {"dropped_links_count": 0.0},
            "Span.dropped_links_count: expected a whole number from 0 to 2**32 - 1, got float 0.0",
        ),
        ({"attributes": None}, "Span.attributes: expected a mapping (of pairs: dict(pairs)), got nothing"),
        ({"events": None}, "Span.events: expected a list of Event, got nothing"),
        ({"links": [Event(name="x")]}, "Span.links[0]: expected a Link, got Event"),
        ({"status": StatusCode.OK}, "Span.status: expected a Status, got StatusCode"),
    ],
)
def test_a_field_that_cannot_hold_a_value_refuses_it(members: dict[str, Any], sentence: str) -> None:
    """Path, what was expected, what was found."""
    with pytest.raises(InvalidValue) as caught:
        span(**members)

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("build", "path", "digits"),
    [
        (lambda: span(trace_id="0" * 32), "Span.trace_id", "32"),
        (lambda: span(span_id="0" * 16), "Span.span_id", "16"),
        (lambda: span(parent_span_id="0" * 16), "Span.parent_span_id", "16"),
        (lambda: Link(trace_id="0" * 32, span_id=SPAN_ID), "Link.trace_id", "32"),
        (lambda: Link(trace_id=TRACE_ID, span_id="0" * 16), "Link.span_id", "16"),
    ],
)
def test_all_zero_id_is_refused(build: Callable[[], Any], path: str, digits: str) -> None:
    """VAL-1: wherever there is an id; one such span costs a whole request at Tempo."""
    with pytest.raises(InvalidValue) as caught:
        build()

    assert (caught.value.path, caught.value.found) == (path, f"str '{'0' * int(digits)}'")


@pytest.mark.parametrize("code", [StatusCode.UNSET, StatusCode.OK, StatusCode.ERROR, 7])
def test_a_status_of_any_code_keeps_its_message(code: int) -> None:
    """VAL-3 tells readers to ignore it, so it does no harm; other writers send it."""
    assert Status(code=code, message="upstream: 503").message == "upstream: 503"


@pytest.mark.parametrize(
    ("kind", "members", "sentence"),
    [
        (Status, {"message": 5}, "Status.message: expected text, got int 5"),
        (Status, {"code": True}, "Status.code: expected a whole number within int32, got bool True"),
        (ScopeSpans, {"scope": "x"}, "ScopeSpans.scope: expected an InstrumentationScope, got str 'x'"),
        (ResourceSpans, {"resource": None}, "ResourceSpans.resource: expected a Resource, got nothing"),
        (
            TracesData,
            {"resource_spans": [ResourceSpans(), ScopeSpans()]},
            "TracesData.resource_spans[1]: expected a ResourceSpans, got ScopeSpans",
        ),
        (InstrumentationScope, {"version": 1}, "InstrumentationScope.version: expected text, got int 1"),
        (
            Resource,
            {"attributes": [1]},
            "Resource.attributes: expected a mapping (of pairs: dict(pairs)), got list",
        ),
        (
            Link,
            {"trace_id": TRACE_ID, "span_id": None},
            "Link.span_id: expected 16 hex digits, not all zero, got nothing",
        ),
        (
            Event,
            {"name": "x", "time_ns": -1},
            "Event.time_ns: expected nanoseconds since 1970, 0 to 2**64 - 1, got int -1",
        ),
    ],
)
def test_every_message_refuses_in_the_same_words(
    kind: Callable[..., Any], members: dict[str, Any], sentence: str
) -> None:
    """One sentence form for all classes."""
    with pytest.raises(InvalidValue) as caught:
        kind(**members)

    assert str(caught.value) == sentence


@pytest.mark.parametrize("text", ["", "a=1,b=2", "some-state", "a=1\n,a=é"])
def test_any_text_is_taken_for_a_trace_state(text: str) -> None:
    """VAL-4: every reader keeps it."""
    assert span(trace_state=text).trace_state == text
    assert Link(trace_id="1" * 32, span_id="1" * 16, trace_state=text).trace_state == text


@pytest.mark.parametrize("value", [5, None, b"a=1"])
def test_only_text_is_a_trace_state(value: Any) -> None:
    """As with every text."""
    with pytest.raises(InvalidValue) as caught:
        span(trace_state=value)

    assert (caught.value.path, caught.value.expected) == ("Span.trace_state", "text")


class State(str):
    """A trace state of a class of its own."""


def test_a_text_of_a_class_of_its_own_is_stored_as_plain_text() -> None:
    """Names and trace states alike."""
    spans = span(name=State("pay"), trace_state=State("vendor=value"))
    link = Link(trace_id="1" * 32, span_id="1" * 16, trace_state=State("a=b"))

    assert (spans.name, spans.trace_state, link.trace_state) == ("pay", "vendor=value", "a=b")
    assert {type(text) for text in (spans.name, spans.trace_state, link.trace_state)} == {str}


def test_every_value_class_is_frozen_keyword_only_and_slotted() -> None:
    """Nothing changes after it was built; ``Attributes`` alone takes its mapping first."""
    classes = [item for item in vars(model).values() if isinstance(item, type) and attrs.has(item)]
    classes.remove(Attributes)

    assert len(classes) == 9
    for item in classes:
        assert all(field.kw_only for field in attrs.fields(item))
        assert not hasattr(item.__new__(item), "__dict__")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        span().name = "new"  # type: ignore[misc]  # the point of the test


def test_a_changed_copy_is_checked_like_a_new_value() -> None:
    """``attrs.evolve`` gives no way around the rules, and counts nothing twice."""
    made = span(attributes=Attributes({"": 0}, dropped_count=2))

    assert attrs.evolve(made, name="new").attributes.dropped_count == 3
    with pytest.raises(InvalidValue):
        attrs.evolve(made, end_ns=1)


def test_a_group_knows_how_many_spans_it_holds() -> None:
    """Over all its scopes."""
    group = ResourceSpans(
        scope_spans=[ScopeSpans(spans=[span(), span()]), ScopeSpans(), ScopeSpans(spans=[span()])]
    )

    assert group.span_count == 3
