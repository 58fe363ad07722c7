# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
URLs of destinations, checked.

The rules are strict on purpose. Two parsers that disagree about a URL's host would send a key
to the wrong one, so everything that parsers are known to disagree about is refused.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

__all__ = ["endpoint_url", "traces_url"]

TRACES_PATH: Final = "/otlp/v1/traces"
_WHERE_TO_FIND: Final = (
    "Grafana Cloud shows it under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST: Final = rf"(?P<host>\[[0-9A-Fa-f:.]+\]|{_LABEL}(?:\.{_LABEL})*)"
_URL: Final = re.compile(
    rf"(?P<scheme>[A-Za-z]+)://{_HOST}(?::(?P<port>[0-9]{{1,5}}))?(?P<path>/.*)?", re.ASCII
)
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+)*", re.ASCII)
_QUERY: Final = re.compile(r"[\x21\x22\x24-\x5b\x5d-\x7e]*", re.ASCII)
_GRAFANA_PAGE: Final = re.compile(r"(?!otlp-gateway-)(?:.+\.)?grafana\.(?:com|net)")


def endpoint_url(given: object, allow_plain_http: bool) -> tuple[str, str | None]:
    """A URL that is used as it stands, but for white space around it; or the reason why it cannot be."""
    text = given.strip() if isinstance(given, str) else ""
    bare, question_mark, query = text.partition("?")
    origin, path, problem = _taken_apart(bare, query, allow_plain_http, is_base=False)
    return f"{origin}{path or '/'}{question_mark}{query}", problem


def traces_url(base_url: object, allow_plain_http: bool) -> tuple[str, str | None]:
    """The URL of the POST, or the reason why there is none."""
    text = base_url.strip() if isinstance(base_url, str) else ""
    origin, path, problem = _taken_apart(text, "", allow_plain_http, is_base=True)
    return f"{origin}{path}{TRACES_PATH}", problem


def _taken_apart(
    text: str, query: str, allow_plain_http: bool, *, is_base: bool
) -> tuple[str, str, str | None]:
    """Origin and path of a URL without its query, and what is wrong with any of it."""
    problem = _form_problem(text, is_base=is_base)
    if problem is None and not _QUERY.fullmatch(query):
        problem = "expected a query of plain ASCII without spaces, backslashes and a fragment"
    match = _URL.fullmatch(text)
    if problem or match is None:
        return "", "", problem or f"expected a URL with a host{_hint(is_base)}"
    scheme, host, port = match["scheme"].lower(), match["host"].lower(), match["port"]
    path = _base_path(match["path"] or "") if is_base else match["path"] or ""
    problem = _part_problem(scheme, host, port, path.removesuffix("/"), is_base=is_base)
    if problem is None and scheme == "http" and not allow_plain_http and not _is_loopback(host):
        secret = "the API key" if is_base else "the headers"
        problem = f"expected https, got http, over which anyone on the way can read {secret}"
    return f"{scheme}://{host}{f':{int(port)}' if port else ''}", path, problem


def _hint(is_base: bool) -> str:
    return f"; {_WHERE_TO_FIND}" if is_base else ""


def _form_problem(text: str, *, is_base: bool) -> str | None:
    """What is wrong with the text before it is taken apart."""
    if text == "":
        return f"expected a URL, got nothing{_hint(is_base)}"
    if not text.isascii() or any(character <= " " or character in "\\\x7f" for character in text):
        return "expected a URL of plain ASCII without spaces and backslashes"
    if "://" not in text:
        return f"expected a URL that begins with https://{_hint(is_base)}"
    if "@" in text:
        theirs = "are the instance id and the API key" if is_base else "belong into a header"
        return f"expected a URL without user name and password; they {theirs}"
    if "?" in text or "#" in text:
        return "expected a URL without query and fragment" if is_base else "expected a URL without fragment"
    return None


def _base_path(path: str) -> str:
    """The path without what is added here; repeated, so that adding it twice changes nothing."""
    before = None
    while path != before:
        before, path = path, path.rstrip("/").removesuffix(TRACES_PATH).removesuffix("/otlp")
    return path


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _part_problem(scheme: str, host: str, port: str | None, path: str, *, is_base: bool) -> str | None:
    """What is wrong with a part of the URL."""
    if scheme not in ("https", "http"):
        return f"expected a URL that begins with https://, got {scheme}://"
    if port is not None and not 0 < int(port) < 65536:
        return f"expected a port from 1 to 65535, got {port}"
    if host.startswith("[") and not isinstance(_address(host), IPv6Address):
        return "expected an IPv6 address between the brackets"
    if is_base and _GRAFANA_PAGE.fullmatch(host):
        return f"expected the OTLP endpoint, got the address of a Grafana page; {_WHERE_TO_FIND}"
    if is_base and path.endswith("/v1/traces"):
        return "expected a base URL: Grafana's path is /otlp/v1/traces, and it is added here"
    if not _PATH.fullmatch(path) or re.search(r"/\.{1,2}(/|$)", path):
        return "expected a path of plain segments, without //, /../ and % escapes"
    return None
