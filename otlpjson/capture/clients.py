# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which methods of a client, session or transport to replace, and where SDKs hold such a client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from types import MappingProxyType, ModuleType
from typing import Any, Callable, Final

from ..core.errors import InvalidValue
from ..openrouter.document import found
from . import aiohttp_stack, httpx_stack, requests_stack, urllib3_stack
from .wrapping import Method

__all__ = ["MODULES", "methods_of"]

_KINDS: Final = "a client of httpx, httpx2, requests or aiohttp, or of an SDK that is built on one"
# The attributes by which each kind is recognised, and not by its class: httpx2 has classes of its own.
_CLIENTS: Final[tuple[tuple[tuple[str, ...], Callable[[Any], list[Method]]], ...]] = (
    (("_transport", "_mounts"), httpx_stack.methods_of_client),
    (("handle_request",), httpx_stack.methods_of_transport),
    (("handle_async_request",), httpx_stack.methods_of_transport),
    (("adapters", "get_adapter"), requests_stack.methods_of_session),
    (("send", "poolmanager"), requests_stack.methods_of_adapter),
    (("_request", "_request_class", "_build_url"), aiohttp_stack.methods_of_session),
)
# Where SDKs hold their HTTP clients: openai and anthropic; openrouter; and where frameworks hold
# those of openai: OpenAI Agents, pydantic-ai, LangChain.
_INNER: Final = (
    "_client",
    "sdk_configuration.client",
    "sdk_configuration.async_client",
    "client",
    "root_client",
    "root_async_client",
)
_MAX_DEPTH: Final = 3

MODULES: Final[Mapping[str, Callable[[ModuleType], list[Method]]]] = MappingProxyType(
    {
        "httpx": httpx_stack.methods_of_module,
        "httpx2": httpx_stack.methods_of_module,
        "requests": requests_stack.methods_of_module,
        "urllib3": urllib3_stack.methods_of_module,
        "aiohttp": aiohttp_stack.methods_of_module,
    }
)
"""The modules whose clients can be recorded all at once, and what to replace in each."""


def methods_of(client: Any, argument: str) -> list[Method]:
    """
    The methods to replace so that all requests of an object are seen.

    Args:
        argument: Its name in the message of an error.

    Raises:
        InvalidValue: It is none of the known kinds.
    """
    methods = list(_methods(client, _MAX_DEPTH))
    if not methods:
        raise InvalidValue(argument, _KINDS, found(client))
    return methods


def _methods(client: Any, depth: int) -> Iterator[Method]:
    """The methods of a client or, of what is none, those of the clients that it holds."""
    own = _methods_of_client(client)
    yield from own
    if own or not depth:
        return
    for path in _INNER:
        with suppress(AttributeError):
            yield from _methods(attrgetter(path)(client), depth - 1)


def _methods_of_client(client: Any) -> list[Method]:
    if isinstance(client, type):
        return []
    for attributes, methods in _CLIENTS:
        if all(hasattr(client, name) for name in attributes):
            return methods(client)
    return []
