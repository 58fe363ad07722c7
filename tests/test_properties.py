# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Laws: they hold for every value that can be built, not just for the cases someone thought of."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from otlpjson import (
    Attributes,
    Entry,
    TracesData,
    decode,
    decode_lenient,
    encode,
    encode_entry,
    entries_of,
)
from otlpjson.core.bodies import fill, join

from . import damage, oracle, strategies
from .cases import bodies, documents
from .laws import check_body
from .plain import plain_message, plain_model, protobuf_message

LAWS = settings(strategies.examples(150), suppress_health_check=list(HealthCheck))
entries = st.lists(
    st.builds(Entry, data=st.binary(min_size=1, max_size=60), span_count=st.integers(0, 3)), max_size=12
)


@LAWS
@given(strategies.mappings)
@example({"own": [[]], 0: 1, "0": 2})
def test_any_mapping_becomes_attributes_that_encode(mapping: dict[Any, Any]) -> None:
    """Attributes never raise, and what they hold is always sent whole."""
    attributes = Attributes(mapping)
    traces = bodies.with_attributes(attributes)

    assert oracle.read(encode(traces)) == plain_model(traces)
    assert len(attributes) + attributes.dropped_count >= len(mapping)


@LAWS
@given(strategies.traces, st.booleans())
def test_two_judges_read_back_any_traces(traces: TracesData, integers_as_numbers: bool) -> None:
    """The oracle and protobuf both find what was put in, and no fault."""
    encoded = encode(traces, integers_as_numbers=integers_as_numbers)
    expected = plain_model(traces)

    assert oracle.read(encoded, integers="number" if integers_as_numbers else "text") == expected
    assert plain_message(protobuf_message(encoded)) == expected


@LAWS
@given(strategies.traces)
def test_equal_traces_give_equal_bytes(traces: TracesData) -> None:
    """A copy is equal, hashes the same, and encodes to the same bytes."""
    for twin in (copy.deepcopy(traces), pickle.loads(pickle.dumps(traces))):
        assert twin == traces
        assert hash(twin) == hash(traces)
        assert encode(twin) == encode(traces)


@LAWS
@given(strategies.attributes, strategies.attributes)
def test_attributes_are_equal_exactly_when_their_bytes_are(one: Attributes, other: Attributes) -> None:
    """1, 1.0 and True are three values, and order counts."""
    same_bytes = encode(bodies.with_attributes(one)) == encode(bodies.with_attributes(other))

    assert (one == other) is same_bytes


@LAWS
@given(entries, st.integers(0, 200))
def test_filling_loses_no_entry_and_keeps_the_limit(entries: list[Entry], max_bytes: int) -> None:
    """Bodies hold all entries in order; only one that stands alone is over the limit."""
    filled = list(fill(entries, max_bytes))

    assert [entry for body in filled for entry in body.entries] == entries
    assert all(len(body.data) <= max_bytes or len(body.entries) == 1 for body in filled)
    assert all(body.data == join(body.entries) for body in filled)
    assert sum(body.span_count for body in filled) == sum(entry.span_count for entry in entries)


@LAWS
@given(strategies.traces)
def test_a_body_is_cut_into_the_entries_it_was_joined_from(traces: TracesData) -> None:
    """Cutting and joining are each other's inverse, byte for byte."""
    entries = tuple(encode_entry(group) for group in traces.resource_spans)

    assert entries_of(join(entries)) == entries


@LAWS
@given(strategies.traces, st.booleans())
def test_decoding_is_the_inverse_of_encoding(traces: TracesData, integers_as_numbers: bool) -> None:
    """Values come back equal, and bytes the same; a lenient reader finds no error."""
    encoded = encode(traces, integers_as_numbers=integers_as_numbers)

    assert decode(encoded) == traces
    assert encode(decode(encoded), integers_as_numbers=integers_as_numbers) == encoded
    assert decode_lenient(encoded).traces == traces
    check_body(encoded)


@LAWS
@given(damage.damaged_bytes())
def test_damaged_bytes_are_refused_or_read(body: bytes) -> None:
    """DEC-11: nothing but InvalidDocument leaves a reader, and all readers agree."""
    check_body(body)


@LAWS
@given(damage.damaged_documents())
def test_a_damaged_document_is_refused_or_read(body: bytes) -> None:
    """The JSON is whole, but something in it is not what OTLP has there."""
    check_body(body)


@LAWS
@given(strategies.json_values)
def test_any_json_is_refused_or_read(value: Any) -> None:
    """Also what has nothing to do with OTLP."""
    check_body(json.dumps(value).encode())


@LAWS
@given(strategies.json_values)
def test_any_json_in_the_place_of_a_value_is_refused_or_read(value: Any) -> None:
    """An AnyValue is where bodies differ most."""
    check_body(documents.with_value(json.dumps(value)))
