# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values and foreign text in a few printable words, for messages, terminals and logs."""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "MAX_SHOWN",
    "describe",
    "escaped",
    "in_ascii",
    "key_step",
    "plural",
    "printable",
    "quoted",
    "shortened",
]

MAX_SHOWN: Final = 60
"""How many characters of a value a message shows."""

_PLAIN: Final = frozenset({str, bytes, int, float, bool})
_MAX_BITS: Final = 256
_QUOTE_OR_BACKSLASH: Final = re.compile(r'["\\]')
# C0 and C1 controls (escape sequences among them), invisible and direction-changing characters,
# line and paragraph separators, tags, and lone surrogates, which no output encoding has.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)


def describe(value: object) -> str:
    """
    A value's type and text, for the end of an error's sentence: ``str '5b8e'``, ``list``, ``nothing``.

    Plain values are shown with at most 60 characters of their text; of any other object
    only the class is named, so none of its code runs. ``None`` is ``nothing``.
    """
    kind = type(value)
    if value is None:
        return "nothing"
    return f"{kind.__name__} {_plain(value)}" if kind in _PLAIN else kind.__name__


def _plain(value: object) -> str:
    if isinstance(value, (str, bytes)):
        return in_ascii(value)
    # Longer integers take Python long to write, and beyond 4,300 digits it refuses.
    if isinstance(value, int) and value.bit_length() > _MAX_BITS:
        return f"of {value.bit_length()} bits"
    return shortened(repr(value))


def shortened(text: str, limit: int = MAX_SHOWN) -> str:
    """The first characters of a text, with an ellipsis where there are more than ``limit``."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def in_ascii(value: str | bytes) -> str:
    """A text or bytes as a Python literal in ASCII, at most 60 characters of it: ``'5b8e'``."""
    return shortened(ascii(value[: MAX_SHOWN + 1]))


def quoted(text: str) -> str:
    """A text in quotation marks, at most 60 characters of it, with unprintable ones escaped: ``"pay"``."""
    return f'"{escaped(text[:MAX_SHOWN])}"{"…" if len(text) > MAX_SHOWN else ""}'


def escaped(text: str) -> str:
    """A text with backslashes before quotation marks and in the place of unprintable characters."""
    if text.isprintable():
        return _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", text)
    return "".join(
        _QUOTE_OR_BACKSLASH.sub(r"\\\g<0>", character)
        if character.isprintable()
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def key_step(key: str) -> str:
    """An attribute's key as a step of a path: ``['amount']``."""
    shown = escaped(key[:MAX_SHOWN]).replace("'", "\\'")
    return f"['{shown}{'…' if len(key) > MAX_SHOWN else ''}']"


def plural(count: int, noun: str) -> str:
    """A count with its noun: ``1 span``, ``2 spans``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def printable(text: str, limit: int) -> str:
    """The text on one line, at most ``limit`` long, with a space for each run of unprintable characters."""
    line = _UNPRINTABLE.sub(" ", text).strip()
    return line if len(line) <= limit else (line[: limit - 1] + "…")[:limit]
