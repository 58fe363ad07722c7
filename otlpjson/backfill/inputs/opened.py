# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A file of any kind as rows: lines, also compressed, or Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .compressed import head_of, unpacked
from .parquet import MAGIC, rows_of_parquet
from .rows import Row, rows_of

__all__ = ["is_parquet", "rows_in"]


def is_parquet(file: BinaryIO) -> bool:
    """Whether a file is Parquet; it is read from its beginning afterwards."""
    return head_of(file, len(MAGIC)) == MAGIC


def rows_in(file: BinaryIO) -> Iterator[Row]:
    """
    The rows of a file; one that cannot be read is given with its error, and the next follows.

    Raises:
        ConfigError: A package that the file needs is not installed.
        OSError: It cannot be read, or what is compressed is damaged.
    """
    return rows_of_parquet(file) if is_parquet(file) else rows_of(unpacked(file))
