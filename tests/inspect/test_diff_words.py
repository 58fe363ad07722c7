# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The words of one difference."""

from __future__ import annotations

import pytest

from otlpjson import Attributes, AttributeValue
from otlpjson.inspect.diff_words import (
    Difference,
    first_difference,
    words,
    words_of_two,
)

LONG = "a" * 500


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("pay", 'text "pay"'),
        ("", 'text ""'),
        (True, "bool true"),
        (False, "bool false"),
        (12, "int 12"),
        (12.0, "double 12.0"),
        (float("nan"), "double nan"),
        (b"\x00\xff", "2 bytes 00ff"),
        (b"", "0 bytes"),
        ((), "array of 0"),
        ((1, 2), "array of 2"),
        (Attributes({"a": 1}), "map of 1"),
        (None, "an empty value"),
    ],
)
def test_a_value_is_told_with_its_type(value: AttributeValue, text: str) -> None:
    """So that 12 and 12.0 differ for the reader as well."""
    assert words(value) == text


def test_two_short_values_are_told_whole() -> None:
    """Up to 60 characters, or 30 bytes."""
    assert words_of_two("a" * 60, "b") == (f'text "{"a" * 60}"', 'text "b"', None)
    assert words_of_two(b"a" * 30, b"") == (f"30 bytes {'61' * 30}", "0 bytes", None)
    assert words_of_two(1, "1") == ("int 1", 'text "1"', None)
    assert words_of_two(b"1", "1") == ("1 bytes 31", 'text "1"', None)


def test_of_two_long_texts_the_first_place_where_they_differ_is_shown() -> None:
    """60 characters, 20 of which come before it, and how long each text is."""
    left, right = LONG + "x" + LONG, LONG + "y"

    assert words_of_two(left, right) == (
        f'text …"{"a" * 20}x{"a" * 39}"… of 1001 characters',
        f'text …"{"a" * 20}y" of 501 characters',
        500,
    )
    assert words_of_two("x" + LONG, LONG) == (
        f'text "x{"a" * 59}"… of 501 characters',
        f'text "{"a" * 60}"… of 500 characters',
        0,
    )


def test_of_two_long_bytes_the_first_place_where_they_differ_is_shown() -> None:
    """30 bytes, 10 of which come before it."""
    left, right = bytes(100) + b"\x01" + bytes(100), bytes(100)

    assert words_of_two(left, right) == (
        f"201 bytes …{'00' * 10}01{'00' * 19}…",
        f"100 bytes …{'00' * 10}",
        100,
    )


@pytest.mark.parametrize(
    ("left", "right", "place"),
    [("", "", 0), ("a", "", 0), ("abc", "abd", 2), ("abc", "abcd", 3), ("xbc", "abc", 0), ("ab", "ab", 2)],
)
def test_the_first_difference_is_found(left: str, right: str, place: int) -> None:
    """It is the end of the shorter one where that begins the other."""
    assert first_difference(left, right) == first_difference(right, left) == place


def test_a_difference_is_one_sentence() -> None:
    """With the names of both sides; what one side lacks is nothing, or is only in the other."""
    names = ("a.json", "b.json")

    assert str(Difference(path="span 1: name", left='"a"', right='"b"')) == 'span 1: name: "a" in A, "b" in B'
    assert str(Difference(path="x", left="int 1", right=None, names=names)) == (
        "x: int 1 in a.json, nothing in b.json"
    )
    assert str(Difference(path="x", left=None, right="int 1")) == "x: nothing in A, int 1 in B"
    assert str(Difference(path="span 1", left="", right=None, names=names)) == "span 1 only in a.json"
    assert str(Difference(path="span 1", left=None, right="")) == "span 1 only in B"
    assert (
        str(Difference(path="x", left="a", right="b", position=7)) == "x from position 7 on: a in A, b in B"
    )
