# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
One POST with requests, under a deadline that holds over all of its phases.

The adapter of requests is used without a session: nothing can follow a redirect, keep a
cookie, or take credentials out of a netrc file or the environment.
"""

from __future__ import annotations

import os
import random
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from datetime import datetime, timezone
from http.client import HTTPException
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Final

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from .. import __version__
from ..errors import ConfigError
from .destination import Destination
from .exchange import MAX_ANSWER_BYTES, Answer, NoAnswer, Outcome, Request, conclude, post

__all__ = ["Sender"]

_USER_AGENT: Final = f"otlpjson/{__version__}"
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_AFTER_CUT_S: Final = 0.25
"""How long a request that was cut off may take to notice."""


class Sender:
    """
    Sends bodies to one destination, one at a time, over a connection that is kept.

    It is a context manager and may be used from several threads. Proxies and the CA bundle
    are taken from the usual environment variables where they are not given.

    Args:
        destination: Where to.

        timeout_s: The longest that one request may take, from name look-up to the answer's last byte.

        proxies: Proxy URLs by scheme, such as ``{"https": "http://proxy:3128"}``.

        ca_file: PEM file of the certificate authorities to trust.

    Raises:
        ConfigError: ``timeout_s`` is not positive, or ``ca_file`` no file.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        timeout_s: float = 10.0,
        proxies: Mapping[str, str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        if not timeout_s > 0:
            raise ConfigError({"timeout_s": f"expected a positive number of seconds, got {timeout_s!r}"})
        if ca_file is not None and not os.path.isfile(ca_file):
            raise ConfigError({"ca_file": f"expected a PEM file, got {os.fspath(ca_file)!r}"})
        self._destination = destination
        self._timeout_s = timeout_s
        self._proxies = None if proxies is None else dict(proxies)
        self._ca_file = None if ca_file is None else os.fspath(ca_file)
        self._lock = Lock()
        self._line: _Line | None = None
        self._cut_off: Thread | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Sender({self._destination!r}, timeout_s={self._timeout_s})"

    def send(self, body: bytes) -> Outcome:
        """One POST of a body; never raises for what the network or the server does."""
        request = post(self._destination, body, user_agent=_USER_AGENT)
        with self._lock:
            answer = self._exchange(request)
        return conclude(answer, now=datetime.now(timezone.utc), secrets=self._destination.secrets)

    def now_s(self) -> float:
        """Seconds on a clock that is never set."""
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
            if self._line is not None:
                self._line.cut()
                self._line = None

    def _exchange(self, request: Request) -> Answer | NoAnswer:
        deadline_s = self.now_s() + self._timeout_s
        if self._cut_off is not None:
            # At most one thread is ever left behind: one that hangs in a name look-up.
            self._cut_off.join(self._timeout_s)
            if self._cut_off.is_alive():
                return NoAnswer("the name look-up of an earlier request has not come back")
            self._cut_off = None
        line = self._line = self._line or _Line()
        arrival: Future[Answer | NoAnswer] = Future()
        thread = Thread(target=self._run, args=(line, request, arrival), daemon=True, name="otlpjson-sender")
        thread.start()
        try:
            return arrival.result(max(deadline_s - self.now_s(), 0.0))
        except FutureTimeoutError:
            line.cut()
        thread.join(_AFTER_CUT_S)
        self._line = None
        self._cut_off = thread if thread.is_alive() else None
        # What had come when time was up still tells that the server took the body.
        return line.begun or NoAnswer("no answer in time")

    def _run(self, line: _Line, request: Request, arrival: Future[Answer | NoAnswer]) -> None:
        try:
            arrival.set_result(self._talk(line, request))
        except BaseException as error:  # handed to the thread that waits, which raises it
            arrival.set_exception(error)

    def _talk(self, line: _Line, request: Request) -> Answer | NoAnswer:
        prepared = requests.Request(
            "POST", request.url, headers=dict(request.headers), data=request.body
        ).prepare()
        line.begun = None
        try:
            response = line.adapter.send(
                prepared,
                stream=True,
                timeout=(self._timeout_s, self._timeout_s),
                verify=self._verify(),
                proxies=get_environ_proxies(request.url) if self._proxies is None else self._proxies,
            )
        except _TALK_ERRORS as error:
            return _no_answer(error)
        with response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            line.begun = Answer(status=response.status_code, headers=headers, complete=False)
            try:
                body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=False)
            except _TALK_ERRORS:
                return line.begun
        return Answer(
            status=response.status_code,
            headers=headers,
            body=body[:MAX_ANSWER_BYTES],
            complete=len(body) <= MAX_ANSWER_BYTES,
        )

    def _verify(self) -> str | bool:
        named = (os.environ.get(variable) for variable in _CA_VARIABLES)
        return self._ca_file or next(filter(None, named), True)


class _Line:
    """One connection, kept between requests, which another thread can cut in any of its phases."""

    def __init__(self) -> None:
        self.adapter = _Adapter(self)
        self.begun: Answer | None = None
        self._lock = Lock()
        self._copy: socket.socket | None = None
        self._is_cut = False

    def hold(self, connected: socket.socket) -> None:
        """Keeps a second handle on a new connection: TLS takes the first one away."""
        with self._lock:
            if self._copy is not None:
                self._copy.close()
            self._copy = connected.dup()
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """Ends the connection, so that whoever waits for it comes back."""
        with self._lock:
            self._is_cut = True
            if self._copy is not None:
                with suppress(OSError):  # the other side may have been faster
                    self._copy.shutdown(socket.SHUT_RDWR)
                self._copy.close()
                self._copy = None
        self.adapter.close()


class _Adapter(HTTPAdapter):
    """The adapter of requests, with connections that report their sockets to a line."""

    def __init__(self, line: _Line) -> None:
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes(self._line)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _pool_classes(self._line)
        return manager


def _pool_classes(line: _Line) -> dict[str, type]:
    class Connection(urllib3.connection.HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            line.hold(connected)
            return connected

    class SecureConnection(urllib3.connection.HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connected = super()._new_conn()
            line.hold(connected)
            return connected

    class Pool(urllib3.HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}


_TALK_ERRORS: Final = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    OSError,
    ValueError,
)
# Looked for in an exception and in what caused it, in this order.
_REASONS: Final[tuple[tuple[type[BaseException], str, bool], ...]] = (
    (ssl.SSLCertVerificationError, "the certificate cannot be trusted", True),
    (ssl.SSLError, "no TLS connection; does the server speak https?", False),
    (requests.exceptions.ProxyError, "the proxy gave no connection", False),
    (socket.gaierror, "the host name was not found", False),
    (ConnectionRefusedError, "the connection was refused", False),
    (requests.exceptions.InvalidSchema, "the proxy's kind is not supported", True),
    (requests.Timeout, "no answer in time", False),
    (TimeoutError, "no answer in time", False),
    (ConnectionError, "the connection was lost", False),
    (HTTPException, "the answer was not HTTP", False),
    (urllib3.exceptions.ProtocolError, "the connection was lost", False),
    (requests.ConnectionError, "no connection", False),
    (OSError, "no connection, or no readable CA bundle", False),
)


def _no_answer(error: BaseException) -> NoAnswer:
    """Why there is no answer, in words of ours: those of requests may quote a URL or a header."""
    chain = tuple(_causes(error))
    for kind, reason, permanent in _REASONS:
        for cause in chain:
            if isinstance(cause, kind):
                detail = (
                    f": {cause.verify_message}" if isinstance(cause, ssl.SSLCertVerificationError) else ""
                )
                return NoAnswer(reason + detail, permanent)
    return NoAnswer(f"no HTTP answer ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and whatever it was made of."""
    found = [error]
    for cause in found:
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        found += [item for item in inner if isinstance(item, BaseException) and item not in found]
