# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A generation as entries: one a group, and never larger than Grafana takes."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from otlpjson.core.encoder import encode_entry
from otlpjson.openrouter import Generation, Truncation, resource_spans
from otlpjson.openrouter.entries import MAX_ENTRY_BYTES, entries_of_generation
from otlpjson.openrouter.generation import Attempt

GENERATION = Generation(key="gen-1", start_ns=1, end_ns=2, prompt='{"messages":[]}', user_id="u")


def keys(entry: Any) -> dict[str, Any]:
    """The attributes of an entry's only span."""
    (span,) = json.loads(entry.data)["scopeSpans"][0]["spans"]
    return {one["key"]: one["value"].get("stringValue") for one in span["attributes"]}


def test_an_entry_is_a_group_encoded() -> None:
    generation = attrs.evolve(GENERATION, attempts=(Attempt(), Attempt()))

    for hierarchy in ("documented", "observed"):
        groups = resource_spans(generation, hierarchy=hierarchy)
        entries = entries_of_generation(generation, hierarchy=hierarchy)
        assert entries == tuple(map(encode_entry, groups))


def test_options_are_passed_on() -> None:
    generation = attrs.evolve(GENERATION, prompt=json.dumps({"messages": ["x" * 500]}))
    (entry,) = entries_of_generation(generation, truncation=Truncation(max_bytes=200))

    assert b'"gen_ai.prompt.truncated"' in entry.data
    assert b"gen_ai.prompt" not in entries_of_generation(generation, privacy_mode=True)[0].data
    numbers = attrs.evolve(generation, attempts=(Attempt(status=200),))
    assert b'"intValue":200' in entries_of_generation(numbers, integers_as_numbers=True)[0].data


@pytest.mark.parametrize("max_bytes", [None, 5_000_000, 100_000])
@pytest.mark.parametrize("character", ["x", '"', "é", "\U0001f600"])
def test_what_grafana_would_not_take_is_cut_shorter(character: str, max_bytes: int | None) -> None:
    """A prompt is written three times, and JSON writes some characters many times as long."""
    text = json.dumps({"messages": [{"role": "user", "content": character * 6_000_000}]}, ensure_ascii=False)
    generation = attrs.evolve(GENERATION, prompt=text)
    (entry,) = entries_of_generation(generation, truncation=Truncation(max_bytes=max_bytes))
    attributes = keys(entry)

    assert 100_000 < len(entry.data) <= MAX_ENTRY_BYTES
    assert attributes["user.id"] == "u"
    assert "gen_ai.prompt.truncated" in attributes
    json.loads(attributes["gen_ai.prompt"])


def test_what_fits_is_whole() -> None:
    text = json.dumps({"messages": ["x" * 4_000_000]})
    (entry,) = entries_of_generation(attrs.evolve(GENERATION, prompt=text))

    assert keys(entry)["gen_ai.prompt"] == text


def test_what_cannot_be_cut_stays_too_large() -> None:
    """Many short values: delivery says so."""
    metadata = tuple((f"k{number}", "x" * 60) for number in range(80_000))
    trace = attrs.evolve(GENERATION.trace, metadata=metadata)
    (entry,) = entries_of_generation(attrs.evolve(GENERATION, trace=trace))

    assert len(entry.data) > MAX_ENTRY_BYTES
