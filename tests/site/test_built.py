# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The built site: complete, without a network, and strict. ``make docs`` builds it and runs this."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ..environments import ROOT
from ..reference import DOORS, is_called
from .build import build
from .docstrings import for_griffe
from .hooks import TOP
from .pages import Page, remote_in_style

SITE = ROOT / "site"


def page_of(door: ModuleType) -> Page:
    """The page of a public module."""
    return Page(SITE / "reference" / f"{door.__name__.rpartition('.')[2]}.html")


def plain(text: str) -> str:
    """The text without white space and Markdown, which a page shows in other ways."""
    return re.sub(r"[\s`*_\\]+", "", text).replace("Args:", "Parameters:")


def docstrings(value: Any) -> Iterator[str]:
    """Its own, and those of a class's public methods and properties."""
    yield value.__doc__ or ""
    for name, member in vars(value).items() if inspect.isclass(value) else ():
        # Enumerations have methods of their own since Python 3.11.
        if not name.startswith("_") and not isinstance(member, Enum):
            yield getattr(member, "__doc__", None) or ""


def shown_parameters(text: str) -> list[str]:
    """The names between the first pair of brackets."""
    pieces = [""]
    depth = 0
    for character in text[text.index("(") :]:
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            break
        if character == "," and depth == 1:
            pieces.append("")
        else:
            pieces[-1] += character
    names = [re.match(r"\W*(\w+)", piece) for piece in pieces]
    return [name[1] for name in names if name]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_every_public_name_has_an_anchor_and_its_parameters(door: ModuleType) -> None:
    """The signature is that of the running code, also where attrs makes the constructor."""
    page = page_of(door)

    for name in door.__all__:
        path = f"{door.__name__}.{name}"
        assert path in page.anchors
        value = getattr(door, name)
        if is_called(value):
            shown = shown_parameters(page.text[page.anchors[path] :])
            assert shown == list(inspect.signature(value).parameters), path


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_line_of_a_docstring_is_lost(door: ModuleType) -> None:
    """Units, errors and sources among them."""
    shown = plain(page_of(door).text)

    for name in door.__all__:
        value = getattr(door, name)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        for line in "\n".join(for_griffe(inspect.cleandoc(text)) for text in docstrings(value)).split("\n"):
            # The type stands between an item's name and its text; a browser counts.
            own = re.sub(r"^(?:    [\w.]+:|\d+\. )", "", line)
            assert plain(own) in shown, f"{door.__name__}.{name}: {line}"


def test_a_browser_loads_nothing_from_elsewhere() -> None:
    """No fonts, no scripts: the site works without a network."""
    pages = {path.relative_to(SITE).as_posix(): Page(path).remote for path in SITE.rglob("*.html")}
    styles = {
        path.relative_to(SITE).as_posix(): remote_in_style(path.read_text(encoding="utf-8"))
        for path in SITE.rglob("*.css")
    }

    assert len(pages) > 20 and styles
    assert {name: found for name, found in {**pages, **styles}.items() if found} == {}


def test_what_would_be_loaded_is_found(tmp_path: Path) -> None:
    """Scripts, styles and images with another host; not links that a reader follows."""
    page = tmp_path / "page.html"
    page.write_text(
        '<link rel="canonical" href="https://a/"><link rel="stylesheet" href="https://b/">'
        '<script src="//c/d.js"></script><img src="e.png"><a href="https://f/">g</a>'
        "<p id=h style=\"background: url('http://i/j.png')\">k</p>",
        encoding="utf-8",
    )

    read = Page(page)
    assert read.remote == ["https://b/", "//c/d.js", "http://i/j.png"]
    assert (read.text, read.anchors) == ("gk", {"h": 1})
    assert remote_in_style('@import "https://a/b.css"; a { b: url(c.png) }') == ["https://a/b.css"]


@pytest.mark.process
@pytest.mark.slow
def test_a_broken_link_anchor_or_name_fails_the_build(tmp_path: Path) -> None:
    """Each is a warning, and a warning is a failure."""
    project = tmp_path / "project"
    for name in ("docs", "otlpjson", "tests/site"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "tests/__init__.py", *TOP):
        shutil.copy(ROOT / name, project / name)
    sender = project / "otlpjson" / "delivery" / "sender.py"
    text = sender.read_text("utf-8")
    described = "        timeout_s:\n"
    assert described in text
    sender.write_text(text.replace(described, "        timeout:\n"), "utf-8")
    broken = "# Mutation\n\n[a](nowhere.md) [b](rules.md#nowhere) [c][otlpjson.Nowhere] [d](../setup.cfg)\n"
    (project / "docs" / "mutation.md").write_text(broken, "utf-8")
    (project / "docs" / "extra.md").write_text("# Not in the navigation\n", "utf-8")

    built = build(project, tmp_path / "site")

    assert built.returncode == 1
    for words in (
        "contains a link 'nowhere.md', but the target is not found",
        "contains a link 'rules.md#nowhere', but the doc 'rules.md' does not contain an anchor '#nowhere'",
        "Could not find cross-reference target 'otlpjson.Nowhere'",
        "Parameter 'timeout' does not appear in the function signature",
        "contains a link '../setup.cfg', but the target is not found",
        'not included in the "nav" configuration',
    ):
        assert words in built.stdout
