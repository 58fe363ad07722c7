# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which lines make a document, and how a document becomes a line."""

from __future__ import annotations

import io
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otlpjson.core.lines import batches, documents, documents_of, one_line

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), JSON_VALUES, max_size=3)

CASES: tuple[tuple[str, bytes, list[tuple[int, bytes]]], ...] = (
    ("nothing", b"", []),
    ("blank lines alone", b"\n \t\r\n\xef\xbb\xbf\n", []),
    ("two lines", b'{"a":1}\n{"b":2}\n', [(1, b'{"a":1}'), (2, b'{"b":2}')]),
    ("a last line without an end", b'{"a":1}\n{"b":2}', [(1, b'{"a":1}'), (2, b'{"b":2}')]),
    ("line ends of Windows", b'{"a":1}\r\n{"b":2}\r\n', [(1, b'{"a":1}'), (2, b'{"b":2}')]),
    ("blank lines between", b'\n{"a":1}\n\n\n{"b":2}\n', [(2, b'{"a":1}'), (5, b'{"b":2}')]),
    ("a byte order mark", b'\xef\xbb\xbf{"a":1}\n{"b":2}\n', [(1, b'{"a":1}'), (2, b'{"b":2}')]),
    ("a bad line between", b'{"a":1}\nnope\n{"b":2}\n', [(1, b'{"a":1}'), (2, b"nope"), (3, b'{"b":2}')]),
    ("one over several lines", b'{\n  "a": 1\n}\n', [(1, b'{\n"a": 1\n}')]),
    ("one that starts later", b'\n\n{\n  "a":\n1}\n', [(3, b'{\n"a":\n1}')]),
    ("an open list", b'{"a": [\n1,\n2]}', [(1, b'{"a": [\n1,\n2]}')]),
    ("an open pair", b'{"a":\n{"b": 1}}', [(1, b'{"a":\n{"b": 1}}')]),
    ("an open object", b'{"a": 1,\n"b": 2}', [(1, b'{"a": 1,\n"b": 2}')]),
    ("objects in a list", b'{"a": [\n{"b": 1},\n{"b": 2}\n]}', [(1, b'{"a": [\n{"b": 1},\n{"b": 2}\n]}')]),
    (
        "two over several lines",
        b'{\n"a": 1\n}\n\n{\n"b": 2\n}\n',
        [(1, b'{\n"a": 1\n}'), (5, b'{\n"b": 2\n}')],
    ),
    (
        "whole ones after a damaged first",
        b'{"a":{"b":\n{"c":3}\n\n{"d":4}\n',
        [(1, b'{"a":{"b":'), (2, b'{"c":3}'), (4, b'{"d":4}')],
    ),
    (
        "damaged ones around a whole one",
        b'{"a":\nnope\n{"b":2}\n{"c":\n\xff\n',
        [(1, b'{"a":'), (2, b"nope"), (3, b'{"b":2}'), (4, b'{"c":\n\xff')],
    ),
    (
        "a cut one before whole ones, all over several lines",
        b'{\n  "a": {\n    "b": 1,\n{\n  "c": {}\n}\n{\n  "d": 4\n}\n',
        [(1, b'{\n"a": {\n"b": 1,'), (4, b'{\n"c": {}\n}'), (7, b'{\n"d": 4\n}')],
    ),
    ("a cut one alone", b'{\n  "a": {\n    "b": 1\n', [(1, b'{\n"a": {\n"b": 1')]),
    ("a damaged one over several lines", b'{\n"a": {\n"b" 1\n}\n}', [(1, b'{\n"a": {\n"b" 1\n}\n}')]),
    ("a whole one inside of another", b'{"a": [\n{"b": 1}\n]}', [(1, b'{"a": [\n{"b": 1}\n]}')]),
    (
        "one too deep to follow",
        b'{"a":\n' + b"[" * 100_000 + b'\n{"b": 1}\n',
        [(1, b'{"a":'), (2, b"[" * 100_000), (3, b'{"b": 1}')],
    ),
)


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_documents_have_the_numbers_of_their_first_lines(
    text: bytes, expected: list[tuple[int, bytes]]
) -> None:
    """FIL-4: line ends of both kinds, blank lines and a missing last line end are fine."""
    assert list(documents(io.BytesIO(text))) == expected


def test_lines_are_taken_as_they_are_needed() -> None:
    """An endless source is fine: nothing waits for its end."""
    assert list(itertools.islice(documents(itertools.repeat(b"{}\n")), 3)) == [
        (1, b"{}"),
        (2, b"{}"),
        (3, b"{}"),
    ]


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (b'{"a":1}', b'{"a":1}'),
        (b' {"a": 1}\r\n', b'{"a": 1}'),
        (b'{\r\n\t"a": 1\r\n}', b'{  \t"a": 1  }'),
        (b'{"a":"\\n"}', b'{"a":"\\n"}'),
        (b'\xef\xbb\xbf{"a":"\xc3\xa9"}\n', b'{"a":"\xc3\xa9"}'),
    ],
)
def test_a_line_end_becomes_a_space_and_all_else_stays(document: bytes, line: bytes) -> None:
    """FIL-1: one object per line; a line end inside a text is escaped and so no line end."""
    assert one_line(document) == line


@given(JSON_VALUES, st.sampled_from([None, 0, 2, "\t"]), st.booleans())
def test_one_line_is_the_same_json(value: Any, indent: int | str | None, ascii_only: bool) -> None:
    """However it was written, and whatever is in it."""
    line = one_line(
        json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    )

    assert b"\n" not in line
    assert b"\r" not in line
    assert json.loads(line.decode("utf-8", "surrogatepass")) == value


@given(
    st.lists(OBJECTS, min_size=1, max_size=4),
    st.sampled_from([None, 2, "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_documents_come_back_as_they_were_written(
    values: list[dict[str, Any]], indent: int | str | None, end: str
) -> None:
    """One a line, or each over several lines, as ``jq`` writes them."""
    text = "".join(json.dumps(value, indent=indent).replace("\n", end) + end for value in values)
    if indent is not None and not values[0]:
        return  # "{}" as the first line is JSON Lines.

    found = [json.loads(document) for _, document in documents(io.BytesIO(text.encode()))]

    assert found == values


@pytest.mark.parametrize("count", [1, 2, 3, 100])
@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_batches_hold_the_same_documents(text: bytes, expected: list[tuple[int, bytes]], count: int) -> None:
    """Whatever their number; they are cut where documents are."""
    found = list(batches(io.BytesIO(text), count, 10**6))

    assert [document for batch in found for document in documents_of(batch)] == expected
    assert all(len(list(documents_of(batch))) <= count for batch in found)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_batch_ends_with_the_document_that_makes_it_large(indent: int | None) -> None:
    """So that long records do not take all memory."""
    text = b"".join(
        json.dumps({"a": "x" * length}, indent=indent).encode() + b"\n"
        for length in (50, 10, 200, 300, 10, 10)
    )
    found = [len(list(documents_of(batch))) for batch in batches(io.BytesIO(text), 100, 100)]

    assert found == [3, 1, 2]
