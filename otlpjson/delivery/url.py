# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
URLs of destinations: parsed, checked and completed.

The rules are stricter than a standard parser's. If two parsers disagreed about the host of a URL,
a key could be sent to the wrong one, so everything that parsers are known to disagree about is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import attrs

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

__all__ = ["TRACES_PATH", "InvalidUrl", "endpoint_url", "host_of", "traces_url"]

TRACES_PATH: Final = "/otlp/v1/traces"
"""What Grafana's OTLP endpoint appends to its base URL."""

_WHERE_TO_FIND: Final = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)
# Underscores are not allowed in host names, but names of containers have them.
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST: Final = rf"(?P<host>\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)"
_URL: Final = re.compile(
    rf"(?P<scheme>[A-Za-z]+)://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?(?P<path>/.*)?", re.ASCII
)
# Without % escapes, which one server decodes before it looks up the path and another after.
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*", re.ASCII)
_DOT_SEGMENT: Final = re.compile(r"/\.{1,2}(/|$)")
_QUERY: Final = re.compile(r"[\x21\x22\x24-\x5b\x5d-\x7e]*", re.ASCII)
# Every page of Grafana Cloud has such a host; only those of its OTLP gateways accept traces.
_GRAFANA_PAGE: Final = re.compile(r"(?!otlp-gateway-)(?:.+\.)?grafana\.(?:com|net)")


class InvalidUrl(ValueError):
    """A URL cannot be used; the text gives the reason and shows nothing that may be a secret."""


def endpoint_url(given: object, *, allow_plain_http: bool) -> str:
    """
    The whole URL of an endpoint, to which nothing is added but a missing ``/``.

    Args:
        given: As a user wrote it; white space around it is removed.

        allow_plain_http: Whether ``http`` to another machine is accepted.

    Raises:
        InvalidUrl: It cannot be used.
    """
    url = _Url.parse(given)
    if not _QUERY.fullmatch(url.query or ""):
        raise InvalidUrl("expected a query of plain ASCII without spaces, backslashes or a fragment")
    _check_path(url.path.removesuffix("/"))
    _check_encryption(url, "the headers", allow_plain_http)
    return str(attrs.evolve(url, path=url.path or "/"))


def traces_url(base_url: object, *, allow_plain_http: bool) -> str:
    """
    The URL that Grafana's OTLP endpoint accepts traces at.

    Args:
        base_url: As a user wrote it, with or without ``/otlp``, ``/otlp/v1/traces`` or slashes at its end.

        allow_plain_http: Whether ``http`` to another machine is accepted.

    Raises:
        InvalidUrl: It cannot be used.
    """
    try:
        url = _Url.parse(base_url)
    except InvalidUrl as error:
        raise InvalidUrl(f"{error}; {_WHERE_TO_FIND}") from None
    path = _base_path(url.path)
    if url.query is not None:
        raise InvalidUrl("expected a URL without a query")
    if _GRAFANA_PAGE.fullmatch(url.host):
        raise InvalidUrl(f"expected the OTLP endpoint, got the address of a Grafana page; {_WHERE_TO_FIND}")
    if path.endswith("/v1/traces"):
        raise InvalidUrl(
            f"expected a base URL, got one that ends in /v1/traces; {TRACES_PATH} is added to it"
        )
    _check_path(path)
    _check_encryption(url, "the API key", allow_plain_http)
    return str(attrs.evolve(url, path=path + TRACES_PATH))


def host_of(url: str) -> str:
    """The host of a URL in lower case, an IPv6 address without its brackets; empty if it has none."""
    match = _URL.fullmatch(url.partition("?")[0])
    return "" if match is None else match["host"].lower().strip("[]")


@attrs.frozen(kw_only=True)
class _Url:
    """
    The parts of a URL.

    Attributes:
        scheme: ``https`` or ``http``.

        host: In lower case; an IPv6 address in its brackets.

        port: As written, without leading zeros; ``None`` if there was none.

        path: Begins with a slash, or is empty.

        query: What follows the first question mark; ``None`` without one.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None

    @classmethod
    def parse(cls, given: object) -> _Url:
        """The parts of a text; path and query are not checked yet, because callers differ in them."""
        text = given.strip() if isinstance(given, str) else ""
        bare, question_mark, query = text.partition("?")
        match = _URL.fullmatch(_checked_text(bare))
        if match is None:
            raise InvalidUrl("expected a URL with a host")
        scheme, host, port = match["scheme"].lower(), match["host"].lower(), match["port"]
        if scheme not in ("https", "http"):
            raise InvalidUrl(f"expected a URL that begins with https://, got {scheme}://")
        if port is not None and not 0 < int(port) < 65536:
            raise InvalidUrl(f"expected a port from 1 to 65535, got {port}")
        if host.startswith("[") and getattr(_address(host), "version", None) != 6:
            raise InvalidUrl("expected an IPv6 address between the brackets")
        return cls(
            scheme=scheme,
            host=host,
            port=None if port is None else int(port),
            path=match["path"] or "",
            query=query if question_mark else None,
        )

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"

    @property
    def is_loopback(self) -> bool:
        """Whether what is sent there stays on this machine."""
        # Other spellings, such as 127.1, are loopback to some resolvers and names to others.
        address = _address(self.host)
        return self.host == "localhost" or (address is not None and address.is_loopback)


def _checked_text(text: str) -> str:
    """A URL without its query, in which nothing is left that parsers read in two ways."""
    if text == "":
        raise InvalidUrl("expected a URL, got nothing")
    if not text.isascii() or any(character <= " " or character in "\\\x7f" for character in text):
        raise InvalidUrl("expected a URL of plain ASCII without spaces or backslashes")
    if "://" not in text:
        raise InvalidUrl("expected a URL that begins with https://")
    if "@" in text:
        raise InvalidUrl("expected a URL without a user name or password, which are given separately")
    if "#" in text:
        raise InvalidUrl("expected a URL without a fragment")
    return text


def _base_path(path: str) -> str:
    """The path without what ``traces_url`` adds to it."""
    before = None
    # Repeated, so that a URL to which it was added more than once gives the same result.
    while path != before:
        before, path = path, path.rstrip("/").removesuffix(TRACES_PATH).removesuffix("/otlp")
    return path


def _check_path(path: str) -> None:
    # Servers and proxies rewrite such paths in different ways.
    if not _PATH.fullmatch(path) or _DOT_SEGMENT.search(path):
        raise InvalidUrl("expected a path of plain segments, without //, /../ or % escapes")


def _check_encryption(url: _Url, secret: str, allow_plain_http: bool) -> None:
    if url.scheme == "http" and not allow_plain_http and not url.is_loopback:
        raise InvalidUrl(f"expected https, got http, which would send {secret} unencrypted")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    # Loaded here and not at the top: most URLs have names, and are encrypted.
    from ipaddress import ip_address

    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
