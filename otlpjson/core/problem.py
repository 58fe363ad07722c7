# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What is wrong at one place of a value or a document: the sentence that errors and findings share."""

from __future__ import annotations

from typing import Union

import attrs

__all__ = ["Mismatch", "Problem", "Reason"]


@attrs.frozen
class Mismatch:
    """
    Something else was found than was expected.

    Attributes:
        expected: What must be there, in words, such as ``32 hex digits``.

        found: What is there: its type and, for plain values, its shortened text.
    """

    expected: str
    found: str

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.found}"


Reason = Union[Mismatch, str]
"""A mismatch or, where nothing particular was expected, the problem itself: ``unknown field``."""


@attrs.frozen
class Problem:
    """
    A place and what is wrong there; as text ``path: expected X, got Y`` or ``path: problem``.

    Attributes:
        path: The place as the caller wrote it, such as ``Span.trace_id`` or ``record.response.id``.

        reason: What is wrong there.
    """

    path: str
    reason: Reason

    @property
    def expected(self) -> str:
        """What must be there; empty where the reason is no mismatch."""
        return self.reason.expected if isinstance(self.reason, Mismatch) else ""

    @property
    def found(self) -> str:
        """What is there; without a mismatch, the problem itself."""
        return self.reason.found if isinstance(self.reason, Mismatch) else self.reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"
