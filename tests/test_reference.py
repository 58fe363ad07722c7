# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The API reference leaves nothing out: checked without the tools that build the site."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Literal

import attrs
import pytest

import otlpjson

from .reference import DOORS, REFERENCE, documented, omissions, page_of, with_overview

Described = Literal["left", "right"]
"""An alias with a docstring."""
Undescribed = Literal["up"]


@attrs.frozen
class Fields:
    """
    A class whose docstring leaves out a field.

    Attributes:
        left, right: Two of three.
    """

    left: int
    right: int
    middle: int


class NoText(Enum):
    ONE = 1


class Made:
    """A class with an argument that no line is about."""

    def __init__(self, size: int) -> None:
        self.size = size

    @property
    def wide(self) -> bool:
        return self.size > 0

    @classmethod
    def of(cls, size: int) -> Made:
        return cls(size)

    def _private(self) -> None: ...


def stretched(width: int, height: int) -> int:
    """
    The docstring of a function that was changed.

    Args:
        width, depth: Centimetres.
    """
    return width * height


def test_every_public_name_is_described() -> None:
    """In the reference and by docstrings: names, methods, parameters and fields."""
    assert omissions(DOORS, documented(REFERENCE)) == []


def test_each_door_has_its_page() -> None:
    """A name is described on the page of the module that it is imported from."""
    pages = {page.stem: page.read_text(encoding="utf-8") for page in REFERENCE.glob("*.md")}

    assert sorted(pages) == sorted(door.__name__.rpartition(".")[2] for door in DOORS)
    for door in DOORS:
        page = pages[door.__name__.rpartition(".")[2]]
        assert page.startswith(f"# {door.__name__}\n")
        for name in door.__all__:
            assert f"\n::: {door.__name__}.{name}\n" in page


def test_each_page_begins_with_the_signatures_of_today() -> None:
    """Also for who reads the page as it is; ``make golden`` writes them."""
    for door in DOORS:
        page = page_of(door).read_text(encoding="utf-8")
        assert with_overview(page, door) == page

    shown = page_of(otlpjson.delivery).read_text(encoding="utf-8")
    assert (
        "\n- `Sender(destination, *, timeout_s=None, proxies=None, ca_file=None, compression=None)`: Sends bodies to"
        in shown
    )
    assert "\n- `OutcomeKind`: " in shown


def test_a_page_without_a_place_for_its_overview_is_a_mistake() -> None:
    """It would stay without one for ever."""
    with pytest.raises(AssertionError, match=r"^otlpjson.receiver: its page has no place for an overview$"):
        with_overview("# otlpjson.receiver\n", otlpjson.receiver)


def test_the_page_of_the_package_names_what_loads_on_first_use() -> None:
    """They are described with the folder that they come from."""
    page = (REFERENCE / "otlpjson.md").read_text(encoding="utf-8")

    for name in set(dir(otlpjson)) & {"Broadcast", "BroadcastDestination"}:
        assert f"[`{name}`][otlpjson.broadcast.{name}]" in page


def test_what_is_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name without an entry or docstring, a parameter that is not described or does not exist."""
    door = sys.modules[__name__]
    names = ["Described", "Fields", "Made", "NoText", "Undescribed", "stretched"]
    monkeypatch.setattr(door, "__all__", names, raising=False)
    here = door.__name__

    assert omissions([door], {f"{here}.{name}" for name in names if name != "Described"}) == [
        f"{here}.Described: not in the reference",
        f"{here}.Fields: middle is not described",
        f"{here}.Made.wide: no docstring",
        f"{here}.Made.of: no docstring",
        f"{here}.Made: size is not described",
        f"{here}.NoText: no docstring",
        f"{here}.Undescribed: no docstring",
        f"{here}.stretched: depth is not a parameter",
        f"{here}.stretched: height is not described",
    ]


def test_the_entries_of_a_folder_are_read(tmp_path: Path) -> None:
    """With or without options below them; text is none."""
    text = "# page\n\n::: p.One\n\n::: p.Two\n    options:\n        members: false\n\nnot ::: p.Three\n"
    (tmp_path / "page.md").write_text(text, encoding="utf-8")

    assert documented(tmp_path) == {"p.One", "p.Two"}
