# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The project's pages, README and ``docs/``, taken apart: fenced blocks, headings and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

__all__ = ["PAGES", "ROOT", "Block", "Page", "page"]

ROOT: Final = Path(__file__).resolve().parent.parent
_FENCE: Final = re.compile(r"( *)```(\w*)")
_MARKER: Final = re.compile(r" *<!-- (.+) -->")
_HEADING: Final = re.compile(r"#+ (.+)")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
# What GitHub and mkdocs leave out of a heading's anchor.
_NOT_IN_ANCHORS: Final = re.compile(r"[^\w\- ]")


@attrs.frozen(kw_only=True)
class Block:
    """
    A fenced block.

    Attributes:
        page: The page's path below the checkout.

        line: The line of its opening fence, from 1.

        kind: The word after the opening fence.

        text: Its lines, without the indentation of a list.

        marker: The text of the HTML comment right above it, which no reader sees; empty if there is none.
    """

    page: str
    line: int
    kind: str
    text: str
    marker: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def not_run(self) -> str:
        """Why the block cannot run; empty if it can."""
        return self.marker.partition("not run: ")[2]

    @property
    def file(self) -> str:
        """The name of the file that a reader saves the block as; empty if there is none."""
        return self.marker.partition("file: ")[2]


@attrs.frozen(kw_only=True)
class Page:
    """
    A page.

    Attributes:
        path: Where it is.

        text: Its whole text.
    """

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Its path below the checkout."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Its fenced blocks in order."""
        return tuple(_blocks(self.name, self.text.splitlines()))

    @property
    def prose(self) -> str:
        """Its text without the fenced blocks."""
        return re.sub(r"^( *)```.*?^\1```$", "", self.text, flags=re.MULTILINE | re.DOTALL)

    @property
    def anchors(self) -> frozenset[str]:
        """The anchors of its headings."""
        headings = (_HEADING.fullmatch(line) for line in self.prose.splitlines())
        return frozenset(_anchor(heading[1]) for heading in headings if heading)

    @property
    def links(self) -> tuple[str, ...]:
        """The targets of its links in order."""
        return tuple(_LINK.findall(self.prose))


def _blocks(name: str, lines: list[str]) -> Iterator[Block]:
    numbered = iter(enumerate(lines, 1))
    above = ""
    for number, line in numbered:
        fence = _FENCE.fullmatch(line)
        if fence is None:
            above = line or above
            continue
        indent, kind = fence.groups()
        inside = []
        for _, inner in numbered:
            if inner == f"{indent}```":
                break
            inside.append(f"{inner[len(indent) :]}\n")
        marker = _MARKER.fullmatch(above)
        yield Block(
            page=name, line=number, kind=kind, text="".join(inside), marker=marker[1] if marker else ""
        )
        above = ""


def _anchor(heading: str) -> str:
    return _NOT_IN_ANCHORS.sub("", heading.strip().lower()).replace(" ", "-")


def page(name: str) -> Page:
    """The page with this path below the checkout."""
    path = ROOT / name
    return Page(path=path, text=path.read_text(encoding="utf-8"))


PAGES: Final = tuple(
    page(path.relative_to(ROOT).as_posix())
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
)
