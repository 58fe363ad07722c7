# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which requests are recorded: those to the paths of OpenRouter's APIs, on the hosts that are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Callable, Final
from urllib.parse import urlsplit

import attrs

from ..core.errors import InvalidValue
from ..core.words import describe

__all__ = ["OPENROUTER", "Endpoints", "Outgoing", "hosts_of"]

OPENROUTER: Final = "openrouter.ai"
"""The host that is recorded unless others are named."""

# Source: OpenRouter's OpenAPI document. The longer of two that end alike comes first.
_APIS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "/chat/completions": "chat",
        "/completions": "completions",
        "/messages": "messages",
        "/responses": "responses",
        "/embeddings": "embeddings",
        "/rerank": "rerank",
        "/audio/speech": "speech",
        "/audio/transcriptions": "transcription",
        "/images": "images",
        "/images/generations": "images",
        "/videos": "video",
    }
)
_ENDS: Final = tuple(_APIS)
# These store a preset and run no model.
_PRESETS: Final = "/presets/"


@attrs.frozen(kw_only=True)
class Outgoing:
    """
    A request that a client is about to make.

    Attributes:
        method: Its method, in capitals.

        host: The host's name, and its port where the URL has one.

        path: The path, without the query.

        headers: Its headers; looked up by names in lower case.

        body: Gives its body, or ``None`` if that is no text or bytes in memory.

        add_header: Adds a header, by name and value.
    """

    method: str
    host: str
    path: str
    headers: Mapping[str, Any] = attrs.field(repr=False)
    body: Callable[[], Any] = attrs.field(repr=False)
    add_header: Callable[[str, str], object] = attrs.field(repr=False)

    @classmethod
    def to(
        cls,
        url: object,
        *,
        method: object,
        headers: Mapping[str, Any],
        body: Callable[[], Any],
        add_header: Callable[[str, str], object],
    ) -> Outgoing:
        """A request to a whole URL."""
        parts = urlsplit(str(url))
        return cls(
            method=str(method).upper(),
            host=parts.netloc.rpartition("@")[2].lower(),
            path=parts.path,
            headers=headers,
            body=body,
            add_header=add_header,
        )


@attrs.frozen(kw_only=True)
class Endpoints:
    """
    The hosts and paths whose requests are recorded.

    Attributes:
        hosts: Names with or without a port; a subdomain counts too. ``None``: every host.

        traceparent_hosts: The hosts that get the header ``traceparent``.
    """

    hosts: frozenset[str] | None = None
    traceparent_hosts: frozenset[str] = frozenset()

    def api(self, outgoing: Outgoing) -> str | None:
        """The API that a request is for; ``None`` if it is not recorded."""
        path = outgoing.path.rstrip("/")
        if outgoing.method != "POST" or not path.endswith(_ENDS) or _PRESETS in path:
            return None
        if self.hosts is not None and not _is_one(outgoing.host, self.hosts):
            return None
        return next(api for end, api in _APIS.items() if path.endswith(end))

    def gets_traceparent(self, outgoing: Outgoing) -> bool:
        """Whether a request carries the trace that it belongs to."""
        return bool(self.traceparent_hosts) and _is_one(outgoing.host, self.traceparent_hosts)


def hosts_of(argument: str, hosts: str | Iterable[str]) -> frozenset[str]:
    """
    The names of hosts as they are compared.

    Raises:
        InvalidValue: One of them is no name of a host.
    """
    names = [hosts] if isinstance(hosts, str) else list(hosts)
    for name in names:
        if not isinstance(name, str) or not name or set(name) & set("/@ "):
            raise InvalidValue(argument, "names of hosts such as 'openrouter.ai'", describe(name))
    return frozenset(name.lower() for name in names)


def _is_one(host: str, names: frozenset[str]) -> bool:
    alone = host.rpartition(":")[0] if host[-1:].isdigit() and ":" in host else host
    return any(each in names or each.endswith(tuple(f".{name}" for name in names)) for each in (host, alone))
