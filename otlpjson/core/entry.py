# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An encoded group."""

from __future__ import annotations

import attrs

__all__ = ["Entry", "size_only"]


def size_only(data: bytes) -> str:
    """Bytes as a ``repr`` shows them, which never holds content."""
    return f"<{len(data)} bytes>"


@attrs.frozen(kw_only=True)
class Entry:
    """
    One encoded group.

    Attributes:
        data: The JSON of one ResourceSpans. Not looked at here.

        span_count: How many spans it holds.
    """

    data: bytes = attrs.field(repr=size_only)
    span_count: int
