# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The times of the spans in an encoded entry."""

from __future__ import annotations

import json

import pytest

from otlpjson import ResourceSpans, ScopeSpans, encode_entry
from otlpjson.core.entry import Entry
from otlpjson.core.entry_times import ended_before

from ..cases.bodies import span


def entry(*members: str) -> Entry:
    """An entry with a span for each text of members."""
    spans = ",".join("{" + member + "}" for member in members)
    return Entry(data=f'{{"scopeSpans":[{{"spans":[{spans}]}}]}}'.encode(), span_count=len(members))


def test_spans_that_ended_before_are_counted() -> None:
    """One that ended at the very moment did not."""
    spans = [span(start_ns=1, end_ns=end) for end in (5, 6, 7)]
    encoded = encode_entry(ResourceSpans(scope_spans=[ScopeSpans(spans=spans)]))

    assert [ended_before(encoded, moment) for moment in (5, 6, 7, 8)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("members", "count"),
    [
        ('"endTimeUnixNano":"5"', 1),
        ('"endTimeUnixNano" :\n 5', 1),
        ('"endTimeUnixNano":"0"', 0),
        ('"endTimeUnixNano":5e18', 0),
        ('"endTimeUnixNano":5.5', 0),
        ('"endTimeUnixNano":"111111111111111111111"', 0),
        ('"startTimeUnixNano":"5"', 0),
        ('"name":' + json.dumps('"endTimeUnixNano":"5"'), 0),
        ('"name":"endTimeUnixNano"', 0),
        ("", 0),
    ],
)
def test_only_a_known_end_counts(members: str, count: int) -> None:
    """In every form that a reader accepts; text that looks like one is none."""
    assert ended_before(entry(members), 10) == count
