# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rules that findings cite by their ids, read from the table of rules in ``rules.md``."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

import attrs

__all__ = ["Rule", "parse_rules"]

_HEADING: Final = "| rule | what it says | source | tests |"


@attrs.frozen(kw_only=True)
class Rule:
    """
    One rule of OTLP/JSON or of a receiver.

    Attributes:
        id: As findings cite it, for example ``"DEC-2"``.

        text: What the rule says, in one sentence.

        source: The specification or the limit that it rests on.
    """

    id: str
    text: str
    source: str


def parse_rules(page: str) -> tuple[Rule, ...]:
    """The rules in the page's first table, in its order; empty if the page has no such table."""
    _, _, below = page.partition(f"{_HEADING}\n")
    # The first row of dashes belongs to the heading; a blank line ends the table.
    rows = takewhile(lambda line: line.startswith("| "), below.splitlines()[1:])
    cells = (row.strip("| ").split(" | ") for row in rows)
    return tuple(Rule(id=name, text=text, source=source) for name, text, source, _ in cells)
