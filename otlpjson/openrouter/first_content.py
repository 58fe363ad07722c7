# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where in a streamed response its content begins, in any of the APIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .apis.emptiness import is_empty
from .apis.events import json_object
from .plain import OBJECT, plain

__all__ = ["first_content"]

_DATA: Final = b"data:"
# Members of a piece of a message that name it and hold nothing of it.
_NAMES: Final = frozenset({"role", "type", "index", "id"})
# The first token of a call is its name, which begins the block.
_CALLS: Final = frozenset({"tool_use", "server_tool_use"})


def first_content(pieces: Sequence[Any]) -> int | None:
    """
    The index of the piece with which the first event that has content was complete.

    Content is text, reasoning, the call of a tool, an image or sound.

    Args:
        pieces: As in a record's ``response_stream``.

    Returns:
        ``None`` if no event has content.
    """
    return next((index for index, chunk in _chunks(pieces) if _has_content(chunk)), None)


def _chunks(pieces: Sequence[Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Every chunk, with the index of the piece that its end is in."""
    begun: list[bytes] = []
    for index, piece in enumerate(pieces):
        data = piece.encode("utf-8", "replace") if isinstance(piece, str) else piece
        if not isinstance(data, bytes):
            chunk = plain(data)
            if isinstance(chunk, OBJECT):
                yield index, chunk
            continue
        # Joined only where a line ends, so that a long line in many pieces is copied once.
        *whole, rest = [data] if b"\n" not in data else b"".join([*begun, data]).split(b"\n")
        begun = [rest] if whole else [*begun, rest]
        for line in whole if whole else [rest]:
            # A line that has lost its end, as ``iter_lines`` gives it, is whole too.
            chunk = _chunk_of(line)
            if chunk is not None:
                yield index, chunk
    if begun:
        chunk = _chunk_of(b"".join(begun))
        if chunk is not None:
            yield len(pieces) - 1, chunk


def _chunk_of(line: bytes) -> Mapping[str, Any] | None:
    data = line[len(_DATA) :] if line.startswith(_DATA) else line
    return json_object(data.decode("utf-8", "replace")) if data.lstrip().startswith(b"{") else None


def _has_content(chunk: Mapping[str, Any]) -> bool:
    choices = chunk.get("choices")
    if isinstance(choices, list):
        return any(isinstance(choice, OBJECT) and _choice_has_content(choice) for choice in choices)
    kind, delta = chunk.get("type"), chunk.get("delta")
    if not isinstance(kind, str):
        return False
    if kind == "content_block_start":
        block = chunk.get("content_block")
        return isinstance(block, OBJECT) and (block.get("type") in _CALLS or not is_empty(block.get("text")))
    if kind == "image_generation.partial_image":
        return True
    if not kind.endswith((".delta", "_delta")):
        return False
    return _piece_has_content(delta) if isinstance(delta, OBJECT) else not is_empty(delta)


def _choice_has_content(choice: Mapping[str, Any]) -> bool:
    delta = choice.get("delta")
    return (isinstance(delta, OBJECT) and _piece_has_content(delta)) or not is_empty(choice.get("text"))


def _piece_has_content(piece: Mapping[str, Any]) -> bool:
    return any(name not in _NAMES and not is_empty(value) for name, value in piece.items())
