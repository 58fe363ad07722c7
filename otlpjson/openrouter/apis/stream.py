# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The stream of a response of any of the APIs, read into the response that it makes up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, Callable, Final, Protocol

import attrs

from ..document import Document
from ..recognition import of_error, of_events, of_request
from .chat_stream import ChatStream
from .completions import CompletionsStream
from .events import Event, Piece, events
from .media import MediaStream
from .messages_stream import MessagesStream
from .responses_stream import ResponsesStream
from .transcription import TranscriptionStream

__all__ = ["Streamed", "response_of_stream"]


class _Reading(Protocol):
    """A response that is being put together."""

    @property
    def ended(self) -> bool: ...

    def add(self, chunk: Document, /) -> None: ...

    def response(self) -> dict[str, Any]: ...


_STREAMS: Final[Mapping[str, Callable[[], _Reading]]] = MappingProxyType(
    {
        "chat": ChatStream,
        "messages": MessagesStream,
        "responses": ResponsesStream,
        "completions": CompletionsStream,
        "transcription": TranscriptionStream,
    }
)


@attrs.frozen(kw_only=True)
class Streamed:
    """
    What a stream makes up.

    Attributes:
        api: The name of its API.

        response: The body that a request without streaming would have received.

        ended: Whether the end of the response has arrived; otherwise the stream was cut off.
    """

    api: str
    response: Document = attrs.field(repr=False)
    ended: bool


def response_of_stream(
    pieces: Iterable[Piece], owner: Document, request: Document, api: str | None = None
) -> Streamed:
    """
    The response that a stream makes up, with its API and whether it is complete.

    Never raises: what cannot be read is noted.

    Args:
        pieces: The stream.

        owner: The object that has the stream as its member ``response_stream``; notes are added to it.

        request: The body sent; it decides where the events fit several APIs.

        api: The name of the API; ``None`` to recognise it.
    """
    chunks = _Chunks(owner)
    given = chunks.of(events(pieces))
    api, first = (api, []) if api is not None else _recognised(given, request)
    reading = _STREAMS.get(api, MediaStream)()
    for chunk in chain(first, given):
        reading.add(chunk)
    return Streamed(
        api=api,
        response=owner.below("response_stream", reading.response()),
        # [DONE] ends a stream of every API. Alone, it is the end of nothing.
        ended=reading.ended or (chunks.done and chunks.any),
    )


def _recognised(chunks: Iterator[Document], request: Document) -> tuple[str, list[Document]]:
    """
    The API of a stream, and the chunks that had to be looked at.

    Those of chat show it at once, so that a long stream is not kept as a whole.
    """
    looked_at: list[Document] = []
    for chunk in chunks:
        looked_at.append(chunk)
        if chunk.value("choices") is not None:
            break
    api = of_events(looked_at) or _of_only_error(looked_at, request) or of_request(request)
    return api or "chat", looked_at


@attrs.define
class _Chunks:
    """
    The JSON objects of a stream up to ``[DONE]``; other data is noted.

    Attributes:
        owner: The object that has the stream.

        done: Whether ``[DONE]`` has come.

        any: Whether there was an object.
    """

    owner: Document
    done: bool = False
    any: bool = False

    def of(self, received: Iterator[Event]) -> Iterator[Document]:
        """The objects, one by one."""
        for index, event in enumerate(received):
            if event.is_end:
                self.done = True
                return
            place = f"response_stream[{index}]"
            if event.chunk is not None:
                self.any = True
                yield self.owner.below(place, _typed(event))
            # What keeps a connection open has nothing to say.
            elif event.name != "ping" and event.data.strip():
                self.owner.skip(place, "a JSON object", event.data)


def _typed(event: Event) -> Mapping[str, Any]:
    """The chunk of an event, with the event's name as its type where it has none."""
    chunk = event.chunk or {}
    return {**chunk, "type": event.name} if event.name and chunk.get("type") is None else chunk


def _of_only_error(chunks: list[Document], request: Document) -> str | None:
    return next(filter(None, (of_error(chunk, request) for chunk in chunks)), None)
