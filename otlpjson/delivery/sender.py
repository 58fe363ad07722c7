# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The sender: one POST with ``requests``, under one deadline for all of its phases."""

from __future__ import annotations

import os
import random
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from datetime import datetime, timezone
from threading import Lock, Thread
from typing import Any, Final, NoReturn

import attrs
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from ..core import __version__
from ..core.errors import ConfigError
from .destination import Destination
from .exchange import MAX_ANSWER_BYTES, Answer, NoAnswer, Request, conclude, post
from .forks import watch
from .network_errors import NETWORK_ERRORS, no_answer
from .outcome import Outcome

__all__ = ["Sender"]

_USER_AGENT: Final = f"otlpjson/{__version__}"
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_MAX_TIMEOUT_S: Final = 3600
_AFTER_CUT_S: Final = 0.25
"""Seconds that a request may take to end after its connection was cut."""


class Sender:
    """
    Sends bodies to one destination, one at a time, over a connection that stays open.

    It is a context manager and may be used from several threads. Proxies and the CA bundle
    come from the usual environment variables unless they are given.

    Args:
        destination: Where to send.

        timeout_s: Seconds for one request, from the DNS lookup to the last byte of the answer.

        proxies: Proxy URLs by scheme, such as ``{"https": "http://proxy:3128"}``.

        ca_file: PEM file of the certificate authorities to trust.

    Raises:
        ConfigError: ``timeout_s`` is not positive or is above an hour, or ``ca_file`` is not a PEM file.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        timeout_s: float = 10.0,
        proxies: Mapping[str, str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        # First of all, so that a ``repr`` works in the traceback of what is raised below.
        self._destination = destination
        self._timeout_s = timeout_s
        if not 0 < timeout_s <= _MAX_TIMEOUT_S:
            expected = f"expected a positive number of seconds up to {_MAX_TIMEOUT_S}"
            raise ConfigError({"timeout_s": f"{expected}, got {timeout_s!r}"})
        if ca_file is not None:
            try:
                ssl.create_default_context(cafile=ca_file)
            except OSError:
                raise ConfigError({"ca_file": f"expected a PEM file, got {os.fspath(ca_file)!r}"}) from None
        self._proxies = None if proxies is None else dict(proxies)
        self._ca_file = None if ca_file is None else os.fspath(ca_file)
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """In a child process: a connection of its own, opened with the next request. Called by itself."""
        self._lock = Lock()
        # That of the parent is forgotten and not shut down, because the parent goes on using it.
        self._connection: _Connection | None = None
        self._cut_off: Thread | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        # Copying and pickling both come here. Left to themselves they fail half-way, at the lock,
        # and leave an object without attributes.
        raise TypeError("a Sender holds a connection, so it cannot be copied or pickled")

    def __repr__(self) -> str:
        return f"Sender({self._destination!r}, timeout_s={self._timeout_s})"

    def send(self, body: bytes, *, test: bool = False) -> Outcome:
        """
        One request with this body; never raises because of the network or the server.

        Args:
            body: OTLP/JSON, not compressed.

            test: Whether it is a connection test; a webhook recognises it by a header.
        """
        destination = self._destination
        request = post(destination, body, user_agent=_USER_AGENT, test=test)
        with self._lock:
            answer = self._exchange(request)
        now = datetime.now(timezone.utc)
        return conclude(answer, now=now, secrets=destination.secrets, is_webhook=destination.is_webhook)

    def now_s(self) -> float:
        """Seconds on a clock that only runs forward."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)

    def jitter(self) -> float:
        """A random number from 0 up to 1."""
        return random.random()

    def close(self) -> None:
        """Closes the connection; the next request opens another one."""
        with self._lock:
            if self._connection is not None:
                self._connection.cut()
                self._connection = None

    def _exchange(self, request: Request) -> Answer | NoAnswer:
        deadline_s = self.now_s() + self._timeout_s
        if self._cut_off is not None:
            # At most one thread is ever left behind: one that hangs in a DNS lookup.
            self._cut_off.join(self._timeout_s)
            if self._cut_off.is_alive():
                return NoAnswer("an earlier DNS lookup is still pending")
        # The connection is kept only after a complete answer: on any other, a later request could
        # be given the rest of this one's answer.
        connection, self._connection = self._connection or _Connection(), None
        connection.begun, connection.lasts = None, False
        arrival: Future[Answer | NoAnswer] = Future()
        thread = Thread(
            target=self._run, args=(connection, request, arrival), daemon=True, name="otlpjson-sender"
        )
        try:
            thread.start()
        except RuntimeError:  # Python starts no threads at exit; in this one, each phase has its own timeout
            self._run(connection, request, arrival)
        try:
            answer = arrival.result(max(deadline_s - self.now_s(), 0.0))
            self._connection = connection if connection.lasts else None
            return answer
        except FutureTimeoutError:
            # A status that arrived in time still says whether the server accepted the body.
            begun = connection.begun
            connection.cut()
            thread.join(_AFTER_CUT_S)
            return begun or NoAnswer("timed out")
        finally:
            if self._connection is None:
                connection.cut()
            self._cut_off = thread if thread.is_alive() else None

    def _run(self, connection: _Connection, request: Request, arrival: Future[Answer | NoAnswer]) -> None:
        try:
            arrival.set_result(self._talk(connection, request))
        except BaseException as error:  # raised again in the thread that waits
            arrival.set_exception(error)

    def _talk(self, connection: _Connection, request: Request) -> Answer | NoAnswer:
        try:
            asked = requests.Request(request.method, request.url, dict(request.headers), data=request.body)
            response = connection.adapter.send(
                asked.prepare(),
                stream=True,
                timeout=(self._timeout_s, self._timeout_s),
                verify=self._verify(),
                proxies=get_environ_proxies(request.url) if self._proxies is None else self._proxies,
            )
        except NETWORK_ERRORS as error:
            return no_answer(error)
        with response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            connection.begun = Answer(status=response.status_code, headers=headers, complete=False)
            try:
                body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=False)
            except NETWORK_ERRORS:
                return connection.begun
        length = str(len(body))  # urllib3 does not report a body that is shorter than announced
        complete = len(body) <= MAX_ANSWER_BYTES and headers.get("content-length", length) == length
        connection.lasts = complete and "close" not in headers.get("connection", "").lower()
        return attrs.evolve(connection.begun, body=body[:MAX_ANSWER_BYTES], complete=complete)

    def _verify(self) -> str | bool:
        named = (os.environ.get(variable) for variable in _CA_VARIABLES)
        return self._ca_file or next(filter(None, named), True)


class _Connection:
    """A connection, kept between requests, that another thread can cut in any phase of a request."""

    def __init__(self) -> None:
        self.adapter = _Adapter(self)
        self.begun: Answer | None = None
        self.lasts = False
        self._lock = Lock()
        self._copy: socket.socket | None = None
        self._is_cut = False

    def hold(self, connected: socket.socket) -> None:
        """Remembers the socket of a new connection."""
        with self._lock:
            if self._copy is not None:
                self._copy.close()
            # A second handle, because TLS detaches the first one.
            self._copy = connected.dup()
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """Closes the connection, so that a thread that waits on it returns."""
        with self._lock:
            self._is_cut = True
            if self._copy is not None:
                with suppress(OSError):  # the server may have closed it already
                    self._copy.shutdown(socket.SHUT_RDWR)
                self._copy.close()
                self._copy = None
        self.adapter.close()


class _Adapter(HTTPAdapter):
    """The adapter of ``requests``, with connections that report their sockets."""

    # Used without a session, so that nothing follows a redirect, keeps a cookie, or reads
    # credentials from a netrc file.

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._connection)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _pool_classes(self._connection)
        return manager


def _pool_classes(connection: _Connection) -> dict[str, type]:
    def holding(kind: Any, pool: type) -> type:
        def _new_conn(self: object) -> socket.socket:
            connected: socket.socket = kind._new_conn(self)
            connection.hold(connected)
            return connected

        held = type(kind.__name__, (kind,), {"_new_conn": _new_conn})
        return type(pool.__name__, (pool,), {"ConnectionCls": held})

    return {
        "http": holding(urllib3.connection.HTTPConnection, urllib3.HTTPConnectionPool),
        "https": holding(urllib3.connection.HTTPSConnection, urllib3.HTTPSConnectionPool),
    }
