# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Which values stand for nothing.

Some servers send every member they know, with an empty value where there is none.
"""

from __future__ import annotations

from typing import Any, Final

from ..plain import CONTAINER, OBJECT

__all__ = ["is_empty"]

# Empty objects of known servers are two deep: a call, its function.
_MAX_DEPTH: Final = 4


def is_empty(value: Any, depth: int = 0) -> bool:
    """
    Whether a value is null, false, zero, an empty text, or holds only such values.

    Never to be asked of a count, where zero is a value.
    """
    if isinstance(value, CONTAINER):
        # A caller's object may contain itself.
        items = value.values() if isinstance(value, OBJECT) else value
        return not value or (depth < _MAX_DEPTH and all(is_empty(item, depth + 1) for item in items))
    return value is None or (isinstance(value, (str, bytes, int, float)) and not value)
