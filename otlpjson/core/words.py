# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Foreign text made fit for a terminal and a log: one line, nothing that steers or deceives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    pass

__all__ = ["describe", "printable"]

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


_SHOWN: Final = 60

_PLAIN: Final = frozenset({str, bytes, int, float, bool})


def describe(value: object) -> str:
    """
    What a value is, for the end of an error's sentence: ``str '5b8e'``, ``list``, ``nothing``.

    Plain values are shown with at most 60 characters of their text; of any other object
    only the class is named, so none of its code runs.
    """
    kind = type(value)
    if value is None:
        return "nothing"
    if kind not in _PLAIN:
        return kind.__name__
    text = _shown(value)
    return f"{kind.__name__} {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"


def _shown(value: object) -> str:
    if isinstance(value, (str, bytes)):
        return ascii(value[: _SHOWN + 1])
    if isinstance(value, int) and value.bit_length() > 256:
        return f"of {value.bit_length()} bits"
    return repr(value)
