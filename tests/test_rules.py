# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``docs/rules.md`` is true: every rule that is cited stands there, has tests, and our votes are as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable, Final

import pytest

import otlpjson
from otlpjson import InvalidDocument, decode, decode_lenient
from otlpjson.inspect.checker import check

from . import oracle
from .cases.rules import EXAMPLES, REFUSED
from .interop import collector_table
from .node_ids import exists
from .plain import plain_model
from .rule_tables import ROOT, Rule, Votes, read_rules, read_votes, vote

RULES: Final = read_rules()
VOTES: Final = read_votes()
COLLECTOR: Final = collector_table.read(collector_table.DOCUMENT.read_text(encoding="utf-8"))
ID: Final = re.compile(r"\b(?:ENC|DEC|VAL|SND|FIL|GC)-[0-9]+\b")
PACKAGE: Final = Path(otlpjson.__file__).parent

Read = Callable[[bytes], list[dict[str, Any]]]
OURS: Final[dict[str, Read]] = {
    "oracle": oracle.read,
    "strict": lambda body: plain_model(decode(body)),
    "lenient": lambda body: plain_model(decode_lenient(body).traces),
}


def cited(folder: Path) -> set[str]:
    """Every rule that the sources below a folder cite."""
    sources = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    return {name for source in sources for name in ID.findall(source)}


def test_the_tables_are_read_whole() -> None:
    """Each rule once and in one sentence; the sources named; rows for exactly the examples, in their order."""
    names = [rule.name for rule in RULES]

    assert len(names) == len(set(names)) >= 40
    assert [rule.name for rule in RULES if not rule.text.endswith(".") or not rule.source] == []
    assert [row.example for row in VOTES] == list(EXAMPLES)


def test_the_package_brings_the_page_along() -> None:
    """Byte for byte; ``otlpjson rule`` reads it there."""
    assert (PACKAGE / "inspect" / "rules.md").read_bytes() == (ROOT / "docs" / "rules.md").read_bytes()


def test_every_rule_that_is_cited_is_in_the_table() -> None:
    """By the package and by the tests."""
    names = {rule.name for rule in RULES}

    assert cited(PACKAGE) - names == set()
    assert cited(ROOT / "tests") - names == set()
    assert len(cited(PACKAGE)) > 20


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_tests_that_exist(rule: Rule) -> None:
    """Where the table says."""
    assert [test for test in rule.tests if not exists(test)] == []


def test_every_rule_of_a_body_has_an_example_and_no_example_another_rule() -> None:
    """What is sent, and how, is no matter of a body."""
    with_example = {name for row in VOTES for name in row.rules}
    of_a_body = {rule.name for rule in RULES if not rule.name.startswith(("SND", "FIL", "GC"))}

    assert of_a_body - with_example == set()
    assert with_example - {rule.name for rule in RULES} == set()


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=[pytest.mark.slow] if len(EXAMPLES[row.example].body) > 100_000 else [])
        for row in VOTES
    ],
    ids=lambda row: row.example,
)
def test_our_readers_vote_as_the_table_says(row: Votes) -> None:
    """The oracle, the strict and the lenient reader; and what is said of the body cites the row's rule."""
    example = EXAMPLES[row.example]
    found = {judge: vote(example, read, (oracle.Refused, InvalidDocument)) for judge, read in OURS.items()}
    said = [f"{finding.severity.value} {finding.rule}" for finding in check(example.body).findings]

    assert found == {judge: row.votes[judge] for judge in OURS}
    assert (", ".join(dict.fromkeys(said)) or "nothing") == row.said
    assert said == [] or set(row.rules) & {text.split()[1] for text in said}


@pytest.mark.parametrize("row", VOTES, ids=lambda row: row.example)
def test_a_strict_refusal_is_an_error_of_check_and_nothing_else_is(row: Votes) -> None:
    """Circles aside, which only a look at all spans shows; and none of ours breaks a rule."""
    is_error = "error" in row.said

    assert is_error is (row.votes["strict"] == REFUSED or row.rules == ("VAL-9",))
    assert not set(row.breaches) & set(OURS)


MEASURED: Final = {
    "an id of 31 digits": "trace id of 31 digits",
    "an id of zeros": "trace id of zeros",
    "a parent id of zeros": "parent id of zeros",
    "a kind as a name": "kind as a name",
    "a kind as digits in a text": "kind as digits in a text",
    "an unknown kind": "unknown kind",
    "a lone surrogate": "lone surrogate",
    "bytes in the alphabet of URLs": "base64 of URLs",
    "bytes that are no base64": "invalid base64",
    "NaN without quotes": "NaN as a token",
    "a double beyond range": "double beyond range",
    "a name that is null": "name as null",
    "a time that is null": "time as null",
    "an integer of 2^63": "integer of 2^63",
    "two values in one": "two values in one AnyValue",
    "an integer as 5.0": "integer with a fraction",
    "a member in snake case": "member in snake case",
    "an unknown member": "unknown member",
    "an end before the start": "end before start",
    "a time below zero": "time below zero",
    "no name": "empty name",
    "a message without an error": "status message without the code of an error",
    "a bad trace state": "bad trace state",
    "a key twice": "a key twice",
    "an empty key": "empty key",
    "a span twice": "span id twice",
    "a span that is its own parent": "span that is its own parent",
    "a parent cycle of two spans": "two spans that are each other's parents",
    "a member twice": "duplicate member",
    "text after the body": "two documents",
    "a byte order mark": "byte order mark",
    "a body that is cut": "cut text",
    "a byte that is not UTF-8": "not UTF-8",
    "a name that is a number": "name as a number",
    "attributes that are an object": "attributes as an object",
}
"""Examples that were put before a real Collector too, by what ``docs/collector.md`` calls them."""


@pytest.mark.parametrize("example", MEASURED)
def test_the_collectors_vote_is_what_was_measured(example: str) -> None:
    """Whether it refuses the body: with any answer but 200."""
    (row,) = [row for row in VOTES if row.example == example]
    status, _ = COLLECTOR[MEASURED[example]]

    assert (row.votes["Collector"] == REFUSED) is (status != "200")
