# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The request's trace object."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import TraceOptions
from otlpjson.openrouter.document import Document
from otlpjson.openrouter.trace_options import trace_options


def options(**trace: Any) -> TraceOptions:
    """The options of a trace object."""
    return trace_options(Document("record.request.trace", trace, []))


def test_custom_metadata_is_flat_and_in_order() -> None:
    """Objects with dots, lists as JSON text, the rest with its own type; the five keys never."""
    trace = options(trace_id="t", b={"y": 1, "x": [1, {}]}, a=None, c={}, d={7: {2: True}}, e=0.5)

    assert trace.trace_id == "t"
    assert trace.metadata == (
        ("b.y", 1),
        ("b.x", "[1,{}]"),
        ("a", None),
        ("c", "{}"),
        ("d.7.2", True),
        ("e", 0.5),
    )


def test_tags_are_custom_metadata_like_any_other_key() -> None:
    """Only the sample trace of OpenRouter has ``trace.tags``."""
    assert options(tags=["a", "b"]).metadata == (("tags", '["a","b"]'),)


def test_metadata_nested_without_end_becomes_text() -> None:
    """ENC-9: 64 levels are taken apart, the rest is cut like any value."""
    own: dict[str, Any] = {}
    own["k"] = own

    assert [key.count(".") for key, _ in options(own=own).metadata] == [63]


@pytest.mark.parametrize("name", ["trace_id", "trace_name", "span_name", "generation_name", "parent_span_id"])
def test_an_empty_option_counts_as_not_given(name: str) -> None:
    """An empty name would be an unknown one, and an empty key would join all traces."""
    assert options(**{name: ""}) == TraceOptions()
    assert getattr(options(**{name: "x"}), name) == "x"


def test_keys_that_fall_together_are_noted_and_the_last_one_counts() -> None:
    """As of a key given twice; it keeps the place of the first."""
    trace = Document("record.request.trace", {"e": {"f": 1}, "g": "x", "e.f": 2}, [])

    assert trace_options(trace).metadata == (("e.f", 2), ("g", "x"))
    assert [str(note) for note in trace.skipped] == [
        "record.request.trace.e.f: duplicate key after flattening; the last value is used"
    ]
