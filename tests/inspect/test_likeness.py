# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What documents without readable spans look like."""

from __future__ import annotations

import json
from typing import Any

import pytest

from otlpjson.inspect import check
from otlpjson.inspect.likeness import likeness

SPAN = {
    "traceId": "5b8efff798038103d269b633813fc60c",
    "spanId": "eee19b7ec3c1b174",
    "name": "x",
    "startTimeUnixNano": "1771005600000000000",
    "endTimeUnixNano": "1771005601000000000",
}
SCOPE = {"scopeSpans": [{"spans": [SPAN]}]}
TEMPO = "this is an answer of Tempo; use show or diff"
SNAKE_CASE = "its names are in snake_case, and OTLP/JSON has camelCase"
LIBRARY = "instrumentationLibrarySpans is the name that scopeSpans had before OTLP 0.15"


@pytest.mark.parametrize(
    ("document", "shape"),
    [
        ({"trace": {"resourceSpans": [SCOPE]}}, TEMPO),
        ({"batches": [SCOPE]}, TEMPO),
        ({"traces": [], "metrics": {}}, "this is an answer of a search of Tempo, which has no spans"),
        ({"result": {"resourceSpans": [SCOPE]}}, "this is an answer of Jaeger; use show or diff"),
        (
            {"data": [{"traceID": "x", "spans": [], "processes": {}}]},
            "this is an answer of Jaeger's API for its own page, which has another form",
        ),
        ({"resourceLogs": []}, "this is a body of logs"),
        ({"resource_logs": []}, "this is a body of logs"),
        ({"resourceMetrics": []}, "this is a body of metrics"),
        ({"resourceProfiles": []}, "this is a body of profiles"),
        ({"resource_spans": [{"scope_spans": []}]}, SNAKE_CASE),
        ({"resourceSpans": [{"scope_spans": []}]}, SNAKE_CASE),
        ({"scope_spans": []}, SNAKE_CASE),
        ({"trace_id": "x", "span_id": "y"}, SNAKE_CASE),
        ({"resourceSpans": [{"instrumentationLibrarySpans": []}]}, LIBRARY),
        ({"instrumentationLibrarySpans": []}, LIBRARY),
        ({"resource": {}, **SCOPE}, 'this is one group; the body is {"resourceSpans": [group]}'),
        ({"spans": [SPAN]}, "this is a list of spans without resource and scope"),
        (SPAN, "this is one span without resource and scope"),
        ({"resourceSpans": [SPAN]}, "its groups are spans without resource and scope"),
    ],
)
def test_a_document_is_named_as_what_it_is(document: Any, shape: str) -> None:
    """A strict reader would accept it and read nothing."""
    checked = check(json.dumps(document).encode())

    assert likeness(document) == shape
    assert [str(finding.message) for finding in checked.findings if finding.severity.value == "error"] == [
        f"no span is read from this body: {shape}"
    ]
    assert not checked.passed


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"resourceSpans": []},
        {"resourceSpans": None},
        {"resourceSpans": [{}]},
        {"resourceSpans": ["x"]},
        {"resourceSpans": [SCOPE]},
        {"resourceSpans": [SCOPE, {"scope_spans": []}]},
        {"result": 5},
        {"data": ["x"]},
        [],
        "x",
    ],
)
def test_other_documents_are_left_to_the_reader(document: Any) -> None:
    """An empty body is a connection test."""
    assert likeness(document) is None
