# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Members of a streamed message of ``/chat/completions`` that grow piece by piece.

Most are texts. Some servers stream lists of parts instead, and some mix both in one answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..document import Document
from ..plain import OBJECT
from .pieces import Text

__all__ = ["GrowingContent", "GrowingObject"]


@attrs.define(eq=False)
class GrowingContent:
    """A text, or a list of parts, in pieces of either form."""

    _pieces: list[Any] = attrs.field(factory=list)
    _has_parts: bool = False

    def add(self, owner: Document, name: str) -> None:
        """Adds the piece in a member; null is none, anything but texts and parts is noted."""
        value = owner.value(name)
        if isinstance(value, str):
            self._pieces.append(value)
        elif isinstance(value, OBJECT):
            self._pieces.append(value)
            self._has_parts = True
        elif isinstance(value, (list, tuple)):
            self._pieces.extend(value)
            self._has_parts = True
        else:
            owner.text(name)

    def value(self) -> Any:
        """The text or the list so far; ``None`` if there was no piece."""
        if self._has_parts:
            return [
                {"type": "text", "text": piece} if isinstance(piece, str) else piece for piece in self._pieces
            ]
        return "".join(self._pieces) if self._pieces else None


@attrs.define(eq=False)
class GrowingObject:
    """
    An object whose texts of certain names come in pieces; of all others, the last value counts.

    Attributes:
        texts: The names of the texts that are appended.
    """

    texts: frozenset[str]
    _members: dict[str, Any] = attrs.field(factory=dict)

    def add(self, members: Mapping[str, Any]) -> None:
        """Adds a piece. Null adds nothing; an empty text makes the member exist."""
        for name, value in members.items():
            if name in self.texts and isinstance(value, str):
                known = self._members.get(name)
                if not isinstance(known, Text):
                    known = self._members[name] = Text()
                known.add(value)
            elif value is not None:
                self._members[name] = value

    def get(self, name: str) -> Any:
        """A member that is not one of the texts; ``None`` if it has not come."""
        return self._members.get(name)

    def value(self) -> dict[str, Any]:
        """The object so far."""
        return {name: str(item) if isinstance(item, Text) else item for name, item in self._members.items()}
