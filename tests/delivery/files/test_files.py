# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A folder as destination: which files there are, what is in them, and what happens if they cannot be written."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otlpjson import (
    Attributes,
    Resource,
    ResourceSpans,
    ScopeSpans,
    Span,
    TracesData,
    encode,
)
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import OutcomeKind, folder, otel_collector, sender_to
from otlpjson.delivery.files import replacing, writer
from otlpjson.delivery.files.sender import TEST_FILE, FolderSender
from otlpjson.delivery.sender import Sender

NOON_NS = 1771005600 * 10**9  # 2026-02-13 18:00 UTC
HOUR_NS = 3600 * 10**9


def group(number: int, *, key: str | None = None, start_ns: int = NOON_NS) -> ResourceSpans:
    """A group with one span of a trace with this number."""
    attributes = {} if key is None else {"trace.metadata.openrouter.api_key_name": key}
    span = Span(
        trace_id=f"{number:032x}",
        span_id=f"{number:016x}",
        name=f"n{number}",
        start_ns=start_ns,
        end_ns=start_ns + 1,
        attributes=Attributes(attributes),
    )
    return ResourceSpans(resource=Resource(), scope_spans=[ScopeSpans(spans=[span])])


def body(*groups: ResourceSpans) -> bytes:
    return encode(TracesData(resource_spans=groups))


def files(path: Path) -> dict[str, bytes]:
    """All files below a folder, but for its lock."""
    return {
        one.relative_to(path).as_posix(): one.read_bytes()
        for one in sorted(path.rglob("*"))
        if one.is_file() and one.name != ".otlpjson.lock"
    }


def to(path: Path, *template: str) -> FolderSender:
    """What sends to a folder."""
    sender = sender_to(folder(path, *template))
    assert isinstance(sender, FolderSender)
    return sender


def test_each_trace_gets_a_file(tmp_path: Path) -> None:
    """For its owner alone, in a folder for the day."""
    with to(tmp_path / "new" / "traces") as sender:
        outcome = sender.send(body(group(1), group(2), group(1, key="x")))

    assert outcome.kind is OutcomeKind.ACCEPTED
    found = files(tmp_path / "new" / "traces")
    assert found == {
        f"2026-02-13/{1:032x}.json": body(group(1), group(1, key="x")),
        f"2026-02-13/{2:032x}.json": body(group(2)),
    }
    one = tmp_path / "new" / "traces" / "2026-02-13" / f"{1:032x}.json"
    assert stat.S_IMODE(one.stat().st_mode) == 0o600
    assert stat.S_IMODE(one.parent.stat().st_mode) == 0o700


def test_a_trace_that_goes_on_goes_on_in_its_file(tmp_path: Path) -> None:
    """And what is sent again changes nothing."""
    sender = to(tmp_path, "{trace_id}.json")
    sender.send(body(group(1)))
    sender.send(body(group(1, key="later")))
    whole = files(tmp_path)
    modified = (tmp_path / f"{1:032x}.json").stat().st_ino
    sender.send(body(group(1), group(1, key="later")))

    assert files(tmp_path) == whole == {f"{1:032x}.json": body(group(1), group(1, key="later"))}
    assert (tmp_path / f"{1:032x}.json").stat().st_ino == modified


def test_lines_per_hour(tmp_path: Path) -> None:
    """By the start of the first span, in UTC."""
    sender = to(tmp_path, "llm/{date}/{hour}.jsonl")
    sender.send(body(group(1), group(2), group(3, start_ns=NOON_NS + HOUR_NS)))
    sender.send(body(group(4)))

    assert files(tmp_path) == {
        "llm/2026-02-13/18.jsonl": body(group(1), group(2)) + b"\n" + body(group(4)) + b"\n",
        "llm/2026-02-13/19.jsonl": body(group(3, start_ns=NOON_NS + HOUR_NS)) + b"\n",
    }


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("production", "production"),
        ("My key/2", "My_key_2"),
        ("../../etc", "_.._etc"),
        ("..", "unknown"),
        (None, "unknown"),
        ("k" * 300, "k" * 100),
    ],
)
def test_the_name_of_the_key_is_part_of_the_path(tmp_path: Path, key: str | None, name: str) -> None:
    """Made so that no name leads out of the folder."""
    to(tmp_path, "{api_key_name}/x.jsonl").send(body(group(1, key=key)))

    assert list(files(tmp_path)) == [f"{name}/x.jsonl"]


def test_a_body_without_spans_has_a_place_too(tmp_path: Path) -> None:
    """Others may send it."""
    sender = to(tmp_path)

    assert sender.send(b'{"resourceSpans":[{"scopeSpans":[]}]}').delivered
    assert sender.send(b'{"resourceSpans":[]}').delivered
    assert list(files(tmp_path)) == ["1970-01-01/unknown.json"]
    later = b'{"resourceSpans":[{"scopeSpans":[{"spans":[]},' + body(group(1)).split(b'"scopeSpans":[')[1]
    assert sender.send(later).delivered
    assert f"2026-02-13/{1:032x}.json" in files(tmp_path)


def test_what_is_no_body_is_rejected(tmp_path: Path) -> None:
    """It would be refused again."""
    outcome = to(tmp_path).send(b"{")

    assert (outcome.kind, outcome.message) == (OutcomeKind.REJECTED, "the body is no OTLP/JSON")
    assert files(tmp_path) == {}


def test_a_connection_test_writes_a_file_of_its_own(tmp_path: Path) -> None:
    """As OpenRouter does in a bucket."""
    assert to(tmp_path).send(b"test", test=True).delivered
    assert files(tmp_path) == {TEST_FILE: b"test"}


def test_a_line_that_was_cut_off_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process ended in the middle of it; what was whole stays."""
    monkeypatch.setattr(writer, "_READ_BYTES", 7)
    sender = to(tmp_path, "x.jsonl")
    sender.send(body(group(1)))
    with (tmp_path / "x.jsonl").open("ab") as file:
        file.write(body(*[group(2)] * 9)[:-40])
    sender.send(body(group(3)))
    assert files(tmp_path) == {"x.jsonl": body(group(1)) + b"\n" + body(group(3)) + b"\n"}

    (tmp_path / "x.jsonl").write_bytes(b"no line at all")
    sender.send(body(group(3)))
    assert files(tmp_path) == {"x.jsonl": body(group(3)) + b"\n"}


def test_a_file_that_is_no_body_is_kept_under_another_name(tmp_path: Path) -> None:
    """It may be somebody's."""
    (tmp_path / f"{1:032x}.json").write_bytes(b"mine")
    assert to(tmp_path, "{trace_id}.json").send(body(group(1))).delivered

    assert files(tmp_path) == {
        f"{1:032x}.json": body(group(1)),
        f"{1:032x}.json.unreadable": b"mine",
    }


@pytest.mark.parametrize("template", ["{trace_id}.json", "x.jsonl"])
@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, OutcomeKind.UNREACHABLE), (errno.EROFS, OutcomeKind.MISCONFIGURED)]
)
def test_a_disk_that_fails_leaves_files_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, number: int, kind: OutcomeKind
) -> None:
    """A full one is tried again; one that must not be written is not."""
    sender = to(tmp_path, template)
    sender.send(body(group(1)))
    before = files(tmp_path)

    def fail(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    outcome = sender.send(body(group(1, key="x")))

    assert (outcome.kind, outcome.message) == (kind, f"cannot be written: {os.strerror(number)}")
    assert files(tmp_path) == before


def test_windows_keeps_names_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There a folder cannot be opened."""
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("the folder was opened"))
    monkeypatch.setattr(os, "name", "nt")
    replacing.sync_folder(tmp_path)


def test_a_folder_that_is_a_file_is_a_mistake(tmp_path: Path) -> None:
    """It does not pass by itself."""
    (tmp_path / "x").write_bytes(b"")

    assert to(tmp_path / "x").send(body(group(1))).kind is OutcomeKind.MISCONFIGURED


@pytest.mark.process
@pytest.mark.slow
def test_processes_write_to_one_folder(tmp_path: Path) -> None:
    """Each line and each trace is there once."""
    program = (
        "import sys\n"
        "from tests.delivery.files.test_files import body, group, to\n"
        "from pathlib import Path\n"
        "for number in range(40):\n"
        "    for template in ('{trace_id}.json', 'all.jsonl'):\n"
        "        sent = body(group(1 + number % 4, key=f'{sys.argv[2]}-{number}'))\n"
        "        assert to(Path(sys.argv[1]), template).send(sent).delivered\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(number)]) for number in range(3)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0]

    found = files(tmp_path)
    assert sorted(found) == [*(f"{number:032x}.json" for number in range(1, 5)), "all.jsonl"]
    assert len({*found["all.jsonl"].splitlines()}) == 120
    for number in range(1, 5):
        assert len(json.loads(found[f"{number:032x}.json"])["resourceSpans"]) == 30


@pytest.mark.parametrize(
    "template",
    [
        *("", "/x.jsonl", "../x.jsonl", "a//x.jsonl", "a/../x.jsonl", "{date}.json", "{x}/a.jsonl", "a.txt"),
        *(
            "{trace_id}",
            "a\\b.jsonl",
            "a:b.jsonl",
            "{date.jsonl",
            "}.jsonl",
            " /x.jsonl",
            "x" * 200 + ".jsonl",
            5,
        ),
    ],
)
def test_another_template_is_refused(tmp_path: Path, template: Any) -> None:
    """One that leads out of the folder, or that would write one trace over another."""
    with pytest.raises(ConfigError) as caught:
        folder(tmp_path, template)

    assert list(caught.value.problems) == ["template"]


@pytest.mark.parametrize("path", ["", " ", "a\0b", None, 5, b"x"])
def test_another_path_is_refused(path: Any) -> None:
    """With the template, if that is wrong too."""
    with pytest.raises(ConfigError) as caught:
        folder(path, "x")

    assert list(caught.value.problems) == ["path", "template"]


def test_the_path_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Wherever the program goes later; the home folder is written out."""
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.chdir(tmp_path)

    for path in ("~/traces", "traces", Path("traces")):
        found = folder(path)
        assert found.folder == os.fspath(tmp_path / "traces")
        assert found.url == (tmp_path / "traces").as_uri()


def test_only_a_folder_has_files(tmp_path: Path) -> None:
    """For all others there is a sender."""
    collector = otel_collector("http://127.0.0.1:9")
    with sender_to(collector) as sender:
        assert isinstance(sender, Sender)
    with pytest.raises(ConfigError):
        FolderSender(collector)
    one = to(tmp_path)
    one.sleep(0.0)
    assert (0.0 <= one.jitter() < 1.0, one.now_s() > 0) == (True, True)
    assert os.fspath(tmp_path) in repr(one)
