# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A body whose middle was not kept: its beginning, and what its end says of usage, as a body again."""

from __future__ import annotations

import json
import re
from typing import Any, Final

__all__ = ["cut_body", "cut_stream"]

_EVENT_END: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_TEXT_MEMBERS: Final = ("id", "model", "provider", "object", "type")
_USAGE: Final = '"usage"'
_DONE: Final = b"data: [DONE]\n\n"


def cut_body(beginning: bytes, end: bytes) -> dict[str, Any]:
    """
    The members of a JSON object that are known without its middle.

    Args:
        beginning: Its first bytes, which name the response.

        end: Its last bytes, which hold the usage.
    """
    head = beginning.decode("utf-8", "replace")
    members: dict[str, Any] = {}
    for name in _TEXT_MEMBERS:
        found = re.search(rf'"{name}"\s*:\s*"([^"\\]+)"', head)
        if found:
            members[name] = found[1]
    usage = _usage(end)
    return members if usage is None else {**members, "usage": usage}


def cut_stream(beginning: bytes, end: bytes) -> tuple[bytes, ...]:
    """
    The whole events at the beginning and at the end of a stream.

    Where the end holds only a part of an event, as when the last event repeats all of the text,
    its usage stands in an event of its own.
    """
    ends = list(_EVENT_END.finditer(beginning))
    first = beginning[: ends[-1].end()] if ends else b""
    resumed = _EVENT_END.search(end)
    last = end[resumed.end() :] if resumed else b""
    if _USAGE.encode() in last:
        return first, last
    usage = _usage(end)
    return (first, last) if usage is None else (first, _event_of(first, usage), last or _DONE)


def _event_of(first: bytes, usage: dict[str, Any]) -> bytes:
    """An event that only says the usage, in the form of the API that the first events are of."""
    chunk: dict[str, Any] = {"choices": [], "usage": usage}
    if b'"response.created"' in first:
        chunk = {"type": "response.completed", "response": {"status": "completed", "usage": usage}}
    elif b'"message_start"' in first:
        chunk = {"type": "message_delta", "delta": {}, "usage": usage}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _usage(end: bytes) -> dict[str, Any] | None:
    """The last object named ``usage``, which is the one of the whole response."""
    text = end.decode("utf-8", "replace")
    place = text.rfind(_USAGE)
    while place >= 0:
        found = re.compile(r"\s*:\s*").match(text, place + len(_USAGE))
        if found:
            try:
                value, _ = json.JSONDecoder().raw_decode(text, found.end())
            except (ValueError, RecursionError):
                value = None
            if isinstance(value, dict):
                return value
        place = text.rfind(_USAGE, 0, place)
    return None
