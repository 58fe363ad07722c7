# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A page of the built site: its text, the text below each anchor, and the addresses that it loads."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

__all__ = ["Page", "remote_in_style"]

_LOADING: Final = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
# These say where a page belongs; a browser does not fetch them.
_NOT_LOADED: Final = frozenset({"canonical", "next", "prev"})
_REMOTE: Final = re.compile(r"(?:https?:)?//", flags=re.IGNORECASE)
_REMOTE_STYLE: Final = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^)\"']+)", flags=re.IGNORECASE)


class Page(HTMLParser):
    """
    One page, read.

    Args:
        path: The file.

    Attributes:
        anchors: Every id, with the place in ``text`` where its element begins.

        remote: Addresses outside of the site that a browser would load.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: dict[str, int] = {}
        self.remote: list[str] = []
        self._pieces: list[str] = []
        self._length = 0
        self.feed(path.read_text(encoding="utf-8"))

    @property
    def text(self) -> str:
        """What is between the tags."""
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an anchor, and an address that is loaded."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors[given["id"]] = self._length
        address = given.get(_LOADING.get(tag, ""), "")
        if _REMOTE.match(address) and given.get("rel") not in _NOT_LOADED:
            self.remote.append(address)
        self.remote += remote_in_style(given.get("style", ""))

    def handle_data(self, data: str) -> None:
        """Keeps text."""
        self._pieces.append(data)
        self._length += len(data)


def remote_in_style(style: str) -> list[str]:
    """The addresses outside of the site that a style sheet loads."""
    return _REMOTE_STYLE.findall(style)
