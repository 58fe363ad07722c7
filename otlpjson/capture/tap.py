# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Between a client and the network: opens an attempt for each request that is recorded."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar, Token
from typing import Any, Callable, Final

import attrs

from .by_hand import is_by_hand
from .endpoints import Endpoints, Outgoing
from .exchange import Exchange

__all__ = ["Attempt", "Tap", "is_inside"]

_TRACEPARENT: Final = "traceparent"


@attrs.define(kw_only=True, eq=False)
class Attempt:
    """
    A request on its way through one layer of a client. As a context manager around the next layer,
    it fails with the exception that this layer raises.

    Layers lie within each other: a session that follows redirects, an adapter that retries, a
    connection. The innermost one that sees a request records it, so that each attempt is
    recorded once; the layers around it know that from ``is_seen_inside``.

    Attributes:
        tap: Whose requests this layer's are.

        exchange: What this layer records, unless one inside does.

        is_seen_inside: Whether a layer inside has recorded an attempt of this request.
    """

    tap: Tap
    exchange: Exchange
    is_seen_inside: bool = False
    _token: Token[Attempt | None] | None = None

    def __enter__(self) -> Attempt:
        self._token = _OUTER.set(self)
        return self

    def take(self, follow: Callable[[Exchange], object]) -> None:
        """Lets the exchange follow a response, unless a layer inside does; never raises."""
        if self.is_seen_inside:
            return
        try:
            follow(self.exchange)
        except Exception as error:
            self.exchange.forget()
            self.tap.on_error(error)

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        token, self._token = self._token, None
        if token is not None:
            with suppress(ValueError):  # a coroutine may be closed in another context
                _OUTER.reset(token)
        if error is not None and not self.is_seen_inside:
            self.exchange.fail(error)


_OUTER: ContextVar[Attempt | None] = ContextVar("otlpjson_attempt", default=None)


@attrs.frozen(kw_only=True, eq=False)
class Tap:
    """
    What records the requests of the clients that it is put into.

    Attributes:
        endpoints: Which requests are recorded.

        begin: Called with an API and the body of a request; gives the exchange.

        traceparent: Gives the value of that header for a request that is made now, or ``None``.

        on_error: Called with an error of this package, which must not reach the client.
    """

    endpoints: Endpoints
    begin: Callable[[str, Any], Exchange]
    traceparent: Callable[[], str | None]
    on_error: Callable[[Exception], object]

    def open(self, describe: Callable[[], Outgoing]) -> Attempt | None:
        """
        The attempt of a request; ``None`` if it is not recorded. Never raises.

        Args:
            describe: Gives the request.
        """
        try:
            outgoing = describe()
            self._add_traceparent(outgoing)
            return self._open(outgoing)
        except Exception as error:
            self.on_error(error)
            return None

    def _open(self, outgoing: Outgoing) -> Attempt | None:
        outer = _OUTER.get()
        # The layer that was asked for decides, not one that is around every client of the process.
        tap = self if outer is None else outer.tap
        api = tap.endpoints.api(outgoing)
        if api is None or is_by_hand():
            return None
        exchange = tap.begin(api, outgoing.body())
        exchange.sent(outgoing.headers)
        if outer is not None and not outer.is_seen_inside:
            outer.is_seen_inside = True
            outer.exchange.forget()
            # Opening the connection belongs to the first attempt.
            exchange.begun(outer.exchange)
        return Attempt(tap=tap, exchange=exchange)

    def _add_traceparent(self, outgoing: Outgoing) -> None:
        if self.endpoints.gets_traceparent(outgoing) and _TRACEPARENT not in outgoing.headers:
            value = self.traceparent()
            if value is not None:
                outgoing.add_header(_TRACEPARENT, value)


def is_inside() -> bool:
    """Whether a layer around this one has opened an attempt."""
    return _OUTER.get() is not None
