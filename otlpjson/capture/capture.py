# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Recording the requests of clients: taps are put into them, and every attempt is reported when it ends."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Callable, Final
from weakref import WeakSet

from ..core.errors import InvalidValue
from .budget import Budget
from .clients import MODULES, methods_of
from .endpoints import Endpoints
from .exchange import Exchange
from .tap import Tap
from .wrapping import Method, wrap, wrapped_of

__all__ = ["Capture", "Report"]

# How much is kept of one response, and of all that are being read.
_MAX_COPY_BYTES: Final = 16 * 1024 * 1024
_MAX_BYTES: Final = 4 * _MAX_COPY_BYTES

Report = Callable[[Exchange], object]


class Capture:
    """
    The taps of one owner.

    Args:
        start: Called when an attempt begins, in its context; gives what is called when it has ended.

        on_error: Called with an error of this package, which must not reach a client.

        traceparent: Gives the value of that header for a request that is made now, or ``None``.
    """

    def __init__(
        self,
        *,
        start: Callable[[], Report],
        on_error: Callable[[Exception], object],
        traceparent: Callable[[], str | None],
    ) -> None:
        self._start = start
        self._on_error = on_error
        self._traceparent = traceparent
        self._budget = Budget(_MAX_BYTES, _MAX_COPY_BYTES)
        self._running: WeakSet[Exchange] = WeakSet()

    def after_fork(self) -> None:
        """In a child process: what runs is the parent's to report."""
        for exchange in list(self._running):
            exchange.forget()
        self._running = WeakSet()
        self._budget = Budget(_MAX_BYTES, _MAX_COPY_BYTES)

    def put_into(self, client: Any, endpoints: Endpoints, argument: str) -> None:
        """
        Records the requests of a client, session or transport, or of an SDK's client; twice is once.

        Args:
            argument: Its name in the message of an error.

        Raises:
            InvalidValue: It is of an unknown kind, or recorded by another owner.
        """
        methods = methods_of(client, argument)
        tap = self._tap(endpoints)
        for wrapped in filter(None, map(wrapped_of, methods)):
            if not self._is_own(wrapped.tap):
                raise InvalidValue(argument, "a client that nothing else records", "one that is recorded")
        for method in methods:
            if wrapped_of(method) is None:
                wrap(method, tap)

    def take_from(self, client: Any, argument: str) -> None:
        """
        Ends that; a client that is not recorded stays as it is.

        Raises:
            InvalidValue: It is of an unknown kind.
        """
        self._undo(methods_of(client, argument))

    def put_into_module(self, module: ModuleType, endpoints: Endpoints) -> None:
        """Records the requests of all clients of a module: those that exist, and those to come."""
        tap = self._tap(endpoints)
        for method in MODULES[module.__name__](module):
            if wrapped_of(method) is None:
                wrap(method, tap)

    def take_from_modules(self) -> None:
        """Ends that for every module."""
        for name in MODULES.keys() & sys.modules.keys():
            self._undo(MODULES[name](sys.modules[name]))

    def leave_all(self) -> None:
        """Ends what still runs, so that it is reported as far as it has come."""
        for exchange in list(self._running):
            exchange.leave()

    def _tap(self, endpoints: Endpoints) -> Tap:
        return Tap(
            endpoints=endpoints,
            begin=self._begin,
            traceparent=self._traceparent,
            on_error=self._on_error,
        )

    def _is_own(self, tap: Tap) -> bool:
        return tap.begin == self._begin

    def _undo(self, methods: list[Method]) -> None:
        for wrapped in filter(None, map(wrapped_of, methods)):
            if self._is_own(wrapped.tap):
                wrapped.undo()

    def _begin(self, api: str, request: Any) -> Exchange:
        exchange = Exchange(
            api=api, request=request, on_end=self._start(), on_error=self._on_error, budget=self._budget
        )
        self._running.add(exchange)
        return exchange
