# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A copy of a record that the caller's later changes do not reach, made as cheaply as possible."""

from __future__ import annotations

from typing import Any, Final

import attrs

__all__ = ["Snapshot", "snapshot"]

# What a container costs besides its texts, for the bound of the queue.
_CONTAINER_BYTES: Final = 64
_TEXTS: Final = frozenset({str, bytes})
_CONTAINERS: Final = (dict, list, tuple, bytearray, memoryview)
# No request is nested deeper; what is deeper is shared, so that no stack overflows.
_MAX_DEPTH: Final = 200


@attrs.frozen
class Snapshot:
    """
    A copy of a record.

    Attributes:
        value: The same objects, but for dicts, lists, tuples and buffers, which are copied.

        size: About how many bytes of memory it holds.
    """

    value: Any = attrs.field(repr=False)
    size: int


def snapshot(value: Any) -> Snapshot:
    """
    A copy of the containers in a record; texts, numbers and all other objects are shared.

    Another thread may change a container meanwhile; one that contains itself is copied once.
    """
    copying = _Copying()
    return Snapshot(copying.copy(value, 0), copying.size)


class _Copying:
    """The copying of one record."""

    __slots__ = ("_copies", "size")

    def __init__(self) -> None:
        self.size = 0
        # With the original, so that its id is not used again before this is over.
        self._copies: dict[int, tuple[Any, Any]] = {}

    def copy(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            # In one step, because another thread may add a member at any moment.
            return self._items(value, dict.copy(value), depth)
        if isinstance(value, list):
            return self._items(value, list(value), depth)
        if isinstance(value, tuple):
            items = self._items(value, list(value), depth)
            # A named tuple is shared unless it holds something that can change.
            return value if all(new is old for new, old in zip(items, value)) else tuple(items)
        if isinstance(value, (bytearray, memoryview)):
            value = bytes(value)
        if type(value) in _TEXTS:
            self.size += len(value)
        return value

    def _items(self, original: Any, copied: Any, depth: int) -> Any:
        if depth == _MAX_DEPTH:
            return original
        known = self._copies.get(id(original))
        if known is not None:
            return known[1]
        self._copies[id(original)] = (original, copied)
        self.size += _CONTAINER_BYTES
        for place, item in copied.items() if type(copied) is dict else enumerate(copied):
            if type(item) in _TEXTS:
                self.size += len(item)
            elif isinstance(item, _CONTAINERS):
                copied[place] = self.copy(item, depth + 1)
        return copied
