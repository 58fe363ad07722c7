# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The text of a stream to the response that it adds up to, for each of the three APIs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from ..document import Document
from .chat_stream import ChatStream
from .messages_stream import MessagesStream
from .responses_stream import ResponsesStream

__all__ = ["ServerSentEvent", "Streamed", "events", "plain_body", "response_of_stream"]

_STREAMS: Final[Mapping[str, type[ChatStream | MessagesStream | ResponsesStream]]] = MappingProxyType(
    {
        "chat": ChatStream,
        "messages": MessagesStream,
        "responses": ResponsesStream,
    }
)


@attrs.frozen(kw_only=True)
class Streamed:
    """
    What a stream adds up to.

    Attributes:
        api: ``chat``, ``messages`` or ``responses``.

        response: The body that a request without streaming would have got.

        ended: Whether the stream said how it ended; if not, it was cut off.
    """

    api: str
    response: dict[str, Any] = attrs.field(repr=False)
    ended: bool


def response_of_stream(stream: str | bytes, owner: Document, api: str | None = None) -> Streamed:
    """
    The response that a stream adds up to; never raises for what is in it.

    Args:
        stream: The server-sent events, as text or bytes.

        owner: Where notes go about what was left out.

        api: Of which API it is; ``None`` to tell from its first event.
    """
    chunks = list(_chunks(stream, owner))
    api = api or _api_of(chunks)
    reading = _STREAMS[api]()
    for chunk in chunks:
        reading.add(chunk)
    if not reading.ended:
        text = stream if isinstance(stream, str) else stream.decode("utf-8", "replace")
        owner.skip("response_stream", "an end of the stream; it was cut off", text)
    return Streamed(api=api, response=reading.response(), ended=reading.ended)


def plain_body(stream: object) -> Mapping[str, Any] | None:
    """The JSON object that came instead of a stream, which is how a request is refused; ``None`` if none."""
    if not isinstance(stream, (str, bytes)) or next(events(stream), None) is not None:
        return None
    text = stream if isinstance(stream, str) else stream.decode("utf-8", "replace")
    return _object(text.lstrip("\ufeff"))


def _chunks(stream: str | bytes, owner: Document) -> Iterator[Document]:
    """The JSON objects of a stream up to ``[DONE]``; other data is noted."""
    for index, event in enumerate(events(stream)):
        if event.data.strip() == "[DONE]":
            return
        chunk = _object(event.data)
        if chunk is None:
            owner.skip(f"response_stream[{index}]", "one JSON object", event.data)
            continue
        named = {**chunk, "type": event.name} if event.name and chunk.get("type") is None else chunk
        yield Document(f"{owner.path}.response_stream[{index}]", named, owner.skipped)


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _api_of(chunks: list[Document]) -> str:
    """By the first chunk whose type belongs to one API; those of chat have none."""
    for chunk in chunks:
        kind = chunk.value("type")
        if not isinstance(kind, str):
            continue
        # An error in one piece is that of /responses; one in an object may be of either.
        if kind.startswith("response.") or (kind == "error" and chunk.value("error") is None):
            return "responses"
        if kind.startswith(("message_", "content_block_")) or kind in ("ping", "error"):
            return "messages"
    return "chat"


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
