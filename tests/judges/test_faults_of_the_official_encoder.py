# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
opentelemetry-exporter-otlp-json-common 0.66b1 really does what our tests by name say that we do not.

Where this fails, it was mended there.
"""

from __future__ import annotations

import enum
from importlib import import_module
from typing import Any, Final

import pytest

from ..node_ids import exists
from . import sdk
from .faults import FIRST, SPAN, Fault, said

ENCODE: Final = "tests/core/test_encoder.py::"
IDS: Final = ("5b8efff798038103d269b633813fc60c", "eee19b7ec3c1b174")


class Small(int, enum.Enum):
    """A number with a name."""

    ONE = 1


def with_attributes(attributes: dict[Any, Any]) -> list[Any]:
    """A span with these."""
    return [sdk.sdk_span(attributes=attributes)]


def with_link() -> list[Any]:
    """A span with a link that has a trace state."""
    link = import_module("opentelemetry.trace").Link(sdk.context(*IDS, trace_state="k=v"))
    return [sdk.sdk_span(links=[link])]


def with_deep_list() -> list[Any]:
    """A good span, and one whose lists are nested deeper than the peer goes when it writes them."""
    deep: list[Any] = []
    for _ in range(240):
        deep = [deep]
    return [sdk.sdk_span(), *with_attributes({"a": deep})]


FAULTS: Final = (
    Fault(
        test=f"{ENCODE}test_integer_outside_64_bits_becomes_text",
        spans=lambda: with_attributes({"a": 2**63}),
        written='{"intValue": "9223372036854775808"}',
        found=(
            f"error {FIRST}.intValue: expected a whole number within int64,"
            " got text '9223372036854775808'; read as text (ENC-11)",
        ),
    ),
    # Lost without a trace in the body: it is logged, and no count goes out.
    Fault(
        test=f"{ENCODE}test_no_value_is_lost_uncounted",
        spans=lambda: with_attributes({"a": object(), "b": [1, object()]}),
        missing=('"a"', '"b"', "droppedAttributesCount"),
    ),
    Fault(
        test=f"{ENCODE}test_link_trace_state_is_written",
        spans=with_link,
        written='"links": [',
        missing=("traceState",),
    ),
    Fault(
        test="tests/core/test_model.py::test_all_zero_id_is_refused",
        spans=lambda: [sdk.sdk_span(context=None)],
        written=f'"traceId": "{"0" * 32}", "spanId": "{"0" * 16}"',
        found=(
            f"error {SPAN}.traceId: expected 32 hex digits, not all zero, got text '{'0' * 32}';"
            " the span is left out (VAL-1)",
            f"error {SPAN}.spanId: expected 16 hex digits, not all zero, got text '{'0' * 16}';"
            " the span is left out (VAL-1)",
        ),
    ),
    # The span was sampled, and the body no longer knows it.
    Fault(
        test=f"{ENCODE}test_flags_keep_the_w3c_bits",
        spans=lambda: [sdk.sdk_span(context=sdk.context(*IDS))],
        written='"flags": 256,',
    ),
    Fault(
        test=f"{ENCODE}test_lone_surrogate_is_never_sent",
        spans=lambda: with_attributes({"a": "\ud83e"}),
        written='{"stringValue": "\\ud83e"}',
        found=(f"error {FIRST}.stringValue: lone surrogate; read as U+FFFD (ENC-5)",),
    ),
    Fault(
        test=f"{ENCODE}test_enum_member_becomes_its_name",
        spans=lambda: with_attributes({"a": Small.ONE}),
        written='{"intValue": "Small.ONE"}',
        found=(
            f"error {FIRST}.intValue: expected a whole number, bare or as decimal text,"
            " got text 'Small.ONE'; left out (PROTO)",
        ),
    ),
    Fault(
        test=f"{ENCODE}test_map_keys_stay_unique",
        spans=lambda: with_attributes({"a": {1: "x", "1": "y"}}),
        written='[{"key": "1", "value": {"stringValue": "x"}}, {"key": "1", "value": {"stringValue": "y"}}]',
        found=(
            f"error {FIRST}.kvlistValue.values[1].key: duplicate key text '1'; the last one counts (VAL-5)",
        ),
    ),
    Fault(
        test=f"{ENCODE}test_empty_key_is_never_sent",
        spans=lambda: with_attributes({"": 1}),
        written='"attributes": [{"value": {"intValue": "1"}}]',
        found=(f"error {SPAN}.attributes[0].key: empty key; left out (VAL-5)",),
    ),
    Fault(test=f"{ENCODE}test_deep_nesting_is_capped", spans=with_deep_list, raised=RecursionError),
    # White space is no fault of a body, only its size.
    Fault(
        test=f"{ENCODE}test_body_is_compact",
        spans=lambda: [sdk.sdk_span()],
        written='{"resourceSpans": [{"resource": {"attributes": [{"key": "service.name", "value": ',
    ),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_fault_is_there_and_check_finds_it(fault: Fault) -> None:
    """What it writes, and all that there is to say of it."""
    if fault.raised is not None:
        with pytest.raises(fault.raised):
            sdk.encoded(fault.spans())
        return
    body = sdk.encoded(fault.spans())

    assert fault.written in body.decode()
    assert [text for text in fault.missing if text in body.decode()] == []
    assert said(body) == fault.found


def test_without_a_fault_check_is_silent() -> None:
    """So what it says above is about the fault."""
    spans = with_attributes({"a": 1, "b": "x", "c": [True, None, b"\xff"], "d": {"k": float("nan")}})

    assert said(sdk.encoded(spans)) == ()


def test_we_have_a_test_for_each() -> None:
    """In the ordinary suite, and of that name."""
    assert [fault.test for fault in FAULTS if not exists(fault.test)] == []
