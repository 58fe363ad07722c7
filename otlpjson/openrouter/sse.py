# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Server-sent events out of the text of a stream.

Source: WHATWG HTML, "Server-sent events", with one deviation: an event whose blank line is
missing at the end of the data is given as well, because of a stream that was cut off some is
better than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

__all__ = ["ServerSentEvent", "events"]

# Not str.splitlines, which also splits at characters that may stand raw in JSON text.
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_BOM: Final = b"\xef\xbb\xbf"


@attrs.frozen
class ServerSentEvent:
    """
    One event.

    Attributes:
        data: Its data, several lines joined with line feeds.

        name: Its ``event`` field, or empty.
    """

    data: str
    name: str = ""


def events(stream: str | bytes) -> Iterator[ServerSentEvent]:
    """The events of a stream that has data, in order; comments and other fields are passed over."""
    raw = stream.encode("utf-8", "replace") if isinstance(stream, str) else stream
    data: list[str] = []
    name = ""
    # Bytes are split first and decoded line by line: no line end can lie inside a character.
    for line in [*_LINE_END.split(raw[len(_BOM) :] if raw.startswith(_BOM) else raw), b""]:
        field, _, value = line.decode("utf-8", "replace").partition(":")
        value = value[1:] if value.startswith(" ") else value
        if line == b"":
            if data:
                yield ServerSentEvent("\n".join(data), name)
            data, name = [], ""
        elif field == "data":
            data.append(value)
        elif field == "event":
            name = value
