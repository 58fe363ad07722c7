# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""httpx and httpx2: their transports, and the streams of their responses, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Callable, Final

from .endpoints import Outgoing
from .exchange import Exchange
from .tap import Tap
from .wrapping import Method

__all__ = ["methods_of_client", "methods_of_module", "methods_of_transport"]

# The classes of a stream, by name: httpx and httpx2 each have their own.
_STREAMS: Final = frozenset({"SyncByteStream", "AsyncByteStream"})
_BASES: Final = frozenset({"BaseTransport", "AsyncBaseTransport"})
# The classes of transports that reach a server or an application by themselves.
_TRANSPORTS: Final = (
    "HTTPTransport",
    "AsyncHTTPTransport",
    "MockTransport",
    "WSGITransport",
    "ASGITransport",
)
# Transports that retry or cache hold another one.
_MAX_DEPTH: Final = 4


def methods_of_client(client: Any) -> list[Method]:
    """The methods of all transports that a client has."""
    transports = [client._transport, *client._mounts.values()]
    return [
        method
        for transport in transports
        if transport is not None
        for method in methods_of_transport(transport)
    ]


def methods_of_transport(transport: Any, depth: int = 0) -> list[Method]:
    """The methods of a transport and of those that it holds, which see every attempt of it."""
    methods = [
        Method(transport, name, around) for name, around in _AROUND.items() if hasattr(transport, name)
    ]
    inner = vars(transport).values() if hasattr(transport, "__dict__") and depth < _MAX_DEPTH else ()
    for held in inner:
        # Not by its methods: the pools below a transport have one of the same name.
        if any(base.__name__ in _BASES for base in type(held).__mro__):
            methods += methods_of_transport(held, depth + 1)
    return methods


def methods_of_module(module: Any) -> list[Method]:
    """The methods of the module's own transports, which the transports of programs use."""
    classes = [getattr(module, name) for name in _TRANSPORTS if hasattr(module, name)]
    return [
        Method(transport, name, around)
        for transport in classes
        for name, around in _AROUND.items()
        if name in vars(transport)
    ]


def _handle(tap: Tap, handle: Callable[[Any], Any], request: Any) -> Any:
    attempt = tap.open(lambda: _outgoing(request))
    if attempt is None:
        return handle(request)
    with attempt:
        response = handle(request)
    attempt.take(lambda exchange: _follow(response, exchange))
    return response


async def _handle_async(tap: Tap, handle: Callable[[Any], Any], request: Any) -> Any:
    attempt = tap.open(lambda: _outgoing(request))
    if attempt is None:
        return await handle(request)
    with attempt:
        response = await handle(request)
    attempt.take(lambda exchange: _follow(response, exchange))
    return response


_AROUND: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"handle_request": _handle, "handle_async_request": _handle_async}
)


def _outgoing(request: Any) -> Outgoing:
    return Outgoing(
        method=request.method,
        host=request.url.netloc.decode("ascii").lower(),
        path=request.url.path,
        headers=request.headers,
        # Where it is missing, the body is an iterator, which the client reads.
        body=lambda: getattr(request, "_content", None),
        add_header=request.headers.__setitem__,
    )


def _follow(response: Any, exchange: Exchange) -> None:
    """Lets the exchange see what the client reads of a response."""
    # A response that was made from bytes holds its content, decoded, and its stream is never read.
    content = getattr(response, "_content", None)
    exchange.answered(response.status_code, response.headers, is_decoded=content is not None)
    if content is None:
        response.stream = _tee(response.stream, exchange)
    else:
        exchange.piece(content)
        exchange.end()


def _tee(stream: Any, exchange: Exchange) -> Any:
    """The stream, whose pieces the exchange gets as well."""
    bases = tuple(base for base in type(stream).__mro__ if base.__name__ in _STREAMS)
    return _tee_class(bases)(stream, exchange)


@cache
def _tee_class(bases: tuple[type, ...]) -> Callable[[Any, Exchange], Any]:
    # A client refuses a stream that is none of its own classes.
    return type("TeeStream", (_TeeStream, *bases), {})


class _TeeStream:
    """A stream of a response that hands on what it reads; everything else is the stream's."""

    def __init__(self, stream: Any, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[bytes]:
        return _Pieces(iter(self._stream), self._exchange)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _AsyncPieces(self._stream.__aiter__(), self._exchange)

    def close(self) -> None:
        self._exchange.leave()
        self._stream.close()

    async def aclose(self) -> None:
        self._exchange.leave()
        await self._stream.aclose()

    def __del__(self) -> None:
        self._exchange.leave()


class _Pieces:
    """No generator, so that an end of the loop early reaches the stream's own iterator as without this."""

    def __init__(self, pieces: Iterator[bytes], exchange: Exchange) -> None:
        self._pieces = pieces
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._exchange.end()
            raise
        except BaseException as error:
            self._exchange.fail(error)
            raise
        self._exchange.piece(piece)
        return piece


class _AsyncPieces:
    """The same for an asynchronous stream."""

    def __init__(self, pieces: AsyncIterator[bytes], exchange: Exchange) -> None:
        self._pieces = pieces
        self._exchange = exchange

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            piece = await self._pieces.__anext__()
        except StopAsyncIteration:
            self._exchange.end()
            raise
        except BaseException as error:
            self._exchange.fail(error)
            raise
        self._exchange.piece(piece)
        return piece
