# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""aiohttp: the requests of a session, redirects included, and their responses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from typing import Any, Callable, Final
from weakref import WeakValueDictionary

from .endpoints import Outgoing
from .exchange import Exchange
from .in_memory import in_memory
from .tap import Tap
from .wrapping import Method, wrap

__all__ = ["methods_of_module", "methods_of_session"]

# The exchanges of streams that are being read, by the id of the stream, which has no room for one. The
# response keeps both alive.
_FOLLOWED: Final[WeakValueDictionary[int, Exchange]] = WeakValueDictionary()

# What the request that is being made says of undoing the coding of its response; newer versions know it.
_AUTO_DECOMPRESS: ContextVar[bool | None] = ContextVar("otlpjson_auto_decompress", default=None)


def methods_of_session(session: Any) -> list[Method]:
    """The method of a session that makes a request, and what makes the attempts of it."""
    return [Method(session, "_request", _request), Method(session, "_request_class", _new_attempt)]


def methods_of_module(module: Any) -> list[Method]:
    """The same of every session."""
    return [
        Method(module.ClientSession, "_request", _request),
        Method(module.client_reqrep.ClientRequest, "send", _send),
    ]


async def _request(tap: Tap, request: Callable[..., Any], method: str, url: Any, **named: Any) -> Any:
    session = request.__self__  # type: ignore[attr-defined]
    attempt = tap.open(lambda: _outgoing(session, method, url, named))
    if attempt is None:
        return await request(method, url, **named)
    token = _AUTO_DECOMPRESS.set(named.get("auto_decompress"))
    try:
        with attempt:
            return await request(method, url, **named)
    finally:
        with suppress(ValueError):  # a coroutine may be closed in another context
            _AUTO_DECOMPRESS.reset(token)


def _new_attempt(tap: Tap, new: Callable[..., Any], *args: Any, **named: Any) -> Any:
    attempt = new(*args, **named)
    wrap(Method(attempt, "send", _send), tap)
    return attempt


async def _send(tap: Tap, send: Callable[..., Any], *args: Any, **named: Any) -> Any:
    request = send.__self__  # type: ignore[attr-defined]
    attempt = tap.open(lambda: _outgoing_attempt(request))
    if attempt is None:
        return await send(*args, **named)
    with attempt:
        response = await send(*args, **named)
    attempt.take(lambda exchange: _follow_response(response, exchange))
    return response


def _outgoing(session: Any, method: str, url: Any, named: dict[str, Any]) -> Outgoing:
    return Outgoing.to(
        session._build_url(url),
        method=method,
        headers=_headers(named.get("headers")),
        body=lambda: _body(named),
        # The attempts inside add it, which have all headers.
        add_header=lambda name, value: None,
    )


def _outgoing_attempt(request: Any) -> Outgoing:
    return Outgoing.to(
        request.url,
        method=request.method,
        headers=request.headers,
        body=lambda: _payload(request.body),
        add_header=request.headers.__setitem__,
    )


def _body(named: Mapping[str, Any]) -> Any:
    """The body in the arguments of a request, for one that fails before it is written."""
    if named.get("json") is not None:
        return json.dumps(named["json"])
    return in_memory(named.get("data"))


def _payload(payload: Any) -> Any:
    """The body of a request as aiohttp holds it."""
    return in_memory(payload if isinstance(payload, bytes) else getattr(payload, "_value", None))


def _headers(headers: Any) -> dict[str, Any]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return {str(name).lower(): value for name, value in pairs}


@cache
def _followed_response(response_class: type[Any]) -> type[Any]:
    """The class of responses whose exchange sees what happens to them."""

    class Followed(response_class):  # type: ignore[misc]
        async def start(self, connection: Any) -> Any:
            exchange: Exchange = self._otlpjson_exchange
            # A response that is whole when it starts has given its session back afterwards.
            is_decoded = _decodes(self)
            try:
                started = await super().start(connection)
            except BaseException as error:
                exchange.fail(error)
                raise
            exchange.answered(self.status, self.headers, is_decoded=is_decoded)
            _follow(self.content, exchange)
            return started

        def close(self) -> None:
            _leave(self)
            super().close()

        def release(self) -> Any:
            _leave(self)
            return super().release()

        def __del__(self) -> None:
            _leave(self)
            super().__del__()

    return _in_the_place_of(response_class, Followed)


@cache
def _followed_stream(stream_class: type[Any]) -> type[Any]:
    """The class of streams whose exchange sees what is read of them."""

    class Followed(stream_class):  # type: ignore[misc]
        __slots__ = ()

        def _read_nowait_chunk(self, n: int) -> bytes:
            data: bytes = super()._read_nowait_chunk(n)
            exchange = _FOLLOWED.get(id(self))
            if exchange is not None:
                exchange.piece(data)
                _end_if_read(self, exchange)
            return data

        def feed_eof(self) -> None:
            super().feed_eof()
            exchange = _FOLLOWED.get(id(self))
            if exchange is not None:
                _end_if_read(self, exchange)

        def set_exception(self, exc: Any, *args: Any) -> None:
            exchange = _FOLLOWED.get(id(self))
            if exchange is not None:
                # Some callers hand in the class.
                exchange.fail(exc if isinstance(exc, BaseException) else exc())
            super().set_exception(exc, *args)

        async def _wait(self, *args: Any) -> None:
            try:
                await super()._wait(*args)
            except BaseException as error:
                exchange = _FOLLOWED.get(id(self))
                if exchange is not None:
                    exchange.fail(error)
                raise

    return _in_the_place_of(stream_class, Followed)


def _in_the_place_of(original: type[Any], followed: type[Any]) -> type[Any]:
    followed.__name__, followed.__qualname__ = original.__name__, original.__qualname__
    followed.__module__ = original.__module__
    return followed


def _follow_response(response: Any, exchange: Exchange) -> None:
    response._otlpjson_exchange = exchange
    # Its methods are replaced by way of its class: replaced in the object, they would keep it alive.
    response.__class__ = _followed_response(type(response))  # type: ignore[arg-type]


def _follow(stream: Any, exchange: Exchange) -> None:
    # What has no body shares one stream among all responses.
    if stream.at_eof():
        exchange.end()
        return
    _FOLLOWED[id(stream)] = exchange
    stream.__class__ = _followed_stream(type(stream))  # type: ignore[arg-type]


def _end_if_read(stream: Any, exchange: Exchange) -> None:
    if stream.at_eof():
        exchange.end()


def _leave(response: Any) -> None:
    response._otlpjson_exchange.leave()
    _FOLLOWED.pop(id(response.content), None)


def _decodes(response: Any) -> bool:
    """Whether the coding of its content is undone for the program; the request may say so, or the session."""
    of_request = _AUTO_DECOMPRESS.get()
    return bool(response._session._auto_decompress if of_request is None else of_request)
