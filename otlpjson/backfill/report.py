# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What was converted: counts, and the first messages about what was not."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

import attrs

__all__ = ["Report"]

_MAX_MESSAGES: Final = 20


@attrs.define(kw_only=True)
class Report:
    """
    The counts of one part, or of several.

    Attributes:
        part: The name of the part; empty for several.

        file: The file that was written; empty if there was nothing to write, and for several parts.

        input_bytes: The size of the part.

        records, spans, output_bytes: What was written.

        refused: Rows that cannot be converted.

        without_request: Rows that are no requests.

        without_spans: Records of requests that OpenRouter does not trace.

        masked: Texts that a mask has changed.

        left_out: Records that are not written, by reason, as in ``Policy.refusal``.

        notes: Values of records that were left out.

        messages: The first twenty about refused rows and notes.
    """

    part: str = ""
    file: str = ""
    input_bytes: int = 0
    records: int = 0
    spans: int = 0
    output_bytes: int = 0
    refused: int = 0
    without_request: int = 0
    without_spans: int = 0
    masked: int = 0
    left_out: Counter[str] = attrs.field(factory=Counter)
    notes: int = 0
    messages: list[str] = attrs.field(factory=list)

    @property
    def rows(self) -> int:
        """All rows: those that became records, and the others."""
        return self.records + self.refused + self.without_request

    @property
    def messages_left(self) -> int:
        """How many more messages there is room for."""
        return _MAX_MESSAGES - len(self.messages)

    def say(self, text: str) -> None:
        """Adds a message, if there are not too many."""
        if self.messages_left:
            self.messages.append(text)

    def add(self, other: Report) -> None:
        """Adds the counts of another part."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.left_out.update(other.left_out)
        for message in other.messages:
            self.say(message)

    def to_json(self) -> bytes:
        """As the content of a file."""
        return json.dumps(attrs.asdict(self), indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> Report:
        """
        What ``to_json`` gave.

        Raises:
            ValueError: It is something else.
        """
        members: dict[str, Any] = json.loads(text)
        try:
            return cls(**{**members, "left_out": Counter(members["left_out"])})
        except (TypeError, KeyError):
            raise ValueError("not a report") from None


_SUMS: Final = (
    *("input_bytes", "records", "spans", "output_bytes", "refused"),
    *("without_request", "without_spans", "masked", "notes"),
)
