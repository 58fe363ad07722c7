# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The request's ``trace`` object."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import TraceOptions
from otlpjson.openrouter.document import Document
from otlpjson.openrouter.trace_options import trace_options


def options(**trace: Any) -> TraceOptions:
    """The options of a trace object."""
    return trace_options(Document("record.request.trace", trace, []))


def test_custom_metadata_is_flattened_in_order() -> None:
    """Objects get dots, lists become JSON text, the rest keeps its type; the five keys are left out."""
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
    """Only OpenRouter's sample trace has ``trace.tags``."""
    assert options(tags=["a", "b"]).metadata == (("tags", '["a","b"]'),)


def test_metadata_nested_without_end_becomes_text() -> None:
    """ENC-9: 64 levels are flattened, the rest is cut like any value."""
    own: dict[str, Any] = {}
    own["k"] = own

    assert [key.count(".") for key, _ in options(own=own).metadata] == [63]


@pytest.mark.parametrize("name", ["trace_id", "trace_name", "span_name", "generation_name", "parent_span_id"])
def test_an_empty_option_counts_as_missing(name: str) -> None:
    """An empty name means no name, and an empty trace id would join all traces."""
    assert options(**{name: ""}) == TraceOptions()
    assert getattr(options(**{name: "x"}), name) == "x"


def test_keys_that_are_equal_after_flattening_are_noted_and_the_last_one_counts() -> None:
    """The value has the place of the first key."""
    trace = Document("record.request.trace", {"e": {"f": 1}, "g": "x", "e.f": 2}, [])

    assert trace_options(trace).metadata == (("e.f", 2), ("g", "x"))
    assert [str(note) for note in trace.skipped] == [
        "record.request.trace.e.f: duplicate key after flattening; the last value is used"
    ]
