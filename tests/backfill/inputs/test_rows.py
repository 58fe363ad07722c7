# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Rows of files in several shapes, also compressed."""

from __future__ import annotations

import gzip
import io
import sys
from typing import Any, BinaryIO

import pytest
import zstandard

from otlpjson.backfill.inputs.compressed import unpacked
from otlpjson.backfill.inputs.rows import rows_of
from otlpjson.core.errors import ConfigError, InvalidDocument


def rows(text: str) -> list[tuple[int, Any]]:
    """The rows of a file; for errors, what was found."""
    found = rows_of(io.BytesIO(text.encode()))
    return [(number, row.found if isinstance(row, InvalidDocument) else row) for number, row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}\n\n{"a": 2}\n', [(1, {"a": 1}), (3, {"a": 2})]),
        ('{\n"a": 1\n}\n', [(1, {"a": 1})]),
        ('[{"a": 1}, {"a": 2}]', [(1, {"a": 1}), (1, {"a": 2})]),
        ('[\n{"a": 1},\n{"a": 2}\n]\n', [(1, {"a": 1}), (1, {"a": 2})]),
        ('{"data": [{"a": 1}], "meta": {}}', [(1, {"a": 1})]),
        ('{"data": [], "request": {}}', [(1, {"data": [], "request": {}})]),
        ('{"a": 1}\nx\n', [(1, {"a": 1}), (2, "text that is no JSON")]),
        ("[1]", [(1, "int")]),
        ("a,b\n1,2\n\n3\n", [(2, {"a": "1", "b": "2"}), (4, "1")]),
        ('\ufeffa,b\n"1\n2",3\n4,5\n', [(2, {"a": "1\n2", "b": "3"}), (4, {"a": "4", "b": "5"})]),
        ("a\nx\ry\nz\n", [(2, "text that is none"), (3, {"a": "z"})]),
        ("", []),
        ("\n \n", []),
    ],
)
def test_rows_of_a_file(text: str, expected: Any) -> None:
    """With the line on which each begins."""
    assert rows(text) == expected


def test_a_field_of_csv_may_be_long() -> None:
    """As prompts are."""
    assert rows(f"a\n{'x' * 500_000}\n") == [(2, {"a": "x" * 500_000})]


LINES = b"one\ntwo\n"
PACKED = {
    "plain": LINES,
    "gzip": gzip.compress(LINES),
    "two members": gzip.compress(b"one\n") + gzip.compress(b"two\n"),
    "zstd": zstandard.compress(LINES),
    "two frames": zstandard.compress(b"one\n") + zstandard.compress(b"two\n"),
}


class Pipe(io.BytesIO):
    """What cannot be read twice."""

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("name", PACKED)
def test_compressed_files_are_read_as_if_they_were_not(name: str) -> None:
    """A file and a pipe."""
    assert b"".join(unpacked(io.BytesIO(PACKED[name]))) == LINES
    pipe: BinaryIO = io.BufferedReader(Pipe(PACKED[name]))
    assert b"".join(unpacked(pipe)) == LINES


def test_what_can_neither_be_looked_at_nor_read_twice_is_read_as_it_is() -> None:
    """It may be a pipe of a kind of its own."""
    assert b"".join(unpacked(Pipe(PACKED["gzip"]))) == PACKED["gzip"]


@pytest.mark.parametrize("data", [PACKED["gzip"][:-6], PACKED["gzip"][:12] + b"\xff" * 20])
def test_damaged_data_is_an_error_of_the_file(data: bytes) -> None:
    """As any other that is read."""
    with pytest.raises(OSError):
        b"".join(unpacked(io.BytesIO(data)))


def test_without_its_package_zstandard_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of lines that nobody can read."""
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(ConfigError) as caught:
        unpacked(io.BytesIO(PACKED["zstd"]))

    assert caught.value.problems == {"zstd": "needs the package zstandard"}
