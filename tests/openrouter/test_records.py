# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records read from the lines of files."""

from __future__ import annotations

import json

import pytest

from otlpjson.openrouter import Line, read_lines, read_record

from .. import FIXTURES

TEXT = (FIXTURES / "openrouter" / "guide" / "record.json").read_bytes()
ONE_LINE = json.dumps(json.loads(TEXT)).encode()
GENERATION = read_record(json.loads(TEXT))


def test_json_lines_give_one_result_each() -> None:
    """A bad line is reported with its number; line ends and blank lines do not matter."""
    good, bad, again = read_lines([b"\xef\xbb\xbf" + ONE_LINE + b"\r\n", b"\n", b"{oops}\n", ONE_LINE])

    assert good == Line(number=1, generation=GENERATION)
    assert again == Line(number=4, generation=GENERATION)
    assert bad.number == 3
    assert bad.generation is None
    assert str(bad.error) == (
        "record: expected one JSON object, got text that is not JSON: "
        "Expecting property name enclosed in double quotes, line 1 column 2"
    )


def test_one_object_over_several_lines_is_one_record() -> None:
    """Editors write objects like this."""
    assert list(read_lines(TEXT.splitlines(keepends=True))) == [Line(number=1, generation=GENERATION)]


def test_an_empty_file_has_no_records() -> None:
    """Blank lines are not records."""
    assert list(read_lines([])) == list(read_lines([b"\n", b"  \r\n"])) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"[]", "record: expected one JSON object, got list of 0 items"),
        (b'"text"', "record: expected one JSON object, got str of 4 characters"),
        (b"\xff", "record: expected UTF-8 text, got byte 0xff at offset 0"),
        (b"[" * 100_000 + b"0", "record: JSON is nested too deeply"),
        (b"{}", "record.request: expected the body of the request, got nothing"),
    ],
)
def test_a_line_that_is_not_a_record_has_an_error(line: bytes, sentence: str) -> None:
    """Nothing is raised."""
    (result,) = read_lines([line])

    assert str(result.error) == sentence


def test_a_number_of_thousands_of_digits_is_an_error_of_its_record() -> None:
    """CPython refuses to read it since 3.11; older ones read a large number."""
    line = (
        b'{"request":{"messages":[],"seed":'
        + b"1" * 5000
        + b'},"started_at":"2026-02-13T18:00:00Z","ended_at":'
    )
    (result,) = read_lines([line + b'"2026-02-13T18:00:00Z"}'])

    assert result.generation is not None or str(result.error) == ("record: number too long")
