# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Values of SDKs as plain JSON values: their objects as objects, HTTP responses as their bodies.

This is the one place that runs code of a caller's objects: ``model_dump`` and ``to_dict``.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import is_
from types import MappingProxyType
from typing import Any, Final

import attrs

__all__ = ["CONTAINER", "OBJECT", "HttpBody", "http_body", "plain"]

OBJECT: Final = (dict, Mapping)
"""The classes of a JSON object; the usual one first, because asking an abstract class takes long."""

CONTAINER: Final = (dict, list, tuple, Mapping)
"""The classes of JSON objects and lists."""


# Deeper values are left as they are; the JSON text of attributes ends at 200 as well.
_MAX_DEPTH: Final = 200
_SCALARS: Final = frozenset({str, int, float, bool, bytes, type(None)})
# The default of arguments that were not given, in the SDKs of OpenAI and Anthropic.
_NOT_GIVEN: Final = frozenset({"NotGiven", "NotGivenOr", "Omit"})
_HEADERS: Final = MappingProxyType({"x-generation-id": "generation_id"})


@attrs.frozen
class HttpBody:
    """
    The body of an HTTP response, as far as it has been read.

    Attributes:
        content: The body; ``None`` if it has not been read.

        facts: What its status and headers say, by the names of ``observed``.
    """

    content: Any = attrs.field(repr=False)
    facts: Mapping[str, Any]


def plain(value: Any, depth: int = 0) -> Any:
    """
    A value with plain objects in the place of an SDK's, at any depth; never raises.

    A value that holds none is returned as the same object. An object that is neither plain nor
    has ``model_dump`` or ``to_dict`` stays as it is, also if one of them fails.
    """
    if type(value) in _SCALARS or isinstance(value, (str, bytes, int, float)) or depth == _MAX_DEPTH:
        return value
    if isinstance(value, OBJECT):
        return _plain_object(value, depth)
    if isinstance(value, (list, tuple)):
        items = [plain(item, depth + 1) for item in value]
        return value if all(map(is_, items, value)) else items
    dumped = _dumped(value)
    return value if dumped is value else plain(dumped, depth + 1)


def http_body(value: Any) -> HttpBody | None:
    """
    The body of a response of requests, httpx or aiohttp; ``None`` for any other value.

    A body that has not been read stays unread.
    """
    if type(value) is dict:
        return None
    wrapped = getattr(value, "http_response", None)  # raw responses of the SDKs
    response = value if wrapped is None else wrapped
    status = getattr(response, "status_code", getattr(response, "status", None))
    headers = getattr(response, "headers", None)
    if isinstance(value, (Mapping, type)) or not isinstance(status, int) or not isinstance(headers, OBJECT):
        return None
    # The public members of these classes read from the connection; these hold what has been read.
    content = getattr(response, "_content", getattr(response, "_body", None))
    named = {fact: headers.get(name) for name, fact in _HEADERS.items()}
    facts = {fact: text for fact, text in named.items() if isinstance(text, str)}
    return HttpBody(content if isinstance(content, (bytes, str)) else None, {"http_status": status, **facts})


def _plain_object(value: Mapping[Any, Any], depth: int) -> Mapping[Any, Any]:
    members = value
    for name, item in value.items():
        # Most members are texts and numbers, which are passed over at once.
        if type(item) in _SCALARS:
            continue
        if type(item).__name__ in _NOT_GIVEN:
            members = {known: kept for known, kept in members.items() if known != name}
            continue
        new = plain(item, depth + 1)
        if new is not item:
            members = {**members, name: new}
    return members


def _dumped(value: Any) -> Any:
    """The result of an object's own conversion; the object itself if it has none."""
    if isinstance(value, type):
        return value
    for name in ("model_dump", "to_dict"):
        convert = getattr(value, name, None)
        if callable(convert):
            # Any error may come out of foreign code, and none of them may reach the caller.
            try:
                return convert()
            except Exception:
                return value
    return value
