# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The straight way gives the bytes of the definition, or leaves the work to it."""

from __future__ import annotations

import itertools
import json
from random import Random
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson import Entry, InvalidValue, encode_entry
from otlpjson.openrouter import (
    Attempt,
    Failure,
    Form,
    Generation,
    TraceOptions,
    Truncation,
    entries_of_generation,
    read_record,
    resource_spans,
)
from otlpjson.openrouter.read import read_parsed
from otlpjson.openrouter.spans.plan import straight_entries

from ... import FIXTURES, strategies
from ...cases.traffic import CASES
from ...traffic import APIS, answer_of_seed, joined, record_of, streamed
from .generations import FIRST, FULL, GENERATION

HIERARCHIES: Final[Any] = ("documented", "observed")
INTEGERS: Final[Any] = ("text", "number")
FORMS: Final = [
    Form(hierarchy=hierarchy, privacy_mode=private, integers=integers)
    for hierarchy, private, integers in itertools.product(HIERARCHIES, (False, True), INTEGERS)
]
SHORT: Final = Truncation(max_characters=64, max_bytes=100)
FAILURE: Final = Failure(message="too late 🚀", kind="timeout", code="504")
FAILED: Final = attrs.evolve(FULL, failure=FAILURE)
TIMES: Final = {"started_at": 1771005600000000000, "ended_at": 1771005601000000000}


def defined(generation: Generation, form: Form) -> tuple[Entry, ...]:
    """What the entries are by definition."""
    groups = resource_spans(
        generation, hierarchy=form.hierarchy, privacy_mode=form.privacy_mode, truncation=form.truncation
    )
    return tuple(encode_entry(group, integers_as_numbers=form.integers_as_numbers) for group in groups)


def with_metadata(*pairs: tuple[str, Any]) -> Generation:
    """A generation with this custom metadata."""
    return attrs.evolve(FULL, trace=attrs.evolve(FULL.trace, metadata=pairs))


def changed(**members: Any) -> Generation:
    """A generation with other members, of whatever type."""
    return attrs.evolve(FULL, **members)


STRAIGHT: Final = {
    "guide": GENERATION,
    "full": FULL,
    "failed": FAILED,
    "refused": attrs.evolve(FAILED, failure=attrs.evolve(FAILURE, before_routing=True)),
    "not chat": attrs.evolve(FULL, operation="embeddings"),
    "attempts": attrs.evolve(FULL, attempts=(FIRST, Attempt(), attrs.evolve(FIRST, latency_ms=1e300))),
    "root and step": attrs.evolve(
        FULL, trace=TraceOptions(trace_name="T", span_name="S", parent_span_id="p")
    ),
    "parent in upper case": attrs.evolve(FULL, trace=TraceOptions(parent_span_id="00ABCDEF00ABCDEF")),
    "a surrogate in a name": attrs.evolve(
        FULL, trace=TraceOptions(generation_name="a\ud83d", trace_name="\ud83d")
    ),
    "a surrogate in a short text": attrs.evolve(FULL, user_id="a\ud83d"),
    "a surrogate in a long text": attrs.evolve(FULL, prompt="\ud83d" * 200, completion="🚀é" * 200),
    "what looks like one": attrs.evolve(FULL, prompt="\\ud83d" * 40),
    "odd numbers": with_metadata(
        ("a", 2**63 - 1), ("b", -(2**63)), ("c", float("nan")), ("d", -0.0), ("e", 1e999)
    ),
    "other kinds": with_metadata(("a", True), ("b", None), ("c", ""), ("a.b", "[1]"), ("longer " * 30, 1)),
    "a model of many kinds": attrs.evolve(
        FULL, request_model="é/x:free", finish_reason='sto"p', response_model=""
    ),
    "a word that is none": attrs.evolve(FULL, finish_reason=""),
    "no end": attrs.evolve(FULL, complete=False, start_ns=0, end_ns=0),
}
LEFT: Final = {
    "a number beyond int64": with_metadata(("a", 2**63)),
    "a name of its own": with_metadata(("openrouter.source", "x")),
    "a name twice": with_metadata(("a", 1), ("a", 2)),
    "a name beyond ASCII": with_metadata(("é", 1)),
    "a long name": with_metadata(("x" * 500, 1)),
    "a value to be converted": with_metadata(("a", [1, {"b": 2}])),
    "an attribute to be converted": changed(user_id=b"u"),
    "a class of its own": attrs.evolve(FULL, user_id=type("Text", (str,), {})("u")),
}


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("name", STRAIGHT)
def test_the_straight_way_gives_the_same_bytes(name: str, form: Form) -> None:
    """In each form; and it is used, not avoided."""
    expected = defined(STRAIGHT[name], form)

    assert straight_entries(STRAIGHT[name], form) == expected
    assert entries_of_generation(STRAIGHT[name], form) == expected


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("name", LEFT)
def test_what_has_to_be_converted_is_left_to_the_definition(name: str, form: Form) -> None:
    """The entries are those of the definition all the same."""
    assert straight_entries(LEFT[name], form) is None
    assert entries_of_generation(LEFT[name], form) == defined(LEFT[name], form)


@pytest.mark.parametrize("text", ["x" * 64, "x" * 65, "é" * 50, "é" * 51, "é" * 25, "é" * 26])
def test_a_text_that_has_to_be_cut_is_left_to_the_definition(text: str) -> None:
    """Whether it does depends on characters and on bytes."""
    form = Form(truncation=SHORT)
    generation = attrs.evolve(GENERATION, user_id=text, prompt=None, completion=None)
    expected = defined(generation, form)

    straight = straight_entries(generation, form)

    assert (straight is None) is (b".truncated" in expected[0].data)
    assert straight is None or straight == expected
    assert entries_of_generation(generation, form) == expected


@pytest.mark.parametrize(
    ("times", "member"),
    [({"start_ns": 2, "end_ns": 1}, "end_ns"), ({"start_ns": -1}, "start_ns"), ({"end_ns": 2**64}, "end_ns")],
)
def test_what_no_span_can_be_is_still_refused(times: dict[str, int], member: str) -> None:
    """A generation that somebody made, not read."""
    with pytest.raises(InvalidValue, match=rf"Span\.{member}"):
        entries_of_generation(changed(**times))


@pytest.mark.parametrize("api", APIS)
@strategies.examples(100)
@given(st.integers(0, 2**32))
def test_traffic_gives_the_same_bytes(api: str, seed: int) -> None:
    """Whole and streamed, as objects and as parsed; generations, notes and entries alike."""
    draw, answer = Random(seed), answer_of_seed(seed)
    form = draw.choice(FORMS)
    for body in (
        {"response": joined(api, answer)},
        {"response_stream": streamed(api, answer, draw).decode()},
    ):
        record = json.loads(json.dumps(record_of(api, answer, body, stream=True)))
        generation = read_record(record)

        assert read_parsed(record) == generation
        straight = straight_entries(generation, form)
        assert straight is None or straight == defined(generation, form)
        assert (straight is None) is any(not key.isascii() for key, _ in generation.trace.metadata)


@pytest.mark.parametrize("name", CASES)
def test_odd_traffic_gives_the_same_bytes(name: str) -> None:
    """Every case of the table, in every form."""
    generation = read_record({**TIMES, **CASES[name].record})
    for form in FORMS:
        assert entries_of_generation(generation, form) == defined(generation, form)


@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "openrouter").glob("*/record.json")), ids=lambda path: path.parent.name
)
def test_a_fixture_gives_the_same_bytes(path: Any) -> None:
    """In every form, cut and uncut."""
    generation = read_parsed(json.loads(path.read_bytes()))
    for form in (*FORMS, Form(truncation=SHORT), Form(truncation=Truncation(max_bytes=2048))):
        assert entries_of_generation(generation, form) == defined(generation, form)
