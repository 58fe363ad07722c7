# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A row of the attribute table, and how the attributes of a span are made of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Callable

import attrs

from ...core.attributes import Attributes
from .truncate import BROADCAST, Truncation, shortened

__all__ = ["Row", "Selection"]


@attrs.frozen
class Row:
    """
    One line of the table.

    Attributes:
        key: The attribute's name; where it ends in a dot, the beginning of several names.

        read: The value, or for a beginning the pairs of names' ends and values. ``None`` is absent.

        content: Whether it is content, which stays behind in privacy mode.

        is_json:
            Whether its text is JSON, which stays JSON when it is cut. Where the key is a
            beginning, so does each text that looks like a list or an object.

        on_failure: Whether a request that failed has it too.
    """

    key: str
    read: Callable[[Any], Any]
    content: bool = False
    is_json: bool = False
    on_failure: bool = True

    def pairs(self, subject: Any) -> Iterable[tuple[str, Any]]:
        """Names and values for one subject."""
        value = self.read(subject)
        if self.key.endswith("."):
            return [(self.key + name, item) for name, item in value]
        return [] if value is None else [(self.key, value)]

    def holds_json(self, text: str) -> bool:
        """Whether one of its texts is to be cut as JSON."""
        return self.is_json or (self.key.endswith(".") and text[:1] in {"[", "{"})


@attrs.frozen(kw_only=True)
class Selection:
    """
    Which rows count for a span, and how long values may be.

    Attributes:
        privacy_mode: Leave out rows that are content.

        failed: Leave out rows that only a success has.

        truncation: How long a value may be.

        own_keys: Names that custom metadata must not bear.
    """

    privacy_mode: bool = False
    failed: bool = False
    truncation: Truncation = BROADCAST
    own_keys: frozenset[str] = frozenset()

    def attributes(self, rows: Iterable[Row], subject: Any) -> tuple[Attributes, tuple[str, ...]]:
        """
        The rows that have a value, in order, and the keys of those that were cut.

        A custom key that bears one of OpenRouter's own names, or that of a mark, is dropped and counted.
        """
        values: dict[str, Any] = {}
        cut: list[str] = []
        known: dict[tuple[str, bool], str] = {}
        dropped = 0
        for row in rows:
            for key, value in row.pairs(subject) if self.counts(row) else ():
                if key in values or (key != row.key and key in self.own_keys):
                    dropped += 1
                    continue
                short = self.short(value, row, known)
                values[key] = value if short is None else short
                if short is not None:
                    dropped += f"{key}.truncated" in values
                    values[f"{key}.truncated"] = True
                    cut.append(key)
        return Attributes(values, dropped_count=dropped), tuple(cut)

    def counts(self, row: Row) -> bool:
        """Whether the span has this row."""
        return not (row.content and self.privacy_mode) and (row.on_failure or not self.failed)

    def short(self, value: Any, row: Row, known: dict[tuple[str, bool], str]) -> str | None:
        """The value cut, or ``None`` where it need not be; a prompt that is there three times is cut once."""
        limit = self.truncation.limit_of(value) if isinstance(value, str) else None
        if limit is None:
            return None
        is_json = row.holds_json(value)
        if (value, is_json) not in known:
            known[value, is_json] = shortened(value, limit, is_json=is_json)
        return known[value, is_json]
