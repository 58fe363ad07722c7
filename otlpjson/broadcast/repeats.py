# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How often equal requests without an id have been recorded, so that each gets ids of its own."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

__all__ = ["Repeats"]

# Equal keys hold the same instant, so only the latest ones can come again.
_MAX_KEYS: Final = 10_000


class Repeats:
    """The latest keys with their numbers. Used by one thread at a time."""

    def __init__(self) -> None:
        self._numbers: OrderedDict[str, int] = OrderedDict()

    def number(self, key: str) -> int:
        """How often this key has been seen before."""
        number = self._numbers.pop(key, -1) + 1
        self._numbers[key] = number
        if len(self._numbers) > _MAX_KEYS:
            self._numbers.popitem(last=False)
        return number
