# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A record of a file, mapped: its entries, its notes, or its error, and the way between processes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.backfill import Mapped, Mapper
from otlpjson.openrouter import Form, Policy, entries_of_generation, read_record

RECORD: dict[str, Any] = {
    "request": {"model": "a/b", "messages": [{"role": "user", "content": "Hi"}], "trace": {"trace_id": "t"}},
    "response": {"id": "gen-1", "choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]},
    "started_at": 1771005600000000000,
    "ended_at": 1771005601000000000,
}
MAPPER = Mapper(form=Form(), policy=Policy())


def line_of(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode()


def test_a_record_gives_its_entries() -> None:
    """Those of the library."""
    found = MAPPER.map(7, line_of(RECORD))

    assert found == Mapped(number=7, entries=tuple(entries_of_generation(read_record(RECORD), Form())))
    assert len(found.entries) == 1


def test_the_form_is_that_of_the_mapper() -> None:
    """In privacy mode no content is left."""
    [entry] = Mapper(form=Form(privacy_mode=True), policy=Policy()).map(1, line_of(RECORD)).entries

    assert b"Hello" in MAPPER.map(1, line_of(RECORD)).entries[0].data
    assert b"Hello" not in entry.data


def test_what_cannot_be_read_is_an_error() -> None:
    """With the words of the library."""
    assert MAPPER.map(3, b"[]") == Mapped(
        number=3, error="record: expected one JSON object, got list of 0 items"
    )


def test_what_was_left_out_is_noted() -> None:
    """As it is with the spans of the generation."""
    record = {**RECORD, "request": {**RECORD["request"], "user": ["x"]}}

    assert MAPPER.map(1, line_of(record)).notes == (
        "record.request.user: expected text or a whole number, got list of 1 item",
    )


def test_what_is_sampled_out_has_no_entries() -> None:
    """By the session or the trace, so the same in every process."""
    mapper = Mapper(form=Form(), policy=Policy(sampling_rate=0.0001))

    assert mapper.map(1, line_of(RECORD)) == Mapped(number=1, refusal="sampled_out")


@pytest.mark.parametrize("text", [line_of(RECORD), b"[]", b"{}"])
def test_packed_and_unpacked_it_is_the_same(text: bytes) -> None:
    """Plain values alone are handed over."""
    found = MAPPER.map(5, text)

    assert Mapped.unpacked(found.packed()) == found
    assert MAPPER.map_batch((5, [text, b"\n", text])) == [
        found.packed(),
        MAPPER.map(7, text).packed(),
    ]
