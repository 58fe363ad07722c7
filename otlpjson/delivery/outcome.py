# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The outcome of one request: a value with the server's message, never an exception."""

from __future__ import annotations

from enum import Enum

import attrs

__all__ = ["Outcome", "OutcomeKind"]


class OutcomeKind(Enum):
    """What an answer means; the table in ``exchange`` says which answers and what follows."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly accepted"
    UNCONFIRMED = "accepted, unconfirmed"
    MISCONFIGURED = "misconfigured"
    TOO_LARGE = "too large"
    REJECTED = "rejected"
    TRY_LATER = "try later"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


@attrs.frozen(kw_only=True)
class Outcome:
    """
    What follows from an answer, or from the lack of one.

    Attributes:
        kind: What it means.

        status: The HTTP status code; ``None`` without an answer.

        message:
            The server's message, or the reason why there was no answer: one line of at most 500
            characters without secrets.

        rejected_spans: The number of spans that the server left out of an accepted body.

        retry_after_s: Seconds that the server asks to wait, at most 3600.
    """

    kind: OutcomeKind
    status: int | None = None
    message: str = ""
    rejected_spans: int = 0
    retry_after_s: float = 0.0

    @property
    def brief(self) -> str:
        """The kind and the status; without the message, in which a server may quote content."""
        return self.kind.value if self.status is None else f"{self.kind.value} ({self.status})"

    @property
    def delivered(self) -> bool:
        """Whether the server has the body, so that it must not be sent again."""
        return self.kind in (OutcomeKind.ACCEPTED, OutcomeKind.PARTLY_ACCEPTED, OutcomeKind.UNCONFIRMED)

    @property
    def is_notable(self) -> bool:
        """Whether it is anything but plain success; a message beside that is a warning of the server's."""
        return self.kind is not OutcomeKind.ACCEPTED or self.message != ""
