# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The differences between the bytes of two bodies, as text: the first byte, and the lines."""

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
# Aligning more bytes or lines than this would take minutes.
_MAX_BYTES: Final = 2_000_000
_MAX_COMPARED: Final = 5_000
_TOO_MANY: Final = ("by lines: too many lines to compare",)


def first_differing_byte(left: bytes, right: bytes, names: tuple[str, str]) -> list[str]:
    """The first byte in which two bodies differ, with the bytes around it on both sides."""
    place = first_difference(left, right)
    lines = [f"by bytes, first at byte {place}, of {len(left)} in {names[0]} and {len(right)} in {names[1]}:"]
    width = max(map(len, names))
    start = max(0, place - _BEFORE)
    for name, body in zip(names, (left, right)):
        # A Python literal without its quotes shows every byte.
        shown = repr(body[start : place + _AFTER])[2:-1]
        before = "…" if start else ""
        after = "…" if len(body) > place + _AFTER else ""
        lines.append(f"  {name:{width}}  {before}{shown}{after}")
    return lines


def line_diff(left: bytes, right: bytes, names: tuple[str, str]) -> list[str]:
    """The indented lines that differ, with two lines of context; empty if there are none."""
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
