# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""With privacy mode, no text of request or response is sent or shown."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from otlpjson import InvalidDocument, TracesData, encode
from otlpjson.openrouter import read_record, resource_spans

from .. import FIXTURES

CANARY = "canary 5up3r s3cr3t"
NUMBER = 4111111111111111
RECORDS = {
    path.parent.name: json.loads(path.read_bytes())
    for path in sorted(FIXTURES.glob("openrouter/*/record.json"))
}
# What is still sent, by its place; what OpenRouter measured and counted is no content.
SENT = [
    ("request", "model"),
    ("request", "user"),
    ("request", "session_id"),
    ("request", "metadata", "user_id"),
    ("request", "trace"),
    ("response", "id"),
    ("response", "request_id"),
    ("response", "model"),
    ("response", "provider"),
    ("response", "openrouter_metadata", "endpoints", "available", "*", "provider"),
    ("response", "choices", "*", "finish_reason"),
    ("response", "choices", "*", "native_finish_reason"),
    ("response", "stop_reason"),
    ("response", "status"),
    ("response", "error", "code"),
    ("response", "error", "metadata", "provider_name"),
    ("response", "usage"),
    ("generation",),
    ("observed",),
]
# An answer of /generation and the facts hold content too, in these places.
CONTENT = [("observed", "error_message"), ("observed", "interrupted_by")]
# The same in an event of a stream, which may hold a whole response.
SENT_IN_STREAMS = {
    *("id", "request_id", "model", "provider", "provider_name", "user", "session_id", "user_id"),
    *("safety_identifier", "trace", "finish_reason", "native_finish_reason", "stop_reason"),
    *("status", "reason"),
}


def is_sent(path: tuple[Any, ...]) -> bool:
    """Whether privacy mode still sends what is at a place of a record."""
    place = tuple("*" if isinstance(step, int) else step for step in path)
    return place not in CONTENT and any(place[: len(sent)] == sent for sent in SENT)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text, number, flag and null."""
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def with_canary(value: Any, path: tuple[Any, ...], canary: Any = CANARY) -> Any:
    """A copy with a recognisable text or number in one place."""
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = canary
    return changed


def shown(record: Any) -> str:
    """Everything that others can see: both bodies, the notes, the repr."""
    try:
        generation = read_record(record)
    except InvalidDocument as error:
        return str(error)
    forms = (
        resource_spans(generation, privacy_mode=True, hierarchy=hierarchy)
        for hierarchy in ("documented", "observed")
    )
    bodies = [encode(TracesData(resource_spans=groups)).decode() for groups in forms]
    return "".join([*bodies, *map(str, generation.skipped), repr(generation)])


@pytest.mark.parametrize("canary", [CANARY, NUMBER])
@pytest.mark.parametrize("name", RECORDS)
def test_a_canary_in_any_leaf_stays_behind(name: str, canary: Any) -> None:
    """This holds for messages, parts, tools, arguments, reasoning and errors, and for their numbers."""
    record = RECORDS[name]
    paths = [
        (part, *path)
        for part in ("request", "response", "generation", "observed")
        for path in leaves(record.get(part) or {})
        if path and not is_sent((part, *path))
    ]

    assert paths or name == "without_id"
    for path in paths:
        assert str(canary) not in shown(with_canary(record, path, canary)), path


def test_what_is_sent_is_really_sent() -> None:
    """Otherwise the list of exceptions could hold anything."""
    found = {
        sent
        for sent in SENT
        for record in RECORDS.values()
        for part in ("request", "response", "generation", "observed")
        for path in leaves(record.get(part) or {})
        if tuple("*" if isinstance(step, int) else step for step in (part, *path))[: len(sent)] == sent
        for canary in (CANARY, NUMBER)
        if str(canary) in shown(with_canary(record, (part, *path), canary))
    }

    assert found == set(SENT)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, record in RECORDS.items() if "response_stream" in record])
def test_a_canary_in_any_event_of_a_stream_stays_behind(name: str) -> None:
    """This holds for deltas, repeated parts of the request, and errors."""
    record = RECORDS[name]
    lines = record["response_stream"].splitlines()
    tried = 0
    for number, line in enumerate(lines):
        # A stream that was cut off may end in the middle of a line, which is not JSON.
        chunk = json.loads(line[6:]) if line.startswith("data: {") and line.endswith("}") else {}
        for path in leaves(chunk):
            if path and str(path[-1]) not in SENT_IN_STREAMS:
                changed = [
                    *lines[:number],
                    "data: " + json.dumps(with_canary(chunk, path)),
                    *lines[number + 1 :],
                ]
                assert CANARY not in shown({**record, "response_stream": "\n".join([*changed, "", ""])}), path
                tried += 1

    assert tried > 5


def test_the_callers_own_metadata_stays_as_documented() -> None:
    """The members of ``trace`` are meant to be sent."""
    record = with_canary(RECORDS["guide"], ("request", "trace", "environment"))

    assert CANARY in shown(record)
