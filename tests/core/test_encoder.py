# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the encoder writes, before three judges: the oracle, protobuf, and the eye on the golden files."""

from __future__ import annotations

import ast
import inspect
import json
import os
import subprocess
import sys
from typing import Any, Callable

import pytest

from otlpjson import (
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
    decode,
    encode,
    encode_entry,
)
from otlpjson import encode as encode_function
from otlpjson.core.encode_attributes import key_values, notation
from otlpjson.core.encoder import group_text, span_text

from .. import oracle
from ..cases import bodies
from ..cases.bodies import SPAN_ID, TRACE_ID, body, span, with_attributes
from ..plain import plain_message, plain_model, protobuf_message

Case = Callable[[], TracesData]


def attribute_values(traces: TracesData) -> dict[str, Any]:
    """The AnyValues of the first span's attributes, as JSON has them."""
    document = json.loads(encode(traces))
    pairs = document["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"]
    return {pair["key"]: pair["value"] for pair in pairs}


def span_members(traces: TracesData) -> dict[str, Any]:
    """The first span, as JSON has it."""
    members: dict[str, Any] = json.loads(encode(traces))["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    return members


@pytest.mark.parametrize("integers", ["text", "number"])
def test_the_oracle_reads_back_what_was_encoded(integers: str) -> None:
    """A strict reader written from the protocol text finds the same values and no fault."""
    for case in bodies.CASES:
        encoded = encode(case(), integers_as_numbers=integers == "number")

        assert oracle.read(encoded, integers=integers) == plain_model(case()), case.__name__


@pytest.mark.parametrize("integers_as_numbers", [False, True])
def test_protobuf_reads_back_what_was_encoded(integers_as_numbers: bool) -> None:
    """protobuf's JSON reader knows names, types and ranges; unknown members would fail."""
    for case in bodies.CASES:
        encoded = encode(case(), integers_as_numbers=integers_as_numbers)

        assert plain_message(protobuf_message(encoded)) == plain_model(case()), case.__name__


def test_body_is_compact() -> None:
    """No white space between tokens; the peer's official exporter writes a space after each."""
    for case in bodies.CASES:
        encoded = encode(case())

        assert encoded == json.dumps(json.loads(encoded), separators=(",", ":")).encode("ascii"), (
            case.__name__
        )


def test_an_entry_is_the_body_without_its_envelope() -> None:
    """What delivery joins is what encode writes."""
    for case in bodies.CASES:
        traces = case()
        entries = [encode_entry(group) for group in traces.resource_spans]
        joined = b'{"resourceSpans":[' + b",".join(entry.data for entry in entries) + b"]}"

        assert encode(traces) == (joined if entries else b"{}"), case.__name__
        assert [entry.span_count for entry in entries] == [
            group.span_count for group in traces.resource_spans
        ], case.__name__


@pytest.mark.parametrize("integers_as_numbers", [False, True])
def test_integers_have_one_form_in_every_message(integers_as_numbers: bool) -> None:
    """As text or as numbers, on a resource, a scope, a span, an event and a link; in entries too."""
    one = {"n": 1}
    traces = TracesData(
        resource_spans=[
            ResourceSpans(
                resource=Resource(attributes=one),
                scope_spans=[
                    ScopeSpans(
                        scope=InstrumentationScope(attributes=one),
                        spans=[
                            span(
                                attributes=one,
                                events=[Event(name="e", attributes=one)],
                                links=[Link(trace_id=TRACE_ID, span_id=SPAN_ID, attributes=one)],
                            )
                        ],
                    )
                ],
            )
        ]
    )
    encoded = encode(traces, integers_as_numbers=integers_as_numbers)
    [entry] = [
        encode_entry(group, integers_as_numbers=integers_as_numbers) for group in traces.resource_spans
    ]

    assert encoded.count(b'{"intValue":1}' if integers_as_numbers else b'{"intValue":"1"}') == 5
    assert b'{"resourceSpans":[' + entry.data + b"]}" == encoded


def test_the_encoder_cannot_fail() -> None:
    """Values were refused before; here is neither raise nor try nor assert."""
    module = sys.modules[encode_function.__module__]
    kinds = {type(node) for node in ast.walk(ast.parse(inspect.getsource(module)))}

    assert kinds & {ast.Raise, ast.Try, ast.Assert} == set()


@pytest.mark.process
def test_the_same_bytes_with_every_hash_seed() -> None:
    """Deterministic: sets and dicts in two other processes give the same body."""
    code = (
        "import sys; from otlpjson import encode; from tests.cases import bodies;"
        "sys.stdout.buffer.write(b''.join(encode(case()) for case in bodies.CASES if case.__name__ != 'other_objects'))"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]

    assert outputs[0] == outputs[1] != b""


# The faults of the peers' encoders, each by name.


def test_every_key_is_lower_camel_case() -> None:
    """ENC: snake_case is an unknown key, so a peer's ``dropped_attributes_count`` is lost."""
    encoded = encode(bodies.everything()).decode()

    assert '"droppedAttributesCount":3' in encoded
    assert "dropped_attributes_count" not in encoded


def test_bytes_are_padded_standard_base64() -> None:
    """ENC-6: a peer writes hex."""
    assert attribute_values(with_attributes({"b": b"\xff\xff\xfe\x00"})) == {"b": {"bytesValue": "///+AA=="}}


def test_map_is_a_list_of_key_values() -> None:
    """1.3: a peer writes one object with the map's own keys."""
    assert attribute_values(with_attributes({"m": {"a": 1}})) == {
        "m": {"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}}
    }


@pytest.mark.parametrize(
    ("kind", "number"), [("INTERNAL", 1), ("SERVER", 2), ("CLIENT", 3), ("PRODUCER", 4), ("CONSUMER", 5)]
)
def test_each_kind_has_its_otlp_number(kind: str, number: int) -> None:
    """ENC-4: a peer sends the SDK's number, which is one less."""
    assert span_members(body(span(kind=SpanKind[kind])))["kind"] == number


def test_absent_time_is_left_out() -> None:
    """ENC-1: a peer writes the text "None"."""
    assert "endTimeUnixNano" not in span_members(body(span(end_ns=0)))


def test_nan_and_infinities_are_the_three_strings() -> None:
    """ENC-7: a peer writes bare NaN, which is not JSON."""
    values = attribute_values(with_attributes({"n": float("nan"), "p": float("inf"), "m": float("-inf")}))

    assert values == {
        "n": {"doubleValue": "NaN"},
        "p": {"doubleValue": "Infinity"},
        "m": {"doubleValue": "-Infinity"},
    }


def test_integer_outside_64_bits_becomes_text() -> None:
    """ENC-11: both peers send it as an integer, and a collector refuses the whole request."""
    traces = with_attributes({"n": 2**63})

    assert attribute_values(traces) == {"n": {"stringValue": "9223372036854775808"}}
    assert traces.resource_spans[0].scope_spans[0].spans[0].attributes.replaced_count == 1


def test_no_value_is_lost_uncounted() -> None:
    """ENC-11: what cannot be kept is replaced or dropped, and the count goes out."""
    members = span_members(with_attributes({"kept": object(), (1, 2): "no key"}))

    assert members["attributes"] == [{"key": "kept", "value": {"stringValue": "<object>"}}]
    assert members["droppedAttributesCount"] == 1


def test_mixed_array_keeps_every_element() -> None:
    """1.3: for a peer, mixed types cost the attribute."""
    assert attribute_values(with_attributes({"a": ["x", 1, None]})) == {
        "a": {"arrayValue": {"values": [{"stringValue": "x"}, {"intValue": "1"}, {}]}}
    }


def test_links_are_written() -> None:
    """1.2: a peer never writes them."""
    link = Link(trace_id=TRACE_ID, span_id=SPAN_ID)

    assert span_members(body(span(links=[link])))["links"] == [{"traceId": TRACE_ID, "spanId": SPAN_ID}]


def test_link_trace_state_is_written() -> None:
    """1.2: the official JSON exporter drops it."""
    link = Link(trace_id=TRACE_ID, span_id=SPAN_ID, trace_state="k=v")

    assert span_members(body(span(links=[link])))["links"][0]["traceState"] == "k=v"


def test_groups_of_mixed_attribute_types_keep_the_callers_order() -> None:
    """A peer sorts groups by attribute values: a TypeError for an integer beside a text."""
    groups = json.loads(encode(bodies.several_groups()))["resourceSpans"]

    assert [group["resource"]["attributes"][-1]["value"] for group in groups] == [
        {"intValue": "1"},
        {"stringValue": "text"},
        {"intValue": "1"},
    ]


def test_scope_attributes_schema_urls_and_trace_state_are_written() -> None:
    """1.1: a peer never writes them."""
    group = json.loads(encode(bodies.everything()))["resourceSpans"][0]
    scope_spans = group["scopeSpans"][0]

    assert group["schemaUrl"] == "https://example.com/resource"
    assert scope_spans["schemaUrl"] == "https://example.com/scope"
    assert scope_spans["scope"]["attributes"] == [{"key": "a", "value": {"intValue": "1"}}]
    assert scope_spans["spans"][0]["traceState"] == "k=v"


def test_flags_keep_the_w3c_bits() -> None:
    """ENC-10: both peers write the remote bits alone."""
    assert span_members(body(span(flags=0x301)))["flags"] == 0x301


def test_lone_surrogate_is_never_sent() -> None:
    """ENC-5: both peers send ``\\ud83e``, which strict readers refuse with the whole message."""
    event = Event(name="e\ud83e", attributes={"k\udc00": "v\ud83e"})
    status = Status(code=StatusCode.ERROR, message="m\ud800")
    encoded = encode(
        body(span(name="n\ud83e", events=[event], status=status, attributes={"a": {"b\udfff": ["\ud800"]}}))
    )

    assert b"\\ud8" not in encoded and b"\\udc" not in encoded and b"\\udf" not in encoded
    assert encoded.count(b"\\ufffd") == 7


def test_enum_member_becomes_its_name() -> None:
    """ENC-11: the official exporter writes the class's repr as an integer."""
    assert attribute_values(with_attributes({"k": SpanKind.CLIENT})) == {"k": {"stringValue": "CLIENT"}}


def test_map_keys_stay_unique() -> None:
    """VAL-5: the official exporter gives the key "1" twice."""
    assert attribute_values(with_attributes({"m": {1: "a", "1": "b"}})) == {
        "m": {"kvlistValue": {"values": [{"key": "1", "value": {"stringValue": "b"}}]}}
    }


def test_an_empty_list_or_map_has_its_list() -> None:
    """ENC-1: the reader of opentelemetry-rust refuses a body with ``{"arrayValue":{}}``: missing field values."""
    assert attribute_values(with_attributes({"a": [], "m": {}, "n": [[], {}]})) == {
        "a": {"arrayValue": {"values": []}},
        "m": {"kvlistValue": {"values": []}},
        "n": {"arrayValue": {"values": [{"arrayValue": {"values": []}}, {"kvlistValue": {"values": []}}]}},
    }


def test_empty_key_is_never_sent() -> None:
    """VAL-5: the official exporter writes a KeyValue without a key."""
    members = span_members(with_attributes({"": "lost", "m": {"": "lost"}}))

    assert members["attributes"] == [{"key": "m", "value": {"kvlistValue": {"values": []}}}]
    assert members["droppedAttributesCount"] == 2


def test_deep_nesting_is_capped() -> None:
    """ENC-9: the official exporter raises RecursionError, and the whole batch is lost."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    encoded = encode(with_attributes({"deep": deep}))

    assert encoded.count(b"arrayValue") == 64
    while deep:  # taken apart by hand: not every Python frees such a list without recursion
        deep = deep.pop()


def test_a_long_text_that_is_there_three_times_is_written_three_times() -> None:
    """It is escaped once; what stands between is written as ever."""
    text = 'a "long" text é ' * 300
    # 1, 1.0 and True are equal in Python, and three values here.
    numbers = {"n": 1, "d": 1.0, "t": True}
    attributes = {"a": text, **numbers, "b": text, "short": "x", "c": text, "m": {"k": [text]}}
    traces = with_attributes(attributes)

    assert oracle.read(encode(traces)) == plain_model(traces)
    assert encode(traces).count(json.dumps(text).encode()) == 4


@pytest.mark.parametrize(("value", "found"), [([], "list"), (None, "nothing"), (Status, "type")])
def test_anything_but_traces_is_refused(value: Any, found: str) -> None:
    """In one sentence that names the argument."""
    with pytest.raises(InvalidValue) as in_encode:
        encode(value)
    with pytest.raises(InvalidValue) as in_encode_entry:
        encode_entry(value)

    assert str(in_encode.value) == f"encode.traces: expected a TracesData, got {found}"
    assert str(in_encode_entry.value) == f"encode_entry.group: expected a ResourceSpans, got {found}"


@pytest.mark.parametrize("case", bodies.CASES)
def test_texts_may_be_written_by_another_function(case: Callable[[], TracesData]) -> None:
    """In UTF-8, as faster ones write them; in bodies and in entries it reads back as the same."""

    def text(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    traces = case()
    written = encode_function(traces, text=text)

    assert decode(written) == traces
    assert json.loads(written) == json.loads(encode_function(traces))
    for group in traces.resource_spans:
        assert encode_entry(group, text=text).data in written


def test_another_function_is_asked_for_every_text() -> None:
    """Names, values, messages and trace states; keys are escaped by the encoder."""
    asked: list[str] = []

    def text(value: str) -> str:
        asked.append(value)
        return json.dumps(value)

    encode_function(body(span(name="a", trace_state="b=c", attributes={"key": ["d", {"e": "f"}]})), text=text)

    assert sorted(asked) == ["a", "b=c", "d", "f"]


def test_spans_that_are_text_make_the_same_group() -> None:
    """For those who write spans without building them."""
    scope = InstrumentationScope(name="s", version="1", attributes={"a": 1})
    resource = Resource(attributes={"service.name": "x"})
    made = Span(trace_id=TRACE_ID, span_id=SPAN_ID, name="n", start_ns=1, end_ns=2, attributes={"k": "v"})
    whole = ResourceSpans(resource=resource, scope_spans=[ScopeSpans(scope=scope, spans=[made, made])])
    written = notation()
    text = span_text(made, key_values(made.attributes, written), 0, written)

    assert (
        group_text(key_values(resource.attributes, written), scope, [text, text], written).encode()
        == encode_entry(whole).data
    )
