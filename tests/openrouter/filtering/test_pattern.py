# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Patterns find what Python's ``re`` finds, in a time that no pattern makes long."""

from __future__ import annotations

import re
from random import Random

import pytest

from otlpjson.core.errors import InvalidValue
from otlpjson.openrouter.filtering.pattern import MAX_TEXT, Pattern

ATOMS = ["a", "b", "c", ".", r"\d", r"\w", r"\S", "[ab]", "[^a]", r"\s", "[a-c]", "1", r"\.", "_", r"[\d-]"]
REPEATS = ["*", "+", "?", "{0,2}", "{2}", "{1,}", "*?", "+?"]
PLACES = ["^", "$", r"\b", r"\B"]


def drawn(random: Random, depth: int = 0) -> str:
    """A random pattern."""
    kind = random.random()
    if depth > 3 or kind < 0.35:
        return random.choice(ATOMS)
    inner = drawn(random, depth + 1)
    if kind < 0.55:
        return inner + drawn(random, depth + 1)
    if kind < 0.7:
        return f"(?:{inner}){random.choice(REPEATS)}"
    if kind < 0.82:
        return f"({inner}|{drawn(random, depth + 1)})"
    return random.choice(PLACES) + inner if kind < 0.9 else inner + random.choice(PLACES)


@pytest.mark.parametrize("seed", range(8))
def test_it_finds_what_pythons_own_search_finds(seed: int) -> None:
    """But for ``\\B`` in an empty text, where Pythons before 3.14 find nothing."""
    random = Random(seed)
    compared = 0
    for _ in range(150):
        text = ("(?i)" if random.random() < 0.2 else "") + drawn(random)
        pattern = Pattern(text)
        # Python's dollar also stands before a line break at the end; everywhere else it does not.
        usual = re.compile(text.replace("$", r"\Z"))
        for _ in range(6):
            where = "".join(random.choice("abcABC1 ._-\n") for _ in range(random.randrange(1, 9)))
            assert pattern.is_in(where) is (usual.search(where) is not None), (text, where)
            compared += 1
    assert compared == 900


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("", "", True),
        ("^$", "", True),
        ("a{,3}", "a{,3}", True),
        ("a{x}", "a{x}", True),
        ("a{", "a{", True),
        ("[]a]+$", "]a", True),
        ("[^]]", "]", False),
        ("[a-]", "-", True),
        (r"[\d-z]", "-", True),
        (r"[\b]", "\b", True),
        (r"\x41é\t\0", "Aé\t\0", True),
        ("(?P<n>a)(?<m>b)", "ab", True),
        (r"\/\-", "/-", True),
        ("(?i)gpt-4O", "openai/GPT-4o", True),
        ("(?i)[^a]", "A", False),
        ("(?i)[^a]", "b", True),
        ("^gpt", "a gpt", False),
        ("a|", "b", True),
    ],
)
def test_a_pattern_is_found_or_not(pattern: str, text: str, found: bool) -> None:
    assert Pattern(pattern).is_in(text) is found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "(a*)*c", "a{1,100}b", "(a|aa)+$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    """Some take others longer than the age of the world."""
    assert Pattern(pattern).is_in("a" * (MAX_TEXT - 1) + "!") is False


def test_what_comes_behind_the_bound_is_not_searched() -> None:
    """The bound is in the documentation."""
    assert Pattern("x").is_in("a" * (MAX_TEXT - 1) + "x")
    assert not Pattern("x").is_in("a" * MAX_TEXT + "x")


def test_a_text_of_many_different_characters_is_searched_as_well() -> None:
    """More than are remembered."""
    text = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))

    assert Pattern("[\u0000-\uffff]x").is_in(text + "x")
    assert not Pattern(r".\dx").is_in(text + "x")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"(a)\1", r"`\1`"),
        (r"\p", r"`\p`"),
        ("(?=a)", "a group that is more than a group"),
        ("(?<!a)b", "a group that is more than a group"),
        ("(?i:a)", "a group that is more than a group"),
        ("(?P<n", "a name without an end"),
        ("(a", "an opening parenthesis without a closing one"),
        ("a)", "a closing parenthesis without an opening one"),
        ("*a", "`*` with nothing to repeat"),
        ("a++", "a possessive repetition"),
        ("a{3,2}", "a repetition of more than 100, or of less than its least"),
        ("a{101}", "a repetition of more than 100, or of less than its least"),
        ("(a{100}){100}", "more than 250 steps"),
        ("(" * 60, "groups nested too deeply"),
        ("a" * 501, "501"),
        ("[a", "none"),
        ("[a\\", "none"),
        ("[b-a]", "another"),
        (r"[a-\d]", "another"),
        ("a\\", "a backslash at the end"),
        (r"\x4", "others"),
        (r"\x4g", "others"),
        (r"\x+1", "others"),
    ],
)
def test_another_pattern_is_refused(pattern: str, found: str) -> None:
    """Because it cannot be searched in one pass, or is none."""
    with pytest.raises(InvalidValue) as caught:
        Pattern(pattern)

    assert (caught.value.path, caught.value.found) == ("regex", found)
