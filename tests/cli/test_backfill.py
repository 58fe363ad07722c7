# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``backfill``: files of logs to files of spans, again and again with the same result."""

from __future__ import annotations

import gzip
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import distributed
import pytest

from otlpjson.backfill import Job, Report, Shard
from otlpjson.backfill.engines import cluster_of
from otlpjson.broadcast.config_saving import save_document
from otlpjson.core.entry_scanner import entries_of
from otlpjson.receiver.server import Receiver

from .. import FIXTURES
from ..backfill.rows import lines_of, record
from ..backfill.test_job import files
from ..sent_spans import spans_of
from .commands import KEY, MODULE, Commands, credentials, late, started

INPUTS = FIXTURES / "inputs"


def save(file: Path, **settings: object) -> None:
    """Saves a destination with the name ``saved``."""
    entry = {"kind": "otel_collector", "endpoint": "http://127.0.0.1:9/v1/traces", **settings}
    save_document(file, {"version": 1, "destinations": {"saved": entry}})


@pytest.fixture
def receiver(commands: Commands) -> Iterator[Receiver]:
    """A receiver that the environment names."""
    with Receiver() as running:
        commands.configure(running.base_url)
        yield running


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A file of forty records and a bad line."""
    path = tmp_path / "calls.jsonl"
    path.write_bytes(lines_of(40))
    return path


def test_files_become_bodies_that_post_delivers(
    commands: Commands, receiver: Receiver, calls: Path, tmp_path: Path
) -> None:
    """Each span once; a row that cannot be converted is named, and the exit code says so."""
    out = tmp_path / "out"
    ran = commands("backfill", calls, "--out", out, "--shard-mb", "0.004", "--compression", "gzip")
    count = len(list(out.glob("*.jsonl.gz")))

    assert ran.code == 1
    assert ran.out == b""
    first, *rest = ran.err.splitlines()
    assert first.startswith(f"{calls} at byte ")
    assert first.endswith(
        "record: expected one JSON object, got text that is not JSON: Expecting value, line 1 column 1"
    )
    size = sum(path.stat().st_size for path in out.glob("*.gz"))
    assert rest == [
        f"40 records, 40 spans in {count} files of {size / 1000:,.1f} kB in {out}",
        f"1 row refused, see {out}/reports",
    ]
    assert count > 3
    posted = commands("post", *sorted(out.glob("*.jsonl.gz")))
    assert posted == attrs.evolve(posted, code=0, err=f"40 spans recorded: 40 delivered\n{late(40)}")
    assert sum(len(spans_of(body)) for body in receiver.lines) == 40


def test_the_same_command_again_does_nothing(commands: Commands, calls: Path, tmp_path: Path) -> None:
    """And says the same; what was deleted is made again."""
    out = tmp_path / "out"
    argv = ("backfill", calls, "--out", out, "--shard-mb", "0.004")
    first = commands(*argv)
    before = files(out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*.json*")}
    again = commands(*argv)

    assert (again.code, again.err) == (first.code, first.err)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    sorted(out.glob("*.jsonl"))[2].unlink()
    assert commands(*argv) == first
    assert files(out) == before


def test_files_of_other_settings_are_mentioned(commands: Commands, calls: Path, tmp_path: Path) -> None:
    """Otherwise somebody would deliver both."""
    out = tmp_path / "out"
    commands("backfill", calls, "--out", out)
    ran = commands("backfill", calls, "--out", out, "--privacy-mode")

    assert ran.err.splitlines()[-1] == f"{out} has 1 other file, of other input or settings"
    assert all(b"Gr" not in text for text in files(out).values() if b"privacy" in text)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("openrouter-activity.csv", "2 records, 2 spans in 1 file of "),
        ("litellm.json", "2 records, 2 spans in 1 file of "),
        ("langfuse.jsonl", "2 records, 2 spans in 1 file of "),
    ],
)
def test_a_log_of_another_program_needs_no_convert(
    commands: Commands, tmp_path: Path, file: str, words: str
) -> None:
    """Its format is recognised, and gives what ``convert`` and ``encode`` give."""
    packed = tmp_path / f"{file}.gz"
    packed.write_bytes(gzip.compress((INPUTS / file).read_bytes()))
    converted = commands("encode", stdin=commands("convert", INPUTS / file).out)
    for number, path in enumerate((INPUTS / file, packed)):
        out = tmp_path / f"out{number}"
        ran = commands("backfill", path, "--out", out, "--format", "auto" if number else file.split(".")[0])
        [written] = out.glob("*.jsonl")

        assert ran.code == 0
        assert words in ran.err
        assert ("1 row without a request" in ran.err) == (file == "langfuse.jsonl")
        assert [entry for line in written.read_bytes().splitlines() for entry in entries_of(line)] == [
            entry for line in converted.out.splitlines() for entry in entries_of(line)
        ]


def test_what_a_saved_destination_would_be_sent(
    commands: Commands, calls: Path, tmp_path: Path, saved_file: Path
) -> None:
    """Masked, sampled and in its form; also if it is disabled."""
    save(saved_file, enabled=False, privacy_mode=True, excluded_api_keys=["k"])
    with calls.open("ab") as file:
        file.write(json.dumps({**record(100), "observed": {"api_key_name": "k"}}).encode() + b"\n")
        file.write(json.dumps({**record(101), "request": {**record(101)["request"], "user": ["x"]}}).encode())
    ran = commands("backfill", calls, "--out", tmp_path / "out", "--like", "saved")
    [written] = (tmp_path / "out").glob("*.jsonl")

    assert "41 spans" in ran.err
    assert "1 record left out by the names of API keys" in ran.err
    assert "1 value left out" in ran.err
    assert "Gr" not in written.read_text()


def test_what_was_masked_is_counted(commands: Commands, tmp_path: Path, saved_file: Path) -> None:
    """And a request that OpenRouter does not trace is mentioned."""
    save(saved_file, hierarchy="observed", mask=["email"])
    made = record(1)
    made["request"]["messages"][0]["content"] = "I am jane@example.com"
    path = tmp_path / "calls.jsonl"
    refused = json.loads((FIXTURES / "openrouter" / "refused" / "record.json").read_bytes())
    path.write_text(json.dumps(made) + "\n" + json.dumps(refused))
    ran = commands("backfill", path, "--out", tmp_path / "out", "--like", "saved")

    assert ran.code == 0
    assert "1 record without spans: refused before routing" in ran.err
    assert " masked" in ran.err
    assert all(b"jane@" not in text for text in files(tmp_path / "out").values())


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("missing.jsonl", "--out", "o"), "missing.jsonl: no such file"),
        (("*.none", "--out", "o"), "*.none: no such file"),
        ((".", "--out", "o"), ".: a folder; name its files, such as ./*"),
        (("calls.jsonl", "--out", "o", "--scheduler", "tcp://x:1"), "--scheduler needs --engine dask"),
        (
            ("calls.jsonl", "--out", "o", "--output", "parquet", "--compression", "gzip"),
            "--compression: expected none",
        ),
        (("calls.jsonl", "--out", "o", "--like", "nobody"), "nobody: expected one of"),
        (("calls.jsonl",), "Missing option '--out'"),
        (("bad.txt", "--out", "o"), "bad.txt: expected rows of one of the formats"),
        (("calls.jsonl", "--out", "o", "--shard-mb", "0"), "0.0 is not in the range"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work(
    commands: Commands, calls: Path, argv: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With exit code 2, and no folder full of files."""
    monkeypatch.chdir(calls.parent)
    commands.configure("http://127.0.0.1:9")
    Path("bad.txt").write_text("nothing\n")
    ran = commands("backfill", *argv)

    assert (ran.code, ran.out) == (2, b"")
    assert words in ran.err
    assert list(Path("o").glob("*.jsonl")) == []


def test_patterns_name_files_once(
    commands: Commands, calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, however a file is named; a pattern is expanded here where no shell does."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b.jsonl").write_text(json.dumps(record(1)))
    ran = commands("backfill", "*.jsonl", calls, "./b.jsonl", "--out", tmp_path / "out")

    assert "41 records" in ran.err
    assert "in 2 files" in ran.err


def test_nothing_to_convert_is_no_success(commands: Commands, tmp_path: Path) -> None:
    """As with the other commands."""
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    ran = commands("backfill", path, "--out", tmp_path / "out", "--format", "records")

    assert (ran.code, ran.err) == (
        1,
        f"0 records, 0 spans in 0 files of 0 bytes in {tmp_path / 'out'}\nno rows found\n",
    )


def test_parquet_that_is_damaged_inside_is_an_error(commands: Commands, tmp_path: Path) -> None:
    """Named, without a traceback."""
    import pyarrow
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(
        pyarrow.table({"request": [json.dumps(record(n)["request"]) for n in range(500)]}), path
    )
    text = path.read_bytes()
    path.write_bytes(text[:400] + bytes(40) + text[440:])
    for argv in (
        ("backfill", path, "--out", tmp_path / "out", "--format", "records"),
        ("convert", path),
        ("encode", path),
    ):
        ran = commands(*argv)

        assert ran.code == 1
        assert "expected Parquet, got a damaged file" in ran.err


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    "engine", [("--workers", "1"), ("--workers", "2"), ("--engine", "dask", "--workers", "2")]
)
def test_ctrl_c_says_how_to_go_on(commands: Commands, tmp_path: Path, engine: tuple[str, ...]) -> None:
    """Without a traceback; the same command then gives what one that was not interrupted gives."""
    path = tmp_path / "calls.jsonl"
    path.write_bytes(lines_of(40) * 200)
    out = tmp_path / "out"
    argv = ("backfill", str(path), "--shard-mb", "0.05", *engine)
    with started(*MODULE, *argv, "--out", str(out)) as running:
        deadline = time.monotonic() + 20
        while not list(out.glob("*.jsonl")) and time.monotonic() < deadline:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        assert running.stderr is not None
        err = running.stderr.read().decode()
        code = running.wait(20)
    done = len(list(out.glob("*.jsonl")))
    rest = commands(*argv, "--out", out)
    whole = commands(*argv, "--out", tmp_path / "whole")

    assert code == 130
    assert "Traceback" not in err
    assert err.splitlines()[-3:] == [
        "interrupted; the same command goes on from here",
        "",
        "otlpjson: interrupted",
    ]
    assert 1 <= done < len(list(out.glob("*.jsonl")))
    # Several processes are done in any order.
    assert [rest.err.splitlines()[-2:]] == [
        [line.replace(str(tmp_path / "whole"), str(out)) for line in whole.err.splitlines()[-2:]]
    ]
    assert files(out) == files(tmp_path / "whole")


def test_the_key_is_in_none_of_it(commands: Commands, calls: Path, tmp_path: Path) -> None:
    """Not in a report, and not in a name."""
    for name, value in credentials("http://127.0.0.1:9").items():
        commands.monkeypatch.setenv(name, value)
    ran = commands("backfill", calls, "--out", tmp_path / "out", "--like", "grafana")

    assert KEY not in ran.err
    assert all(KEY not in name and KEY.encode() not in text for name, text in files(tmp_path / "out").items())


def test_equal_messages_are_folded(commands: Commands, tmp_path: Path) -> None:
    """Those that differ in numbers alone are equal; the reports have more of them."""
    path = tmp_path / "calls.jsonl"
    path.write_bytes(b"nope\n" * 5 + json.dumps(record(1)).encode() + b"\n" + b"nope\n" * 45 + b"7\n")
    out = tmp_path / "out"
    ran = commands("backfill", path, "--out", out, "--shard-mb", "0.002")

    assert [line.partition(": ")[0] for line in ran.err.splitlines()[:3]] == [
        f"{path} at byte {number}" for number in (0, 5, 10)
    ]
    assert ran.err.splitlines()[-1] == f"51 rows refused, see {out}/reports"
    assert "1 record, 1 span in 1 file" in ran.err


def test_an_interruption_keeps_what_is_done(
    commands: Commands, calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the counts so far, and what to do."""
    run = Job.run
    done: list[Shard] = []

    def interrupted(job: Job, shard: Shard) -> Report:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(shard)
        return run(job, shard)

    monkeypatch.setattr(Job, "run", interrupted)
    out = tmp_path / "out"
    ran = commands("backfill", calls, "--out", out, "--shard-mb", "0.002")

    assert ran.code == 130
    assert " in 2 files of " in ran.err
    assert "interrupted; the same command goes on from here\n" in ran.err
    assert len(list(out.glob("*.jsonl"))) == 2


@pytest.mark.process
@pytest.mark.slow
def test_a_cluster_that_runs_already_is_used(
    commands: Commands, calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the address of its scheduler, and no other is started; the files are those of this process."""
    argv = ("backfill", calls, "--shard-mb", "0.004")
    alone = commands(*argv, "--out", tmp_path / "alone")
    with cluster_of(None, 1) as client:
        address = client.scheduler.address
        monkeypatch.setattr(distributed, "LocalCluster", lambda **_: pytest.fail("a cluster was started"))
        ran = commands(*argv, "--out", tmp_path / "out", "--engine", "dask", "--scheduler", address)

    assert ran.code == alone.code == 1
    assert files(tmp_path / "out") == files(tmp_path / "alone")
