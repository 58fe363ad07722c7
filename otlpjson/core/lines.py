# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files of JSON documents split into documents, and a document put on one line (FIL-1, FIL-4)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Callable, Final, TypeVar, Union

from .json_text import BYTE_ORDER_MARK

__all__ = [
    "BLANK",
    "Batch",
    "batches",
    "batches_of",
    "documents",
    "documents_of",
    "is_line_per_document",
    "one_line",
]

_T = TypeVar("_T")

BLANK: Final = b" \t\r\n" + BYTE_ORDER_MARK.encode("utf-8")
"""What a line may have around its document, and what a blank line consists of."""

_UNFINISHED: Final = (b"{", b"[", b",", b":")


def documents(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """
    The documents of a file, each with the number of its first line, from 1.

    Each line that is not blank is a document. Where the first line ends in the middle of an
    object, as an editor or ``jq`` writes it, documents span several lines.
    """
    first, rest = _begun(lines)
    if _is_one_per_line(first):
        yield from _one_per_line(1, chain(first, rest))
    else:
        yield from _spanning(1, chain(first, rest))


Batch = Union[tuple[int, list[bytes]], list[tuple[int, bytes]]]
"""Some documents of a file: the number of the first line, and the lines; or as ``documents`` gives them."""


def batches(lines: Iterable[bytes], count: int, max_bytes: int) -> Iterator[Batch]:
    """
    The documents of a file in batches, to be handed to another process.

    Args:
        lines: Those of the file.

        count: How many of them, or of the documents, are in a batch at most.

        max_bytes: The one that makes a batch as large as this is its last.
    """
    first, rest = _begun(lines)
    whole = chain(first, rest)
    if not _is_one_per_line(first):
        yield from batches_of(_spanning(1, whole), count, max_bytes)
        return
    number = 1
    for portion in _portions(whole, len, count, max_bytes):
        yield number, portion
        number += len(portion)


def batches_of(texts: Iterable[tuple[int, bytes]], count: int, max_bytes: int) -> Iterator[Batch]:
    """As ``batches``, for documents as ``documents`` gives them."""
    return _portions(texts, lambda document: len(document[1]), count, max_bytes)


def documents_of(batch: Batch) -> Iterable[tuple[int, bytes]]:
    """The documents of a batch, each with the number of its first line."""
    return batch if isinstance(batch, list) else _one_per_line(*batch)


def _portions(
    items: Iterable[_T], size_of: Callable[[_T], int], count: int, max_bytes: int
) -> Iterator[list[_T]]:
    portion: list[_T] = []
    size = 0
    for item in items:
        portion.append(item)
        size += size_of(item)
        if len(portion) == count or size >= max_bytes:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _begun(lines: Iterable[bytes]) -> tuple[list[bytes], Iterator[bytes]]:
    """The lines up to the first one that is not blank, and the others."""
    rest, first = iter(lines), []
    for line in rest:
        first.append(line)
        if line.strip(BLANK):
            break
    return first, rest


def is_line_per_document(line: bytes) -> bool:
    """Whether each line of a file is a document, by the first one that is not blank."""
    return not line.rstrip(BLANK).endswith(_UNFINISHED)


def _is_one_per_line(first: list[bytes]) -> bool:
    return not first or is_line_per_document(first[-1])


def _one_per_line(first: int, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(lines, first):
        if text := line.strip(BLANK):
            yield number, text


def _spanning(first: int, lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Documents over several lines, of which one at least is not blank."""
    numbered = ((number, line.rstrip(BLANK)) for number, line in enumerate(lines, first))
    filled = ((number, line) for number, line in numbered if line.strip(BLANK))
    pieces: _Lines = []
    # Inside of JSON no line that ends with "}" is followed by one that begins with "{".
    for number, line in filled:
        if pieces and pieces[-1][1].endswith(b"}") and line.strip(BLANK).startswith(b"{"):
            yield from _joined(pieces)
            pieces = []
        pieces.append((number, line))
    yield from _joined(pieces)


_Lines = list[tuple[int, bytes]]


def _joined(pieces: _Lines) -> _Lines:
    """The lines as one document, or as several where a damaged one would hide those after it."""
    whole = _document(pieces)
    if not _is_json(whole[1]):
        # The end of a document is missing. Each line, or else each unindented "{", begins a document:
        # whichever first makes a later one readable.
        for parts in ([[piece] for piece in pieces], _apart(pieces)):
            later = [part for part in parts[1:] if part[0][1].startswith(b"{")]
            if any(_is_json(_document(part)[1]) for part in later):
                return [_document(part) for part in parts]
    return [whole]


def _apart(pieces: _Lines) -> list[_Lines]:
    """Cut before each line that begins with an unindented brace."""
    parts = [pieces[:1]]
    for number, line in pieces[1:]:
        if line.startswith(b"{"):
            parts.append([])
        parts[-1].append((number, line))
    return parts


def _document(pieces: _Lines) -> tuple[int, bytes]:
    return pieces[0][0], b"\n".join(line for _, line in _stripped(pieces))


def _stripped(pieces: _Lines) -> _Lines:
    return [(number, line.strip(BLANK)) for number, line in pieces]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def one_line(document: bytes) -> bytes:
    """A JSON document with a space for each line end, and nothing else changed."""
    # A line end in JSON stands between tokens, never inside a string.
    return document.strip(BLANK).replace(b"\r", b" ").replace(b"\n", b" ")
