# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Handlers of AWS Lambda."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.broadcast.aws_lambda import flushing


class Context:
    """What Lambda hands to a handler."""

    def __init__(self, left_ms: int) -> None:
        self.left_ms = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


@pytest.mark.parametrize(
    ("context", "seconds"),
    [(Context(3000), 2.5), (Context(100), 0.0), (Context(900_000), 10.0), (None, 10.0), ({}, 10.0)],
)
def test_a_handler_flushes_within_the_time_that_is_left(context: Any, seconds: float) -> None:
    """And returns what it returned."""
    flushed: list[float] = []

    def handler(event: Any, context: Any) -> Any:
        """The function."""
        assert flushed == []
        return event * 2

    wrapped = flushing(handler, flushed.append)

    assert (wrapped(21, context), flushed) == (42, [seconds])
    assert (wrapped.__name__, wrapped.__doc__) == ("handler", "The function.")


def test_a_handler_that_fails_flushes_as_well() -> None:
    """Its error is Lambda's."""
    flushed: list[float] = []

    def handler(event: Any, context: Any) -> Any:
        raise KeyError("order")

    with pytest.raises(KeyError):
        flushing(handler, flushed.append)({}, Context(2500))

    assert flushed == [2.0]
