# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Captured deliveries equal what this package sends for the same requests.

The captures are not part of the project; ``OTLPJSON_CAPTURES`` names their folder.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson import TracesData, encode
from otlpjson.openrouter import connection_test, read_record, resource_spans

from ..captured import (
    CAPTURES,
    DELIVERIES,
    RECORDS,
    differences,
    needs_captures,
    parsed,
)

# What OpenRouter itself adds to the request, which a record cannot have.
ADDED = ("reasoning", "usage", "responsesPassthrough")
# The publisher replaced this value by another one than that of user.id.
REPLACED = "0000000000000000000000000000000000000000000000000000000000000002"


def observed_body(record: Any) -> bytes:
    """This package's body in OpenRouter's form."""
    groups = resource_spans(read_record(record), hierarchy="observed")
    return encode(TracesData(resource_spans=groups), integers_as_numbers=True)


@needs_captures
@pytest.mark.captures
@pytest.mark.parametrize("name", RECORDS)
def test_the_observed_form_equals_the_capture(name: str) -> None:
    """Members are compared in order, numbers by value."""
    folder = CAPTURES if name == "client-disconnected.json" else DELIVERIES
    capture = (folder / name).read_bytes()

    assert [*differences(parsed(observed_body(RECORDS[name])), parsed(capture))] == []


@needs_captures
@pytest.mark.captures
@pytest.mark.parametrize("form", ["record", "record_joined"])
@pytest.mark.parametrize("name", ["opencode-9.json", "claude-code-2.json", "codex-2.json"])
def test_the_observed_form_equals_the_delivery(name: str, form: str) -> None:
    """A stream and the same answer in one piece give the delivery."""
    delivery = json.loads((DELIVERIES / name).read_bytes())
    ours = json.loads(observed_body(delivery[form]))
    as_published(ours, delivery["sent"])

    assert [
        *differences(parsed(json.dumps(ours).encode()), parsed(json.dumps(delivery["sent"]).encode()))
    ] == []


def as_published(ours: Any, sent: Any) -> None:
    """Makes of our body what the publisher made of theirs, and removes what only OpenRouter can add."""
    for spans in (ours, sent):
        for pair in attributes_of(spans):
            if pair["key"] in ("gen_ai.completion", "span.output"):
                completion = json.loads(pair["value"]["stringValue"])
                kept = {k: v for k, v in completion["rawRequest"].items() if k not in ADDED}
                # The publisher dropped the definitions of tools.
                if "tools" not in json.dumps(sent):
                    kept.pop("tools", None)
                completion["rawRequest"] = kept
                pair["value"]["stringValue"] = json.dumps(completion)
            elif pair["key"] == "trace.metadata.openrouter.user_id" and REPLACED in json.dumps(sent):
                pair["value"]["stringValue"] = REPLACED
    theirs = {pair["key"] for pair in attributes_of(sent)}
    # Two publishers dropped the copies of prompt and completion.
    own = attributes_of(ours)
    own[:] = [
        pair for pair in own if pair["key"] in theirs or pair["key"] not in ("span.input", "span.output")
    ]


def attributes_of(body: Any) -> Any:
    """The attributes of the first span of a body."""
    return body["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"]


@needs_captures
@pytest.mark.captures
def test_the_connection_test_equals_the_capture() -> None:
    """Its ids are always the same."""
    capture = (CAPTURES / "connection-test.json").read_bytes()
    ours = encode(TracesData(resource_spans=[connection_test(1790605182935000000)]))

    assert [*differences(parsed(ours), parsed(capture))] == []


@pytest.mark.parametrize(
    ("ours", "theirs", "differ"),
    [
        (b'{"a":1}', b'{"a":1.0}', False),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', True),
        (b'{"a":"{\\"x\\": 1}"}', b'{"a":"{\\"x\\":1}"}', False),
        (b'{"a":"{\\"x\\":1,\\"y\\":2}"}', b'{"a":"{\\"y\\":2,\\"x\\":1}"}', True),
        (b'{"a":5}', b'{"a":"<omitted>"}', False),
        (b'{"a":[1,2]}', b'{"a":[1]}', True),
        (b'{"a":[],"b":1}', b'{"b":1}', False),
        (b'{"a":"x"}', b'{"a":"y"}', True),
    ],
)
def test_what_equal_means(ours: bytes, theirs: bytes, differ: bool) -> None:
    """The comparison itself can fail."""
    assert bool([*differences(parsed(ours), parsed(theirs))]) is differ


def test_records_of_captures_are_read_without_surprise() -> None:
    """This needs no captures; the tool definitions of one were replaced by its publisher."""
    notes = {name: [note.path for note in read_record(record).skipped] for name, record in RECORDS.items()}

    assert notes == {
        "streamed-tool-call.json": [],
        "client-disconnected.json": ["record.request.tools"],
        "grafana-guide-request.json": [],
    }
