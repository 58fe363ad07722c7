# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Our docstrings in the form that griffe reads: one name per item, and sources that stand out."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["for_griffe", "items"]

_SECTION: Final = re.compile(r"(?:Args|Attributes):")
_ITEM: Final = re.compile(r"    (?P<names>\w+(?:, \w+)*):(?P<text> .*)?")
_SOURCE: Final = re.compile(r"Source: ", flags=re.MULTILINE)


def for_griffe(docstring: str) -> str:
    """
    The same docstring, such that nothing of it is lost in the reference.

    griffe reads the text before a colon as one name, so that ``left, right: …`` would be shown without
    types and defaults. Here the first name gets the text, and the others refer to it.
    """
    lines: list[str] = []
    inside = False
    later: list[str] = []
    for line in docstring.split("\n"):
        item = _ITEM.fullmatch(line) if inside else None
        if item or _ends(line, inside):
            lines += _references(later)
            later = []
        if not line.startswith(" ") and line:
            inside = bool(_SECTION.fullmatch(line))
        if item:
            first, *others = item["names"].split(", ")
            later = [f"    {name}: See ``{first}``." for name in others]
            line = f"    {first}:{_named(item['names']) if others else ''}{item['text'] or ''}"
        lines.append(line)
    lines += _references(later)
    return _SOURCE.sub("**Source:** ", "\n".join(lines))


def items(docstring: str) -> dict[str, list[str]]:
    """The names that each section ``Args:`` or ``Attributes:`` describes."""
    found: dict[str, list[str]] = {}
    section: list[str] | None = None
    for line in docstring.split("\n"):
        if line and not line.startswith(" "):
            section = found.setdefault(line[:-1], []) if _SECTION.fullmatch(line) else None
        item = _ITEM.fullmatch(line)
        if item and section is not None:
            section += item["names"].split(", ")
    return found


def _ends(line: str, inside: bool) -> bool:
    return inside and bool(line) and not line.startswith(" ")


def _named(names: str) -> str:
    return " " + ", ".join(f"``{name}``" for name in names.split(", ")) + ":"


def _references(later: list[str]) -> list[str]:
    return [line for reference in later for line in (reference, "")]
