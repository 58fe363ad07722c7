# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Start and end of a request; ``test_read`` has the sources in whole records."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.openrouter.apis.chat import chat_form
from otlpjson.openrouter.document import Document
from otlpjson.openrouter.observed import observed_of
from otlpjson.openrouter.span_times import span_times

SECOND = 1771005600
NS = SECOND * 10**9


@pytest.mark.parametrize(
    ("record", "facts", "response", "times"),
    [
        ({"started_at": NS, "ended_at": NS + 5}, {}, {"created": 1}, (NS, NS + 5)),
        ({"started_at": NS}, {"provider_body_end_ms": 2}, {}, (NS, NS + 2_000_000)),
        ({"started_at": NS}, {}, {"created": SECOND + 3}, (NS, NS + 3 * 10**9)),
        ({}, {}, {"created": SECOND}, (NS, NS)),
        ({"started_at": NS, "ended_at": str(NS - 1 + 1)}, {}, {}, (NS, NS)),
    ],
)
def test_each_time_is_that_of_the_first_source(
    record: dict[str, Any], facts: dict[str, Any], response: dict[str, Any], times: tuple[int, int]
) -> None:
    """The caller's, what was observed, then the response's."""
    form = chat_form(Document("request", {}, []), Document("response", response, []))
    observed = observed_of(Document("generation", {}, []), Document("observed", facts, []))

    assert span_times(Document("record", record, []), form, observed) == times
