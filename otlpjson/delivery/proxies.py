# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which proxy a request goes through: the one that was given, or that of the usual variables."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import attrs
from requests.utils import get_environ_proxies, select_proxy

from .exchange import NoAnswer
from .network_errors import Unusable

__all__ = ["Proxy", "proxy_for"]


@attrs.frozen(kw_only=True)
class Proxy:
    """
    An HTTP proxy.

    Attributes:
        host, port: Where it is.

        authorization: The value of ``Proxy-Authorization``, or ``None``. Never shown.
    """

    host: str
    port: int
    authorization: str | None = attrs.field(default=None, repr=False)


def proxy_for(url: str, given: Mapping[str, str] | None) -> Proxy | None:
    """
    The proxy for a URL; ``None`` for none.

    Args:
        url: The whole URL of the request.

        given: Proxy URLs by scheme; ``None`` for those of the environment, which never apply to plain
            http on this machine: key and prompts would leave it in clear text.

    Raises:
        Unusable: It is no HTTP proxy.
        ValueError: Its URL is invalid.
    """
    if given is None and _is_plain_and_local(url):
        return None
    proxy = select_proxy(url, dict(get_environ_proxies(url) if given is None else given))
    return _parsed(proxy) if proxy else None


def _parsed(proxy: str) -> Proxy:
    # "host:port" means http, as with curl.
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme.startswith("socks"):
        raise Unusable(NoAnswer("unsupported kind of proxy", permanent=True))
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError("not the URL of an HTTP proxy")
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode("latin-1")).decode("ascii")
    return Proxy(host=parts.hostname, port=parts.port or 80, authorization=authorization)


def _is_plain_and_local(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname.rstrip(".") == "localhost" or parts.hostname.endswith(".localhost")
