# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ids, against vectors that were captured from OpenRouter's deliveries."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from otlpjson import InvalidValue, span_id_of, trace_id_of
from otlpjson.core import ids

from ..cases import bodies

# OpenRouter Broadcast deliveries of 2026-09-28, published as test fixtures of empathic/toolpath.
CAPTURED = [
    (
        "gen-1790606294-sdYHTGXUVyDKWCLqX5Op",
        "9b1de41a703bf6c7f0831bba77573c3e",
        "4340790d902cb4a8",
        "8ad22c7251dc7442",
    ),
    (
        "gen-1790605442-FDh36zGvkqZaDM6tk5Rd",
        "55c1871d38f281c94875d6cbe969106a",
        "36eda181808bce0f",
        "4c71927a4d4a65e9",
    ),
]
# The same rule on names of OpenRouter's documentation.
COMPUTED = [
    ("monitoring_pipeline_001", "addc2f052d437fec14c79a7193ea8135"),
    ("workflow_12345", "7af15d27557f4b0547b66811c67d365d"),
    ("order_processing_001", "96541187639021952749891cb176fd32"),
    ("app_trace_001", "522cf1e8476223c9f6ae5d9d0f41c52e"),
    ("trace-abc123", "f77fa5b72c92206389a61d9faea3c4b3"),
]


@pytest.mark.parametrize(("key", "trace_id", "attempt", "generation"), CAPTURED)
def test_captured_ids_are_derived_again(key: str, trace_id: str, attempt: str, generation: str) -> None:
    """Trace, root, attempt and generation as they were sent."""
    assert trace_id_of(key) == trace_id
    assert span_id_of(key) == trace_id[:16]
    assert span_id_of(f"{key}:attempt-0") == attempt
    assert span_id_of(f"{key}:generation") == generation


@pytest.mark.parametrize(("key", "trace_id"), COMPUTED)
def test_documented_trace_keys_have_one_id(key: str, trace_id: str) -> None:
    """Whoever knows the key knows the trace."""
    assert trace_id_of(key) == trace_id


def test_a_key_that_is_a_trace_id_is_kept_in_lower_case() -> None:
    """32 hex digits are an id already."""
    assert trace_id_of("5B8EFFF798038103D269B633813FC60C") == "5b8efff798038103d269b633813fc60c"


def test_a_key_can_be_hashed_whatever_it_looks_like() -> None:
    """As OpenRouter does with the id of a generation."""
    key = "5B8EFFF798038103D269B633813FC60C"

    assert ids.hashed_trace_id(key) == hashlib.sha256(key.encode()).hexdigest()[:32]
    with pytest.raises(InvalidValue, match=r"^hashed_trace_id\.key: expected text, got int 7$"):
        ids.hashed_trace_id(7)  # type: ignore[arg-type]


def test_an_all_zero_key_is_hashed_like_any_other() -> None:
    """Zeros are no id, so they are a name."""
    assert trace_id_of("0" * 32) == "84e0c0eafaa95a34c293f278ac52e45c"


def test_a_key_with_a_lone_surrogate_has_an_id() -> None:
    """Any text is a key; deriving never fails."""
    assert trace_id_of("\ud800") == trace_id_of("?")


@pytest.mark.parametrize(
    ("key", "found"),
    [(5, "int 5"), (None, "nothing"), (b"workflow_12345", "bytes b'workflow_12345'")],
)
def test_a_key_that_is_no_text_is_refused(key: Any, found: str) -> None:
    """In the one sentence of all errors, with the function's name."""
    with pytest.raises(InvalidValue) as of_trace:
        trace_id_of(key)
    with pytest.raises(InvalidValue) as of_span:
        span_id_of(key)

    assert str(of_trace.value) == f"trace_id_of.key: expected text, got {found}"
    assert str(of_span.value) == f"span_id_of.key: expected text, got {found}"


@pytest.mark.parametrize(
    "value", ["", "0" * 32, "5b8e", "g" * 32, "5b8e" * 8 + "\n", " " * 32, "\u0660" * 32, 5, None]
)
def test_what_is_no_trace_id(value: object) -> None:
    """VAL-1: length, digits and not all zero."""
    assert not ids.is_trace_id(value)
    assert not ids.is_span_id(value)


def test_what_is_an_id() -> None:
    """DEC-2: either case."""
    assert ids.is_trace_id("5B8EFFF798038103d269b633813fc60c")
    assert ids.is_span_id("EEE19b7ec3c1b174")


def test_no_id_is_all_zero() -> None:
    """VAL-1."""
    for trace_id, span_id, expected in (
        (
            "0" * 32,
            bodies.SPAN_ID,
            "Span.trace_id: expected 32 hex digits, not all zero, got str '" + "0" * 32,
        ),
        (
            bodies.TRACE_ID,
            "0" * 16,
            "Span.span_id: expected 16 hex digits, not all zero, got str '" + "0" * 16,
        ),
    ):
        with pytest.raises(InvalidValue) as caught:
            bodies.span(trace_id=trace_id, span_id=span_id)

        assert str(caught.value) == f"{expected}'"
