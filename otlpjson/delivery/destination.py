# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A destination: the URL and headers of its requests, checked, with all its secrets kept out of sight."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from ..core.errors import ConfigError
from .compression import GZIP, Compression
from .secret import Secret
from .tls import DEFAULT_TLS, Tls
from .url import InvalidUrl, endpoint_url, traces_url

__all__ = ["Destination", "Method", "grafana_cloud", "otel_collector", "webhook"]

Method = Literal["POST", "PUT"]

# Measured with Tempo 3.1, whose `ingestion_time_range_slack` is two minutes by default.
_TEMPO_SEARCHABLE_S: Final = 240
_INSTANCE_ID: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_API_KEY: Final = re.compile(r"[\x21-\x7e]{1,4096}", re.ASCII)
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
# No line breaks, which would begin another header.
_HEADER_VALUE: Final = re.compile(r"[\x20-\x7e]{1,4096}", re.ASCII)
# The sender sets these; another value would contradict the request.
_RESERVED_HEADERS: Final = frozenset(
    {"content-type", "content-encoding", "content-length", "accept-encoding", "host", "transfer-encoding"}
)


def _hidden(texts: Iterable[str | Secret]) -> tuple[Secret, ...]:
    return tuple(text if isinstance(text, Secret) else Secret(text) for text in texts)


def _hidden_values(headers: Iterable[tuple[str, str | Secret]]) -> tuple[tuple[str, Secret], ...]:
    return tuple((name, _hidden([value])[0]) for name, value in headers)


@attrs.frozen(kw_only=True)
class Destination:
    """
    Where bodies are sent; made by ``grafana_cloud``, ``otel_collector``, ``webhook``, ``folder``, ``local``.

    Its secrets are neither shown nor pickled, and ``attrs.asdict`` gives them hidden.

    Attributes:
        url: The full URL of the request. A ``repr`` leaves out its query.

        headers: Sent with each request; credentials among them. A ``repr`` shows only their number.

        secrets: Texts that are removed from every message, such as one in which a server quotes the request.

        method: ``POST`` or, if a webhook wants it, ``PUT``.

        is_webhook:
            Any 2xx status counts as delivered, whatever the body of the answer. A connection test
            sends an empty body with the header ``X-Test-Connection: true`` and passes with a 400 too.

        searchable_s:
            A span that ended longer ago when it arrives is stored, but a search may not find it.
            ``None``: nothing is known.

        folder: Where files are written, an absolute path; ``None`` for a server.

        template: The path of each file below it.

        rendezvous: The file in which a viewer publishes its address; ``None`` if it is no viewer.

        timeout_s: Seconds for one request; ``None``: the sender's.

        compression: How bodies are compressed.

        tls: Whom to trust, and the certificate of this side.
    """

    # A webhook may expect a token in the query.
    url: str = attrs.field(repr=lambda url: repr(url.partition("?")[0]))
    headers: tuple[tuple[str, Secret], ...] = attrs.field(
        default=(), converter=_hidden_values, repr=lambda headers: f"<{len(headers)}>"
    )
    secrets: tuple[Secret, ...] = attrs.field(default=(), converter=_hidden, repr=False)
    method: Method = "POST"
    is_webhook: bool = False
    searchable_s: int | None = attrs.field(default=None, repr=False)
    folder: str | None = attrs.field(default=None, repr=False)
    template: str = attrs.field(default="", repr=False)
    rendezvous: str | None = attrs.field(default=None, repr=False)
    timeout_s: float | None = attrs.field(default=None, repr=False)
    compression: Compression = attrs.field(default=GZIP, repr=False)
    tls: Tls = attrs.field(default=DEFAULT_TLS, repr=False)


def grafana_cloud(
    base_url: str,
    instance_id: str | int,
    api_key: str,
    *,
    headers: Mapping[str, str] | None = None,
    allow_plain_http: bool = False,
) -> Destination:
    """
    Grafana Cloud's OTLP endpoint, or a gateway with the same path and Basic auth.

    Args:
        base_url:
            The OTLP endpoint. With or without ``/otlp``, ``/otlp/v1/traces`` or slashes at
            the end it gives the same URL: ``<base_url>/otlp/v1/traces``.

        instance_id: The number of the Grafana Cloud stack, 1 to 20 digits.

        api_key: An access policy token with the scope ``traces:write``; begins with ``glc_``.

        headers: Sent with each request besides. Their values are treated as secrets.

        allow_plain_http: Send the key over ``http`` to another machine.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; never with a value.
    """
    sent, problems = _checked_headers(headers)
    for name, _ in sent:
        if name.lower() == "authorization":
            problems[f"headers.{name}"] = "made from instance ID and API key"
    url = ""
    try:
        url = traces_url(base_url, allow_plain_http=allow_plain_http)
    except InvalidUrl as error:
        problems["base_url"] = str(error)
    # Only numbers of up to 20 digits are written out: CPython raises for one of more than 4,300.
    number = f"{instance_id}" if type(instance_id) is int and 0 <= instance_id < 10**20 else instance_id
    instance = number.strip() if isinstance(number, str) else ""
    if not _INSTANCE_ID.fullmatch(instance):
        problems["instance_id"] = f"expected digits such as 123456, got {_kind_of(number)}"
    # Values are pasted, often with a space or a line end.
    key = api_key.strip() if isinstance(api_key, str) else ""
    if not _API_KEY.fullmatch(key):
        problems["api_key"] = f"expected an API key such as glc_…, got {_kind_of(api_key)}"
    if problems:
        # Tools that print the variables of a traceback would show it.
        api_key = key = ""
        headers, sent = None, ()
        raise ConfigError(problems)
    token = base64.b64encode(f"{instance}:{key}".encode("ascii")).decode("ascii")
    return Destination(
        url=url,
        headers=(("Authorization", f"Basic {token}"), *sent),
        secrets=(token, key, *(value for _, value in sent)),
        searchable_s=_TEMPO_SEARCHABLE_S,
    )


def otel_collector(
    endpoint: str, headers: Mapping[str, str] | None = None, *, allow_plain_http: bool = False
) -> Destination:
    """
    An OTLP/HTTP receiver, such as an OpenTelemetry Collector.

    Args:
        endpoint: The whole URL, usually ending in ``/v1/traces``; nothing is added to it.

        headers: Sent with each request, such as ``{"x-api-key": "…"}``. Their values are treated as secrets.

        allow_plain_http: Send the headers over ``http`` to another machine.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; never with a value.
    """
    url, sent, problems = _checked("endpoint", endpoint, headers, allow_plain_http)
    if problems:
        endpoint, url, headers, sent = "", "", None, ()  # as in grafana_cloud
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
    An endpoint of your own that accepts OTLP/JSON bodies; any 2xx status counts as delivered.

    Args:
        url: The whole URL.

        method: ``POST`` or ``PUT``.

        headers, allow_plain_http: As for ``otel_collector``.

    Raises:
        ConfigError: Every argument that cannot be used, with the reason; never with a value.
    """
    checked, sent, problems = _checked("url", url, headers, allow_plain_http)
    if method not in ("POST", "PUT"):
        problems["method"] = "expected POST or PUT"
    if problems:
        url, method, checked, headers, sent = "", "", "", None, ()  # as in grafana_cloud
        raise ConfigError(problems)
    verb: Method = "PUT" if method == "PUT" else "POST"
    return Destination(
        url=checked, headers=sent, secrets=_secrets(checked, sent), method=verb, is_webhook=True
    )


def _checked(
    name: str, url: str, headers: object, allow_plain_http: bool
) -> tuple[str, tuple[tuple[str, str], ...], dict[str, str]]:
    """The URL, the headers, and what is wrong with either; the URL's problem is named ``name``."""
    sent, problems = _checked_headers(headers)
    # Without headers there is nothing to protect on the way.
    allowed = allow_plain_http or not (sent or problems)
    try:
        return endpoint_url(url, allow_plain_http=allowed), sent, problems
    except InvalidUrl as error:
        return "", sent, {name: str(error), **problems}


def _checked_headers(headers: object) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """The headers that can be sent, and what is wrong with the others."""
    if headers is None:
        return (), {}
    if not isinstance(headers, Mapping):
        return (), {"headers": f"expected names and values, got {_kind_of(headers)}"}
    problems: dict[str, str] = {}
    sent: list[tuple[str, str]] = []
    for number, (name, value) in enumerate(headers.items(), 1):
        shown = name if isinstance(name, str) and _HEADER_NAME.fullmatch(name) else None
        # A name is shown only if it is a valid one: otherwise it may be a value.
        if shown is None:
            problems[f"headers[{number}]"] = "expected a name of letters, digits and hyphens"
        elif shown.lower() in _RESERVED_HEADERS:
            problems[f"headers.{shown}"] = "reserved header"
        elif not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value.strip()):
            # Spaces are allowed in a value, so they are not what is wrong with it.
            found = _kind_of(value.replace(" ", "") if isinstance(value, str) else value)
            problems[f"headers.{shown}"] = f"expected plain text on one line, got {found}"
        else:
            sent.append((shown, value.strip()))
    return tuple(sent), problems


def _secrets(url: str, headers: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The values of the headers, and the query, because some servers expect a token there."""
    query = url.partition("?")[2]
    return (*(value for _, value in headers), *([query] if query else []))


def _kind_of(value: object) -> str:
    """What was given instead of a credential, without showing it."""
    if not isinstance(value, str):
        return "nothing" if value is None else type(value).__name__
    text = value.strip()
    if text == "":
        return "nothing"
    strange = [character for character in text if not "\x21" <= character <= "\x7e"]
    if strange:
        return f"text with the invalid character U+{ord(strange[0]):04X}"
    return f"text of {len(text)} characters"
