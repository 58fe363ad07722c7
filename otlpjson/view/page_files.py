# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The files of the page, which are data of the package."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

__all__ = ["page_file"]

_MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml",
    }
)


def page_file(path: str) -> tuple[bytes, str] | None:
    """A file of the page and its media type, by its path; ``None`` if there is none."""
    name = path[1:] or "index.html"
    # Looked up among the names that there are, so that no path leads elsewhere.
    for file in (files(__package__) / "page").iterdir():
        if file.name == name:
            return file.read_bytes(), _MEDIA_TYPES[name.rpartition(".")[2]]
    return None
