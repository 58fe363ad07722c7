# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Captured deliveries equal what this package sends for the same requests.

The captures are not part of the project; ``OTLPJSON_CAPTURES`` names their folder.
"""

from __future__ import annotations

import pytest

from otlpjson import TracesData, encode
from otlpjson.openrouter import connection_test, read_record, resource_spans

from ..captured import CAPTURES, RECORDS, as_published, needs_captures, normal


def observed_body(name: str) -> bytes:
    """This package's body in OpenRouter's form."""
    groups = resource_spans(read_record(RECORDS[name]), hierarchy="observed")
    return encode(TracesData(resource_spans=groups), integers_as_numbers=True)


@needs_captures
@pytest.mark.captures
@pytest.mark.parametrize("name", RECORDS)
def test_the_observed_form_equals_the_capture(name: str) -> None:
    """Members are compared in order, numbers by value."""
    capture = (CAPTURES / name).read_bytes()

    assert normal(as_published(observed_body(name), capture)) == normal(capture)


@needs_captures
@pytest.mark.captures
def test_the_connection_test_equals_the_capture() -> None:
    """Its ids are always the same."""
    capture = (CAPTURES / "connection-test.json").read_bytes()

    assert normal(encode(TracesData(resource_spans=[connection_test(1790605182935000000)]))) == normal(
        capture
    )


def test_records_of_captures_are_read_without_surprise() -> None:
    """This needs no captures; the tool definitions of one were replaced by its publisher."""
    notes = {name: [note.path for note in read_record(record).skipped] for name, record in RECORDS.items()}

    assert notes == {
        "streamed-tool-call.json": [],
        "client-disconnected.json": ["record.request.tools"],
        "grafana-guide-request.json": [],
    }
