# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The errors this package raises, and the one sentence they all speak in.

    OtlpJsonError
    ├── InvalidValue      a field cannot hold this: the caller's
    ├── InvalidDocument   a document is not what it must be: its author's
    └── ConfigError       a destination cannot be built; never holds a secret

What a server answers, or that none answered, is an outcome and not an error:
see ``otlpjson.delivery.outcome``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ConfigError", "InvalidDocument", "InvalidValue", "OtlpJsonError"]


class OtlpJsonError(Exception):
    """Anything this package refuses to do; the base of every error it raises."""


class InvalidValue(OtlpJsonError, ValueError):
    """
    A field cannot hold what it was given.

    Attributes:
        path: The field as the caller wrote it, for example ``Span.trace_id``.

        expected: What it can hold, in words.

        found: What was given: its type and, for plain values, its shortened text.
    """

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(path, expected, found)
        self.path = path
        self.expected = expected
        self.found = found

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.found}"


class InvalidDocument(OtlpJsonError, ValueError):
    """
    A document, such as a record or an OTLP body, is not what it must be.

    Attributes:
        path: The place inside the document, for example ``record.started_at``.

        expected: What has to stand there, in words.

        found: What stands there: its type and, for plain values, its shortened text.

        rule: The rule of OTLP/JSON that is broken, such as ``DEC-2``; empty for other documents.
    """

    def __init__(self, path: str, expected: str, found: str, rule: str = "") -> None:
        super().__init__(path, expected, found, rule)
        self.path = path
        self.expected = expected
        self.found = found
        self.rule = rule

    def __str__(self) -> str:
        sentence = f"{self.path}: expected {self.expected}, got {self.found}"
        return f"{sentence} ({self.rule})" if self.rule else sentence


class ConfigError(OtlpJsonError, ValueError):
    """
    A destination cannot be built from the configuration; every fault of it at once.

    Attributes:
        problems: The reason for each key at fault, in order. Neither names a value.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(dict(problems))
        self.problems = dict(problems)

    def __str__(self) -> str:
        return "\n".join(f"{key}: {reason}" for key, reason in self.problems.items())
