# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What property tests draw from: any value, any attributes, any traces; and how often."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from otlpjson import (
    Attributes,
    Event,
    InstrumentationScope,
    Link,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    Status,
    TracesData,
)


def examples(count: int) -> settings:
    """How many examples a property has where others have 100; in proportion fewer in the fast tier."""
    usual = settings().max_examples
    return settings(max_examples=max(1, count * usual // 100))


# Lone surrogates are drawn on purpose: they are what most encoders stumble over.
any_text = st.text(st.characters(exclude_categories=()), max_size=12)
uint32 = st.integers(0, 2**32 - 1)
uint64 = st.integers(0, 2**64 - 1)
int32 = st.integers(-(2**31), 2**31 - 1)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**65), 2**65),
    st.floats(),
    any_text,
    st.binary(max_size=12),
    st.datetimes(timezones=st.just(datetime.timezone.utc) | st.none()),
    st.dates(),
    st.decimals(),
    st.uuids(),
    st.just(object()),
    st.just(decimal.Decimal),
)
keys = st.one_of(any_text, st.integers(), st.floats(), st.booleans(), st.none(), st.tuples(st.integers()))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.frozensets(st.one_of(st.integers(), any_text, st.floats(), st.none()), max_size=4),
    ),
    max_leaves=12,
)
mappings: st.SearchStrategy[dict[Any, Any]] = st.dictionaries(keys, values, max_size=5)
attributes = st.builds(Attributes, mappings, dropped_count=uint32)
trace_ids = st.integers(1, 2**128 - 1).map(lambda number: f"{number:032x}")
span_ids = st.integers(1, 2**64 - 1).map(lambda number: f"{number:016x}")
trace_states = st.sampled_from(["", "k=v", "a=1, b=2", "vendor@x=value ~!", "a=1,,b=2"])
statuses = st.one_of(
    st.builds(Status, code=int32.filter(lambda code: code != 2)),
    st.builds(Status, code=st.just(2), message=any_text),
)
events = st.builds(Event, name=any_text, time_ns=uint64, attributes=attributes)
links = st.builds(
    Link, trace_id=trace_ids, span_id=span_ids, trace_state=trace_states, attributes=attributes, flags=uint32
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Any span that can be built."""
    start_ns = draw(uint64)
    return Span(
        trace_id=draw(trace_ids),
        span_id=draw(span_ids),
        name=draw(any_text),
        start_ns=start_ns,
        end_ns=draw(st.just(0) | st.integers(start_ns, 2**64 - 1)),
        parent_span_id=draw(st.none() | span_ids),
        trace_state=draw(trace_states),
        flags=draw(uint32),
        kind=draw(int32 | st.integers(0, 5)),
        status=draw(statuses),
        attributes=draw(attributes),
        events=draw(st.lists(events, max_size=2)),
        dropped_events_count=draw(uint32),
        links=draw(st.lists(links, max_size=2)),
        dropped_links_count=draw(uint32),
    )


scopes = st.builds(InstrumentationScope, name=any_text, version=any_text, attributes=attributes)
scope_spans = st.builds(ScopeSpans, spans=st.lists(spans(), max_size=2), scope=scopes, schema_url=any_text)
groups = st.builds(
    ResourceSpans,
    scope_spans=st.lists(scope_spans, max_size=2),
    resource=st.builds(Resource, attributes=attributes),
    schema_url=any_text,
)
traces = st.builds(TracesData, resource_spans=st.lists(groups, max_size=2))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)
