# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One part to one file: the same bytes each time, nothing done twice, nothing lost in silence."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import duckdb
import pytest
import zstandard

from otlpjson.backfill import Job, Output, Report, Shard, shards_of
from otlpjson.backfill.outputs import span_table
from otlpjson.core import Event, Resource, ResourceSpans, ScopeSpans, Span, TracesData, encode
from otlpjson.core.bodies import Body, fill
from otlpjson.core.entry_scanner import entries_of
from otlpjson.core.errors import ConfigError
from otlpjson.openrouter import Form, Policy, entries_of_generation, read_record

from .. import FIXTURES
from .rows import job_in, lines_of, record


def shards_in(folder: Path, text: bytes, size: int = 10**9) -> list[Shard]:
    """The parts of a file with this text."""
    path = folder / "calls.jsonl"
    path.write_bytes(text)
    return list(shards_of([path], None, size))


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, those that begin with a dot included."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_part_becomes_a_file_and_a_report(tmp_path: Path) -> None:
    """The bodies have what the library makes of the records; what was refused is named with its place."""
    text = lines_of(20)
    [shard] = shards_in(tmp_path, text)
    job = job_in(tmp_path / "out")
    report = job.run(shard)
    expected = [
        entry.data
        for number in range(20)
        for entry in entries_of_generation(read_record(record(number)), Form())
    ]
    written = (tmp_path / "out" / report.file).read_bytes()

    assert [entry.data for line in written.splitlines() for entry in entries_of(line)] == expected
    assert report == Report(
        part=job.name_of(shard),
        file=f"{job.name_of(shard)}.jsonl",
        input_bytes=len(text),
        records=20,
        spans=20,
        output_bytes=len(written),
        refused=1,
        messages=[
            f"{shard.path} at byte {text.index(b'nope')}: record: expected one JSON object, "
            "got text that is not JSON: Expecting value, line 1 column 1"
        ],
    )
    assert set(files(tmp_path / "out")) == {report.file, f"reports/{report.part}.json"}
    assert Report.from_json(files(tmp_path / "out")[f"reports/{report.part}.json"]) == report
    assert (tmp_path / "out" / report.file).stat().st_mode & 0o777 == 0o600


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    """The report is the same; where the file has gone, or the report is damaged, it is made again."""
    [shard] = shards_in(tmp_path, lines_of(5))
    job = job_in(tmp_path / "out")
    first = job.run(shard)
    before = files(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.json*")}
    again = job.run(shard)

    assert again == first
    assert {path: path.stat().st_mtime_ns for path in times} == times
    report = tmp_path / "out" / "reports" / f"{first.part}.json"
    for spoil in (
        (tmp_path / "out" / first.file).unlink,
        lambda: report.write_text("{"),
        lambda: report.write_text('{"x": 1}'),
        lambda: report.write_text('{"x": 1, "left_out": {}}'),
        report.unlink,
    ):
        spoil()
        assert job.run(shard) == first
        assert files(tmp_path / "out") == before


def test_the_name_says_input_range_and_settings(tmp_path: Path) -> None:
    """Other bytes, another form, another output or another format give other files."""
    first, second = shards_in(tmp_path, lines_of(20), 2000)[:2]
    job = job_in(tmp_path / "out")
    stem, place, identity, settings = job.name_of(first).rsplit(".", 3)

    assert (stem, place) == ("calls.jsonl", "000000000000-000000002000")
    assert (len(identity), len(settings)) == (16, 8)
    others = [
        job_in(tmp_path / "out", form=Form(privacy_mode=True)),
        job_in(tmp_path / "out", Output(packing="gzip")),
        attrs.evolve(job, mapper=attrs.evolve(job.mapper, policy=Policy(sampling_rate=0.5))),
    ]
    names = {one.name_of(first) for one in [job, *others]} | {job.name_of(second)}
    names.add(job.name_of(attrs.evolve(first, format="litellm")))
    assert len(names) == 6
    shards_in(tmp_path, b" " + lines_of(20))
    assert job.name_of(first) not in names
    odd = tmp_path / ("Ü/\u202e .jsonl".replace("/", "-") + "x" * 200)
    odd.write_bytes(b"x")
    assert job.name_of(attrs.evolve(first, path=str(odd))).rsplit(".", 3)[0] == ("_-_.jsonl" + "x" * 71)


@pytest.mark.parametrize(
    "output", [Output(), Output(packing="gzip"), Output(packing="zstd"), Output(name="parquet")]
)
def test_the_bytes_are_the_same_each_time(
    tmp_path: Path, output: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in another folder and at another time; the file can be read."""
    [shard] = shards_in(tmp_path, lines_of(30))
    reports = [job_in(tmp_path / name, output).run(shard) for name in ("a", "b")]
    one, other = files(tmp_path / "a"), files(tmp_path / "b")

    assert one == other
    assert reports[0].spans == 30
    data = one[reports[0].file]
    plain = files(tmp_path / "plain") if job_in(tmp_path / "plain").run(shard) else {}
    [lines] = [text for name, text in plain.items() if name.endswith(".jsonl")]
    if output.packing == "gzip":
        assert (gzip.decompress(data), data[4:8]) == (lines, b"\0\0\0\0")
        assert reports[0].file.endswith(".jsonl.gz")
    elif output.packing == "zstd":
        assert zstandard.ZstdDecompressor().decompressobj().decompress(data) == lines
        assert reports[0].file.endswith(".jsonl.zst")
    else:
        assert reports[0].file.endswith(".parquet") == (output.name == "parquet")


def test_parquet_is_read_by_duckdb(tmp_path: Path) -> None:
    """One row per span; the sums are those of the records, and the content is there."""
    [shard] = shards_in(tmp_path, lines_of(30))
    for hierarchy in ("documented", "observed"):
        folder = tmp_path / hierarchy
        report = job_in(folder, Output(name="parquet"), Form(hierarchy=hierarchy)).run(shard)
        query = (
            "select count(*), sum(total_cost), sum(input_tokens), count(distinct trace_id),"
            " min(epoch_ns(start_time)), max(epoch_ns(end_time)), count(distinct session_id)"
            f" from '{folder}/*.parquet'"
        )
        [found] = duckdb.sql(query).fetchall()
        cost = sum(record(number)["response"]["usage"]["cost"] for number in range(30))

        assert found[0] == report.spans
        assert found[1] == pytest.approx(cost, rel=1e-12)
        assert found[2] == sum(range(30))
        assert found[4:] == (1771005600000000000, 1771005601000000000, 3)
        columns = duckdb.sql(f"describe select * from '{folder}/*.parquet'").fetchall()
        # Newer versions have shorter names for the types of times.
        assert [(name, kind[:9]) for name, kind, *_ in columns] == [
            (name, SQL_TYPES[kind]) for name, kind in span_table.COLUMNS
        ]
        rows = duckdb.sql(
            f"select prompt, attributes ->> '$.\"gen_ai.prompt\"' from '{folder}/*.parquet'"
            " where span_type = 'generation' and generation_id = 'gen-1'"
        ).fetchall()
        assert rows[0][0] == rows[0][1]
        assert "Grüße 💰 1" in json.loads(rows[0][0])["messages"][0]["content"]


SQL_TYPES = {"text": "VARCHAR", "int": "BIGINT", "float": "DOUBLE", "time": "TIMESTAMP"}


def test_rows_of_any_span() -> None:
    """A kind and a status that OTLP does not define stay numbers; times beyond Parquet's are left out."""
    span = Span(
        trace_id="1" * 32,
        span_id="2" * 16,
        name="n",
        start_ns=0,
        end_ns=2**63,
        kind=9,
        attributes={"a": (1, b"\xff"), "b": {"c": None}, "gen_ai.usage.total_cost": 5},
        events=[Event(name="e", time_ns=7, attributes={"x": True})],
    )
    resource = Resource(attributes={"service.name": 7, "r": 1})
    data = TracesData(
        resource_spans=[ResourceSpans(scope_spans=[ScopeSpans(spans=[span])], resource=resource)]
    )
    [row] = span_table.rows_of_body(Body(entries=entries_of(encode(data))))
    given = {name: value for name, value in row.items() if value is not None}

    assert list(row) == [name for name, _ in span_table.COLUMNS]
    assert given == {
        "trace_id": "1" * 32,
        "span_id": "2" * 16,
        "name": "n",
        "kind": "9",
        "status": "unset",
        "attributes": json.dumps({"a": [1, "ff"], "b": {"c": None}, "gen_ai.usage.total_cost": 5}),
        "events": '[{"name": "e", "time_ns": 7, "attributes": {"x": true}}]',
        "resource_attributes": '{"service.name": 7, "r": 1}',
    }


def test_a_part_without_spans_has_a_report_alone(tmp_path: Path) -> None:
    """The reasons are counted."""
    refused = json.loads((FIXTURES / "openrouter" / "refused" / "record.json").read_bytes())
    text = b"\n".join(json.dumps(one).encode() for one in (record(1), refused))
    [shard] = shards_in(tmp_path, text)
    job = job_in(tmp_path / "out", form=Form(hierarchy="observed"))
    policy = Policy(predicate=lambda generation: generation.failure is not None)
    report = attrs.evolve(job, mapper=attrs.evolve(job.mapper, policy=policy)).run(shard)

    assert (report.file, report.records, report.spans) == ("", 2, 0)
    assert (report.left_out, report.without_spans) == (Counter(predicate=1), 1)
    assert list(files(tmp_path / "out")) == [f"reports/{report.part}.json"]


def test_rows_that_are_no_requests_are_counted(tmp_path: Path) -> None:
    """As those that cannot be converted."""
    rows = [
        {"traceId": "t", "startTime": "2026-02-13T18:00:00Z", "type": kind, "id": kind}
        for kind in ("SPAN", "GENERATION")
    ]
    rows.append({**rows[1], "startTime": "yesterday"})
    [shard] = shards_in(tmp_path, b"\n".join(json.dumps(row).encode() for row in rows))
    report = job_in(tmp_path / "out").run(shard)

    assert (report.without_request, report.refused, report.records) == (1, 1, 1)
    assert report.rows == 3
    assert "startTime: expected a time" in report.messages[-1]


def test_notes_are_counted_and_named(tmp_path: Path) -> None:
    """The first twenty of them."""
    made = [
        {**record(number), "request": {**record(number)["request"], "user": ["x"]}} for number in range(30)
    ]
    [shard] = shards_in(tmp_path, b"\n".join(json.dumps(one).encode() for one in made))
    report = job_in(tmp_path / "out").run(shard)

    assert (report.notes, len(report.messages), report.messages_left) == (30, 20, 0)
    assert "left out: record.request.user: expected text" in report.messages[0]


def test_leftovers_of_a_part_are_swept(tmp_path: Path) -> None:
    """And nothing else."""
    [shard] = shards_in(tmp_path, lines_of(5))
    job = job_in(tmp_path / "out")
    report = job.run(shard)
    before = files(tmp_path / "out")
    for name in (f".{report.file}.x1.tmp", f"reports/.{report.part}.json.x2.tmp"):
        (tmp_path / "out" / name).write_bytes(b"half")
    other = tmp_path / "out" / ".other.x3.tmp"
    other.write_bytes(b"")
    job.sweep([report.part])
    other.unlink()

    assert files(tmp_path / "out") == before


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half file, no report."""
    [shard] = shards_in(tmp_path, lines_of(5))
    job = job_in(tmp_path / "out")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        job.run(shard)

    assert files(tmp_path / "out") == {}


@pytest.mark.parametrize(
    ("output", "module", "words"),
    [
        ({"packing": "zstd"}, "zstandard", "zstd: needs the package zstandard"),
        ({"name": "parquet"}, "pyarrow", "parquet: needs the package pyarrow"),
    ],
)
def test_a_package_that_is_missing_is_named_before_the_work(
    output: dict[str, Any], module: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the first part."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigError, match=words):
        Output(**output)


def test_parquet_is_not_compressed_twice() -> None:
    """Its columns are compressed already."""
    with pytest.raises(ConfigError, match="--compression: expected none"):
        Output(name="parquet", packing="gzip")


def test_large_tables_have_several_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that nobody has to hold all rows."""
    from pyarrow import parquet

    [shard] = shards_in(tmp_path, lines_of(30))
    monkeypatch.setattr(span_table, "_GROUP_BYTES", 1)
    monkeypatch.setattr(fill, "__defaults__", (20_000,))
    report = job_in(tmp_path / "out", Output(name="parquet")).run(shard)

    assert parquet.ParquetFile(tmp_path / "out" / report.file).metadata.num_row_groups > 1


def test_reports_are_summed(tmp_path: Path) -> None:
    """The messages of all, up to twenty."""
    total = Report()
    for number in range(3):
        total.add(Report(part="x", records=number, left_out=Counter(sampled_out=1), messages=["m"] * 9))

    assert (total.records, total.left_out, len(total.messages)) == (3, Counter(sampled_out=3), 20)
    assert isinstance(job_in(tmp_path), Job)
