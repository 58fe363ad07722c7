# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A part of an input file, and how its rows are named in messages."""

from __future__ import annotations

import enum

import attrs

__all__ = ["Kind", "Shard"]


class Kind(enum.Enum):
    """How a part is read."""

    LINES = "lines"
    """JSON Lines that are not compressed, between two bytes; a line belongs where it begins."""

    FILE = "file"
    """A whole file of lines, also compressed; CSV and JSON over several lines cannot be cut."""

    ROW_GROUP = "row group"
    """One row group of a Parquet file."""


@attrs.frozen(kw_only=True)
class Shard:
    """
    A part of an input file.

    Attributes:
        path: The file.

        kind: How it is read.

        format: The name of a format, such as ``records``.

        start, end: The first byte, and the first one after it.

        row_group: Its index; 0 for other kinds.
    """

    path: str
    kind: Kind
    format: str
    start: int
    end: int
    row_group: int = 0

    def place(self, number: int) -> str:
        """Where a row begins: ``calls.jsonl at byte 1024``, ``calls.csv:7``, ``calls.parquet row 7``."""
        if self.kind is Kind.LINES:
            return f"{self.path} at byte {number}"
        return f"{self.path}:{number}" if self.kind is Kind.FILE else f"{self.path} row {number}"
