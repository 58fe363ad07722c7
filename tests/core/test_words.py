# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What foreign text looks like on a terminal and in a log."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.core.words import printable

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
