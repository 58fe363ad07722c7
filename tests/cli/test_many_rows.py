# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``send`` and ``post`` for many rows: several files, checkpoints, rates, plans, other formats."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from otlpjson.receiver.server import Receiver

from .. import FIXTURES
from ..delivery.fault_server import OK, FaultServer, Visit, answer, answering, blackhole
from ..sent_spans import spans_of
from .commands import KEY, MODULE, Commands, Ran, credentials, late, records, started

INPUTS = FIXTURES / "inputs"
BIG = "x" * 12_000


@pytest.fixture
def receiver(commands: Commands) -> Iterator[Receiver]:
    """A receiver that the environment names."""
    with Receiver(credentials=("123456", KEY)) as running:
        commands.configure(running.base_url)
        yield running


def names(lines: Any) -> list[str]:
    """The names of all spans, in the order in which they arrived."""
    return [span["name"] for line in lines for span in spans_of(line)]


def many(first: int, last: int) -> bytes:
    """Records whose spans take sixty kilobytes, with numbers as names, so that eight are a body."""
    return records(*(f"{number:03}{BIG}" for number in range(first, last)))


def short(found: list[str]) -> list[str]:
    """The numbers alone."""
    return [name[:3] for name in found]


def test_several_files_are_sent_in_order(commands: Commands, receiver: Receiver, tmp_path: Path) -> None:
    """Compressed ones and patterns among them; what is wrong with one is said with its name."""
    (tmp_path / "b.jsonl").write_bytes(records("b1", "b2"))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(records("a1")))
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "bad.jsonl").write_bytes(b"nope\n" + records("c1"))
    ran = commands(
        "send", tmp_path / "b.jsonl", f"{tmp_path}/*.gz", tmp_path / "empty.jsonl", tmp_path / "bad.jsonl"
    )

    assert names(receiver.lines) == ["b1", "b2", "a1", "c1"]
    assert ran.code == 1
    assert ran.err.splitlines()[:4] == [
        f"{tmp_path}/empty.jsonl: no records found",
        f"{tmp_path}/bad.jsonl:1: record: expected one JSON object, got text that is not JSON: "
        "Expecting value, line 1 column 1",
        "4 spans recorded: 4 delivered",
        "1 line refused, see above",
    ]


def test_encode_reads_several_files(commands: Commands, tmp_path: Path) -> None:
    """And any format."""
    (tmp_path / "b.jsonl").write_bytes(records("b1"))
    converted = commands("encode", stdin=commands("convert", INPUTS / "litellm.json").out)
    ran = commands("encode", "--format", "auto", tmp_path / "b.jsonl", INPUTS / "litellm.json")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == commands("encode", stdin=records("b1")).out + converted.out


@pytest.mark.parametrize(
    ("file", "words"),
    [("openrouter-activity.csv", ""), ("litellm.json", ""), ("langfuse.jsonl", "1 row without a request\n")],
)
@pytest.mark.parametrize(
    "more", [(), pytest.param(("--workers", "2"), marks=[pytest.mark.process, pytest.mark.slow])]
)
def test_logs_of_other_programs_are_sent_without_convert(
    commands: Commands, receiver: Receiver, file: str, words: str, more: tuple[str, ...]
) -> None:
    """If their format is named, or ``auto``; also from a pipe."""
    text = (INPUTS / file).read_bytes()
    expected = names(commands("encode", stdin=commands("convert", INPUTS / file).out).out.splitlines())
    for name, argv, stdin in (
        ("auto", (INPUTS / file,), b""),
        (file.split(".")[0], (INPUTS / file,), b""),
        ("auto", (), gzip.compress(text)),
    ):
        before = len(receiver.lines)
        ran = commands("send", "--format", name, *more, *argv, stdin=stdin)

        assert ran == Ran(0, b"", f"2 spans recorded: 2 delivered\n{words}{late(2)}")
        assert names(receiver.lines[before:]) == expected


def test_a_row_that_cannot_be_converted_is_named_with_its_line(
    commands: Commands, receiver: Receiver
) -> None:
    """As by ``convert``."""
    header, row, *_ = (INPUTS / "openrouter-activity.csv").read_text().splitlines()
    bad = row.replace("2026-09-05 08:00:00.123", "yesterday")
    ran = commands("send", "--format", "auto", stdin="\n".join([header, bad, row]).encode())

    assert ran.err.startswith("<stdin>:2: row.created_at: expected a time such as")
    assert "1 span recorded: 1 delivered\n1 line refused, see above" in ran.err


def test_only_a_row_without_a_request_is_no_failure(commands: Commands, receiver: Receiver) -> None:
    """There was something, and nothing to send."""
    row = {"traceId": "t", "id": "i", "type": "SPAN", "startTime": "2026-02-13T18:00:00Z"}
    ran = commands("send", "--format", "langfuse", stdin=json.dumps(row).encode())

    assert ran == Ran(0, b"", "0 spans recorded: 0 delivered\n1 row without a request\n")


def test_the_same_command_with_a_checkpoint_sends_nothing_twice(
    commands: Commands, receiver: Receiver, tmp_path: Path
) -> None:
    """And says what was done before."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.jsonl").write_bytes(records(f"{name}1", f"{name}2"))
    argv = ("send", "--checkpoint", tmp_path / "state", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    first = commands(*argv)
    again = commands(*argv)

    assert first == Ran(0, b"", f"4 spans recorded: 4 delivered\n{late(4)}")
    assert again == Ran(0, b"", "before: 4 spans recorded: 4 delivered\n0 spans recorded: 0 delivered\n")
    assert names(receiver.lines) == ["a1", "a2", "b1", "b2"]


class Fickle:
    """A server that accepts so many bodies, and then answers 503 or nothing until it is cured."""

    def __init__(self, accepts: int, then: bytes | None) -> None:
        self._left: float = accepts
        self._then = then
        self._lock = Lock()
        self.accepted: list[bytes] = []

    def __call__(self, visit: Visit) -> None:
        while received := visit.read():
            with self._lock:
                accepts = self._left > 0
                self._left -= 1
                if accepts:
                    self.accepted.append(gzip.decompress(received.body))
            if accepts:
                visit.write(OK)
            elif self._then is None:
                visit.pause()
            else:
                visit.write(self._then)

    def cure(self) -> list[bytes]:
        """Accepts everything from now on; returns what was accepted before."""
        before, self.accepted = self.accepted, []
        self._left = float("inf")
        return before


def whole(commands: Commands, file: Path, *more: Path) -> list[bytes]:
    """The bodies of a run that nothing disturbs."""
    with Receiver() as receiver:
        commands.configure(receiver.base_url)
        commands("send", file, *more)
        return list(receiver.lines)


@pytest.mark.parametrize("requests", ["1", "3"])
def test_what_was_not_delivered_is_sent_by_the_same_command(
    commands: Commands, tmp_path: Path, requests: str
) -> None:
    """From the first body that the server did not accept, in the same bodies, with the same ids."""
    files = (tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    files[0].write_bytes(many(0, 20))
    files[1].write_bytes(b"nope\n" + many(20, 40))
    argv = ("send", "--max-wait", "0", "--requests", requests, "--checkpoint", tmp_path / "state", *files)
    expected = whole(commands, *files)
    fickle = Fickle(2, answer(503, b"", "Retry-After: 3600"))
    with FaultServer(fickle) as server:
        commands.configure(server.url)
        first = commands(*argv)
        before = fickle.cure()
        rest = commands(*argv)
        third = commands(*argv)

    assert third.err.startswith("before: 40 spans recorded: 40 delivered\n0 spans recorded")
    assert first.code == 1
    assert "the same command goes on from here" in first.err
    assert (
        before + fickle.accepted == expected
        if requests == "1"
        else set(before) | set(fickle.accepted) == set(expected)
    )
    assert rest.code == 1  # the line that is no record
    if requests == "1":
        # The line after, or the end of the last one that is settled, if no more was read yet.
        assert re.match(
            rf"before: 16 spans recorded: 16 delivered\ngoing on with line 1[67] of {files[0]}\n", rest.err
        )


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("requests", ["1", "3"])
def test_a_command_that_was_killed_goes_on(commands: Commands, tmp_path: Path, requests: str) -> None:
    """What was sent without an answer is named, counted and sent again; the bodies are the same."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(many(0, 40))
    expected = whole(commands, file)
    argv = ("send", "--requests", requests, "--checkpoint", str(tmp_path / "state"), str(file))
    fickle = Fickle(2, None)
    with FaultServer(fickle) as server:
        with started(*MODULE, *argv, environ=credentials(server.url)) as running:
            deadline = time.monotonic() + 20
            while len(server.received) < 2 + int(requests) and time.monotonic() < deadline:
                time.sleep(0.01)
            running.send_signal(signal.SIGKILL)
        mark = json.loads((tmp_path / "state").read_bytes())["destinations"]["environment"]
        before = fickle.cure()
        commands.configure(server.url)
        rest = commands(*argv)

    assert set(before) | set(fickle.accepted) == set(expected)
    assert len(before) + len(fickle.accepted) <= len(expected) + int(requests)
    assert mark["sending_spans"] >= 8 * int(requests)
    assert f"{mark['sending_spans']} spans before " in rest.err
    assert "may have arrived already, and are sent again" in rest.err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda file: file.write_bytes(file.read_bytes() + records("c")), "a.jsonl has changed since"),
        (
            lambda file: file.write_bytes(file.read_bytes().replace(b"gen-a", b"gen-b")),
            "a.jsonl has changed since",
        ),
    ],
)
def test_a_changed_input_is_refused(
    commands: Commands, receiver: Receiver, tmp_path: Path, change: Any, words: str
) -> None:
    """Before anything is sent, also if it is as long as before."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(records("a"))
    argv = ("send", "--checkpoint", tmp_path / "state", file)
    commands(*argv)
    change(file)
    ran = commands(*argv)

    assert (ran.code, len(receiver.lines)) == (2, 1)
    assert words in ran.err


def test_other_settings_are_refused(commands: Commands, receiver: Receiver, tmp_path: Path) -> None:
    """And another command, and standard input."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(records("a"))
    state = ("--checkpoint", tmp_path / "state")
    commands("send", *state, file)
    private = commands("send", *state, "--privacy-mode", file)
    other = commands("post", *state, file)
    piped = commands("send", *state, stdin=records("a"))

    assert [ran.code for ran in (private, other, piped)] == [2, 2, 2]
    assert "environment was sent with other settings" in private.err
    assert "environment was sent with other settings" in other.err
    assert piped.err == "otlpjson: --checkpoint: expected files; a pipe cannot be read again\n"
    assert len(receiver.lines) == 1


def test_refused_spans_are_settled_and_kept(commands: Commands, tmp_path: Path) -> None:
    """A later run does not send them again, and says how many there were."""
    file, lost = tmp_path / "a.jsonl", tmp_path / "lost.jsonl"
    file.write_bytes(records("a", "b"))
    argv = ("send", "--checkpoint", tmp_path / "state", "--quarantine", lost, file)
    with FaultServer(answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) as server:
        commands.configure(server.url)
        first = commands(*argv)
        again = commands(*argv)

    assert (first.code, again.code) == (1, 0)
    assert again.err.startswith("before: 2 spans recorded: 0 delivered, 2 quarantined\n")
    assert len(lost.read_bytes().splitlines()) == 2


@pytest.mark.process
@pytest.mark.slow
def test_ctrl_c_with_a_checkpoint_names_the_command(commands: Commands, tmp_path: Path) -> None:
    """No line has to be remembered, and nothing goes into the quarantine that is sent again."""
    file, lost = tmp_path / "a.jsonl", tmp_path / "lost.jsonl"
    file.write_bytes(records("a"))
    with (
        FaultServer(blackhole) as server,
        started(
            *MODULE,
            *("send", "--checkpoint", str(tmp_path / "state"), "--quarantine", str(lost), str(file)),
            environ=credentials(server.url),
        ) as running,
    ):
        while not server.received:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=20)

    assert err.decode().splitlines()[1:3] == [
        "interrupted; 1 span in flight may have arrived",
        "the same command goes on from here",
    ]
    assert lost.read_bytes() == b""


def test_bodies_are_posted_from_where_an_earlier_run_has_come_to(commands: Commands, tmp_path: Path) -> None:
    """Line by line, also from several compressed files."""
    bodies = commands("encode", stdin=many(0, 20)).out.splitlines(keepends=True)
    files = [tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"]
    files[0].write_bytes(gzip.compress(b"".join(bodies[:10])))
    files[1].write_bytes(gzip.compress(b"".join(bodies[10:])))
    argv = ("post", "--max-wait", "0", "--checkpoint", str(tmp_path / "state"), *map(str, files))
    fickle = Fickle(1, answer(503, b"", "Retry-After: 3600"))
    with FaultServer(fickle) as server:
        commands.configure(server.url)
        commands(*argv)
        before = fickle.cure()
        rest = commands(*argv)

    assert short(names(before + fickle.accepted)) == [f"{number:03}" for number in range(20)]
    assert re.search(rf"going on with line [89] of {files[0]}\n", rest.err)


def test_a_rate_is_kept(commands: Commands, receiver: Receiver, tmp_path: Path) -> None:
    """Two bodies of half a megabyte at ten per second."""
    begun = time.monotonic()
    ran = commands("send", "--rate", "5MB/s", "--requests", "2", stdin=many(0, 24))
    took = time.monotonic() - begun

    assert (ran.code, len(receiver.lines)) == (0, 3)
    # The last one waits for two that take a tenth of a second each.
    assert took >= 0.19


def test_a_plan_says_how_long_it_takes(commands: Commands, tmp_path: Path) -> None:
    """At the given rate, or at what Grafana Cloud accepts by default."""
    commands.configure("http://127.0.0.1:9")
    data = many(0, 20)
    size = sum(len(line) for line in commands("encode", stdin=data).out.splitlines())
    planned = commands("send", "--dry-run", "--rate", "100kB/s", stdin=data).out.decode()
    by_default = commands("send", "--dry-run", stdin=data).out.decode()
    small = commands("send", "--dry-run", stdin=records("a")).out.decode()

    assert planned.splitlines()[0].startswith("environment (127.0.0.1): 20 records, 20 spans in 3 requests, ")
    assert f"at 100.0 kB/s: {round(size / 100_000)} s\n" in planned
    assert f"at 500.0 kB/s, which Grafana Cloud accepts by default: {round(size / 500_000)} s\n" in by_default
    assert "/s" not in small


def test_a_plan_is_cut_as_what_is_sent(commands: Commands, receiver: Receiver, tmp_path: Path) -> None:
    """Records that are not sent end no body, and files do."""
    commands.monkeypatch.setenv("OTLPJSON_EXCLUDED_API_KEYS", "k")
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        file.write_bytes(records("a", "b") + records("c", observed={"api_key_name": "k"}) + records("d"))
    planned = commands("send", "--dry-run", *files).out.decode()
    ran = commands("send", *files)

    assert ran.code == 0
    assert len(receiver.lines) == 2
    assert f"8 records, 6 spans in 2 requests, {sum(map(len, receiver.lines)):,} bytes" in planned


def test_a_plan_counts_what_no_server_accepts(commands: Commands, tmp_path: Path) -> None:
    """Grafana's limit is 15 MiB."""
    commands.monkeypatch.setenv("OTLPJSON_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    body = commands("encode", stdin=records("a")).out.replace(b'"a"', b'"' + b"a" * 16_000_000 + b'"')
    planned = commands("post", "--dry-run", stdin=body).out.decode()

    assert "1 body, 0 spans in 0 requests" in planned
    assert "1 span above 15.7 MB would not be sent\n" in planned


@pytest.mark.process
@pytest.mark.slow
def test_a_pipe_that_has_a_name_is_read(commands: Commands, receiver: Receiver, tmp_path: Path) -> None:
    """As those that a shell makes."""
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["sh", "-c", f"cat > {tmp_path}/pipe"], stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(records("a"))
        writer.stdin.close()
        ran = commands("send", tmp_path / "pipe")

    assert ran == Ran(0, b"", f"1 span recorded: 1 delivered\n{late(1)}")


@pytest.mark.parametrize("command", ["send", "encode"])
def test_parquet_is_read_by_the_other_commands_too(
    commands: Commands, receiver: Receiver, tmp_path: Path, command: str
) -> None:
    """A table of records needs no ``--format``; a pipe is copied."""
    path = tmp_path / "a.parquet"
    made = [json.loads(line) for line in records("a", "b").splitlines()]
    parquet.write_table(pyarrow.Table.from_pylist(made), path)
    expected = commands("encode", stdin=records("a", "b")).out
    for argv, stdin in (((path,), b""), (("--format", "auto", path), b""), ((), path.read_bytes())):
        ran = commands(command, *argv, stdin=stdin)

        assert ran.code == 0
        if command == "encode":
            assert names(ran.out.splitlines()) == names(expected.splitlines()) == ["a", "b"]
    if command == "send":
        assert names(receiver.lines) == ["a", "b"] * 3


def test_rows_of_one_line_are_gone_on_with_in_the_middle(commands: Commands, tmp_path: Path) -> None:
    """All rows of a JSON array have one line; each is sent once."""
    file = tmp_path / "a.json"
    rows = [json.loads(line) for line in many(0, 20).splitlines()]
    file.write_text(json.dumps({"data": rows}))
    argv = ("send", "--format", "auto", "--max-wait", "0", "--checkpoint", str(tmp_path / "state"), str(file))
    fickle = Fickle(1, answer(503, b"", "Retry-After: 3600"))
    with FaultServer(fickle) as server:
        commands.configure(server.url)
        commands(*argv)
        before = fickle.cure()
        rest = commands(*argv)

    assert rest.code == 0
    assert short(names(before + fickle.accepted)) == [f"{number:03}" for number in range(20)]


def test_a_line_with_several_entries_is_gone_on_with_in_the_middle(
    commands: Commands, tmp_path: Path
) -> None:
    """A body may end between two entries of one line."""
    bodies = commands("encode", stdin=many(0, 20)).out.splitlines()
    groups = [group for body in bodies for group in json.loads(body)["resourceSpans"]]
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"resourceSpans": groups}) + "\n" + json.dumps({"resourceSpans": groups[:3]}))
    argv = ("post", "--max-wait", "0", "--checkpoint", str(tmp_path / "state"), str(file))
    fickle = Fickle(1, answer(503, b"", "Retry-After: 3600"))
    with FaultServer(fickle) as server:
        commands.configure(server.url)
        commands(*argv)
        before = fickle.cure()
        commands(*argv)

    assert short(names(before + fickle.accepted)) == [f"{number:03}" for number in (*range(20), *range(3))]


def test_interrupted_before_anything_was_read(commands: Commands, tmp_path: Path) -> None:
    """The first line is the one to go on with."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\x1f\x8b and no more")
    commands.configure("http://127.0.0.1:9")
    ran = commands("send", file)

    assert ran.code == 1
    assert f"interrupted\ngo on with line 1 of {file}\n" in ran.err


def test_the_last_bodies_of_a_run_that_was_killed_are_sent_again(
    commands: Commands, receiver: Receiver, tmp_path: Path
) -> None:
    """Also where all was sent, and nothing answered."""
    file = tmp_path / "a.jsonl"
    file.write_bytes(records("a", "b"))
    argv = ("send", "--checkpoint", tmp_path / "state", file)
    commands(*argv)
    state = json.loads((tmp_path / "state").read_bytes())
    start = {"file": 0, "line": 1, "entry": 0}
    state["destinations"]["environment"].update(settled=start, sending_spans=2, delivered=0)
    (tmp_path / "state").write_text(json.dumps(state))
    ran = commands(*argv)

    assert ran.code == 0
    assert ran.err.splitlines()[1:3] == [
        f"going on with line 1 of {file}",
        "2 spans before the end may have arrived already, and are sent again",
    ]
    assert names(receiver.lines) == ["a", "b"] * 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
def test_a_full_disk_settles_nothing_that_could_not_be_kept(commands: Commands, tmp_path: Path) -> None:
    """What the server refused is sent again, when there is room to keep it."""
    file, lost = tmp_path / "a.jsonl", tmp_path / "lost.jsonl"
    file.write_bytes(records("a"))
    argv = ("send", "--checkpoint", tmp_path / "state", file, "--quarantine")
    with FaultServer(answering(answer(400))) as server:
        commands.configure(server.url)
        full = commands(*argv, "/dev/full")
        again = commands(*argv, lost)

    assert full.code == 1
    assert full.err.endswith("the same command goes on from here\notlpjson: No space left on device\n")
    assert again.code == 1
    assert len(lost.read_bytes().splitlines()) == 1
