# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The errors this package raises.

    OtlpJsonError
    ├── InvalidValue      a field cannot hold what the caller gave it
    ├── InvalidDocument   a record, a body or a file is not what it must be
    └── ConfigError       a destination cannot be built; never holds a secret

What a server answers, or that it does not answer, is an outcome and not an error:
see ``otlpjson.delivery.outcome``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .problem import Mismatch, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .problem import Reason

__all__ = ["ConfigError", "InvalidDocument", "InvalidValue", "OtlpJsonError"]


class OtlpJsonError(Exception):
    """The base of every error that this package raises."""


class InvalidValue(OtlpJsonError, ValueError):
    """
    A field cannot hold what it was given: ``Span.trace_id: expected 32 hex digits, got str '5b8e'``.

    Attributes:
        problem: The place and what is wrong there.

        path: The field as the caller wrote it, for example ``Span.trace_id``.

        expected: What the field can hold, in words.

        found: What was given: its type and, for plain values, its shortened text.
    """

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.problem = Problem(path, Mismatch(expected, found))
        self.path = path
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return str(self.problem)


class InvalidDocument(OtlpJsonError, ValueError):
    """
    A document, such as a record or an OTLP body, is not what it must be.

    Attributes:
        problem: The place and what is wrong there.

        path: The place inside the document, for example ``record.started_at``.

        expected: What must be there, in words; empty where ``found`` says it all.

        found: What is there, or the problem itself, such as ``JSON is nested too deeply``.

        rule: The rule of OTLP/JSON that is broken, such as ``DEC-2``; empty for other documents.
    """

    def __init__(self, path: str, expected: str, found: str, rule: str = "") -> None:
        super().__init__(path, expected, found, rule)
        self.problem = Problem(path, Mismatch(expected, found) if expected else found)
        self.path = path
        self.expected = expected
        self.found = found
        self.rule = rule

    @classmethod
    def because(cls, path: str, reason: Reason, rule: str = "") -> InvalidDocument:
        """The error for a place and what is wrong there."""
        problem = Problem(path, reason)
        return cls(path, problem.expected, problem.found, rule)

    def __str__(self) -> str:
        return f"{self.problem} ({self.rule})" if self.rule else str(self.problem)


class ConfigError(OtlpJsonError, ValueError):
    """
    A destination cannot be built from the configuration; holds every problem at once.

    Attributes:
        problems: The reason for each key with a problem, in order. Neither shows a value.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(dict(problems))
        self.problems = dict(problems)

    def __str__(self) -> str:
        return "\n".join(f"{key}: {reason}" for key, reason in self.problems.items())
