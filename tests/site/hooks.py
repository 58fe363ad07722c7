# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The texts of the project's top folder as pages of the site, with links that fit in both places."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

__all__ = ["TOP", "for_the_site", "on_files", "on_page_markdown"]

# mkdocs would take a README.md for a folder's index.
TOP: Final = MappingProxyType(
    {
        "README.md": "start.md",
        "CHANGELOG.md": "CHANGELOG.md",
        "CONTRIBUTING.md": "CONTRIBUTING.md",
        "LICENSE": "LICENSE",
        "SECURITY.md": "SECURITY.md",
    }
)
"""Each text of the top folder, and its place on the site."""


def on_files(files: Any, *, config: Any) -> Any:
    """Called by mkdocs with the files of ``docs/``; adds those of the top folder."""
    # Imported here, because the tests of this file run where mkdocs is not installed.
    File = import_module("mkdocs.structure.files").File

    top = Path(config["config_file_path"]).parent
    for name, place in TOP.items():
        text = (top / name).read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=for_the_site(text)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Called by mkdocs with each page before it is rendered."""
    return for_the_site(markdown)


def for_the_site(markdown: str) -> str:
    """
    The page with links as if the top folder's texts stood beside the others.

    Links to any other file outside of ``docs/`` stay as they are, and fail the build.
    """
    names = "|".join(map(re.escape, TOP))
    beside = re.sub(rf"\]\((?:\.\./)*({names})(?=[)#])", lambda link: f"]({TOP[link[1]]}", markdown)
    return re.sub(r"\]\(docs/", "](", beside)
