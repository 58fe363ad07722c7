# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Input files cut into parts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from ...core.errors import ConfigError, InvalidDocument
from ...core.lines import BLANK, is_line_per_document
from ..inputs import FORMATS, Format
from ..inputs.compressed import is_compressed
from ..inputs.conversion import format_of_rows
from ..inputs.opened import is_parquet, rows_in
from ..inputs.parquet import row_groups
from ..inputs.rows import LINES_LOOKED_AT, is_json, is_list_of_rows
from .shard import Kind, Shard

__all__ = ["MIN_SHARD_BYTES", "shards_of"]

MIN_SHARD_BYTES: Final = 1024
"""Of smaller parts most would have no line."""


def shards_of(paths: Iterable[Path], format_name: str | None, shard_bytes: int) -> Iterator[Shard]:
    """
    The parts of files, in order.

    JSON Lines are cut at lines, Parquet at its row groups. What is compressed, CSV, and JSON over
    several lines are one part each.

    Args:
        paths: The files.

        format_name: That of their rows; ``None``: each file's first rows tell.

        shard_bytes: The size of a part of JSON Lines, ``MIN_SHARD_BYTES`` or more.

    Raises:
        ConfigError: The rows of a file are of no known format, or it is a damaged Parquet file, or a
            package that it needs is not installed.
        OSError: A file cannot be read.
    """
    for path in paths:
        with open(path, "rb") as file:
            name = format_name or _format(path, file).name
            # A file may grow meanwhile; what is added belongs to the next run.
            size = os.fstat(file.fileno()).st_size
            yield from _shards(path, file, name, (size, shard_bytes))


def _format(path: Path, file: BinaryIO) -> Format:
    found = format_of_rows(rows_in(file))
    file.seek(0)
    if found is None:
        names = ", ".join(one.name for one in FORMATS)
        raise ConfigError({str(path): f"expected rows of one of the formats {names}; use --format"})
    return found


def _shards(path: Path, file: BinaryIO, name: str, sizes: tuple[int, int]) -> Iterator[Shard]:
    size, shard_bytes = sizes
    if is_parquet(file):
        try:
            groups = row_groups(file)
        except InvalidDocument as error:
            raise ConfigError({str(path): str(error)}) from None
        for number, group in enumerate(groups):
            yield Shard(
                path=str(path),
                kind=Kind.ROW_GROUP,
                format=name,
                start=group.start,
                end=group.end,
                row_group=number,
            )
    elif _is_json_lines(file):
        for start in range(0, size, shard_bytes):
            end = min(start + shard_bytes, size)
            yield Shard(path=str(path), kind=Kind.LINES, format=name, start=start, end=end)
    elif size:
        yield Shard(path=str(path), kind=Kind.FILE, format=name, start=0, end=size)


def _is_json_lines(file: BinaryIO) -> bool:
    """Whether each line is a row by itself."""
    if is_compressed(file):
        return False
    lines = [text for line in islice(file, LINES_LOOKED_AT) if (text := line.strip(BLANK))]
    file.seek(0)
    return is_json(lines) and is_line_per_document(lines[0]) and not any(map(is_list_of_rows, lines))
