# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
How the pieces of a streamed response are put together: texts, lists and single members.

Nothing here copies what has come before, so the time per piece does not grow with their number.
"""

from __future__ import annotations

from typing import Any

import attrs

from ..document import Document

__all__ = ["Text", "reported"]


@attrs.define(eq=False)
class Text:
    """A text that grows piece by piece."""

    _pieces: list[str] = attrs.field(factory=list)

    def add(self, piece: str | None) -> None:
        """Adds the next piece; ``None`` counts as empty."""
        if piece:
            self._pieces.append(piece)

    def __str__(self) -> str:
        """The text so far."""
        return "".join(self._pieces)


def reported(owner: Document, *names: str) -> dict[str, Any]:
    """The members of these names, in the given order, without missing and null ones."""
    return {name: owner.value(name) for name in names if owner.value(name) is not None}
