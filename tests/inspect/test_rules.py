# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The rules are read from their table, and only from there."""

from __future__ import annotations

from otlpjson.inspect.rules import Rule, parse_rules

from ..rule_tables import ROOT, read_rules

PAGE = """\
# Rules

| rule | what it says | source | tests |
|---|---|---|---|
| ENC-1 | Defaults are left out. | ProtoJSON | `tests/a.py::test_a` |
| DEC-2 | Ids are read in either case. | OTLP specification | `tests/b.py::test_b`, `tests/c.py::test_c` |

| rule | what it says | source | tests |
| NOT-1 | This is another table. | None | `tests/d.py::test_d` |
"""


def test_the_first_table_is_read_in_its_order() -> None:
    """Up to the first line that is not a row; the tests of a rule are no part of it."""
    assert parse_rules(PAGE) == (
        Rule(id="ENC-1", text="Defaults are left out.", source="ProtoJSON"),
        Rule(id="DEC-2", text="Ids are read in either case.", source="OTLP specification"),
    )


def test_a_page_without_the_table_has_no_rules() -> None:
    """An empty one, and one with other tables."""
    assert parse_rules("") == ()
    assert parse_rules("| rule | example |\n|---|---|\n| ENC-1 | a body |\n") == ()


def test_the_page_of_the_project_is_read_whole() -> None:
    """By another reader of the same table, which is the tests' own."""
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    expected = [(row.name, row.text, row.source) for row in read_rules()]

    assert [(rule.id, rule.text, rule.source) for rule in parse_rules(page)] == expected
    assert len(expected) >= 40
