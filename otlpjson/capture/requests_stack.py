# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""requests: the adapters of a session, and the pools of connections below them."""

from __future__ import annotations

from typing import Any, Callable, Final

from .endpoints import Outgoing
from .exchange import Exchange
from .in_memory import in_memory
from .tap import Tap
from .urllib3_stack import follow, methods_of_pool
from .wrapping import Method, wrap, wrapped_of

__all__ = ["methods_of_adapter", "methods_of_module", "methods_of_session"]

# How adapters get a pool; the newer one first.
_POOLS: Final = ("get_connection_with_tls_context", "get_connection")


def methods_of_session(session: Any) -> list[Method]:
    """The methods of a session's adapters."""
    return [method for adapter in session.adapters.values() for method in methods_of_adapter(adapter)]


def methods_of_adapter(adapter: Any) -> list[Method]:
    """The method of an adapter that sends, and the one that gives the pool it sends through."""
    return [
        Method(adapter, "send", _send),
        *(Method(adapter, name, _pool) for name in _POOLS if hasattr(adapter, name)),
    ]


def methods_of_module(module: Any) -> list[Method]:
    """The method of every adapter that reaches a server; its pools are urllib3's."""
    return [Method(module.adapters.HTTPAdapter, "send", _send)]


def _send(tap: Tap, send: Callable[..., Any], request: Any, *args: Any, **named: Any) -> Any:
    attempt = tap.open(lambda: _outgoing(request))
    if attempt is None:
        return send(request, *args, **named)
    with attempt:
        response = send(request, *args, **named)
    # An adapter of a test, for example, has no pool that would have seen this.
    attempt.take(lambda exchange: _follow(response, exchange))
    return response


def _outgoing(request: Any) -> Outgoing:
    return Outgoing.to(
        request.url,
        method=request.method,
        headers=request.headers,
        body=lambda: in_memory(request.body),
        add_header=request.headers.__setitem__,
    )


def _follow(response: Any, exchange: Exchange) -> None:
    content = getattr(response, "_content", False)
    exchange.answered(response.status_code, response.headers, is_decoded=isinstance(content, bytes))
    if isinstance(content, bytes):
        exchange.piece(content)
        exchange.end()
    else:
        follow(response.raw, exchange)


def _pool(tap: Tap, get: Callable[..., Any], *args: Any, **named: Any) -> Any:
    pool = get(*args, **named)
    for method in methods_of_pool(pool):
        if wrapped_of(method) is None:
            wrap(method, tap)
    return pool
