# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Values and foreign text in messages, terminals and logs."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.core.words import (
    describe,
    in_ascii,
    key_step,
    plural,
    printable,
    quoted,
    shortened,
)

STEERING_CLASSES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
CASES = (
    ("plain", "plain"),
    ("", ""),
    ("  around  ", "around"),
    ("two\nlines\r\nand more", "two lines and more"),
    ("a\tb\x00c\x7fd", "a b c d"),
    ("\x1b[31mred\x1b[0m", "[31mred [0m"),
    ("\x9b31mC1", "31mC1"),
    ("user\u202egnp.exe", "user gnp.exe"),
    ("\u2066isolated\u2069", "isolated"),
    ("zero\u200bwidth\u200d\ufeff", "zero width"),
    ("soft\u00adhyphen", "soft hyphen"),
    ("line\u2028paragraph\u2029", "line paragraph"),
    ("arabic\u061cmark\u180e", "arabic mark"),
    ("tag\U000e0041\U000e007fged", "tag ged"),
    ("lone\ud83esurrogate\udfff", "lone surrogate"),
    ("réd → 日本 🙂", "réd → 日本 🙂"),
)


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_a_run_of_unprintable_characters_becomes_one_space(text: str, shown: str) -> None:
    """Whatever else a text holds stays as it is."""
    assert printable(text, 100) == shown


@pytest.mark.parametrize(
    ("limit", "shown"), [(9, "beginning"), (8, "beginni…"), (2, "b…"), (1, "…"), (0, "")]
)
def test_a_long_text_ends_in_an_ellipsis(limit: int, shown: str) -> None:
    """The ellipsis is part of the limit."""
    assert printable("beginning", limit) == shown


@given(st.text(st.characters(blacklist_categories=())), st.integers(0, 40))
def test_nothing_steers_and_nothing_is_longer_than_the_limit(text: str, limit: int) -> None:
    """No control, no direction change, no line end, no lone surrogate comes through."""
    shown = printable(text, limit)

    assert len(shown) <= limit
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(character) for character in shown} & STEERING_CLASSES


@given(st.text(st.characters(blacklist_categories=())), st.integers(0, 40))
def test_what_was_made_printable_once_stays_as_it_is(text: str, limit: int) -> None:
    """Making it printable twice is making it printable once."""
    once = printable(text, limit)

    assert printable(once, limit) == once


class Hostile:
    """An object whose text must not be asked for."""

    def __repr__(self) -> str:
        raise AssertionError("its repr was asked for")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("5b8e", "str '5b8e'"),
        ("é\n", "str '\\xe9\\n'"),
        (b"\xff", "bytes b'\\xff'"),
        (True, "bool True"),
        (-7, "int -7"),
        (1.5, "float 1.5"),
        (10**100, "int of 333 bits"),
        ([1], "list"),
        (Hostile(), "Hostile"),
        ("x" * 100, "str '" + "x" * 59 + "…"),
        (2**200, f"int {2**200}"[:64] + "…"),
    ],
)
def test_a_value_is_described_shortly_and_without_its_own_code(value: Any, text: str) -> None:
    """Type and at most 60 characters of plain values; of anything else the class alone."""
    assert describe(value) == text


@pytest.mark.parametrize("length", [59, 60, 61, 100_000])
def test_every_function_shows_sixty_characters(length: int) -> None:
    """One limit for all messages."""
    text = "x" * length
    dots = "…" if length > 60 else ""

    assert shortened(text) == "x" * min(length, 60) + dots
    assert quoted(text) == '"' + "x" * min(length, 60) + '"' + dots
    assert key_step(text) == "['" + "x" * min(length, 60) + dots + "']"
    # The opening quotation mark counts there.
    assert in_ascii(text) == ("'" + text + "'")[:60] + ("…" if length > 58 else "")


def test_a_limit_can_be_given() -> None:
    assert (shortened("abc", 3), shortened("abcd", 3)) == ("abc", "abc…")


def test_what_does_not_print_is_escaped() -> None:
    """Quotation marks and backslashes too, so that the end of a text is seen."""
    assert quoted('a "b" \\ \n\u200b é') == '"a \\"b\\" \\\\ \\n\\u200b é"'
    assert key_step("it's \x00") == "['it\\'s \\x00']"


def test_a_text_is_one_printable_line_of_at_most_60_characters() -> None:
    """Quotation marks and backslashes are escaped, so that one can tell where it ends."""
    assert quoted('say "é"\\\n\x1b[2J\u202e') == r'"say \"é\"\\\n\x1b[2J\u202e"'
    assert quoted("a" * 60) == f'"{"a" * 60}"'
    assert quoted("a" * 61) == f'"{"a" * 60}"…'


def test_a_key_is_a_step_of_a_path() -> None:
    """As one would write it in Python."""
    assert key_step("amount") == "['amount']"
    assert key_step("it's\n") == r"['it\'s\n']"
    assert key_step("k" * 61) == f"['{'k' * 60}…']"


def test_a_count_has_a_noun() -> None:
    assert [plural(count, "span") for count in (0, 1, 2)] == ["0 spans", "1 span", "2 spans"]
