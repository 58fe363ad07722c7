# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where bodies go and with which headers: checked, complete, and never shown."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import quote

import attrs

from ..core.errors import ConfigError
from .url import endpoint_url, traces_url

__all__ = ["Destination", "Method", "blacked_out", "grafana_cloud", "otel_collector", "webhook"]

Method = Literal["POST", "PUT"]

_INSTANCE_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_BLACK: Final = "[secure]"
_RECOGNISABLE: Final = 8
"""So many characters of a secret, one after another, are never shown."""
_API_KEY: Final = re.compile(r"[\x21-\x7e]{1,4096}", re.ASCII)
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]{1,4096}", re.ASCII)
_OURS: Final = frozenset(
    {"content-type", "content-encoding", "content-length", "accept-encoding", "host", "transfer-encoding"}
)


@attrs.frozen(kw_only=True)
class Destination:
    """
    Where bodies go.

    Attributes:
        url: The full URL of the request. Its query is never part of a ``repr``.

        headers: Sent with each request. Credentials among them; never part of a ``repr``.

        secrets: Texts that must not appear in any message, however they got there.

        method: ``POST`` or, for a webhook that wants it, ``PUT``.

        is_webhook:
            Whether any success is good enough, and Test Connection sends an empty body with
            the header ``X-Test-Connection: true``, to which a 400 is good enough too.
    """

    url: str = attrs.field(repr=lambda url: repr(url.partition("?")[0]))
    headers: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=lambda headers: f"<{len(headers)}>")
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)
    method: Method = "POST"
    is_webhook: bool = False


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
    url, problem = traces_url(base_url, allow_plain_http)
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
    return Destination(url=url, headers=(("Authorization", f"Basic {token}"),), secrets=_forms(token, key))


def otel_collector(
    endpoint: str, headers: Mapping[str, str] | None = None, *, allow_plain_http: bool = False
) -> Destination:
    """
    An OTLP/HTTP receiver, such as an OpenTelemetry Collector.

    Args:
        endpoint: The whole URL, usually ending in ``/v1/traces``; nothing is added to it.

        headers: Sent with each request, such as ``{"x-api-key": "…"}``. Their values are secrets.

        allow_plain_http: Send headers over ``http`` to a host other than this machine.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; none of the values.
    """
    url, sent, problems = _checked("endpoint", endpoint, headers, allow_plain_http)
    if problems:
        raise ConfigError(problems)
    return Destination(url=url, headers=sent, secrets=_secrets(url, sent))


def webhook(
    url: str,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
    *,
    allow_plain_http: bool = False,
) -> Destination:
    """
    An endpoint of your own that takes OTLP/JSON bodies; any success counts as delivered.

    Args:
        url: The whole URL.

        method: ``POST`` or ``PUT``.

        headers, allow_plain_http: As for ``otel_collector``.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; none of the values.
    """
    where, sent, problems = _checked("url", url, headers, allow_plain_http)
    if method not in ("POST", "PUT"):
        problems["method"] = "expected POST or PUT"
    if problems:
        raise ConfigError(problems)
    verb: Method = "PUT" if method == "PUT" else "POST"
    return Destination(url=where, headers=sent, secrets=_secrets(where, sent), method=verb, is_webhook=True)


def _checked(
    name: str, url: str, headers: object, allow_plain_http: bool
) -> tuple[str, tuple[tuple[str, str], ...], dict[str, str]]:
    """A URL that is used as it stands, headers that can be sent, and what is wrong with either."""
    sent, problems = _checked_headers(headers)
    # Without a header there is nothing to be read on the way.
    checked, problem = endpoint_url(url, allow_plain_http or not (sent or problems))
    return checked, sent, problems if problem is None else {name: problem, **problems}


def _checked_headers(headers: object) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """Headers that can be sent, and the reasons why others cannot."""
    if headers is None:
        return (), {}
    if not isinstance(headers, Mapping):
        return (), {"headers": f"expected names and values, got {_kind_of(headers)}"}
    problems: dict[str, str] = {}
    sent: list[tuple[str, str]] = []
    for number, (name, value) in enumerate(headers.items(), 1):
        shown = name if isinstance(name, str) and _HEADER_NAME.fullmatch(name) else None
        if shown is None:
            problems[f"headers[{number}]"] = "expected a name of letters, digits and hyphens"
        elif shown.lower() in _OURS:
            problems[f"headers.{shown}"] = "expected another header; this one is set here"
        elif not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value.strip()):
            found = _kind_of(value.replace(" ", "") if isinstance(value, str) else value)
            problems[f"headers.{shown}"] = f"expected plain text on one line, got {found}"
        else:
            sent.append((shown, value.strip()))
    return tuple(sent), problems


def _secrets(url: str, headers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The values of the headers and the query, in which some servers want a token."""
    query = url.partition("?")[2]
    return _forms(*(value for _, value in headers), *([query] if query else []))


def _forms(*secrets: str) -> tuple[str, ...]:
    """Secrets as they came, and the way JSON or a URL writes them: a server may quote any of these."""
    forms = (
        form for secret in secrets for form in (secret, json.dumps(secret)[1:-1], quote(secret, safe=""))
    )
    return tuple(dict.fromkeys(forms))


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
