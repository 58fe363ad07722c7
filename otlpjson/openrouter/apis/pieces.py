# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How the pieces of a streamed response are put together: texts, lists and single members."""

from __future__ import annotations

from typing import Any

from ..document import Document

__all__ = ["appended", "joined", "reported"]


def joined(known: Any, more: str | None) -> str:
    """
    The text so far and its next piece, as one text.

    Args:
        known: The text so far. Any other value counts as empty.

        more: The next piece; ``None`` counts as empty.
    """
    return (known if isinstance(known, str) else "") + (more or "")


def appended(known: Any, *items: Any) -> list[Any]:
    """
    A new list of the items so far and the next ones.

    Args:
        known: The list so far. Any other value counts as empty.

        items: What is added at the end.
    """
    return [*(known if isinstance(known, list) else ()), *items]


def reported(owner: Document, *names: str) -> dict[str, Any]:
    """The members of these names, in the given order, without missing and null ones."""
    return {name: owner.value(name) for name in names if owner.value(name) is not None}
