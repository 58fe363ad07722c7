# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Equal messages folded: the first few are written, and the rest is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

__all__ = ["Folding"]

_SHOWN: Final = 3
# Messages quote foreign names, so there may be any number of kinds.
_MAX_KINDS: Final = 1000
_NUMBER: Final = re.compile(r"\d+")


class Folding:
    """The messages about one file so far. Messages are equal if they differ in numbers alone."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def shows(self, text: str) -> bool:
        """Whether a message is to be written."""
        kind = _NUMBER.sub("#", text)
        if kind not in self._seen and len(self._seen) >= _MAX_KINDS:
            kind = "other messages"
        self._seen[kind] += 1
        self._first.setdefault(kind, text)
        return self._seen[kind] <= _SHOWN

    def rest(self) -> Iterator[tuple[int, str]]:
        """For each kind of which some were not written: how many, and the first of them."""
        for kind, count in self._seen.items():
            if count > _SHOWN:
                yield count - _SHOWN, self._first[kind]
