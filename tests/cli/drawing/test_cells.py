# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The texts beside a bar: what they say, where they stand, and how they look."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import Span, Status
from otlpjson.cli.drawing.cells import (
    aligned,
    cell_style,
    cell_texts,
    labels,
    model_text,
    without_author,
)
from otlpjson.cli.drawing.glyphs import glyphs_for

GLYPHS = glyphs_for("utf-8")


def span(**fields: Any) -> Span:
    """A span of a millisecond unless its times are given."""
    return Span(
        **{
            "trace_id": "1" * 32,
            "span_id": "2" * 16,
            "name": "pay",
            "start_ns": 5,
            "end_ns": 1_000_005,
            **fields,
        }
    )


def test_each_column_has_a_heading() -> None:
    """The arrow is the encoding's; a status needs no heading."""
    assert labels(GLYPHS) == {
        "duration": "duration",
        "status": "",
        "model": "model",
        "tokens": "in → out",
        "cost": "cost",
    }
    assert labels(glyphs_for("ascii"))["tokens"] == "in -> out"


def test_a_generation_has_all_texts() -> None:
    """By the names of the headings."""
    attributes = {
        "gen_ai.request.model": "openai/gpt-4o",
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 48,
        "gen_ai.usage.total_cost": 0.5,
    }
    texts = cell_texts(span(attributes=attributes, status=Status(code=1)), GLYPHS, 100)

    assert texts == {
        "duration": "1.0 ms",
        "status": "ok",
        "model": "openai/gpt-4o",
        "tokens": "12 → 48",
        "cost": "$0.500000",
    }
    assert list(texts) == list(labels(GLYPHS))


def test_other_spans_have_a_duration_alone() -> None:
    """A model that is not text is not shown."""
    bare = {"duration": "1.0 ms", "status": "", "model": "", "tokens": "", "cost": ""}

    assert cell_texts(span(), GLYPHS, 100) == bare
    assert cell_texts(span(attributes={"gen_ai.request.model": True}), GLYPHS, 100) == bare


@pytest.mark.parametrize(
    ("start_ns", "end_ns", "text"),
    [(0, 0, "unknown"), (0, 9, "unknown"), (9, 0, "not ended"), (9, 9, "0 ms")],
)
def test_a_duration_needs_both_times(start_ns: int, end_ns: int, text: str) -> None:
    """Zero is an unknown time."""
    assert cell_texts(span(start_ns=start_ns, end_ns=end_ns), GLYPHS, 100)["duration"] == text


@pytest.mark.parametrize(("code", "text"), [(0, ""), (1, "ok"), (2, "error"), (7, "status 7")])
def test_a_status_is_named(code: int, text: str) -> None:
    """An unknown one is shown as its number."""
    assert cell_texts(span(status=Status(code=code)), GLYPHS, 100)["status"] == text


@pytest.mark.parametrize(
    ("width", "text"), [(13, "openai/gpt-4o"), (12, "gpt-4o"), (6, "gpt-4o"), (5, "gpt-…")]
)
def test_a_model_loses_its_author_first(width: int, text: str) -> None:
    """And only then a part of its name."""
    assert model_text("openai/gpt-4o", GLYPHS, width) == text
    assert (without_author("openai/gpt-4o"), without_author("gpt-4o")) == ("gpt-4o", "gpt-4o")


def test_numbers_are_aligned_at_the_right() -> None:
    """Words at the left."""
    assert [aligned(cell, "x", 3) for cell in labels(GLYPHS)] == ["  x", "x  ", "x  ", "  x", "  x"]


def test_models_costs_and_statuses_have_styles() -> None:
    """An unknown status has none."""
    assert {cell: cell_style(cell, "x") for cell in labels(GLYPHS)} == {
        "duration": "",
        "status": "",
        "model": "green",
        "tokens": "",
        "cost": "yellow",
    }
    assert [cell_style("status", text) for text in ("error", "ok", "status 7")] == ["red", "dim", ""]
