# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Foreign text made fit for a terminal and a log: one line, nothing that steers or deceives."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["printable"]

# C0 and C1 controls (escape sequences among them), invisible and direction-changing characters,
# line and paragraph separators, tags, and lone surrogates, which no output encoding has.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)


def printable(text: str, limit: int) -> str:
    """The text on one line, with a space for each run of unprintable characters, at most ``limit`` long."""
    line = _UNPRINTABLE.sub(" ", text).strip()
    return line if len(line) <= limit else (line[: limit - 1] + "…")[:limit]
