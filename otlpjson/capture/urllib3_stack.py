# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
urllib3 2: the requests that a pool of connections makes, retries included, and their responses.

urllib3 1 has no method that makes one attempt and gives its whole response; there, what is
built on it is seen by the layer above alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Callable, Final

from .endpoints import Outgoing
from .exchange import Exchange
from .in_memory import in_memory
from .tap import Tap, is_inside
from .wrapping import Method

__all__ = ["follow", "methods_of_module", "methods_of_pool"]

_ATTEMPT: Final = "_make_request"
_NEEDED: Final = ("_fp_read", "_handle_chunk", "_update_chunk_length", "_error_catcher", "release_conn")


def methods_of_module(module: Any) -> list[Method]:
    """The method of every pool that makes one attempt."""
    return _methods(module.connectionpool.HTTPConnectionPool, _make_request)


def methods_of_pool(pool: Any) -> list[Method]:
    """The same of one pool, only for requests that a layer around it has let in."""
    return _methods(pool, _make_request_inside)


def follow(response: Any, exchange: Exchange) -> None:
    """Lets an exchange see what is read of a response; of one that is not urllib3's, nothing is seen."""
    if not all(hasattr(response, name) for name in _NEEDED):
        exchange.end()
        return
    response._otlpjson_exchange = exchange
    response._otlpjson_is_releasing = False
    # Its methods are replaced by way of its class: replaced in the object, they would keep it alive.
    response.__class__ = _followed(type(response))  # type: ignore[arg-type]


def _methods(pool: Any, around: Callable[..., Any]) -> list[Method]:
    method = getattr(pool, _ATTEMPT, None)
    if method is None or "preload_content" not in inspect.signature(method).parameters:
        return []
    return [Method(pool, _ATTEMPT, around)]


def _make_request_inside(tap: Tap, make: Callable[..., Any], *args: Any, **named: Any) -> Any:
    return _make_request(tap, make, *args, **named) if is_inside() else make(*args, **named)


def _make_request(
    tap: Tap, make: Callable[..., Any], conn: Any, method: str, url: str, *args: Any, **named: Any
) -> Any:
    pool = make.__self__  # type: ignore[attr-defined]
    attempt = tap.open(lambda: _outgoing(pool, method, url, named))
    if attempt is None:
        return make(conn, method, url, *args, **named)
    with attempt:
        response = make(conn, method, url, *args, **named)
    attempt.take(lambda exchange: _take(response, exchange, named))
    return response


def _outgoing(pool: Any, method: str, url: str, named: dict[str, Any]) -> Outgoing:
    headers = named.get("headers") or {}

    def add_header(name: str, value: str) -> None:
        # A copy, because a pool may have one mapping for all of its requests.
        named["headers"] = {**headers, name: value}

    return Outgoing.to(
        # Through a proxy, a plain request names the whole URL.
        url if "://" in url else f"//{pool.host}:{pool.port}{url}",
        method=method,
        headers={str(name).lower(): value for name, value in headers.items()},
        body=lambda: in_memory(named.get("body")),
        add_header=add_header,
    )


def _take(response: Any, exchange: Exchange, named: dict[str, Any]) -> None:
    is_whole = named.get("preload_content", True)
    is_decoded = is_whole and named.get("decode_content", True)
    exchange.answered(response.status, response.headers, is_decoded=is_decoded)
    if is_whole:
        exchange.piece(response.data)
        exchange.end()
    else:
        follow(response, exchange)


@cache
def _followed(response_class: type[Any]) -> type[Any]:
    """The class of responses whose exchange sees what is read."""

    class Followed(response_class):  # type: ignore[misc]
        def _fp_read(self, amt: int | None = None, **named: Any) -> Any:
            data = super()._fp_read(amt, **named)
            self._otlpjson_exchange.piece(data)
            # A body that no server sent, such as a test's, has nothing that would be closed at its end.
            if self._original_response is None and (amt is None or not data):
                self._otlpjson_exchange.end()
            return data

        def _update_chunk_length(self) -> None:
            # It closes the response before it raises.
            self._otlpjson_is_releasing = True
            super()._update_chunk_length()
            self._otlpjson_is_releasing = False

        def _handle_chunk(self, amt: int | None) -> Any:
            data = super()._handle_chunk(amt)
            self._otlpjson_exchange.piece(data)
            return data

        @contextmanager
        def _error_catcher(self) -> Iterator[None]:
            # The connection is released before the error comes out that is the reason.
            try:
                with super()._error_catcher():
                    try:
                        yield
                    finally:
                        self._otlpjson_is_releasing = True
            except BaseException as error:
                self._otlpjson_exchange.fail(error)
                raise
            finally:
                self._otlpjson_is_releasing = False
            if self._original_response is not None and self._original_response.isclosed():
                self._otlpjson_exchange.end()

        def release_conn(self) -> None:
            _leave(self)
            super().release_conn()

        def close(self) -> None:
            _leave(self)
            super().close()

    Followed.__name__, Followed.__qualname__ = response_class.__name__, response_class.__qualname__
    Followed.__module__ = response_class.__module__
    return Followed


def _leave(response: Any) -> None:
    if not response._otlpjson_is_releasing:
        response._otlpjson_exchange.leave()
