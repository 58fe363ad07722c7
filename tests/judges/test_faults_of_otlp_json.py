# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""otlp-json 1.0.1 really does what our tests by name say that we do not; where this fails, it was mended."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

import pytest

from ..node_ids import exists
from . import sdk
from .faults import FIRST, SPAN, Fault, said

ENCODE: Final = "tests/core/test_encoder.py::"
MODEL: Final = "tests/core/test_model.py::"
IDS: Final = ("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174")
MAP: Final = f"{FIRST}.kvlistValue.values[0]"
NOT_DOUBLE: Final = 'expected a number, "NaN", "Infinity" or "-Infinity", got'
COUNT: Final = (
    f"warning {SPAN}.dropped_attributes_count: expected the name droppedAttributesCount,"
    " got snake_case; read as droppedAttributesCount (DEC-6)"
)


def encoded(spans: list[Any]) -> bytes:
    """What the peer sends."""
    body: bytes = import_module("otlp_json").encode_spans(spans)
    return body


def with_value(value: Any) -> list[Any]:
    """A span with one attribute."""
    return [sdk.sdk_span(attributes={"a": value})]


def of_kind(name: str) -> list[Any]:
    """A span of this kind."""
    return [sdk.sdk_span(kind=import_module("opentelemetry.trace").SpanKind[name])]


def with_link() -> list[Any]:
    """A span with a link."""
    return [sdk.sdk_span(links=[import_module("opentelemetry.trace").Link(sdk.context(*IDS))])]


def with_all_around() -> list[Any]:
    """A span with schema URLs, attributes of its scope and a trace state."""
    return [
        sdk.sdk_span(
            context=sdk.context(*IDS, trace_state="k=v"),
            resource=sdk.resource({}, "https://example.com/resource"),
            instrumentation_scope=sdk.scope("cart", "1", "https://example.com/scope", {"a": 1}),
        )
    ]


def with_message() -> list[Any]:
    """A span whose status is not set and has a message all the same."""
    unset = import_module("opentelemetry.trace").StatusCode.UNSET
    return [sdk.sdk_span(status=SimpleNamespace(status_code=unset, description="fine"))]


FAULTS: Final = (
    Fault(
        test=f"{ENCODE}test_every_key_is_lower_camel_case",
        spans=lambda: with_value(object()),
        written='"dropped_attributes_count":1',
        found=(COUNT,),
    ),
    # Hex digits are digits of base64 as well: other bytes are read.
    Fault(
        test=f"{ENCODE}test_bytes_are_padded_standard_base64",
        spans=lambda: with_value(b"\xff\xfe\x01\x02"),
        written='{"bytesValue":"fffe0102"}',
    ),
    Fault(
        test=f"{ENCODE}test_bytes_are_padded_standard_base64",
        spans=lambda: with_value(b"\xff"),
        written='{"bytesValue":"ff"}',
        found=(
            f"warning {FIRST}.bytesValue: expected padded standard base64,"
            " got a URL-safe or unpadded form, which the Collector refuses (ENC-6)",
        ),
    ),
    Fault(
        test=f"{ENCODE}test_map_is_a_list_of_key_values",
        spans=lambda: with_value({"x": 1}),
        written='{"kvlistValue":{"values":[{"x":{"intValue":"1"}}]}}',
        found=(
            f"warning {MAP}.x: unknown field; ignored (DEC-7)",
            f"error {MAP}.key: empty key; left out (VAL-5)",
        ),
    ),
    # The number of another kind: nothing in the body tells.
    Fault(
        test=f"{ENCODE}test_each_kind_has_its_otlp_number",
        spans=lambda: of_kind("SERVER"),
        written='"kind":1,',
    ),
    Fault(
        test=f"{ENCODE}test_each_kind_has_its_otlp_number",
        spans=lambda: of_kind("CLIENT"),
        written='"kind":2,',
    ),
    Fault(
        test=f"{ENCODE}test_absent_time_is_left_out",
        spans=lambda: [sdk.sdk_span(end_time=None)],
        written='"endTimeUnixNano":"None"',
        found=(
            f"error {SPAN}.endTimeUnixNano: expected a whole number, bare or as decimal text,"
            " got text 'None'; left out (PROTO)",
            f"warning {SPAN}: no end time (VAL-2)",
        ),
    ),
    Fault(
        test=f"{ENCODE}test_nan_and_infinities_are_the_three_strings",
        spans=lambda: with_value([float("nan"), float("-inf")]),
        written='[{"doubleValue":NaN},{"doubleValue":-Infinity}]',
        found=(
            f"error {FIRST}.arrayValue.values[0].doubleValue: {NOT_DOUBLE} NaN, which is not JSON;"
            " read as NaN (DEC-9)",
            f"error {FIRST}.arrayValue.values[1].doubleValue: {NOT_DOUBLE} -Infinity, which is not JSON;"
            " read as -Infinity (DEC-9)",
        ),
    ),
    Fault(
        test=f"{ENCODE}test_integer_outside_64_bits_becomes_text",
        spans=lambda: with_value(2**63),
        written='{"intValue":"9223372036854775808"}',
        found=(
            f"error {FIRST}.intValue: expected a whole number within int64,"
            " got text '9223372036854775808'; read as text (ENC-11)",
        ),
    ),
    # The empty value, which OTLP has, is lost; the count is where nobody reads it.
    Fault(
        test=f"{ENCODE}test_no_value_is_lost_uncounted",
        spans=lambda: with_value(None),
        missing=('"attributes":[{"key":"a"', "droppedAttributesCount"),
        found=(COUNT,),
    ),
    Fault(
        test=f"{ENCODE}test_mixed_array_keeps_every_element",
        spans=lambda: with_value(["x", 1]),
        missing=("arrayValue",),
        found=(COUNT,),
    ),
    Fault(test=f"{ENCODE}test_links_are_written", spans=with_link, missing=("links",)),
    Fault(
        test=f"{ENCODE}test_groups_of_mixed_attribute_types_keep_the_callers_order",
        spans=lambda: [sdk.sdk_span(resource=sdk.resource({"a": value})) for value in (1, "x")],
        raised=TypeError,
    ),
    Fault(
        test=f"{ENCODE}test_scope_attributes_schema_urls_and_trace_state_are_written",
        spans=with_all_around,
        missing=("schemaUrl", "attributes", "traceState"),
    ),
    Fault(
        test=f"{MODEL}test_all_zero_id_is_refused",
        spans=lambda: [sdk.sdk_span(context=sdk.context("0", "0"))],
        written=f'"traceId":"{"0" * 32}","spanId":"{"0" * 16}"',
        found=(
            f"error {SPAN}.traceId: expected 32 hex digits, not all zero, got text '{'0' * 32}';"
            " the span is left out (VAL-1)",
            f"error {SPAN}.spanId: expected 16 hex digits, not all zero, got text '{'0' * 16}';"
            " the span is left out (VAL-1)",
        ),
    ),
    Fault(
        test=f"{MODEL}test_a_status_of_any_code_keeps_its_message",
        spans=with_message,
        written='"status":{"message":"fine"}',
        found=(f"warning {SPAN}.status.message: status message with code 0 (VAL-3)",),
    ),
    # The span was sampled, and the body no longer knows it.
    Fault(
        test=f"{ENCODE}test_flags_keep_the_w3c_bits",
        spans=lambda: [sdk.sdk_span(context=sdk.context(*IDS))],
        written='"flags":256,',
    ),
    Fault(
        test=f"{ENCODE}test_lone_surrogate_is_never_sent",
        spans=lambda: with_value("\ud83e"),
        written='{"stringValue":"\\ud83e"}',
        found=(f"error {FIRST}.stringValue: lone surrogate; read as U+FFFD (ENC-5)",),
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_there_and_check_finds_it(fault: Fault) -> None:
    """What it writes, and all that there is to say of it."""
    if fault.raised is not None:
        with pytest.raises(fault.raised):
            encoded(fault.spans())
        return
    body = encoded(fault.spans())

    assert fault.written in body.decode()
    assert [text for text in fault.missing if text in body.decode()] == []
    assert said(body) == fault.found


def test_without_a_fault_check_is_silent() -> None:
    """So what it says above is about the fault."""
    assert said(encoded([sdk.sdk_span(attributes={"a": 1, "b": "x", "c": [True]})])) == ()


def test_we_have_a_test_for_each() -> None:
    """In the ordinary suite, and of that name."""
    assert [fault.test for fault in FAULTS if not exists(fault.test)] == []
