# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Attribute tables and their rows, and the attributes that a span gets from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, Callable, Final

import attrs

from ...core.attributes import Attributes
from .truncate import BROADCAST, Truncation, shortened

__all__ = ["ALL_ROWS", "Row", "Selection", "Table"]


@attrs.frozen
class Row:
    """
    One row of an attribute table: an attribute and where its value comes from.

    Attributes:
        key: The attribute's name or, if it ends with a dot, the prefix of several names.

        read:
            Gives the value from the row's subject, such as a ``Generation``; ``None`` if there is
            none. For a prefix, it gives pairs of a name's rest and its value. May be given as the
            name of an attribute of the subject, such as ``usage.input_tokens``.

        content: Whether the value is content, which is not sent in privacy mode.

        is_json:
            Whether the value is JSON text, which stays JSON when it is cut. Below a prefix, this
            is also true for texts that start like a list or an object.

        on_failure: Whether a failed request has the attribute as well.
    """

    key: str
    read: str | Callable[[Any], Any]
    content: bool = False
    is_json: bool = False
    on_failure: bool = True

    @property
    def is_prefix(self) -> bool:
        """Whether the row stands for several attributes."""
        return self.key.endswith(".")

    def pairs(self, subject: Any) -> Iterable[tuple[str, Any]]:
        """The names and values of the attributes for one subject."""
        read = self.read
        value = attrgetter(read)(subject) if isinstance(read, str) else read(subject)
        if self.is_prefix:
            return [(self.key + name, item) for name, item in value]
        return [] if value is None else [(self.key, value)]

    def holds_json(self, text: str) -> bool:
        """Whether a text of this row stays JSON when it is cut."""
        return self.is_json or (self.is_prefix and text[:1] in {"[", "{"})


class Table:
    """
    The attributes of one kind of span. A table is equal to itself alone, so that it is a quick key.

    Args:
        rows: In wire order.
    """

    def __init__(self, *rows: Row) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)


@attrs.frozen(kw_only=True)
class Selection:
    """
    The rows that are used for a span, and the limits for their values.

    Attributes:
        privacy_mode: Leave out rows that are content.

        failed: Leave out rows that only a successful request has.

        truncation: How long a value may be.

        own_keys: Names that custom metadata cannot use.
    """

    privacy_mode: bool = False
    failed: bool = False
    truncation: Truncation = BROADCAST
    own_keys: frozenset[str] = frozenset()

    def attributes(self, rows: Iterable[Row], subject: Any) -> tuple[Attributes, tuple[str, ...]]:
        """
        The attributes from all rows with a value, in order, and the names of those that were cut.

        A value that was cut is followed by its mark, the attribute ``<name>.truncated``. Custom
        metadata with one of OpenRouter's names, or with that of a mark, is dropped and counted.
        """
        values: dict[str, Any] = {}
        cut: list[str] = []
        known: dict[tuple[str, bool], str] = {}
        dropped = 0
        for row in rows:
            for key, value in row.pairs(subject) if self.uses(row) else ():
                # Below a prefix, names are the caller's; elsewhere they are OpenRouter's.
                if key in values or (key != row.key and key in self.own_keys):
                    dropped += 1
                    continue
                short = self._shortened(value, row, known)
                values[key] = value if short is None else short
                if short is not None:
                    # The mark replaces custom metadata of the same name.
                    dropped += f"{key}.truncated" in values
                    values[f"{key}.truncated"] = True
                    cut.append(key)
        return Attributes(values, dropped_count=dropped), tuple(cut)

    def uses(self, row: Row) -> bool:
        """Whether the row is used."""
        return not (row.content and self.privacy_mode) and (row.on_failure or not self.failed)

    def _shortened(self, value: Any, row: Row, known: dict[tuple[str, bool], str]) -> str | None:
        """The value cut to its limit; ``None`` if it is within."""
        limit = self.truncation.limit_of(value) if isinstance(value, str) else None
        if limit is None:
            return None
        is_json = row.holds_json(value)
        # Two attributes have the same prompt, and cutting a long one takes time.
        if (value, is_json) not in known:
            known[value, is_json] = shortened(value, limit, is_json=is_json)
        return known[value, is_json]


ALL_ROWS: Final = Selection()
"""Every row, with OpenRouter's own limit for values."""
