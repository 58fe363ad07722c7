# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A text that is never shown: not printed, logged, pickled, or turned into a dict with what holds it."""

from __future__ import annotations

from typing import NoReturn

__all__ = ["Secret"]


class Secret:
    """
    A secret text. Equal to the same text, so that it can be compared.

    Args:
        text: The text.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "[secure]"

    def __eq__(self, other: object) -> bool:
        return self._text == (other._text if isinstance(other, Secret) else other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, known: object) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled")
