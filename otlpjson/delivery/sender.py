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
from typing import Any, Final, Union

import attrs
import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.util.ssl_match_hostname import CertificateError

from ..core import __version__
from ..core.errors import ConfigError
from .destination import Destination
from .exchange import MAX_ANSWER_BYTES, Answer, NoAnswer, Request, conclude, post
from .outcome import Outcome

__all__ = ["Sender"]

_USER_AGENT: Final = f"otlpjson/{__version__}"
_CA_VARIABLES: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_MAX_TIMEOUT_S: Final = 3600
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
        ConfigError: ``timeout_s`` is not positive or above an hour, or ``ca_file`` no PEM file.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        timeout_s: float = 10.0,
        proxies: Mapping[str, str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
    ) -> None:
        if not 0 < timeout_s <= _MAX_TIMEOUT_S:
            expected = f"expected a positive number of seconds up to {_MAX_TIMEOUT_S}"
            raise ConfigError({"timeout_s": f"{expected}, got {timeout_s!r}"})
        if ca_file is not None:
            try:
                ssl.create_default_context(cafile=ca_file)
            except OSError:
                raise ConfigError({"ca_file": f"expected a PEM file, got {os.fspath(ca_file)!r}"}) from None
        self._destination = destination
        self._timeout_s = timeout_s
        self._proxies = None if proxies is None else dict(proxies)
        self._ca_file = None if ca_file is None else os.fspath(ca_file)
        self._lock = Lock()
        self._line: _Line | None = None
        self._cut_off: Thread | None = None

    def __enter__(self) -> Sender:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Sender({self._destination!r}, timeout_s={self._timeout_s})"

    def send(self, body: bytes, *, test: bool = False) -> Outcome:
        """One request with a body; never raises for what the network or the server does."""
        destination = self._destination
        request = post(destination, body, user_agent=_USER_AGENT, test=test)
        with self._lock:
            answer = self._exchange(request)
        now = datetime.now(timezone.utc)
        return conclude(answer, now=now, secrets=destination.secrets, is_webhook=destination.is_webhook)

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
        # Taken, and given back only after a whole answer.
        line, self._line = self._line or _Line(), None
        line.begun, line.lasts = None, False
        arrival: Future[Answer | NoAnswer] = Future()
        thread = Thread(target=self._run, args=(line, request, arrival), daemon=True, name="otlpjson-sender")
        try:
            thread.start()
        except RuntimeError:  # no more threads, as at exit: here then, with the timeout for each phase
            self._run(line, request, arrival)
        try:
            answer = arrival.result(max(deadline_s - self.now_s(), 0.0))
            self._line = line if line.lasts else None
            return answer
        except FutureTimeoutError:
            # What had come when time was up still tells that the server took the body.
            begun = line.begun
            line.cut()
            thread.join(_AFTER_CUT_S)
            return begun or NoAnswer("no answer in time")
        finally:
            if self._line is None:
                line.cut()
            self._cut_off = thread if thread.is_alive() else None

    def _run(self, line: _Line, request: Request, arrival: Future[Answer | NoAnswer]) -> None:
        try:
            arrival.set_result(self._talk(line, request))
        except BaseException as error:  # handed to the thread that waits, which raises it
            arrival.set_exception(error)

    def _talk(self, line: _Line, request: Request) -> Answer | NoAnswer:
        try:
            asked = requests.Request(request.method, request.url, dict(request.headers), data=request.body)
            response = line.adapter.send(
                asked.prepare(),
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
        length = str(len(body))  # urllib3 does not say when a body is shorter than promised
        complete = len(body) <= MAX_ANSWER_BYTES and headers.get("content-length", length) == length
        line.lasts = complete and "close" not in headers.get("connection", "").lower()
        return attrs.evolve(line.begun, body=body[:MAX_ANSWER_BYTES], complete=complete)

    def _verify(self) -> str | bool:
        named = (os.environ.get(variable) for variable in _CA_VARIABLES)
        return self._ca_file or next(filter(None, named), True)


class _Line:
    """One connection, kept between requests, which another thread can cut in any of its phases."""

    def __init__(self) -> None:
        self.adapter = _Adapter(self)
        self.begun: Answer | None = None
        self.lasts = False
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
    def holding(connection: Any, pool: type) -> type:
        def _new_conn(self: object) -> socket.socket:
            connected: socket.socket = connection._new_conn(self)
            line.hold(connected)
            return connected

        held = type(connection.__name__, (connection,), {"_new_conn": _new_conn})
        return type(pool.__name__, (pool,), {"ConnectionCls": held})

    return {
        "http": holding(urllib3.connection.HTTPConnection, urllib3.HTTPConnectionPool),
        "https": holding(urllib3.connection.HTTPSConnection, urllib3.HTTPSConnectionPool),
    }


_TALK_ERRORS: Final = (OSError, ValueError, HTTPException, urllib3.exceptions.HTTPError)  # requests' too
_Kinds = Union[type[BaseException], tuple[type[BaseException], ...]]
# Looked for in an exception and in what caused it, in this order.
_REASONS: Final[tuple[tuple[_Kinds, str, bool], ...]] = (
    (ssl.SSLCertVerificationError, "the certificate cannot be trusted", True),
    (CertificateError, "the certificate is for another host", True),
    (ssl.SSLError, "no TLS connection; does the server speak https?", False),
    (requests.exceptions.ProxyError, "the proxy gave no connection", False),
    (socket.gaierror, "the host name was not found", False),
    (ConnectionRefusedError, "the connection was refused", False),
    (requests.exceptions.InvalidSchema, "the proxy's kind is not supported", True),
    ((requests.Timeout, TimeoutError), "no answer in time", False),
    (ConnectionError, "the connection was lost", False),
    ((HTTPException, urllib3.exceptions.InvalidHeader), "the answer was not HTTP", False),
    (urllib3.exceptions.ProtocolError, "the connection was lost", False),
    (requests.ConnectionError, "no connection", False),
    (ValueError, "the URL, a header or the proxy's URL cannot be used", True),
    (requests.RequestException, "no HTTP answer", False),
    (OSError, "no connection, or no readable CA bundle", False),
)
# Of http.client, which has no exception of its own for it.
_TUNNEL_407: Final = "Tunnel connection failed: 407"


def _no_answer(error: Exception) -> Answer | NoAnswer:
    """Why there is no answer, in words of ours: those of requests may quote a URL or a header."""
    chain = tuple(_causes(error))
    if any(str(cause).startswith(_TUNNEL_407) for cause in chain):
        return Answer(status=407)
    for kind, reason, permanent in _REASONS:
        for cause in chain:
            if isinstance(cause, kind):
                why = f": {cause.verify_message}" if isinstance(cause, ssl.SSLCertVerificationError) else ""
                return NoAnswer(reason + why, permanent)
    return NoAnswer("no HTTP answer")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, and whatever it was made of."""
    found = [error]
    for cause in found:
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        found += [item for item in inner if isinstance(item, BaseException) and item not in found]
