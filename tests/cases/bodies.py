# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the encoder is shown: one case for each rule, and one with everything together."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any, Callable, Final

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
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

TRACE_ID: Final = "5b8efff798038103d269b633813fc60c"
SPAN_ID: Final = "eee19b7ec3c1b174"
START_NS: Final = 1771005600000000000
END_NS: Final = 1771005601203000000


class Color(enum.Enum):
    """An enum of the caller's."""

    RED = "#f00"


class Level(str, enum.Enum):
    """An enum whose members are texts as well."""

    HIGH = "3"


class Cart:
    """An object that OTLP has no value for."""


def span(**members: Any) -> Span:
    """A span with the least that one needs, and whatever the case is about."""
    least = {"trace_id": TRACE_ID, "span_id": SPAN_ID, "name": "pay", "start_ns": START_NS, "end_ns": END_NS}
    return Span(**{**least, **members})


def body(*spans: Span) -> TracesData:
    """One group with one scope, both unknown."""
    return TracesData(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=spans)])])


def with_attributes(attributes: Mapping[Any, Any]) -> TracesData:
    """A span that has these attributes."""
    return body(span(attributes=attributes))


def empty_body() -> TracesData:
    """ENC-1: without groups there is no list either."""
    return TracesData()


def empty_group() -> TracesData:
    """ENC-1: resource, scope and lists at their default are left out."""
    return TracesData(resource_spans=[ResourceSpans(), ResourceSpans(scope_spans=[ScopeSpans()])])


def root_span() -> TracesData:
    """ENC-1, ENC-3: the least a span has; no parent, no status, no empty list."""
    return body(span())


def upper_case_ids() -> TracesData:
    """ENC-3: ids are written in lower case."""
    return body(span(trace_id=TRACE_ID.upper(), span_id=SPAN_ID.upper(), parent_span_id="EEE19B7EC3C1B173"))


def child_span() -> TracesData:
    """ENC-3: the parent's id is hex as well, and stands after the trace state."""
    return body(span(parent_span_id="eee19b7ec3c1b173", trace_state="vendor=1"))


def no_name() -> TracesData:
    """ENC-1: an unknown name is left out."""
    return body(span(name=""))


def no_times() -> TracesData:
    """ENC-1: a time that is not known is left out; it is never 0 and never the text None."""
    return body(span(start_ns=0, end_ns=0))


def not_ended() -> TracesData:
    """ENC-1: a span that has not ended has a start alone."""
    return body(span(end_ns=0))


def latest_times() -> TracesData:
    """2.3: times are decimal text up to the end of fixed64."""
    return body(span(start_ns=2**64 - 1, end_ns=2**64 - 1))


def kinds() -> TracesData:
    """ENC-4: a kind is a number, also one that OTLP does not know; the unspecified one is left out."""
    return body(*(span(kind=kind) for kind in (*SpanKind, 42, -1)))


def status_ok() -> TracesData:
    """ENC-4: a status code is a number."""
    return body(span(status=Status(code=StatusCode.OK)))


def status_error() -> TracesData:
    """VAL-3: an error has a message, after its code."""
    return body(span(status=Status(code=StatusCode.ERROR, message='no "funds"')))


def status_message_without_error() -> TracesData:
    """VAL-3: a message beside any other code, or none, is written too."""
    return body(span(status=Status(message="unset")), span(status=Status(code=StatusCode.OK, message="fine")))


def status_unknown() -> TracesData:
    """ENC-4: a code that OTLP does not know is kept."""
    return body(span(status=Status(code=7)))


def flags() -> TracesData:
    """ENC-10: flags are a number with the W3C bits and the remote bits together."""
    return body(span(flags=0x301), span(flags=2**32 - 1))


def trace_state() -> TracesData:
    """VAL-4: a trace state is written as it is."""
    return body(span(trace_state="rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"))


def trace_state_of_another_form() -> TracesData:
    """VAL-4: and so is text that is no list of the W3C."""
    return body(span(trace_state='some-state "of" mine'))


def texts() -> TracesData:
    """ENC-1: an empty text is a value, not absence."""
    return with_attributes({"text": "plain", "empty": ""})


def text_escapes() -> TracesData:
    """2.6: what JSON must escape, in its short form where it has one; the slash is left alone (ENC-6)."""
    return with_attributes({'quote"': '"\\/\b\f\n\r\t\x00\x1f\x7f'})


def text_beyond_ascii() -> TracesData:
    """2.6: all else becomes ASCII; what lies beyond the basic plane becomes a pair."""
    return with_attributes({"ключ": "é 漢 \u2028 😀"})


def lone_surrogates() -> TracesData:
    """ENC-5: a lone surrogate is never sent, neither in values nor in keys nor in names."""
    return TracesData(
        resource_spans=[
            ResourceSpans(
                scope_spans=[
                    ScopeSpans(
                        scope=InstrumentationScope(name="s\ud83e"),
                        spans=[span(name="a\udc00b", attributes={"k\ud800": ["v\udfff", "😀"]})],
                    )
                ],
                schema_url="https://example.com/\ud800",
            )
        ]
    )


def whole_numbers() -> TracesData:
    """2.3: an integer is decimal text, to both ends of int64."""
    return with_attributes({"zero": 0, "tokens": 42, "low": -(2**63), "high": 2**63 - 1})


def whole_numbers_too_large() -> TracesData:
    """ENC-11: outside int64 an integer becomes a text, also where str() refuses to write it."""
    return with_attributes({"over": 2**63, "under": -(2**63) - 1, "long": 10**4301})


def booleans() -> TracesData:
    """ENC-11: a bool is no integer, though Python says so."""
    return with_attributes({"yes": True, "no": False})


def doubles() -> TracesData:
    """2.8: the shortest text that reads back the same; an integral one keeps its fraction."""
    return with_attributes({"d": [0.1, 51.0, 1e-06, 1e22, -0.0, 5e-324, 1.7976931348623157e308]})


def not_a_number() -> TracesData:
    """ENC-7: NaN and the infinities are three texts, never bare words."""
    return with_attributes({"d": [float("nan"), float("inf"), float("-inf")]})


def octets() -> TracesData:
    """ENC-6: bytes are standard base64 with padding; an empty value keeps its member."""
    return with_attributes(
        {"some": b"\x00\x01\x02\xff", "slashes": b"\xff\xff\xfe", "none": b"", "array": bytearray(b"a")}
    )


def empty_value() -> TracesData:
    """ENC-2, ENC-8: None is the empty value, never null and never absence."""
    return with_attributes({"nothing": None, "within": [None, 1]})


def arrays() -> TracesData:
    """1.3: an array keeps every element whatever their types; an empty one has no list."""
    return with_attributes(
        {"mixed": ["a", 1, 2.5, True, None, [3], {"k": 4}, b"5"], "empty": [], "tuple": (1, 2)}
    )


def maps() -> TracesData:
    """1.3: a map is a list of KeyValues; an empty one has no list."""
    return with_attributes(
        {"map": {"a": 1, "b": {"c": "deep"}}, "empty": {}, "attributes": Attributes({"x": 1})}
    )


def sets() -> TracesData:
    """A set has no order of its own, so it gets one: the same bytes with every hash seed."""
    return with_attributes(
        {"set": {"b", "a", 2, 10, 1.5, b"z", None, False}, "frozen": frozenset({"y", "x"})}
    )


def enums() -> TracesData:
    """ENC-11: a member is its name, also where it is a text or a number as well."""
    return with_attributes({"color": Color.RED, "level": Level.HIGH, "kind": SpanKind.CLIENT})


def well_known_objects() -> TracesData:
    """ENC-11: objects with one obvious text."""
    zone = timezone(timedelta(hours=2))
    return with_attributes(
        {
            "datetime": datetime(2026, 2, 13, 18, 0, 0, 123, tzinfo=zone),
            "date": date(2026, 2, 13),
            "time": time(18, 0, 1),
            "uuid": uuid.UUID("12345678-1234-5678-1234-567812345678"),
            "decimal": Decimal("0.10"),
            "path": PurePosixPath("/var/log"),
        }
    )


def other_objects() -> TracesData:
    """ENC-11: any other object is named, not asked."""
    return with_attributes({"object": Cart(), "class": Cart, "number": 1j, "iterator": iter([1])})


def deep_nesting() -> TracesData:
    """ENC-9: what lies deeper than 64 containers is empty."""
    value: Any = "unreachable"
    for _ in range(65):
        value = [value]
    return with_attributes({"deep": value})


def inside_itself() -> TracesData:
    """ENC-9: a container inside itself is empty there; twice side by side is no harm."""
    own: list[Any] = [1]
    own.append(own)
    shared = ["twice"]
    return with_attributes({"own": own, "shared": [shared, shared]})


def odd_keys() -> TracesData:
    """VAL-5: keys become JSON's text; the last of equal ones wins, and what cannot be a key is dropped."""
    return with_attributes(
        {1: "first", "1": "last", 1.5: "float", False: "false", None: "null", (): "dropped", "": "dropped"}
    )


def dropped_counts() -> TracesData:
    """1.2: every count of what was lost, each after what is left of it."""
    lost = Attributes({}, dropped_count=1)
    return TracesData(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=Attributes({"service.name": "shop"}, dropped_count=6)),
                scope_spans=[
                    ScopeSpans(
                        scope=InstrumentationScope(attributes=Attributes({}, dropped_count=7)),
                        spans=[
                            span(
                                attributes=Attributes({"a": {"b": {"": "lost"}}}, dropped_count=2),
                                events=[Event(name="retry", attributes=lost)],
                                dropped_events_count=3,
                                links=[Link(trace_id=TRACE_ID, span_id=SPAN_ID, attributes=lost)],
                                dropped_links_count=2**32 - 1,
                            )
                        ],
                    )
                ],
            )
        ]
    )


def events() -> TracesData:
    """1.2: events in their order; one without time or name has neither member."""
    return body(
        span(
            events=[
                Event(name="exception", time_ns=END_NS, attributes={"exception.type": "Error"}),
                Event(name="", time_ns=1),
                Event(name=""),
            ]
        )
    )


def links() -> TracesData:
    """1.2: links with trace state, attributes and flags, in the proto's order."""
    other = "4bf92f3577b34da6a3ce929d0e0e4736"
    return body(
        span(
            links=[
                Link(trace_id=other, span_id=SPAN_ID),
                Link(
                    trace_id=other, span_id=SPAN_ID, trace_state="k=v", attributes={"why": "retry"}, flags=256
                ),
            ]
        )
    )


def scope() -> TracesData:
    """1.1: a scope with all it has, and the schema URLs of both levels."""
    return TracesData(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes={"service.name": "shop", "service.version": "1.0.0"}),
                scope_spans=[
                    ScopeSpans(
                        scope=InstrumentationScope(name="cart", version="9.9", attributes={"kind": "test"}),
                        spans=[span()],
                        schema_url="https://example.com/scope",
                    ),
                    ScopeSpans(scope=InstrumentationScope(version="1")),
                ],
                schema_url="https://example.com/resource",
            )
        ]
    )


def schema_urls_alone() -> TracesData:
    """ENC-1: a schema URL may be all there is."""
    return TracesData(
        resource_spans=[
            ResourceSpans(schema_url="https://a.example", scope_spans=[ScopeSpans(schema_url="b")])
        ]
    )


def several_groups() -> TracesData:
    """1.1: groups, scopes and spans in the caller's order, the same group twice included."""
    group = ResourceSpans(
        resource=Resource(attributes={"service.name": "b", "n": 1}),
        scope_spans=[ScopeSpans(spans=[span(), span(name="ship")]), ScopeSpans(spans=[span()])],
    )
    return TracesData(
        resource_spans=[group, ResourceSpans(resource=Resource(attributes={"n": "text"})), group]
    )


def everything() -> TracesData:
    """All messages and all fields at once, to show how they sit together."""
    attributes = {
        "gen_ai.request.model": "openai/gpt-4o",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.total_cost": 0.00051,
        "stream": False,
        "none": None,
        "bytes": b"\x00\xff",
        "array": ["a", 1],
        "map": {"k": {"deep": 2.0}},
    }
    return TracesData(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=Attributes({"service.name": "openrouter"}, dropped_count=1)),
                scope_spans=[
                    ScopeSpans(
                        scope=InstrumentationScope(
                            name="openrouter", version="1", attributes=Attributes({"a": 1}, dropped_count=2)
                        ),
                        spans=[
                            span(
                                trace_state="k=v",
                                parent_span_id="eee19b7ec3c1b173",
                                flags=0x101,
                                kind=SpanKind.CLIENT,
                                status=Status(code=StatusCode.ERROR, message="timed out"),
                                attributes=Attributes(attributes, dropped_count=3),
                                events=[
                                    Event(
                                        name="exception",
                                        time_ns=END_NS,
                                        attributes=Attributes({"exception.type": "Error"}, dropped_count=4),
                                    )
                                ],
                                dropped_events_count=5,
                                links=[
                                    Link(
                                        trace_id=TRACE_ID,
                                        span_id=SPAN_ID,
                                        trace_state="k=v",
                                        attributes=Attributes({"why": "retry"}, dropped_count=6),
                                        flags=0x100,
                                    )
                                ],
                                dropped_links_count=7,
                            )
                        ],
                        schema_url="https://example.com/scope",
                    )
                ],
                schema_url="https://example.com/resource",
            )
        ]
    )


CASES: Final[tuple[Callable[[], TracesData], ...]] = (
    empty_body,
    empty_group,
    root_span,
    upper_case_ids,
    child_span,
    no_name,
    no_times,
    not_ended,
    latest_times,
    kinds,
    status_ok,
    status_error,
    status_message_without_error,
    status_unknown,
    flags,
    trace_state,
    trace_state_of_another_form,
    texts,
    text_escapes,
    text_beyond_ascii,
    lone_surrogates,
    whole_numbers,
    whole_numbers_too_large,
    booleans,
    doubles,
    not_a_number,
    octets,
    empty_value,
    arrays,
    maps,
    sets,
    enums,
    well_known_objects,
    other_objects,
    deep_nesting,
    inside_itself,
    odd_keys,
    dropped_counts,
    events,
    links,
    scope,
    schema_urls_alone,
    several_groups,
    everything,
)
ON_THE_WIRE: Final = (empty_body, root_span, text_escapes, text_beyond_ascii, doubles, everything)
"""Cases whose compact form is kept as well, byte for byte."""
