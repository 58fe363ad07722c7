# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Odd traffic is recorded as it happened: a table of cases, in both hierarchies and in privacy mode."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import TracesData, encode, trace_id_of
from otlpjson.openrouter import Generation, read_record, resource_spans

from ..cases.traffic import CASES, Case


def generation_of(case: Case) -> Generation:
    """The generation of a case."""
    return read_record({"started_at": 1771005600000000000, "ended_at": 1771005601000000000, **case.record})


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
@pytest.mark.parametrize("name", CASES)
def test_what_happened_is_recorded(name: str, hierarchy: Any) -> None:
    """Status, completion, prompt, attributes and notes are those of the table."""
    case = CASES[name]
    generation = generation_of(case)
    groups = resource_spans(generation, hierarchy=hierarchy)

    assert tuple(note.path for note in generation.skipped) == case.notes
    if hierarchy == "observed":
        assert len(groups) == case.observed
    if not groups:
        return
    span = groups[0].scope_spans[0].spans[0]
    assert (int(span.status.code), span.status.message) == case.status
    completion = json.loads(str(span.attributes.get("gen_ai.completion", "{}")))
    for member, value in ({"completion": None} if case.completion is None else case.completion).items():
        if value is ...:
            assert member not in completion
        else:
            assert completion[member] == value, member
    if case.prompt is not ...:
        assert json.loads(str(span.attributes["gen_ai.prompt"])) == case.prompt
    for key, value in case.attributes.items():
        assert span.attributes.get(key) == value, key
    response_id = span.attributes.get("gen_ai.response.id")
    if response_id is not None:
        assert span.trace_id == trace_id_of(str(response_id)) or len(str(response_id)) == 32


@pytest.mark.parametrize("hierarchy", ["documented", "observed"])
@pytest.mark.parametrize("name", CASES)
def test_privacy_mode_shows_none_of_the_words(name: str, hierarchy: Any) -> None:
    """Neither in the body nor in a note; what is counted is still sent."""
    case = CASES[name]
    generation = generation_of(case)
    groups = resource_spans(generation, hierarchy=hierarchy, privacy_mode=True)
    body = encode(TracesData(resource_spans=groups)).decode()
    shown = body + "".join(map(str, generation.skipped)) + repr(generation)

    assert [word for word in (*case.text, "Knock knock.") if word in shown] == []
    attributes = groups[0].scope_spans[0].spans[0].attributes if groups else case.attributes
    for key, value in case.attributes.items():
        if key.startswith("gen_ai.usage."):
            assert attributes.get(key) == value, key
