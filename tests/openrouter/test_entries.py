# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The entries of a generation: one per group, none larger than Grafana accepts."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from otlpjson import Entry
from otlpjson.core.bodies import join
from otlpjson.core.encoder import encode_entry
from otlpjson.openrouter import (
    Form,
    Generation,
    Hierarchy,
    Truncation,
    entries_of_generation,
    resource_spans,
)
from otlpjson.openrouter.generation import Attempt

GENERATION = Generation(key="gen-1", start_ns=1, end_ns=2, prompt='{"messages":[]}', user_id="u")


def keys(entry: Any) -> dict[str, Any]:
    """The attributes of an entry's only span."""
    (span,) = json.loads(entry.data)["scopeSpans"][0]["spans"]
    return {one["key"]: one["value"].get("stringValue") for one in span["attributes"]}


def test_an_entry_is_a_group_encoded() -> None:
    generation = attrs.evolve(GENERATION, attempts=(Attempt(), Attempt()))

    hierarchies: tuple[Hierarchy, ...] = ("documented", "observed")
    for hierarchy in hierarchies:
        groups = resource_spans(generation, hierarchy=hierarchy)
        entries = entries_of_generation(generation, Form(hierarchy=hierarchy))
        assert entries == tuple(map(encode_entry, groups))


def test_options_are_passed_on() -> None:
    generation = attrs.evolve(GENERATION, prompt=json.dumps({"messages": ["x" * 500]}))
    (entry,) = entries_of_generation(generation, Form(truncation=Truncation(max_bytes=200)))

    assert b'"gen_ai.prompt.truncated"' in entry.data
    assert b"gen_ai.prompt" not in entries_of_generation(generation, Form(privacy_mode=True))[0].data
    numbers = attrs.evolve(generation, attempts=(Attempt(status=200),))
    assert b'"intValue":200' in entries_of_generation(numbers, Form(integers="number"))[0].data


@pytest.mark.parametrize("max_bytes", [None, 50_000, 20_000])
@pytest.mark.parametrize("character", ["x", '"', "é", "\U0001f600"])
def test_an_entry_that_is_too_large_is_cut_shorter(character: str, max_bytes: int | None) -> None:
    """A prompt is sent twice, and some characters are six times as long in JSON."""
    text = json.dumps({"messages": [{"role": "user", "content": character * 90_000}]}, ensure_ascii=False)
    form = Form(truncation=Truncation(max_bytes=max_bytes), max_entry_bytes=150_000)
    (entry,) = entries_of_generation(attrs.evolve(GENERATION, prompt=text), form)
    attributes = keys(entry)

    assert 10_000 < len(entry.data) <= 150_000
    assert attributes["user.id"] == "u"
    assert "gen_ai.prompt.truncated" in attributes
    json.loads(attributes["gen_ai.prompt"])


def test_the_largest_entry_fits_into_the_largest_message() -> None:
    """The limit is 15 MiB including what surrounds an entry; only a longer prompt is cut."""
    whole = json.dumps({"messages": ["x" * 6_000_000]})
    (entry,) = entries_of_generation(attrs.evolve(GENERATION, prompt=whole))
    (cut,) = entries_of_generation(attrs.evolve(GENERATION, prompt=whole + " " * 3_000_000))

    assert keys(entry)["gen_ai.prompt"] == whole
    assert len(join([cut])) < 15 * 1024 * 1024
    assert "gen_ai.prompt.truncated" in keys(cut)
    assert len(join([Entry(data=b"x" * Form().max_entry_bytes, span_count=1)])) == 15 * 1024 * 1024


@pytest.mark.slow
def test_what_cannot_be_cut_stays_too_large() -> None:
    """It has many short values; delivery reports it."""
    metadata = tuple((f"k{number}", "x" * 60) for number in range(800))
    trace = attrs.evolve(GENERATION.trace, metadata=metadata)
    (entry,) = entries_of_generation(attrs.evolve(GENERATION, trace=trace), Form(max_entry_bytes=100_000))

    assert len(entry.data) > 100_000
