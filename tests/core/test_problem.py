# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Problems: the two forms of their sentence, and their facts for a program."""

from __future__ import annotations

from otlpjson.core.problem import Mismatch, Problem


def test_a_mismatch_says_what_was_expected_and_what_was_found() -> None:
    problem = Problem("Span.name", Mismatch("text", "int 5"))

    assert str(problem) == "Span.name: expected text, got int 5"
    assert (problem.expected, problem.found) == ("text", "int 5")


def test_a_problem_without_an_expectation_is_its_own_sentence() -> None:
    problem = Problem("body.x", "unknown field")

    assert str(problem) == "body.x: unknown field"
    assert (problem.expected, problem.found) == ("", "unknown field")
