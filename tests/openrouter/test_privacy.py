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
RECORDS = {
    path.parent.name: json.loads(path.read_bytes())
    for path in sorted(FIXTURES.glob("openrouter/*/record.json"))
}
# What is still sent: model, provider, finish reasons, user and session, ids, and the caller's own metadata.
SENT = {
    *(
        "id",
        "request_id",
        "model",
        "provider",
        "provider_name",
        "user",
        "session_id",
        "user_id",
        "safety_identifier",
        "trace",
    ),
    *("finish_reason", "native_finish_reason", "stop_reason", "status", "reason"),
}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every text, number, flag and null."""
    if isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(item, (*path, key))
    else:
        yield path


def with_canary(value: Any, path: tuple[Any, ...]) -> Any:
    """A copy with a recognisable text in one place."""
    changed = copy.deepcopy(value)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = CANARY
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


@pytest.mark.parametrize("name", RECORDS)
def test_a_canary_in_any_leaf_stays_behind(name: str) -> None:
    """This holds for messages, parts, tools, arguments, reasoning and errors."""
    record = RECORDS[name]
    paths = [
        (part, *path)
        for part in ("request", "response")
        for path in leaves(record.get(part) or {})
        if path and not SENT & {*map(str, path[:1]), str(path[-1])}
    ]

    assert paths or name == "without_id"
    for path in paths:
        assert CANARY not in shown(with_canary(record, path)), path


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
            if path and str(path[-1]) not in SENT:
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
