# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Protobuf and OpenTelemetry's own Python decoder vote as the table in ``docs/rules.md`` says."""

from __future__ import annotations

from typing import Any, Callable, Final

import pytest
from google.protobuf.json_format import ParseError

from ..cases.rules import EXAMPLES
from ..plain import plain_message, protobuf_message
from ..rule_tables import Votes, read_votes, vote
from . import official

VOTES: Final = read_votes()
# What the two raise where they refuse; both let errors of Python's own reader through.
REFUSALS: Final = (ParseError, ValueError, TypeError, AttributeError, RecursionError)
JUDGES: Final[dict[str, Callable[[bytes], list[dict[str, Any]]]]] = {
    "protobuf": lambda body: plain_message(protobuf_message(body, max_depth=None)),
    "official": official.read,
}


@pytest.mark.parametrize("row", VOTES, ids=lambda row: row.example)
@pytest.mark.parametrize("judge", JUDGES)
def test_a_judge_votes_as_the_table_says(judge: str, row: Votes) -> None:
    """Word by word, and each by its own limits."""
    assert vote(EXAMPLES[row.example], JUDGES[judge], REFUSALS) == row.votes[judge]


@pytest.mark.parametrize("judge", JUDGES)
def test_no_judge_is_right_everywhere(judge: str) -> None:
    """Which is why there are several; where this fails, a judge has become better than the table says."""
    assert [row.example for row in VOTES if judge in row.breaches] != []
    assert [row.example for row in VOTES if row.votes[judge] == row.votes["strict"]] != []
