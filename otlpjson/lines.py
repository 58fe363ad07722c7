# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON Lines, forgivingly read and strictly written (FIL-1, FIL-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["documents", "one_line"]

_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
"""White space, and the byte order mark that some editors put first."""
_UNFINISHED: Final = (b"{", b"[", b",", b":")


def documents(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """
    The documents of a file with the numbers of their lines, from 1.

    Each line is one, blank ones aside. Where the first line ends in the middle of an object,
    as an editor or ``jq`` writes it, a document goes on until a line that ends with "}" is
    followed by one that begins with "{": inside of JSON that cannot be.
    """
    numbered = ((number, line.strip(_BLANK)) for number, line in enumerate(lines, 1))
    filled = ((number, line) for number, line in numbered if line)
    first = next(filled, None)
    if first is None:
        return
    if not first[1].endswith(_UNFINISHED):
        yield first
        yield from filled
        return
    start, pieces = first[0], [first[1]]
    for number, line in filled:
        if pieces[-1].endswith(b"}") and line.startswith(b"{"):
            yield start, b"\n".join(pieces)
            start, pieces = number, []
        pieces.append(line)
    yield start, b"\n".join(pieces)


def one_line(document: bytes) -> bytes:
    """
    A JSON document without line ends: all else of it stays as it is.

    A line end in JSON stands between tokens, never inside a text, so a space does as well.
    """
    return document.strip(_BLANK).replace(b"\r", b" ").replace(b"\n", b" ")
