# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Parquet files: the rows of a row group, as other readers give them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import attrs

from ...core.errors import InvalidDocument
from ..optional import optional
from .rows import Row

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

__all__ = ["MAGIC", "RowGroup", "row_groups", "rows_of_group", "rows_of_parquet"]

MAGIC: Final = b"PAR1"
"""What a Parquet file begins with."""

_ROWS_AT_A_TIME: Final = 100


@attrs.frozen(kw_only=True)
class RowGroup:
    """
    A row group.

    Attributes:
        first_row: The number of its first row in the file, from 1.

        start, end: The bytes of the file that its columns take.
    """

    first_row: int
    start: int
    end: int


def row_groups(file: BinaryIO) -> tuple[RowGroup, ...]:
    """
    The row groups of a file, in order.

    Raises:
        ConfigError: The package ``pyarrow`` is not installed.
        InvalidDocument: The file is damaged.
    """
    metadata = _opened(file).metadata
    found, row = [], 1
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = [group.column(index) for index in range(group.num_columns)]
        starts = [
            column.dictionary_page_offset if column.has_dictionary_page else column.data_page_offset
            for column in columns
        ]
        ends = [start + column.total_compressed_size for start, column in zip(starts, columns)]
        found.append(RowGroup(first_row=row, start=min(starts), end=max(ends)))
        row += group.num_rows
    return tuple(found)


def rows_of_parquet(file: BinaryIO) -> Iterator[Row]:
    """
    The rows of a whole file, each with its number from 1; where it is damaged, the error in place of a row.

    Args:
        file: It is copied, if it cannot be read anywhere, as a pipe.

    Raises:
        ConfigError: The package ``pyarrow`` is not installed.
    """
    with _seekable(file) as whole:
        try:
            opened = _opened(whole)
        except InvalidDocument as error:
            yield 1, error
            return
        row = 1
        for number in range(opened.num_row_groups):
            yield from _rows(opened, number, row)
            row += opened.metadata.row_group(number).num_rows


def rows_of_group(file: BinaryIO, number: int) -> Iterator[Row]:
    """
    The rows of one row group, by its index; where it is damaged, the error in place of a row.

    Raises:
        ConfigError: The package ``pyarrow`` is not installed.
        InvalidDocument: The end of the file is damaged, which says where the groups are.
    """
    opened = _opened(file)
    before = sum(opened.metadata.row_group(index).num_rows for index in range(number))
    return _rows(opened, number, before + 1)


def _rows(opened: ParquetFile, number: int, row: int) -> Iterator[Row]:
    try:
        for batch in opened.iter_batches(_ROWS_AT_A_TIME, row_groups=[number]):
            for members in batch.to_pylist():
                yield row, _plain(members)
                row += 1
    except OSError as error:
        yield row, _damaged(error)


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _opened(file: BinaryIO) -> ParquetFile:
    parquet, pyarrow = optional("pyarrow.parquet", "parquet"), optional("pyarrow", "parquet")
    try:
        return parquet.ParquetFile(file)
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> InvalidDocument:
    return InvalidDocument("file", "Parquet", f"a damaged file ({type(error).__name__})")


def _plain(value: Any) -> Any:
    """A value as JSON has it; a member that is null is absent, because a column is there for all rows."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        # Without a time zone it is in UTC, as databases write it.
        return (value if value.utcoffset() is not None else value.replace(tzinfo=timezone.utc)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
