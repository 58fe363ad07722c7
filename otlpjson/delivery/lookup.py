# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The addresses of a host, within a deadline, which the system's DNS lookup does not know."""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from threading import Thread
from typing import Any

from .deadline import Deadline
from .exchange import NoAnswer
from .network_errors import Unusable

__all__ = ["Address", "Lookup"]

Address = tuple[int, Any]
"""A family and what ``socket.connect`` takes for it."""


class Lookup:
    """DNS lookups of one sender, of which at most one is ever left behind in a thread."""

    def __init__(self) -> None:
        self._pending: Thread | None = None

    def addresses(self, host: str, port: int, deadline: Deadline) -> list[Address]:
        """
        The addresses of a host, in the order in which to try them.

        Raises:
            OSError: There are none, or not in time.
            Unusable: An earlier lookup has not come back yet.
        """
        try:
            version = ipaddress.ip_address(host).version
        except ValueError:
            return self._looked_up(host, port, deadline)
        return [(socket.AF_INET, (host, port)) if version == 4 else (socket.AF_INET6, (host, port, 0, 0))]

    def _looked_up(self, host: str, port: int, deadline: Deadline) -> list[Address]:
        if self._pending is not None:
            self._pending.join(deadline.left_s())
            if self._pending.is_alive():
                raise Unusable(NoAnswer("an earlier DNS lookup is still pending"))
        found: Future[list[Address]] = Future()
        thread = Thread(target=_look_up, args=(host, port, found), daemon=True, name="otlpjson-lookup")
        try:
            thread.start()
        except RuntimeError:  # at exit Python starts no threads
            _look_up(host, port, found)
        self._pending = thread
        try:
            addresses = found.result(deadline.left_s())
        except FutureTimeoutError:
            raise TimeoutError from None
        self._pending = None
        return addresses


def _look_up(host: str, port: int, found: Future[list[Address]]) -> None:
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found.set_result([(family, address) for family, _, _, _, address in known])
    except BaseException as error:  # raised again in the thread that waits
        found.set_exception(error)
