# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Names and values in one variable: ``name=value`` pairs, separated by commas, as W3C Baggage writes them."""

from __future__ import annotations

from urllib.parse import unquote

__all__ = ["pairs_of"]


def pairs_of(text: str) -> dict[str, str] | str:
    """The pairs, percent-decoded; the text itself if it is not made of pairs, which no reader accepts."""
    items = [item.partition("=") for item in text.split(",") if item.strip()]
    if not all(name.strip() and equals for name, equals, _ in items):
        return text
    return {unquote(name.strip()): unquote(value.strip()) for name, _, value in items}
