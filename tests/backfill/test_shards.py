# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files cut into parts: each row is in exactly one of them, wherever the cuts fall."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from otlpjson.backfill import Shard, shards_of
from otlpjson.backfill.inputs.conversion import format_of_rows
from otlpjson.backfill.inputs.opened import rows_in
from otlpjson.backfill.shards import documents_of_shard
from otlpjson.backfill.shards.reading import identity_of
from otlpjson.backfill.shards.shard import Kind
from otlpjson.core.errors import ConfigError, InvalidDocument

from .. import FIXTURES
from .rows import lines_of, record

INPUTS = FIXTURES / "inputs"


def rows(shards: list[Shard]) -> list[Any]:
    """What all parts give, with the reasons in words."""
    return [
        str(document) if isinstance(document, InvalidDocument) else document
        for shard in shards
        for _, document in documents_of_shard(shard)
    ]


@pytest.mark.parametrize("size", [1, 2, 7, 100, 400, 401, 402, 5000, 10**9])
def test_lines_are_cut_anywhere(tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a line, in a character, before and after a line end; the places are those of the lines."""
    text = lines_of(12)
    path = tmp_path / "a.jsonl"
    path.write_bytes(text)
    shards = list(shards_of([path], None, size))

    assert rows(shards) == [line for line in text.splitlines() if line]
    assert [shard.start for shard in shards] == [*range(0, len(text), size)]
    for shard in shards:
        for place, document in documents_of_shard(shard):
            assert isinstance(document, bytes)
            assert text[place:].startswith(document)
            assert shard.start <= place < shard.end


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    """And a byte order mark before the first is no part of it."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(record(1)).encode() + b"\n" + json.dumps(record(2)).encode()
    )

    assert rows(list(shards_of([path], None, 50))) == [json.dumps(record(one)).encode() for one in (1, 2)]


@pytest.mark.parametrize("first", [b"nope", b'{"request": {"mod', b"[1", b'"x"'])
def test_a_damaged_first_line_hides_no_others(tmp_path: Path, first: bytes) -> None:
    """The file is JSON Lines all the same; the line is named when it is read as a record."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(first + b"\n" + lines_of(9))
    found = rows(list(shards_of([path], None, 700)))

    assert found[0] == first
    assert found[1:] == [line for line in lines_of(9).splitlines() if line]


def test_what_is_added_later_is_not_read(tmp_path: Path) -> None:
    """A part ends where the file ended when it was cut."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines_of(5))
    shards = list(shards_of([path], None, 10**9))
    before = rows(shards), identity_of(shards[0])
    with path.open("ab") as file:
        file.write(lines_of(5))

    assert (rows(shards), identity_of(shards[0])) == before


def test_the_identity_is_that_of_the_bytes(tmp_path: Path) -> None:
    """Of the lines that begin in the part, to their ends."""
    text = lines_of(20)
    path = tmp_path / "a.jsonl"
    path.write_bytes(text)
    first, second = shards_of([path], None, len(text) // 2 + 1)
    known = identity_of(first), identity_of(second)
    cut = text.index(b"\n", first.end)
    path.write_bytes(text[: cut - 1] + b"!" + text[cut:])
    assert identity_of(first) != known[0]
    assert identity_of(second) == known[1]
    path.write_bytes(text[:-2] + b"!\n")
    assert (identity_of(first), identity_of(second) != known[1]) == (known[0], True)
    assert len(known[0]) == 16


@pytest.mark.parametrize(
    ("name", "count"), [("openrouter-activity.csv", 2), ("litellm.json", 2), ("langfuse.jsonl", 3)]
)
def test_other_formats_become_records(tmp_path: Path, name: str, count: int) -> None:
    """Compressed too; a row that is no request gives ``None``."""
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((INPUTS / name).read_bytes()))
    plain, small, compressed = (
        list(shards_of([path], None, size))
        for path, size in ((INPUTS / name, 10**9), (INPUTS / name, 1), (packed, 1))
    )

    assert len(rows(plain)) == count
    assert rows(plain) == rows(small) == rows(compressed)
    assert [one.kind for one in compressed] == [Kind.FILE]
    assert (len(small) > 1) == name.endswith("jsonl")
    assert rows(plain).count(None) == (name == "langfuse.jsonl")


def test_records_are_not_changed_on_the_way(tmp_path: Path) -> None:
    """Duplicate members and long numbers stay, also in a file that is one part."""
    line = b'{"request": {"model": "a", "model": "b", "seed": 1.00000000000000000001}, "response": {}}'
    (tmp_path / "a.jsonl").write_bytes(line + b"\n")
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"\n" + line))
    for name in ("a.jsonl", "b.gz"):
        assert rows(list(shards_of([tmp_path / name], None, 10**9))) == [line]


@pytest.mark.parametrize("text", [json.dumps(record(1), indent=1) + "\n" + json.dumps(record(2), indent=1)])
def test_records_over_several_lines_are_one_part(tmp_path: Path, text: str) -> None:
    """They could not be cut at a line."""
    path = tmp_path / "a.json"
    path.write_text(text)
    [shard] = shards_of([path], None, 1)

    assert [json.loads(one) for one in rows([shard])] == [record(1), record(2)]
    assert shard.kind is Kind.FILE


@pytest.mark.parametrize("around", ["[%s]", '{"data": [%s]}'])
def test_a_list_of_rows_is_one_part(tmp_path: Path, around: str) -> None:
    """Also of records, and of an object around it."""
    path = tmp_path / "a.json"
    path.write_text(around % ",".join(json.dumps(record(number)) for number in range(3)))
    [shard] = shards_of([path], None, 1)

    assert [json.loads(one) for one in rows([shard])] == [record(number) for number in range(3)]


def test_records_in_csv_have_json_as_text(tmp_path: Path) -> None:
    """Their times are numbers, or texts."""
    path = tmp_path / "a.csv"
    quoted = json.dumps(record(1)["request"]).replace('"', '""')
    path.write_text(
        f'\nrequest,response,started_at,ended_at\n"{quoted}",,1771005600000000000,2026-02-13T18:00:01Z\n'
    )
    [one] = rows(list(shards_of([path], None, 1)))

    assert json.loads(one) == {
        "request": record(1)["request"],
        "started_at": 1771005600000000000,
        "ended_at": "2026-02-13T18:00:01Z",
    }


def test_row_groups_of_parquet(tmp_path: Path) -> None:
    """One part each; their rows have the numbers that they have in the file."""
    path = tmp_path / "a.parquet"
    table = pyarrow.Table.from_pylist([record(number) for number in range(250)])
    parquet.write_table(table, path, row_group_size=120)
    shards = list(shards_of([path], None, 1))

    assert [shard.kind for shard in shards] == [Kind.ROW_GROUP] * 3
    assert [json.loads(one) for one in rows(shards)] == [record(number) for number in range(250)]
    assert [next(iter(documents_of_shard(shard)))[0] for shard in shards] == [1, 121, 241]
    assert len({identity_of(shard) for shard in shards}) == 3
    assert shards[0].end <= shards[1].start


def test_rows_are_named_by_their_place() -> None:
    """A line by its byte where a file is cut, because nobody has counted the lines before it."""
    shard = Shard(path="a", kind=Kind.LINES, format="records", start=0, end=1)
    places = [
        Shard(path=shard.path, kind=kind, format=shard.format, start=0, end=1).place(7) for kind in Kind
    ]

    assert places == ["a at byte 7", "a:7", "a row 7"]


def test_a_format_that_is_named_is_not_guessed(tmp_path: Path) -> None:
    """Then a file without any row that is recognised is read, too."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"x": 1}\n')
    [shard] = shards_of([path], "records", 100)

    assert shard.format == "records"


@pytest.mark.parametrize("text", [b'{"x": 1}\n', b"", b"x,y\n1,2\n"])
def test_rows_of_no_known_format_are_refused(tmp_path: Path, text: bytes) -> None:
    """With the formats that are known, and the file."""
    path = tmp_path / "a.txt"
    path.write_bytes(text)
    with pytest.raises(ConfigError) as caught:
        list(shards_of([path], None, 100))

    assert str(caught.value).startswith(f"{path}: expected rows of one of the formats records, ")


def test_an_empty_file_of_a_format_that_is_named_has_no_parts(tmp_path: Path) -> None:
    """There is nothing to convert."""
    path = tmp_path / "a"
    path.write_bytes(b"")

    assert list(shards_of([path], "records", 100)) == []


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    """With its name, and without a traceback of another package."""
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    with pytest.raises(ConfigError, match=r"a\.parquet: expected rows of one of the formats"):
        list(shards_of([path], None, 100))
    with pytest.raises(ConfigError, match=r"a\.parquet: file: expected Parquet, got a damaged file"):
        list(shards_of([path], "records", 100))


def test_rows_are_looked_at_until_one_is_recognised() -> None:
    """But not a whole file of another program."""
    for count, found in ((99, "records"), (100, None)):
        text = b'{"x": 1}\n' * count + json.dumps(record(1)).encode()
        formatted = format_of_rows(rows_in(io.BytesIO(text)))

        assert (formatted and formatted.name) == found
