# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The events of a streamed response, from pieces of any form that callers have.

Source: the HTML standard, "Server-sent events", section "Parsing an event stream". Forms that
the standard does not know are read as they are meant: lines that lost their ends, as
``iter_lines`` gives them; JSON without ``data:``; a field named ``error``; chunks that are
objects already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, Union

import attrs

from ...core.json_text import BYTE_ORDER_MARK
from ..plain import OBJECT

__all__ = ["DONE", "Event", "Piece", "events", "json_object"]

Piece = Union[bytes, Mapping[str, Any]]
"""A piece of a stream: bytes, cut anywhere, or one whole chunk."""

DONE: Final = "[DONE]"
"""The data of the event that ends a stream; it is no JSON."""
# Not str.splitlines, which also splits at characters that may occur unescaped in JSON text.
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_MARK: Final = BYTE_ORDER_MARK.encode("utf-8")
# What a line of a stream begins with, where it is neither empty nor JSON.
_FIELD: Final = re.compile(rb"(?:data|event|id|retry|error)?:")


@attrs.frozen
class Event:
    """
    One event.

    Attributes:
        name: The event's ``event`` field, often empty.

        chunk: Its data as a JSON object; ``None`` if the data is anything else.

        data: Its data as text; empty if it came as an object.
    """

    name: str
    chunk: Mapping[str, Any] | None = attrs.field(repr=False)
    data: str = attrs.field(default="", repr=False)

    @property
    def is_end(self) -> bool:
        """Whether this is ``[DONE]``."""
        return self.data.strip() == DONE


def events(pieces: Iterable[Piece]) -> Iterator[Event]:
    """
    The events of a stream that have data, in order.

    Several lines of data are joined with line feeds, unless each of them is JSON. Comments and
    other fields are ignored.
    """
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece, bytes)):
        if is_text:
            yield from _events_of_text([piece for piece in group if isinstance(piece, bytes)])
        else:
            yield from (Event("", piece) for piece in group if isinstance(piece, OBJECT))


def json_object(text: str) -> Mapping[str, Any] | None:
    """The JSON object in a text; ``None`` if it is anything else."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _events_of_text(pieces: list[bytes]) -> Iterator[Event]:
    name, data = "", list[str]()
    are_lines = _are_lines(pieces)
    # Bytes are split first and decoded line by line: no line end can be inside a character. The empty line
    # at the end completes an event that was cut off; the standard drops it, which would lose text.
    for line in [*(pieces if are_lines else _lines(b"".join(pieces))), b""]:
        field, _, value = line.decode("utf-8", "replace").partition(":")
        value = value[1:] if value.startswith(" ") else value
        # Callers who drop empty lines drop what ends an event; then its next line begins another.
        if line == b"" or (are_lines and _is_whole(data)):
            yield from _of_data(name, data)
            name, data = "", []
        if field == "data":
            data.append(value)
        elif field == "event":
            name = value
        elif field == "error":
            yield Event("error", json_object(value) or {"error": value}, value)
        elif line[:1] == b"{" or line == DONE.encode():
            yield from _of_data("", [line.decode("utf-8", "replace")])


def _lines(raw: bytes) -> list[bytes]:
    return _LINE_END.split(raw[len(_MARK) :] if raw.startswith(_MARK) else raw)


def _are_lines(pieces: list[bytes]) -> bool:
    """Whether each piece is a line without its end."""
    if len(pieces) < 2 or any(_LINE_END.search(piece) for piece in pieces):
        return False
    return all(
        not piece or _FIELD.match(piece) or piece == DONE.encode() or _is_json(piece) for piece in pieces
    )


def _is_json(piece: bytes) -> bool:
    return piece[:1] == b"{" and json_object(piece.decode("utf-8", "replace")) is not None


def _is_whole(data: list[str]) -> bool:
    return bool(data) and (data[-1].strip() == DONE or json_object(data[-1]) is not None)


def _of_data(name: str, data: list[str]) -> Iterator[Event]:
    """The event with this data; or one for each line of it, where each line alone is JSON."""
    if not data:
        return
    whole = "\n".join(data)
    chunk = json_object(whole)
    singles = [json_object(line) for line in data] if chunk is None and len(data) > 1 else []
    if singles and all(single is not None or line.strip() == DONE for single, line in zip(singles, data)):
        yield from (Event(name, single, line) for single, line in zip(singles, data))
    elif chunk is None and name == "error" and whole.strip() not in ("", DONE):
        yield Event(name, {"error": whole}, whole)
    else:
        yield Event(name, chunk, whole)
