# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""When a generation began and ended."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter import Generation, read_record, resource_spans
from otlpjson.openrouter.times import LATEST_NS

SECOND = 1771005600
CREATED_AT = "2026-02-13T18:00:00Z"
HUGE = "a time from 1970 to 2554, to which it was moved"


def generation(**record: Any) -> Generation:
    """A record of these keys, whose spans can be made in both hierarchies."""
    read = read_record({"request": {"messages": [], "stream": True}, **record})
    assert resource_spans(read)
    assert resource_spans(read, hierarchy="observed")
    return read


@pytest.mark.parametrize(
    ("record", "start_ns", "paths"),
    [
        (
            {"response": {"created": SECOND * 1000}},
            LATEST_NS,
            ["record.started_at", "record.ended_at"],
        ),
        ({"response": {"created": 2**62}}, LATEST_NS, ["record.started_at", "record.ended_at"]),
        (
            {"response": {"object": "response", "created_at": SECOND, "completed_at": 10**20}},
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {"generation": {"created_at": CREATED_AT, "generation_time": 1e18}},
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {"started_at": CREATED_AT, "observed": {"provider_body_end_ms": 1e305}},
            SECOND * 10**9,
            ["record.ended_at"],
        ),
        (
            {
                "started_at": CREATED_AT,
                "observed": {"provider_request_ms": 1e308},
                "generation": {"generation_time": 1e308},
            },
            SECOND * 10**9,
            ["record.ended_at"],
        ),
    ],
)
def test_a_time_beyond_any_is_the_latest(record: dict[str, Any], start_ns: int, paths: list[str]) -> None:
    """And noted, for each of the two."""
    read = generation(**record)

    assert (read.start_ns, read.end_ns) == (start_ns, LATEST_NS)
    assert [(note.path, note.expected) for note in read.skipped] == [(path, HUGE) for path in paths]


def test_an_end_long_before_the_start_is_the_start() -> None:
    """It is no moment at first, then the earliest, then the start."""
    read = generation(started_at=CREATED_AT, generation={"generation_time": -1e305})

    assert read.start_ns == read.end_ns == SECOND * 10**9
    assert [note.path for note in read.skipped] == ["record.ended_at"] * 2


def test_attempts_that_took_forever_end_at_the_latest_moment() -> None:
    """So do all spans after them."""
    read = generation(
        started_at=CREATED_AT,
        ended_at=CREATED_AT,
        observed={"provider_responses": [{"latency": 1e305}, {"latency": 1e305}]},
    )
    spans = resource_spans(read)[0].scope_spans[0].spans

    assert [span.end_ns for span in spans] == [SECOND * 10**9, LATEST_NS, LATEST_NS, LATEST_NS]


@pytest.mark.parametrize("created", [SECOND, float(SECOND)])
def test_a_record_that_tells_no_time_leaves_it_to_the_response(created: float) -> None:
    """Which counts whole seconds, be they written with a fraction of zero."""
    read = generation(generation={"created_at": "2026-02-13T18:00:00"}, response={"created": created})

    assert (read.start_ns, read.end_ns) == (SECOND * 10**9, SECOND * 10**9)
    assert [note.path for note in read.skipped] == ["record.generation.created_at"]


@pytest.mark.parametrize(
    ("members", "milliseconds"),
    [({"latency": 200}, 200), ({"latency": 0}, 0), ({"latency": 200, "generation_time": 300}, 300)],
)
def test_a_record_alone_tells_both_times(members: dict[str, Any], milliseconds: int) -> None:
    """The latency counts where the generation's time is missing."""
    read = generation(generation={"created_at": CREATED_AT, **members})

    assert read.end_ns - read.start_ns == milliseconds * 10**6
    assert read.skipped == ()
