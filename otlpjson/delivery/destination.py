# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Where bodies go and with which headers: checked, complete, and never shown.

The URL rules are strict on purpose. Two parsers that disagree about a URL's host would send
a key to the wrong one, so everything that parsers are known to disagree about is refused.
"""

from __future__ import annotations

import base64
import json
import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import quote

import attrs

from ..errors import ConfigError

__all__ = ["Destination", "blacked_out", "grafana_cloud"]

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
_GRAFANA_PAGE: Final = re.compile(r"(?!otlp-gateway-)(?:.+\.)?grafana\.(?:com|net)")
_INSTANCE_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_BLACK: Final = "[secure]"
_RECOGNISABLE: Final = 8
"""So many characters of a secret, one after another, are never shown."""
_API_KEY: Final = re.compile(r"[\x21-\x7e]{1,4096}", re.ASCII)


@attrs.frozen(kw_only=True)
class Destination:
    """
    Where bodies go.

    Attributes:
        url: The full URL of the POST.

        headers: Sent with each request. Credentials among them; never part of a ``repr``.

        secrets: Texts that must not appear in any message, however they got there.
    """

    url: str
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=lambda headers: f"<{len(headers)}>")
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)


def grafana_cloud(
    base_url: str, instance_id: str | int, api_key: str, *, allow_plain_http: bool = False
) -> Destination:
    """
    Grafana Cloud's OTLP endpoint, or a gateway with the same path and Basic auth.

    Args:
        base_url:
            The OTLP endpoint. With or without ``/otlp``, ``/otlp/v1/traces`` or slashes at
            the end it gives the same URL: ``<base_url>/otlp/v1/traces``.

        instance_id: The stack's number.

        api_key: An access policy token with ``traces:write``; begins with ``glc_``.

        allow_plain_http: Send the key over ``http`` to a host other than this machine.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; none of the values.
    """
    url, problem = _traces_url(base_url, allow_plain_http)
    problems = {} if problem is None else {"base_url": problem}
    # Not str() of any number: CPython refuses to write one of more than 4,300 digits.
    number = f"{instance_id}" if type(instance_id) is int and 0 <= instance_id < 10**20 else instance_id
    instance = number.strip() if isinstance(number, str) else ""
    if not _INSTANCE_ID.fullmatch(instance):
        problems["instance_id"] = f"expected digits such as 123456, got {_kind_of(number)}"
    key = api_key.strip() if isinstance(api_key, str) else ""
    if not _API_KEY.fullmatch(key):
        problems["api_key"] = f"expected an API key such as glc_…, got {_kind_of(api_key)}"
    if problems:
        raise ConfigError(problems)
    token = base64.b64encode(f"{instance}:{key}".encode("ascii")).decode("ascii")
    # A server may quote them as they came, or the way JSON or a URL writes them.
    secrets = tuple(
        dict.fromkeys((token, quote(token, safe=""), key, json.dumps(key)[1:-1], quote(key, safe="")))
    )
    return Destination(url=url, headers=(("Authorization", f"Basic {token}"),), secrets=secrets)


def blacked_out(text: str, secrets: tuple[str, ...]) -> str:
    """The text without secrets and, as a server may cut or escape one, without their parts."""
    for secret in filter(None, secrets):
        text = text.replace(secret, _BLACK)
    width = _RECOGNISABLE
    pieces = {secret[at : at + width] for secret in secrets for at in range(len(secret) - width + 1)}
    shown: list[str] = []
    black_until = 0
    for at, character in enumerate(text):
        if text[at : at + width] in pieces:
            shown += [_BLACK] if at >= black_until else []
            black_until = at + width
        elif at >= black_until:
            shown.append(character)
    return "".join(shown)


def _kind_of(value: object) -> str:
    """What is wrong with a value that must not be shown."""
    if not isinstance(value, str):
        return "nothing" if value is None else f"another {type(value).__name__}"
    text = value.strip()
    if text == "":
        return "nothing"
    strange = [character for character in text if not "\x21" <= character <= "\x7e"]
    if strange:
        return f"text with a character (U+{ord(strange[0]):04X}) that cannot be part of it"
    return f"{len(text)} other characters"


def _traces_url(base_url: object, allow_plain_http: bool) -> tuple[str, str | None]:
    """The URL of the POST, or the reason why there is none."""
    text = base_url.strip() if isinstance(base_url, str) else ""
    problem = _form_problem(text)
    match = _URL.fullmatch(text)
    if problem or match is None:
        return "", problem or f"expected a URL with a host; {_WHERE_TO_FIND}"
    scheme, host, port = match["scheme"].lower(), match["host"].lower(), match["port"]
    path = _base_path(match["path"] or "")
    problem = _part_problem(scheme, host, port, path)
    if problem is None and scheme == "http" and not allow_plain_http and not _is_loopback(host):
        problem = "expected https, got http, over which anyone on the way can read the API key"
    return f"{scheme}://{host}{f':{int(port)}' if port else ''}{path}{TRACES_PATH}", problem


def _form_problem(text: str) -> str | None:
    """What is wrong with the text before it is taken apart."""
    if text == "":
        return f"expected a URL, got nothing; {_WHERE_TO_FIND}"
    if not text.isascii() or any(character <= " " or character in "\\\x7f" for character in text):
        return "expected a URL of plain ASCII without spaces and backslashes"
    if "://" not in text:
        return f"expected a URL that begins with https://; {_WHERE_TO_FIND}"
    if "@" in text:
        return "expected a URL without user name and password; they are the instance id and the API key"
    if "?" in text or "#" in text:
        return "expected a URL without query and fragment"
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


def _part_problem(scheme: str, host: str, port: str | None, path: str) -> str | None:
    """What is wrong with a part of the URL."""
    if scheme not in ("https", "http"):
        return f"expected a URL that begins with https://, got {scheme}://"
    if port is not None and not 0 < int(port) < 65536:
        return f"expected a port from 1 to 65535, got {port}"
    if host.startswith("[") and not isinstance(_address(host), IPv6Address):
        return "expected an IPv6 address between the brackets"
    if _GRAFANA_PAGE.fullmatch(host):
        return f"expected the OTLP endpoint, got the address of a Grafana page; {_WHERE_TO_FIND}"
    if path.endswith("/v1/traces"):
        return "expected a base URL: Grafana's path is /otlp/v1/traces, and it is added here"
    if not _PATH.fullmatch(path) or re.search(r"/\.{1,2}(/|$)", path):
        return "expected a path of plain segments, without //, /../ and % escapes"
    return None
