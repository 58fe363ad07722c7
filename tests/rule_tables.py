# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The two tables of ``docs/rules.md`` as values: the rules, and how judges vote on examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from .cases.rules import REFUSED, Example

__all__ = ["ROOT", "Rule", "Votes", "read_rules", "read_votes", "vote"]

ROOT: Final = Path(__file__).resolve().parent.parent
_DOCUMENT: Final = ROOT / "docs" / "rules.md"
_BREACH: Final = " ✗"


@attrs.frozen(kw_only=True)
class Rule:
    """
    A row of the first table.

    Attributes:
        name: Its id.

        text: What it says.

        source: Where it comes from.

        tests: Where each of its tests stands, as pytest names it.
    """

    name: str
    text: str
    source: str
    tests: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Votes:
    """
    A row of the second table.

    Attributes:
        rules: The rules that decide.

        example: What is special about the body.

        said: What ``check`` says of it.

        votes: By judge, without the mark.

        breaches: The judges whose votes are marked.
    """

    rules: tuple[str, ...]
    example: str
    said: str
    votes: Mapping[str, str]
    breaches: tuple[str, ...]


def read_rules() -> list[Rule]:
    """The first table."""
    return [
        Rule(name=name, text=text, source=source, tests=tuple(tests.strip("`").split("`, `")))
        for name, text, source, tests in _rows(4)
    ]


def read_votes() -> list[Votes]:
    """The second table."""
    (_, _, _, *judges), *rows = _rows(9, head=True)
    return [
        Votes(
            rules=tuple(rules.split(", ")),
            example=example,
            said=said,
            votes={judge: cell.replace(_BREACH, "") for judge, cell in zip(judges, cells)},
            breaches=tuple(judge for judge, cell in zip(judges, cells) if cell.endswith(_BREACH)),
        )
        for rules, example, said, *cells in rows
    ]


def vote(
    example: Example,
    read: Callable[[bytes], list[dict[str, Any]]],
    refusals: tuple[type[Exception], ...],
) -> str:
    """How a judge votes on an example, where these exceptions are its way to refuse."""
    try:
        plain = read(example.body)
    except refusals:
        return REFUSED
    return example.vote(plain)


def _rows(width: int, *, head: bool = False) -> list[list[str]]:
    """The rows of the one table with that many columns, as cells."""
    lines = _DOCUMENT.read_text(encoding="utf-8").splitlines()
    rows = [line[2:-2].split(" | ") for line in lines if line.startswith("| ") and line.endswith(" |")]
    found = [row for row in rows if len(row) == width]
    return found if head else found[1:]
