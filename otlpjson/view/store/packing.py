# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Long texts in the database, compressed."""

from __future__ import annotations

import zlib
from typing import Final

__all__ = ["packed", "unpacked"]

# The fastest level: writing spends most of its time here, and prompts hardly get shorter with another one.
_LEVEL: Final = 1


def packed(text: bytes) -> bytes:
    """A text as it is stored."""
    return zlib.compress(text, _LEVEL)


def unpacked(stored: bytes) -> bytes:
    """The text that was stored."""
    return zlib.decompress(stored)
