# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands together: versions, usage errors, output that cannot be written, and how a process ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import otlpjson
from otlpjson.cli import main

from .commands import (
    GUIDE,
    GUIDE_LINE,
    KEY,
    MODULE,
    SCRIPT,
    Commands,
    Ran,
    credentials,
    free_port,
    process,
    records,
)

ENTRIES = pytest.mark.parametrize("entry", [MODULE, SCRIPT], ids=["module", "script"])


class Unwritable(io.BytesIO):
    """A standard output that refuses everything, at once or when it has to be flushed."""

    def __init__(self, error: OSError, at_once: bool) -> None:
        super().__init__()
        self.error: OSError | None = error
        self.at_once = at_once

    def write(self, data: Any) -> int:
        """Refuses, or takes in."""
        if self.at_once and self.error:
            raise self.error
        return super().write(data)

    def flush(self) -> None:
        """Refuses what was taken in."""
        if self.getvalue() and self.error:
            raise self.error


@pytest.mark.process
@pytest.mark.slow
@ENTRIES
def test_the_version_is_the_packages(entry: tuple[str, ...]) -> None:
    """However it is started."""
    assert process(*entry, "--version") == Ran(0, f"otlpjson, version {otlpjson.__version__}\n".encode(), "")


@pytest.mark.process
@pytest.mark.slow
@ENTRIES
def test_a_process_ends_with_the_commands_exit_code(entry: tuple[str, ...]) -> None:
    """0, 1 and 2."""
    good = process(*entry, "encode", stdin=GUIDE_LINE)
    bad = process(*entry, "encode", stdin=b"[]")
    stopped = process(*entry, "send", environ=credentials("https://example.org", f"{KEY} x"))

    assert (good.code, good.err, good.out.count(b"\n")) == (0, "", 1)
    assert bad == Ran(1, b"", "<stdin>:1: record: expected one JSON object, got list of 0 items\n")
    assert stopped == Ran(
        2,
        b"",
        "otlpjson: OTLPJSON_API_KEY: expected an API key such as glc_…, "
        "got text with the invalid character U+0020\n",
    )


def test_without_arguments_the_arguments_of_the_process_count(commands: Commands) -> None:
    """As for any console script."""
    commands.monkeypatch.setattr(sys, "argv", ["anything", "--version"])
    commands.captured.readouterr()

    assert main() == 0
    assert commands.captured.readouterr().out == f"otlpjson, version {otlpjson.__version__}\n".encode()


def test_no_command_is_a_question_for_help(commands: Commands) -> None:
    """What it counts as, and where it goes, is for click to say."""
    ran = commands()

    assert ran.code in (0, 2)
    assert "Usage: otlpjson [OPTIONS] COMMAND [ARGS]..." in ran.err + ran.out.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nonsense",), "Error: No such command 'nonsense'."),
        (
            ("encode", "--integers", "float"),
            "Error: Invalid value for '--integers': 'float' is not one of 'text', 'number'.",
        ),
        (("convert", "a", "b"), "Error: Invalid value for '[FILE]': 'a': No such file or directory"),
        (("convert", "-", "b"), "Error: Got unexpected extra argument (b)"),
        (("convert", os.curdir), "Error: Invalid value for '[FILE]': '.': Is a directory"),
        (
            ("send", "--rate", "fast"),
            "Error: Invalid value for '--rate': expected bytes per second, such as 500kB/s or 5MB/s.",
        ),
        (
            ("post", "--rate", "0MB"),
            "Error: Invalid value for '--rate': expected bytes per second, such as 500kB/s or 5MB/s.",
        ),
        (
            ("send", "--max-wait", "-1"),
            "Error: Invalid value for '--max-wait': -1.0 is not in the range x>=0.",
        ),
        (
            ("send", "--max-wait", "soon"),
            "Error: Invalid value for '--max-wait': 'soon' is not a valid float range.",
        ),
        (
            ("send", "--max-wait", "nan"),
            "Error: Invalid value for '--max-wait': nan is not in the range x>=0.",
        ),
        (
            ("vendor", "copy", "--core", "--check"),
            "Error: --core and --check cannot be combined: a copy knows which part it is.",
        ),
    ],
)
def test_a_usage_error_ends_in_one_sentence(
    commands: Commands, arguments: tuple[str, ...], words: str
) -> None:
    """Before it, how the command is used; exit code 2."""
    ran = commands(*arguments)
    usage, hint, empty, sentence = ran.err.splitlines()

    assert (ran.code, ran.out, empty) == (2, b"", "")
    assert usage.startswith("Usage: otlpjson ")
    assert hint.startswith("Try 'otlpjson ")
    assert sentence == words


def test_an_unknown_option_is_named(commands: Commands) -> None:
    """Also one that would hold a secret: there is none."""
    ran = commands("send", "--api-key", KEY)

    assert ran.code == 2
    assert "--api-key" in ran.err
    assert KEY not in ran.err


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "otlpjson: No space left on device\n"),
        (OSError("no reason"), "otlpjson: no reason\n"),
        (BrokenPipeError(32, "Broken pipe"), ""),
    ],
)
def test_output_that_cannot_be_written_is_no_traceback(
    commands: Commands, error: OSError, words: str, at_once: bool
) -> None:
    """A reader that went away wants no words."""
    output = Unwritable(error, at_once)
    with io.TextIOWrapper(output) as stdout:
        commands.monkeypatch.setattr(sys, "stdout", stdout)
        ran = commands("encode", GUIDE)
        output.error = None  # so that it can be closed

    assert ran == Ran(1, b"", words)


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 500])
def test_a_reader_that_goes_away_ends_a_command_quietly(tmp_path: Path, count: int) -> None:
    """As in ``encode | head -1``, whether it goes before or in the middle of the output."""
    file = tmp_path / "many.jsonl"
    file.write_bytes(records("a") * count)
    reading, writing = os.pipe()
    with subprocess.Popen((*MODULE, "encode", str(file)), stdout=writing, stderr=subprocess.PIPE) as running:
        os.close(writing)
        if count > 1:
            assert os.read(reading, 10) == b'{"resource'
        os.close(reading)
        _, err = running.communicate(timeout=20)

    assert (running.returncode, err) == (1, b"")


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
@pytest.mark.parametrize("count", [1, 500])
def test_a_full_disk_is_said_once(tmp_path: Path, count: int) -> None:
    """Also where the output is so short that only the end of the process writes it."""
    file = tmp_path / "many.jsonl"
    file.write_bytes(records("a") * count)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            (*MODULE, "encode", str(file)), stdout=full, stderr=subprocess.PIPE, timeout=20, check=False
        )

    assert (done.returncode, done.stderr) == (1, b"otlpjson: No space left on device\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("encode", "a", "b"), ["otlpjson: a: no such file", "otlpjson: b: no such file"]),
        (("encode", "-", "b"), ["otlpjson: -: standard input can only be read alone"]),
        (("encode", os.curdir), ["otlpjson: .: a folder; name its files, such as ./*"]),
    ],
)
def test_files_that_cannot_be_read_are_named_together(
    commands: Commands, arguments: tuple[str, ...], words: list[str]
) -> None:
    """Before anything is read; exit code 2."""
    ran = commands(*arguments)

    assert (ran.code, ran.out, ran.err.splitlines()) == (2, b"", words)


def test_an_input_that_cannot_be_read_on_is_said(commands: Commands) -> None:
    """With what was settled before."""

    class Breaking(io.BytesIO):
        name = "<stdin>"

        def readinto1(self, *_: object) -> int:
            raise OSError(5, "Input/output error")

    commands.configure(f"http://127.0.0.1:{free_port()}")
    broken = io.TextIOWrapper(Breaking())
    commands.monkeypatch.setattr(sys, "stdin", broken)
    code = main(["send"])

    assert code == 1
    assert commands.captured.readouterr().err.decode() == (
        "0 spans recorded: 0 delivered\n"
        "interrupted\n"
        "go on with line 1 of <stdin>\n"
        "otlpjson: Input/output error\n"
    )


@pytest.mark.parametrize("closed", ["stdin", "stdout"])
def test_a_closed_stream_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], closed: str
) -> None:
    """Python has ``None`` in its place."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, closed, None)
        code = main(["encode"])

    assert code == 2
    assert (
        capsys.readouterr().err
        == "otlpjson: standard input and output must be open; use /dev/null for an unused one\n"
    )


def test_an_output_that_is_no_file_will_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program may have put anything there."""
    output = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", output)
        code = main(["--version"])

    assert (code, output.getvalue()) == (0, f"otlpjson, version {otlpjson.__version__}\n")
    assert capsys.readouterr().err == ""
