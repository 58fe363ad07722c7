# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The sender: one POST, under one deadline for all of its phases."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Final, NoReturn

import attrs

from ..core import __version__
from ..core.errors import ConfigError
from .compression import Compression
from .deadline import Deadline
from .destination import Destination
from .exchange import post
from .forks import watch
from .loading import LOADING
from .outcome import Outcome
from .real_time import RealTime
from .tls import Tls
from .url import host_of

if TYPE_CHECKING:
    from .wire import Wire

__all__ = ["Sender"]

_LOG: Final = logging.getLogger("otlpjson")
_USER_AGENT: Final = f"otlpjson/{__version__}"
_TIMEOUT_S: Final = 10.0
_MAX_TIMEOUT_S: Final = 3600


class Sender(RealTime):
    """
    Sends bodies to one destination, one at a time, over a connection that stays open.

    It is a context manager and may be used from several threads. Proxies and the CA bundle
    come from the usual environment variables unless they are given.

    Args:
        destination: Where to send.

        timeout_s:
            Seconds for one request, from the DNS lookup to the last byte of the answer. Default: what
            the destination says, else 10.

        proxies: Proxy URLs by scheme, such as ``{"https": "http://proxy:3128"}``.

        ca_file: PEM file of the certificate authorities to trust. Default: that of the destination.

        compression: How bodies are compressed. Default: as the destination says.

    Raises:
        ConfigError: ``timeout_s`` is not positive or is above an hour, or a file for TLS is not a PEM file.
    """

    def __init__(
        self,
        destination: Destination,
        *,
        timeout_s: float | None = None,
        proxies: Mapping[str, str] | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        compression: Compression | None = None,
    ) -> None:
        # First of all, so that a ``repr`` works in the traceback of what is raised below.
        self._destination = destination
        if timeout_s is None:
            timeout_s = destination.timeout_s or _TIMEOUT_S
        self._timeout_s = timeout_s
        if not 0 < timeout_s <= _MAX_TIMEOUT_S:
            expected = f"expected a positive number of seconds up to {_MAX_TIMEOUT_S}"
            raise ConfigError({"timeout_s": f"{expected}, got {timeout_s!r}"})
        self._proxies = None if proxies is None else dict(proxies)
        given = destination.tls
        self._tls = given if ca_file is None else attrs.evolve(given, ca_file=os.fspath(ca_file))
        self._tls.check()
        self._compression = compression
        self._lock = Lock()
        self._wire: Wire | None = None
        if find_spec("requests") is None:
            raise ModuleNotFoundError("sending needs requests, which is not installed", name="requests")
        watch(self)

    def after_fork(self) -> None:
        """In a child process: a connection of its own, opened with the next request. Called by itself."""
        self._lock = Lock()
        if self._wire is not None:
            self._wire.after_fork()

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
        request = post(
            self._destination, body, user_agent=_USER_AGENT, test=test, compression=self._compression
        )
        with self._lock:
            if self._wire is None:
                self._wire = _wire_to(self._destination, self._proxies, self._tls)
            outcome = self._wire.exchange(request, Deadline(self._timeout_s))
        if _LOG.isEnabledFor(logging.DEBUG):
            host = host_of(self._destination.url)
            _LOG.debug("%s %s: %s, %d bytes", request.method, host, outcome.brief, len(request.body))
        return outcome

    def close(self) -> None:
        """Closes the connection; the next request opens another one."""
        with self._lock:
            if self._wire is not None:
                self._wire.hang_up()


def _wire_to(destination: Destination, proxies: Mapping[str, str] | None, tls: Tls) -> Wire:
    # Loaded here and not at the top: ssl, http.client and requests take as long as all else together.
    with LOADING:
        from .wire import Wire
    return Wire(destination, proxies=proxies, tls=tls)
