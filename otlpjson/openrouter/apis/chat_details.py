# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The ``reasoning_details`` of a streamed message of ``/chat/completions``.

Source: agno-agi/agno and OpenRouterTeam/ai-sdk-provider for how fragments belong together.
"""

from __future__ import annotations

from typing import Any, Final, Union

import attrs

from ..document import Document
from .chat_pieces import GrowingObject

__all__ = ["StreamedDetails"]

_TEXTS: Final = frozenset({"text", "summary", "data"})
_Index = Union[int, str, None]


@attrs.define(eq=False)
class StreamedDetails:
    """
    Entries of the reasoning's details, in the order in which they began.

    Pieces of the same type and index make up one entry. Without an index, a piece continues only
    the last entry. A signature comes in a last piece without text, possibly after the content
    has begun.
    """

    _entries: list[GrowingObject] = attrs.field(factory=list)
    _known: dict[tuple[Any, _Index], GrowingObject] = attrs.field(factory=dict)
    _last_kind: Any = None

    def add(self, detail: Document) -> None:
        """Adds a piece."""
        kind, index = _word(detail.value("type")), _word(detail.value("index"))
        entry = self._known.get((kind, index))
        if index is None:
            entry = self._entries[-1] if self._entries and self._last_kind == kind else None
        if entry is None:
            entry = GrowingObject(_TEXTS)
            self._entries.append(entry)
            self._last_kind = kind
            self._known[kind, index] = entry
        entry.add(detail.members)

    def value(self) -> list[dict[str, Any]]:
        """The entries so far."""
        return [entry.value() for entry in self._entries]


def _word(value: Any) -> _Index:
    # Only what can be a key of a dict.
    return value if isinstance(value, (int, str)) else None
