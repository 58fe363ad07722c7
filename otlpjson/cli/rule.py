# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``rule``: explains the rules that findings cite."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import click

from ..core.words import printable
from ..inspect.rules import Rule, parse_rules

__all__ = ["rule"]

# This package may be a copy under another name, or be in a zip file.
_PACKAGE: Final = __name__.rsplit(".", 2)[0]
_MAX_LINE: Final = 1000


def _rules() -> dict[str, Rule]:
    page = (files(_PACKAGE) / "inspect" / "rules.md").read_text(encoding="utf-8")
    return {rule.id: rule for rule in parse_rules(page)}


def _ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The ids that begin with what was typed, for completion in a shell."""
    return [identifier for identifier in _rules() if identifier.startswith(incomplete.upper())]


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=_ids)
def rule(ids: tuple[str, ...]) -> int:
    """Explain the rules that findings cite.

    ID is the id at the end of a finding, such as DEC-2. The text of the rule is printed with the
    source that it rests on. Without ID, all rules are listed.
    """
    rules = _rules()
    # Lower case is easier to type, and no two ids differ by case alone.
    wanted = [identifier.upper() for identifier in ids]
    unknown = [identifier for identifier in wanted if identifier not in rules]
    if unknown:
        sentence = f"Unknown rule {', '.join(unknown)}; the rules are {', '.join(rules)}."
        raise click.UsageError(printable(sentence, _MAX_LINE))
    if not wanted:
        width = max(map(len, rules))
        for known in rules.values():
            click.echo(f"{known.id:{width}}  {known.text}")
    for identifier in wanted:
        click.echo(f"{identifier}: {rules[identifier].text}\nSource: {rules[identifier].source}")
    return 0
