# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The text of a streamed response of any of the three APIs, read into the response it makes up.

Source: the HTML standard, "Server-sent events", section "Parsing an event stream".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs

from ...core.json_text import BYTE_ORDER_MARK
from ..document import Document
from .chat_stream import ChatStream
from .messages_stream import MessagesStream
from .responses_stream import ResponsesStream

__all__ = ["events", "plain_body", "response_of_stream"]

_STREAMS: Final[Mapping[str, type[ChatStream | MessagesStream | ResponsesStream]]] = MappingProxyType(
    {
        "chat": ChatStream,
        "messages": MessagesStream,
        "responses": ResponsesStream,
    }
)
# Not str.splitlines, which also splits at characters that may occur unescaped in JSON text.
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_MARK: Final = BYTE_ORDER_MARK.encode("utf-8")


@attrs.frozen(kw_only=True)
class _Streamed:
    """
    What a stream makes up.

    Attributes:
        api: ``chat``, ``messages`` or ``responses``.

        response: The body that a request without streaming would have received.

        ended: Whether the end of the response has arrived; otherwise the stream was cut off.
    """

    api: str
    response: dict[str, Any] = attrs.field(repr=False)
    ended: bool


def response_of_stream(stream: str | bytes, owner: Document, api: str | None = None) -> _Streamed:
    """
    The response that a stream makes up, with its API and whether it is complete.

    Never raises: what cannot be read is noted.

    Args:
        stream: The server-sent events, as text or bytes.

        owner: The object that has the stream as a member; notes are added to it.

        api:
            ``chat``, ``messages`` or ``responses``; ``None`` to recognise it by the types of the
            events.
    """
    chunks = list(_chunks(stream, owner))
    api = api or _api_of(chunks)
    reading = _STREAMS[api]()
    for chunk in chunks:
        reading.add(chunk)
    if not reading.ended:
        owner.note("response_stream", "the stream was cut off")
    return _Streamed(api=api, response=reading.response(), ended=reading.ended)


def plain_body(stream: object) -> Mapping[str, Any] | None:
    """
    The JSON object that was received instead of a stream; ``None`` if there is none.

    A refused request gets its error as such a body, even if it asked for a stream.
    """
    if not isinstance(stream, (str, bytes)) or next(events(stream), None) is not None:
        return None
    return _object(_decoded(stream).lstrip(BYTE_ORDER_MARK))


def events(stream: str | bytes) -> Iterator[tuple[str, str]]:
    """
    The server-sent events of a stream that have data, in order, each as its name and its data.

    The name is the event's ``event`` field, often empty. Several lines of data are joined with
    line feeds. Comments and other fields are ignored.
    """
    raw = stream.encode("utf-8", "replace") if isinstance(stream, str) else stream
    data: list[str] = []
    name = ""
    # Bytes are split first and decoded line by line: no line end can be inside a character. The empty line
    # at the end completes an event that was cut off; the standard drops it, which would lose text.
    for line in [*_LINE_END.split(raw[len(_MARK) :] if raw.startswith(_MARK) else raw), b""]:
        field, _, value = line.decode("utf-8", "replace").partition(":")
        value = value[1:] if value.startswith(" ") else value
        if line == b"":
            if data:
                yield name, "\n".join(data)
            data, name = [], ""
        elif field == "data":
            data.append(value)
        elif field == "event":
            name = value


def _chunks(stream: str | bytes, owner: Document) -> Iterator[Document]:
    """The JSON objects of a stream up to ``[DONE]``; other data is noted."""
    for index, (name, data) in enumerate(events(stream)):
        # This is not JSON, and it does not show whether the response is complete.
        if data.strip() == "[DONE]":
            return
        chunk = _object(data)
        if chunk is None:
            owner.skip(f"response_stream[{index}]", "a JSON object", data)
            continue
        # Only /messages names its events, and with the type that the JSON has as well.
        typed = {**chunk, "type": name} if name and chunk.get("type") is None else chunk
        yield Document(f"{owner.path}.response_stream[{index}]", typed, owner.skipped)


def _decoded(stream: str | bytes) -> str:
    return stream if isinstance(stream, str) else stream.decode("utf-8", "replace")


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _api_of(chunks: list[Document]) -> str:
    """The API of the first chunk whose type only one API has; chunks of chat have no type."""
    for chunk in chunks:
        kind = chunk.value("type")
        if not isinstance(kind, str):
            continue
        # Only /responses has errors whose members are in the event itself. An error in an object may be
        # of either API and is read as one of /messages.
        if kind.startswith("response.") or (kind == "error" and chunk.value("error") is None):
            return "responses"
        if kind.startswith(("message_", "content_block_")) or kind in ("ping", "error"):
            return "messages"
    return "chat"
