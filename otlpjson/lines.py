# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""JSON Lines, forgivingly read and strictly written (FIL-1, FIL-4)."""

from __future__ import annotations

import json
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
    followed by one that begins with "{": inside of JSON that cannot be. Where that gives no
    JSON, but one of the lines is JSON by itself, each line is a document after all.
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
    pieces = [first]
    for number, line in filled:
        if pieces[-1][1].endswith(b"}") and line.startswith(b"{"):
            yield from _joined(pieces)
            pieces = []
        pieces.append((number, line))
    yield from _joined(pieces)


def _joined(pieces: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """The lines as one document, or as they are where a damaged line had swallowed whole ones."""
    whole = b"\n".join(line for _, line in pieces)
    swallowed = any(line.startswith(b"{") and _is_json(line) for _, line in pieces[1:])
    return pieces if swallowed and not _is_json(whole) else [(pieces[0][0], whole)]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def one_line(document: bytes) -> bytes:
    """
    A JSON document without line ends: all else of it stays as it is.

    A line end in JSON stands between tokens, never inside a text, so a space does as well.
    """
    return document.strip(_BLANK).replace(b"\r", b" ").replace(b"\n", b" ")
