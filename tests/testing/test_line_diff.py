# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Two bodies of other bytes, as a person sees them."""

from __future__ import annotations

import json

from otlpjson.testing.line_diff import first_differing_byte, line_diff

NAMES = ("old", "newer")


def test_the_first_byte_that_differs_is_shown_with_what_surrounds_it() -> None:
    """Thirty bytes on each side; what does not print is escaped, and an ellipsis says where more is."""
    assert first_differing_byte(b"a" * 50 + b'1"\xff' + b"b" * 50, b"a" * 50 + b"2\n", NAMES) == [
        "by bytes, first at byte 50, of 103 in old and 52 in newer:",
        f'  old    …{"a" * 30}1"\\xff{"b" * 27}…',
        f"  newer  …{'a' * 30}2\\n",
    ]
    assert first_differing_byte(b"", b"{}", NAMES) == [
        "by bytes, first at byte 0, of 0 in old and 2 in newer:",
        "  old    ",
        "  newer  {}",
    ]


def test_lines_that_differ_are_shown_between_two_others() -> None:
    """Of the indented forms, whatever form the bodies have."""
    left = json.dumps({"a": 1, "b": 2, "c": 3, "d": [4], "e": 5}).encode()
    right = json.dumps({"a": 1, "b": 2, "c": 3, "d": [5], "e": 5}, separators=(",", ":")).encode()

    assert line_diff(left, right, NAMES) == [
        "by lines, both indented:",
        "  --- old",
        "  +++ newer",
        "  @@ -4,5 +4,5 @@",
        '    "c": 3,',
        '    "d": [',
        "  -  4",
        "  +  5",
        "    ],",
        '    "e": 5',
    ]


def test_other_white_space_is_no_other_line() -> None:
    """The first differing byte has shown it."""
    assert line_diff(b'{"a":1}', b'{"a": 1}\n', NAMES) == []


def test_long_lines_and_foreign_characters_are_made_fit_to_be_shown() -> None:
    """Nothing steers the terminal, and a prompt does not fill it."""
    shown = line_diff(b'["' + b"x" * 500 + b'"]', b'["\x1b[2J\xff\xe2\x80\xae"]', NAMES)

    assert shown[5:7] == ['  - "' + "x" * 158 + "…", '  + " [2J\\xff "']


def test_many_lines_are_counted() -> None:
    """Sixty are shown."""
    shown = line_diff(b"[1" + b",1" * 99 + b"]", b"[2" + b",2" * 99 + b"]", NAMES)

    assert len(shown) == 62
    assert shown[-1] == "  and 145 more lines"


def test_of_very_many_lines_none_are_aligned() -> None:
    """That would take too long, and is said."""
    assert line_diff(b"[1" + b",1" * 6000 + b"]", b"[2]", NAMES) == ["by lines: too many lines to compare"]
    assert line_diff(b"[]", b"[" + b" " * 2_000_000 + b"]", NAMES) == ["by lines: too many lines to compare"]
