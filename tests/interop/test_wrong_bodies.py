# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the Collector does with each wrong body is what ``docs/collector.md`` says."""

from __future__ import annotations

import pytest

from .collector_table import DOCUMENT, Row, read, row
from .gateway import Gateway
from .wrong_bodies import RIGHT_BODY, WRONG_BODIES

TABLE = read(DOCUMENT.read_text(encoding="utf-8"))
RECEIVER = "small"
"""The one that writes to the file alone, so that Jaeger has no say in the answer."""


def observed(gateway: Gateway, name: str, body: bytes) -> tuple[int, list[str]]:
    """The status, and the lines that the Collector wrote for a body: those between two marks."""
    marks = [f"{when}: {name}" for when in ("before", "after")]
    first, last = (RIGHT_BODY.replace(b"pay", mark.encode()) for mark in marks)
    assert gateway.post(first, receiver=RECEIVER).status == 200
    said = gateway.post(body, receiver=RECEIVER)
    assert gateway.post(last, receiver=RECEIVER).status == 200
    gateway.lines_with(marks[1])
    lines = gateway.lines()
    start, end = (next(at for at, line in enumerate(lines) if f'"{mark}"' in line) for mark in marks)
    return said.status, lines[start + 1 : end]


@pytest.fixture(scope="module")
def right_line(gateway: Gateway) -> str:
    """What the right body becomes."""
    status, (line,) = observed(gateway, "the right body", RIGHT_BODY)
    assert status == 200
    return line


@pytest.mark.parametrize("name", WRONG_BODIES)
def test_a_wrong_body_is_answered_and_written_as_the_table_says(
    gateway: Gateway, right_line: str, name: str
) -> None:
    """Status, and what is written."""
    status, lines = observed(gateway, name, WRONG_BODIES[name])
    found: Row = row(status, lines, right_line, WRONG_BODIES[name])

    assert found == TABLE[name]


def test_the_table_has_exactly_these_bodies() -> None:
    """None is missing, none is made up; in the same order."""
    assert list(TABLE) == list(WRONG_BODIES)
