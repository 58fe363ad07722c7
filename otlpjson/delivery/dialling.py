# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""From a URL to an open connection: DNS lookup, connect, the proxy's tunnel, TLS."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from ssl import SSLContext
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

import attrs

from .connection import Connection
from .deadline import Deadline
from .exchange import Answer, NoAnswer
from .lookup import Lookup
from .network_errors import Unusable
from .proxies import Proxy, proxy_for
from .tls import Tls
from .trust import trusting

__all__ = ["Dialling", "Line"]

# What may stand in a URL as it is, what is escaped already included.
_SAFE: Final = "%/:=&?~#+!$,;'@()*[]"
_PORTS: Final = MappingProxyType({"http": 80, "https": 443})


@attrs.frozen(kw_only=True)
class Line:
    """
    An open connection, and how requests are written on it.

    Attributes:
        connection: The connection.

        target: What stands in the first line of a request: a path or, for a proxy, the whole URL.

        host: The value of the header ``Host``.

        headers: Headers for the proxy that reads the request.
    """

    connection: Connection
    target: str
    host: str
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=False)


class Dialling:
    """
    Opens connections to the server of one URL.

    Args:
        url: The whole URL of the requests.

        proxies: Proxy URLs by scheme; ``None`` for those of the environment.

        tls: Whom to trust, and the certificate of this side.
    """

    def __init__(self, url: str, *, proxies: Mapping[str, str] | None, tls: Tls) -> None:
        self._url = url
        self._proxies = proxies
        self._tls = tls
        self._lookup = Lookup()
        # Reading the authorities takes longer than all the rest.
        self._trusted: tuple[tuple[str | None, ...], SSLContext] | None = None

    def after_fork(self) -> None:
        """In a child process: no lookup is pending."""
        self._lookup = Lookup()

    def open(self, deadline: Deadline) -> Line:
        """
        A new connection.

        Raises:
            OSError: It cannot be opened, or not in time.
            ValueError: The URL, or that of the proxy, is invalid.
            Unusable: The proxy refused, or something is misconfigured.
        """
        parts = urlsplit(self._url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("not the URL of a server")
        host, port = _ascii(parts.hostname), parts.port or _PORTS[parts.scheme]
        query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
        path = quote(parts.path or "/", safe=_SAFE) + query
        named = f"[{host}]" if ":" in host else host
        shown = named if port == _PORTS[parts.scheme] else f"{named}:{port}"
        proxy = proxy_for(self._url, self._proxies)
        # What cannot be trusted needs no connection.
        context = self._context() if parts.scheme == "https" else None
        where = (host, port) if proxy is None else (proxy.host, proxy.port)
        connected = self._connected(*where, deadline)
        if context is None:
            target, headers = (path, ()) if proxy is None else (f"http://{shown}{path}", _for_proxy(proxy))
            return Line(connection=Connection(connected), target=target, host=shown, headers=headers)
        try:
            if proxy is not None:
                _tunnel(connected, f"{named}:{port}", proxy, deadline)
            # OpenSSL keeps this timeout for the whole handshake.
            connected.settimeout(deadline.left_s())
            connected = context.wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise
        return Line(connection=Connection(connected), target=path, host=shown)

    def _connected(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        failure: OSError = OSError("no address")
        for family, address in self._lookup.addresses(host, port, deadline):
            connected = socket.socket(family, socket.SOCK_STREAM)
            try:
                connected.settimeout(deadline.left_s())
                connected.connect(address)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connected
            except OSError as error:
                connected.close()
                failure = error
            except BaseException:
                connected.close()
                raise
        raise failure

    def _context(self) -> SSLContext:
        named = tuple(os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
        if self._trusted is None or self._trusted[0] != named:
            context = trusting(self._tls.ca_file, os.environ)
            self._tls.add_to(context)
            self._trusted = (named, context)
        return self._trusted[1]


def _tunnel(connected: socket.socket, server: str, proxy: Proxy, deadline: Deadline) -> None:
    """Asks a proxy for a way to the server, which says nothing before TLS begins."""
    lines = [f"CONNECT {server} HTTP/1.1", f"Host: {server}"]
    lines += [f"{name}: {value}" for name, value in _for_proxy(proxy)]
    connection = Connection(connected)
    connection.send("\r\n".join([*lines, "", ""]).encode("ascii"), deadline)
    status = connection.status(deadline)
    if status == 407:
        raise Unusable(Answer(status=407))
    if not 200 <= status < 300:
        raise Unusable(NoAnswer("the proxy did not connect"))


def _for_proxy(proxy: Proxy) -> tuple[tuple[str, str], ...]:
    return () if proxy.authorization is None else (("Proxy-Authorization", proxy.authorization),)


def _ascii(host: str) -> str:
    """A host's name as DNS has it."""
    with suppress(UnicodeEncodeError):
        host.encode("ascii")
        if ".." in host or host.startswith("."):
            raise ValueError("an empty label")
        return host
    return host.encode("idna").decode("ascii")
