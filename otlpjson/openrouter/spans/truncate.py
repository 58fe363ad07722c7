# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Long values, cut to a limit and marked as OpenRouter documents it for Broadcast.

A text keeps its beginning and its end, with ``[truncated]`` between them. JSON text stays JSON: a
list keeps its first items, a conversation its first message and the newest ones, an object its
small members. What is missing is replaced by ``{"openrouter_truncated":{…}}`` with
``omitted_items``, ``omitted_keys`` or ``reason``.

Source: OpenRouter's documentation, "Broadcast", Large Trace Values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, Final

import attrs

from ...core.errors import InvalidValue
from ...core.python_scalars import clean_text
from ...core.words import describe
from ..compact import compact, is_deep

__all__ = ["BROADCAST", "Truncation", "shortened"]

_CUT: Final = "[truncated]"
# A lower limit leaves no room for a marker.
_SMALLEST: Final = 64
# A character in UTF-8 has at most so many bytes.
_MOST_BYTES: Final = 4


@attrs.frozen(kw_only=True)
class Truncation:
    """
    How long the value of an attribute may be.

    Attributes:
        max_characters: 64 or more. The default, 10,000,000, is OpenRouter's limit.

        max_bytes:
            64 or more bytes of UTF-8; ``None`` for no limit. Tempo cuts values to 2,048 bytes,
            even inside a character or inside JSON; a limit here keeps both whole.

    Raises:
        InvalidValue: A limit is not a whole number or is below 64.
    """

    max_characters: int = 10_000_000
    max_bytes: int | None = None

    def __attrs_post_init__(self) -> None:
        limits = {"max_characters": self.max_characters, "max_bytes": self.max_bytes}
        if self.max_bytes is None:
            del limits["max_bytes"]
        for name, limit in limits.items():
            if type(limit) is not int or limit < _SMALLEST:
                raise InvalidValue(
                    f"Truncation.{name}", f"a whole number, {_SMALLEST} or more", describe(limit)
                )

    @property
    def unmeasured(self) -> int:
        """The number of characters up to which no text exceeds a limit, whatever characters they are."""
        characters = self.max_characters
        return characters if self.max_bytes is None else min(characters, self.max_bytes // _MOST_BYTES)

    def limit_of(self, text: str) -> _Limit | None:
        """The limit that a text exceeds; ``None`` if it exceeds none."""
        # Short texts are not measured, which takes time.
        if len(text) <= self.unmeasured:
            return None
        if self.max_bytes is not None and len(text) * _MOST_BYTES > self.max_bytes:
            limit = _Limit(size=self.max_bytes, unit="bytes")
            if limit.measure(text) > self.max_bytes:
                return limit
        return (
            _Limit(size=self.max_characters, unit="characters") if len(text) > self.max_characters else None
        )

    def cut(self, text: str, *, is_json: bool = False) -> str:
        """
        The text, cut and marked if it exceeds a limit.

        Args:
            text: An attribute's value.

            is_json: Whether the text is JSON and has to stay JSON.
        """
        limit = self.limit_of(text)
        return text if limit is None else shortened(text, limit, is_json=is_json)


BROADCAST: Final = Truncation()
"""OpenRouter's own limit."""


@attrs.frozen(kw_only=True)
class _Limit:
    """A size and its unit, ``bytes`` or ``characters``."""

    size: int
    unit: str
    # The sizes of lists and objects that are known, each with its value, so that its id stays its own.
    sizes: dict[int, tuple[Any, int]] = attrs.field(factory=dict, eq=False, repr=False)

    def measure(self, text: str) -> int:
        # With surrogatepass, a lone surrogate has three bytes, like the U+FFFD that is sent for it.
        return len(text.encode("utf-8", "surrogatepass")) if self.unit == "bytes" else len(text)

    def of(self, size: int) -> _Limit:
        return attrs.evolve(self, size=size)

    def size_of(self, value: Any) -> int:
        """
        The size of a value's compact JSON text.

        Each list and object is measured once, however often it is asked for: its size follows
        from those of its items.
        """
        if not isinstance(value, (list, dict)):
            return self.measure(compact(value))
        known = self.sizes.get(id(value))
        if known is not None:
            return known[1]
        # Two brackets, a comma between two items, a colon after each name.
        commas = max(len(value) - 1, 0)
        if isinstance(value, list):
            size = 2 + commas + sum(map(self.size_of, value))
        else:
            names = sum(self.measure(compact(name)) + 1 for name in value)
            size = 2 + commas + names + sum(map(self.size_of, value.values()))
        self.sizes[id(value)] = value, size
        return size


def shortened(text: str, limit: _Limit, *, is_json: bool) -> str:
    """
    A text that exceeds the limit, cut to it and marked.

    Args:
        is_json:
            Whether the text is JSON and has to stay JSON. If it is not valid JSON, it is cut as
            text; if it is nested too deeply, it is replaced by a marker.
    """
    if not is_json:
        return _text(text, limit)
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return _text(text, limit)
    # Python's reader refuses deep nesting, and integers of thousands of digits.
    except (RecursionError, ValueError):
        return compact(_marker(reason="too_large"))
    short = None if is_deep(value) else compact(_value(value, limit))
    if short is None or limit.measure(short) > limit.size:
        return compact(_marker(reason="too_large"))
    return short


def _marker(**facts: Any) -> dict[str, Any]:
    return {"openrouter_truncated": facts}


def _text(text: str, limit: _Limit) -> str:
    """Beginning and end in equal parts; no character is cut in half."""
    room = max(limit.size - len(_CUT), 0)
    if limit.unit == "characters":
        return text[: room - room // 2] + _CUT + text[len(text) - room // 2 :]
    raw = clean_text(text).encode("utf-8")
    front, back = raw[: room - room // 2], raw[len(raw) - room // 2 :]
    return front.decode("utf-8", "ignore") + _CUT + back.decode("utf-8", "ignore")


def _value(value: Any, limit: _Limit) -> Any:
    """A value whose JSON text is within the limit, as far as cutting inside it can achieve that."""
    if limit.size_of(value) <= limit.size:
        return value
    if isinstance(value, str):
        return _json_text(value, limit)
    if isinstance(value, list):
        is_conversation = all(isinstance(item, Mapping) and "role" in item for item in value)
        return _conversation(value, limit) if is_conversation else _leading(value, limit)
    if isinstance(value, dict):
        return _members(value, limit)
    return _marker(reason="too_large")


def _json_text(text: str, limit: _Limit) -> Any:
    """A text whose JSON text, with quotes and escapes, is within the limit."""
    room = limit.size - 2
    while room > len(_CUT):
        short = _text(text, limit.of(room))
        over = limit.measure(compact(short)) - limit.size
        if over <= 0:
            return short
        # An escape is longer than its character, so cutting all that is over would cut too much.
        room -= (over + 1) // 2
    return _marker(reason="too_large")


def _fitting(items: Iterable[Any], room: int, limit: _Limit) -> int:
    """The number of items, from the first on, that fit into the room with a comma each."""
    sizes = accumulate(limit.size_of(item) + 1 for item in items)
    return sum(1 for size in sizes if size <= room)


def _leading(items: list[Any], limit: _Limit) -> list[Any]:
    """The first items, as many as fit, and a marker with the number of missing ones."""
    kept = _fitting(items, limit.size - limit.size_of([_marker(omitted_items=len(items))]), limit)
    return [*items[:kept], _marker(omitted_items=len(items) - kept)]


def _conversation(messages: list[Any], limit: _Limit) -> list[Any]:
    """The first message and the newest ones that fit; or else the first and the last, both cut inside."""
    if len(messages) == 1:
        return [_value(messages[0], limit.of(limit.size - 2))]
    room = max(limit.size - limit.size_of([_marker(omitted_items=len(messages))]) - 1, 0)
    first, newest = messages[0], messages[-1]
    # The first message gets half of the room, or more if the newest one needs less.
    first = _value(first, limit.of(max(room // 2, room - limit.size_of(newest) - 1)))
    kept = _fitting(reversed(messages[1:]), room - limit.size_of(first), limit)
    if kept == 0:
        return [first, *_omitted(len(messages) - 2), _value(newest, limit.of(room // 2))]
    return [first, *_omitted(len(messages) - 1 - kept), *messages[len(messages) - kept :]]


def _omitted(count: int) -> list[Any]:
    return [_marker(omitted_items=count)] if count else []


def _members(members: dict[str, Any], limit: _Limit) -> Any:
    """All members: small ones whole, large ones cut to equal shares of the remaining room."""
    sizes = {name: limit.size_of(value) for name, value in members.items()}
    names = sum(limit.measure(compact(name)) + 2 for name in members) + 1
    room = limit.size - names
    if room < _SMALLEST * len(members):
        return _leading_members(members, limit)
    shares: dict[str, int] = {}
    # From the smallest on, so that room not needed by small members is left for large ones.
    for left, name in zip(range(len(sizes), 0, -1), sorted(sizes, key=lambda name: sizes[name])):
        shares[name] = min(sizes[name], room // left)
        room -= shares[name]
    return {name: _value(value, limit.of(shares[name])) for name, value in members.items()}


def _leading_members(members: dict[str, Any], limit: _Limit) -> dict[str, Any]:
    """The first members, as many as fit, and a marker with the number of missing ones."""
    room = limit.size - limit.size_of(_marker(omitted_keys=len(members)))
    kept = _fitting(({name: value} for name, value in members.items()), room, limit)
    leading = dict(list(members.items())[:kept])
    return {**leading, **_marker(omitted_keys=len(members) - kept)}
