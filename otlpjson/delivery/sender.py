# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The sender: one POST, under one deadline for all of its phases."""

from __future__ import annotations

import os
import random
import ssl
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from threading import Lock
from typing import Final, NoReturn

from ..core import __version__
from ..core.errors import ConfigError
from .compression import GZIP, Compression
from .connection import Connection
from .deadline import Deadline
from .destination import Destination
from .dialling import Dialling, Line
from .exchange import Answer, NoAnswer, Request, conclude, post
from .forks import watch
from .http_head import head_of
from .network_errors import NETWORK_ERRORS, no_answer
from .outcome import Outcome

__all__ = ["Sender"]

_USER_AGENT: Final = f"otlpjson/{__version__}"
_MAX_TIMEOUT_S: Final = 3600


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

        compression: How bodies are compressed. Default: gzip, at its fastest.

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
        compression: Compression = GZIP,
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
        self._dialling = Dialling(
            destination.url,
            proxies=None if proxies is None else dict(proxies),
            ca_file=None if ca_file is None else os.fspath(ca_file),
        )
        self._compression = compression
        self._lock = Lock()
        self._kept: Line | None = None
        watch(self)

    def after_fork(self) -> None:
        """In a child process: a connection of its own, opened with the next request. Called by itself."""
        self._lock = Lock()
        self._dialling.after_fork()
        self._hang_up()

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
        request = post(destination, body, user_agent=_USER_AGENT, test=test, compression=self._compression)
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
            self._hang_up()

    def _hang_up(self) -> None:
        if self._kept is not None:
            self._kept.connection.close()
            self._kept = None

    def _exchange(self, request: Request) -> Answer | NoAnswer:
        deadline = Deadline(self._timeout_s)
        try:
            return self._asked(request, deadline)
        except NETWORK_ERRORS as error:
            return no_answer(error)

    def _asked(self, request: Request, deadline: Deadline) -> Answer:
        kept, self._kept = self._kept, None
        if kept is not None and kept.connection.is_stale():
            kept.connection.close()
            kept = None
        if kept is not None:
            try:
                return self._ask(kept, request, deadline)
            except ConnectionError:
                # The server closed it while the request was on its way, which happens to any connection.
                if kept.connection.heard:
                    raise
        return self._ask(self._dialling.open(deadline), request, deadline)

    def _ask(self, line: Line, request: Request, deadline: Deadline) -> Answer:
        connection = line.connection
        # Only after a complete answer: a later request could be given the rest of this one's.
        connection.lasts = False
        try:
            head = head_of(request, line.target, line.host, line.headers)
            try:
                connection.send(head + request.body, deadline)
            except ConnectionError as error:
                return _early_answer(connection, deadline, error)
            return connection.answer(deadline)
        finally:
            if connection.lasts:
                self._kept = line
            else:
                connection.close()


def _early_answer(connection: Connection, deadline: Deadline, error: ConnectionError) -> Answer:
    """What a server said that did not read all of a request; otherwise the error of sending it."""
    try:
        answer = connection.answer(deadline)
    except NETWORK_ERRORS:
        raise error from None
    connection.lasts = False
    return answer
