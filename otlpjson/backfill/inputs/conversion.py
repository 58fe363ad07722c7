# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rows of a log on their way to records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Union

import attrs

from ...core.errors import InvalidDocument
from ...core.words import plural
from .formats import FORMATS, Format, format_of
from .rows import Row

__all__ = ["ROWS_LOOKED_AT", "Converted", "Rows", "format_of_rows"]

Converted = tuple[int, Union[dict[str, Any], InvalidDocument, None]]
"""The number of a row, and its record; ``None`` if it is no request; or why it cannot be converted."""

ROWS_LOOKED_AT: Final = 100
"""How many rows are looked at to recognise a format."""


@attrs.define
class Rows:
    """
    The rows of one file.

    Attributes:
        rows: As ``rows_of`` gives them.

        format: That of the rows; ``None``: the first row that is recognised decides for all.
    """

    rows: Iterable[Row]
    format: Format | None = None

    def records(self) -> Iterator[Converted]:
        """What each row becomes."""
        for number, row in self.rows:
            try:
                yield number, self._record(row)
            except InvalidDocument as error:
                yield number, error

    def _record(self, row: Mapping[str, Any] | InvalidDocument) -> dict[str, Any] | None:
        if isinstance(row, InvalidDocument):
            raise row
        self.format = self.format or format_of(row)
        if self.format is None:
            names = ", ".join(one.name for one in FORMATS)
            raise InvalidDocument("row", f"one of the formats {names}", plural(len(row), "other column"))
        return self.format.record_of(row)


def format_of_rows(rows: Iterable[Row]) -> Format | None:
    """The format of the first row that is recognised, among the first hundred; ``None`` without one."""
    for _, (_, row) in zip(range(ROWS_LOOKED_AT), rows):
        if not isinstance(row, InvalidDocument) and (found := format_of(row)) is not None:
            return found
    return None
