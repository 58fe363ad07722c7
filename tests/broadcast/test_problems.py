# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What could not be recorded, or not as it was."""

from __future__ import annotations

import logging

import pytest

from otlpjson import Finding, InvalidDocument, Severity
from otlpjson.broadcast.problems import Problems
from otlpjson.core.problem import Mismatch, Problem, Reason


def note(path: str, reason: Reason) -> Finding:
    """A note of the mapping."""
    return Finding(severity=Severity.WARNING, problem=Problem(path, reason))


def test_what_was_left_out_is_counted_kept_and_logged_once_per_kind(caplog: pytest.LogCaptureFixture) -> None:
    """A kind is a place without its numbers."""
    problems = Problems()
    with caplog.at_level(logging.WARNING, "otlpjson"):
        for index in range(3):
            problems.leave_out(
                [note(f"record.request.messages[{index}]", Mismatch("an object", "int of 1 digit"))]
            )
        problems.leave_out([note("record.response", "no answer")])

    assert (problems.left_out, problems.refused) == (4, {})
    assert [str(error) for error in problems.errors[-2:]] == [
        "record.request.messages[2]: expected an object, got int of 1 digit",
        "record.response: no answer",
    ]
    assert all(isinstance(error, InvalidDocument) for error in problems.errors)
    assert [record.getMessage() for record in caplog.records] == [
        "left out of a record: record.request.messages[0]: expected an object, got int of 1 digit (logged once)",
        "left out of a record: record.response: no answer (logged once)",
    ]


def test_the_number_of_kinds_that_are_logged_is_limited(caplog: pytest.LogCaptureFixture) -> None:
    """The caller's own keys could make any number of them."""
    problems = Problems()
    with caplog.at_level(logging.WARNING, "otlpjson"):
        problems.leave_out(note(f"record.{'x' * length}", "odd") for length in range(1, 1100))

    assert (problems.left_out, len(caplog.records), len(problems.errors)) == (1099, 1000, 100)


def test_a_refused_record_is_counted_by_its_reason() -> None:
    """A fault of this package has a reason of its own."""
    problems = Problems()
    problems.refuse(InvalidDocument.because("record", "odd"))
    problems.refuse(KeyError("x"))

    assert problems.refused == {"refused": 1, "internal_error": 1}
    assert [type(error) for error in problems.errors] == [InvalidDocument, KeyError]


def test_an_error_may_be_refused_while_another_is_counted() -> None:
    """As by a finalizer, or by a signal handler, that records."""
    problems = Problems()

    class Dying(Exception):
        def __del__(self) -> None:
            problems.refuse(ValueError("late"))

    problems.refuse(Dying())
    for _ in range(100):
        problems.refuse(KeyError("x"))

    # The oldest is forgotten while the lock is held.
    assert problems.refused == {"internal_error": 102}
