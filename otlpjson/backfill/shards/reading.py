# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The records of a part of a file, as JSON text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import BinaryIO, Final, Union

from ...core.errors import InvalidDocument
from ...core.lines import BLANK, documents
from ...openrouter.compact import compact
from ..inputs import Format, format_named
from ..inputs.compressed import unpacked
from ..inputs.conversion import ROWS_LOOKED_AT, Rows, format_of_rows
from ..inputs.opened import is_parquet
from ..inputs.parquet import rows_of_group, rows_of_parquet
from ..inputs.rows import LINES_LOOKED_AT, Row, is_json, is_list_of_rows, rows_of_csv, rows_of_documents
from .shard import Kind, Shard

__all__ = ["Document", "documents_of_file", "documents_of_shard", "identity_of"]

Document = tuple[int, Union[bytes, InvalidDocument, None]]
"""The number of a row, and its record; ``None`` if it is no request; or why it cannot be converted."""

_RECORDS: Final = "records"
_IDENTITY_BYTES: Final = 8
_READ_BYTES: Final = 1024 * 1024


def documents_of_shard(shard: Shard) -> Iterator[Document]:
    """
    What each row of a part becomes.

    Raises:
        OSError: The file cannot be read.
    """
    with open(shard.path, "rb") as file:
        yield from _documents(shard, file)


def identity_of(shard: Shard) -> str:
    """16 hex digits that tell whether the bytes of a part are the same as in another run."""
    digest = hashlib.blake2b(digest_size=_IDENTITY_BYTES)
    with open(shard.path, "rb") as file:
        for piece in _lines(file, shard) if shard.kind is Kind.LINES else _pieces(file, shard):
            digest.update(piece)
    return digest.hexdigest()


def _documents(shard: Shard, file: BinaryIO) -> Iterator[Document]:
    known = format_named(shard.format)
    if shard.kind is Kind.ROW_GROUP:
        return _converted(rows_of_group(file, shard.row_group), known)
    # A record stays as it was written, so that nothing in it is rounded or hidden.
    if shard.kind is Kind.LINES:
        numbered = _numbered(file, shard)
        return numbered if shard.format == _RECORDS else _converted(rows_of_documents(numbered), known)
    return documents_of_file(file, known)


def documents_of_file(file: BinaryIO, known: Format | None) -> Iterator[Document]:
    """
    What each row of a file becomes.

    Args:
        file: Also compressed, or Parquet.

        known: The format of its rows; ``None``: the first rows tell.
    """
    if is_parquet(file):
        return _converted(rows_of_parquet(file), known)
    return _documents_of_lines(unpacked(file), known)


def _documents_of_lines(lines: Iterable[bytes], known: Format | None) -> Iterator[Document]:
    rest = iter(lines)
    first = list(islice(rest, LINES_LOOKED_AT))
    lines = chain(first, rest)
    if not is_json(first):
        return _converted(rows_of_csv(lines), known)
    texts = documents(lines)
    begin = list(islice(texts, ROWS_LOOKED_AT))
    whole = chain(begin, texts)
    known = known or format_of_rows(rows_of_documents(begin))
    if known is format_named(_RECORDS) and not is_list_of_rows(begin[0][1]):
        return whole
    return _converted(rows_of_documents(whole), known)


def _converted(rows: Iterable[Row], known: Format | None) -> Iterator[Document]:
    for number, record in Rows(rows, known).records():
        if isinstance(record, dict):
            yield number, compact(record).encode("utf-8", "replace")
        else:
            yield number, record


def _numbered(file: BinaryIO, shard: Shard) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with the byte where it begins."""
    place = _first_line(file, shard)
    for line in _lines_from(file, place, shard.end):
        if text := line.strip(BLANK):
            yield place, text
        place += len(line)


def _lines(file: BinaryIO, shard: Shard) -> Iterator[bytes]:
    return _lines_from(file, _first_line(file, shard), shard.end)


def _lines_from(file: BinaryIO, place: int, end: int) -> Iterator[bytes]:
    while place < end and (line := file.readline()):
        yield line
        place += len(line)


def _first_line(file: BinaryIO, shard: Shard) -> int:
    """Goes to the first line that begins in the part; returns its place."""
    if shard.start == 0:
        return 0
    # The line that the byte before belongs to is another part's, also if that byte ends it.
    file.seek(shard.start - 1)
    return shard.start - 1 + len(file.readline())


def _pieces(file: BinaryIO, shard: Shard) -> Iterator[bytes]:
    file.seek(shard.start)
    left = shard.end - shard.start
    while left > 0 and (piece := file.read(min(left, _READ_BYTES))):
        yield piece
        left -= len(piece)
