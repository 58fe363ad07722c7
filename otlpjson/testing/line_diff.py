# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Two bodies that are not the same bytes, shown to people: the first byte, and the lines."""

from __future__ import annotations

import difflib
from typing import Final

from ..core.words import printable
from ..inspect.diff_words import first_difference
from .indented import indented

__all__ = ["first_differing_byte", "line_diff"]

_BEFORE: Final = 30
_AFTER: Final = 30
_CONTEXT: Final = 2
_MAX_LINE: Final = 160
_MAX_SHOWN: Final = 60
_MAX_BYTES: Final = 2_000_000
_MAX_COMPARED: Final = 5_000
"""Of more bytes or lines, an alignment would take minutes."""
_TOO_MANY: Final = ("by lines: too many to be compared",)


def first_differing_byte(left: bytes, right: bytes, names: tuple[str, str]) -> list[str]:
    """Where two bodies differ first, and what surrounds that on both sides."""
    place = first_difference(left, right)
    lines = [f"by bytes, from byte {place} on, of {len(left)} in {names[0]} and {len(right)} in {names[1]}:"]
    width = max(map(len, names))
    start = max(0, place - _BEFORE)
    for name, body in zip(names, (left, right)):
        # As a Python literal, which shows every byte, without its quotes.
        shown = repr(body[start : place + _AFTER])[2:-1]
        before = "…" if start else ""
        after = "…" if len(body) > place + _AFTER else ""
        lines.append(f"  {name:{width}}  {before}{shown}{after}")
    return lines


def line_diff(left: bytes, right: bytes, names: tuple[str, str]) -> list[str]:
    """The lines of the indented forms that differ, with two around them; nothing where none do."""
    if max(len(left), len(right)) > _MAX_BYTES:
        return [*_TOO_MANY]
    before, after = ([_shown(line) for line in indented(body).splitlines()] for body in (left, right))
    if before == after:
        return []
    if max(len(before), len(after)) > _MAX_COMPARED:
        return [*_TOO_MANY]
    lines = list(difflib.unified_diff(before, after, *names, n=_CONTEXT, lineterm=""))
    more = [f"and {len(lines) - _MAX_SHOWN} more lines"] if len(lines) > _MAX_SHOWN else []
    return ["by lines, both indented:", *(f"  {line}" for line in [*lines[:_MAX_SHOWN], *more])]


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", "backslashreplace")
    bare = text.lstrip(" ")
    return " " * (len(text) - len(bare)) + printable(bare, _MAX_LINE)
