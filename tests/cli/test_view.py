# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``view``: what it shows, who finds it, and how it ends."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import socket
import stat
import tempfile
import time
import urllib.request
import webbrowser
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from otlpjson.cli import view as module
from otlpjson.cli.view_demo import demo_records
from otlpjson.core.encoder import encode
from otlpjson.delivery.viewer.rendezvous import Rendezvous, published, rendezvous_at
from otlpjson.openrouter import read_record

from .. import FIXTURES
from ..view.spans import fixture, generation
from .commands import GUIDE, MODULE, Commands, Ran, at_the_same_time, free_port, started

NOTHING = urllib.request.ProxyHandler({})
HERE = "programs send here with instrument(view=True), or to a destination of the kind local\n"
END = "Ctrl-C ends the viewer\n\n"


def ask(page_url: str, path: str) -> Any:
    """An answer of its API."""
    with urllib.request.build_opener(NOTHING).open(f"{page_url}api/{path}", timeout=10) as answer:
        return json.load(answer)


def names(page_url: str) -> list[str]:
    """The traces that it shows, the oldest first."""
    return [one["name"] for one in ask(page_url, "traces?order=oldest")["traces"]]


class Place:
    """Where the viewer of a test is found."""

    def __init__(self) -> None:
        self.path = Path(os.environ["XDG_CONFIG_HOME"]) / "otlpjson" / "viewer.json"

    @property
    def page_url(self) -> str:
        """The address of its page, as soon as it runs."""
        deadline_s = time.monotonic() + 20
        while (found := rendezvous_at(self.path)) is None and time.monotonic() < deadline_s:
            time.sleep(0.02)
        assert found is not None
        return f"{found.url}/{found.token}/"


class CtrlC:
    """Ctrl-C without a signal, which would hit the test at any place: raised where the command waits for it."""

    def __init__(self, commands: Commands) -> None:
        self._pressed = Event()
        commands.monkeypatch.setattr(module, "_until_interrupted", self._wait)

    def press(self) -> None:
        """Ends the command, once it has shown its files."""
        self._pressed.set()

    def _wait(self) -> None:
        assert self._pressed.wait(20)
        raise KeyboardInterrupt


def viewed(commands: Commands, *argv: str, count: int, stdin: bytes = b"") -> tuple[Ran, list[str]]:
    """How it ends by Ctrl-C, and what it shows once so many traces are there."""
    place, ctrl_c = Place(), CtrlC(commands)
    found: list[str] = []

    def look() -> None:
        deadline_s = time.monotonic() + 20
        while len(names(place.page_url)) < count and time.monotonic() < deadline_s:
            time.sleep(0.02)
        found.extend(names(place.page_url))
        ctrl_c.press()

    with at_the_same_time(look):
        ran = commands("view", "--port", "0", *argv, stdin=stdin)
    return ran, found


def test_ctrl_c_ends_it(commands: Commands) -> None:
    """The signal itself."""

    def interrupt() -> None:
        assert Place().page_url
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGINT)

    with at_the_same_time(interrupt):
        ran = commands("view", "--port", "0")

    assert (ran.code, ran.err) == (0, HERE + END)


def test_it_shows_the_guides_example(commands: Commands) -> None:
    """With more examples; its address is data, the rest are words, and nothing of it stays."""
    before = set(Path(tempfile.gettempdir()).glob("otlpjson-view-*"))
    ran, shown = viewed(commands, "--demo", count=4)

    assert ran.code == 0
    assert re.fullmatch(rb"http://127\.0\.0\.1:[0-9]+/[A-Za-z0-9_-]{32}/\n", ran.out)
    assert ran.err == HERE + END
    assert shown == ["Metric Analysis Pipeline", "Support Agent", "Weather Words", "Nightly Report"]
    assert not Place().path.exists()
    assert set(Path(tempfile.gettempdir()).glob("otlpjson-view-*")) == before


def test_the_examples_are_records() -> None:
    """Of which nothing is left out; one has failed."""
    generations = [read_record(record) for record in demo_records()]

    assert [one.skipped for one in generations] == [()] * 5
    assert [one.failure is not None for one in generations] == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bodies.jsonl", encode(fixture("guide")) + b"\n"),
        ("indented.json", json.dumps(json.loads(encode(fixture("guide"))), indent=2).encode()),
        ("bodies.jsonl.gz", gzip.compress(encode(fixture("guide")))),
        ("record.json", GUIDE.read_bytes()),
        ("records.jsonl.gz", gzip.compress(json.dumps(json.loads(GUIDE.read_bytes())).encode())),
        ("tempo.json", json.dumps({"trace": json.loads(encode(fixture("guide")))}).encode()),
        ("jaeger.json", json.dumps({"result": json.loads(encode(fixture("guide")))}).encode()),
    ],
)
def test_files_of_spans_and_of_requests_are_shown(
    commands: Commands, tmp_path: Path, name: str, content: bytes
) -> None:
    """Whatever they are, by what is in them."""
    path = tmp_path / name
    path.write_bytes(content)
    ran, shown = viewed(commands, str(path), count=1)

    assert shown == ["Metric Analysis Pipeline"]
    assert (ran.code, ran.err) == (0, f"{HERE}{path}: 1 document\n{END}")


def test_logs_of_other_programs_are_shown(commands: Commands) -> None:
    """Several files, and a pattern."""
    ran, shown = viewed(commands, str(FIXTURES / "inputs" / "*"), count=3)

    assert ran.code == 0
    assert len(shown) >= 3
    assert ran.err.count(" documents\n") == 3


def test_standard_input_is_shown(commands: Commands) -> None:
    """And what of it cannot be read is named."""
    ran, shown = viewed(commands, "-", count=1, stdin=encode(generation(1)) + b"\nnope\n")

    assert shown == ["LLM Generation"]
    assert ran.err.startswith(f"{HERE}<stdin>:2: body: expected one JSON object")
    assert ran.err.endswith(f"<stdin>: 1 document\n{END}")


@pytest.mark.parametrize("content", ["my notes\n", "", '{"colour": "red"}\n'])
def test_a_file_that_is_neither_is_named(commands: Commands, tmp_path: Path, content: str) -> None:
    """Nothing of it is shown; one that is not there ends the command."""
    path = tmp_path / "notes.txt"
    path.write_text(content)
    ran, shown = viewed(commands, "--demo", str(path), count=4)

    assert len(shown) == 4
    assert ran.err.endswith(
        f"{path}: no bodies, answers of Tempo or Jaeger, or logged requests found\n{path}: 0 documents\n{END}"
    )
    missing = commands("view", "--port", "0", "none.jsonl")
    assert (missing.code, missing.err) == (2, f"{HERE}otlpjson: none.jsonl: no such file\n")


def test_what_is_kept_is_shown_again(commands: Commands, tmp_path: Path) -> None:
    """From a file that only its owner can read."""
    path = tmp_path / "kept.db"
    viewed(commands, "--demo", "--keep", str(path), count=4)
    ran, shown = viewed(commands, "--keep", str(path), count=4)

    assert (ran.code, len(shown)) == (0, 4)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_refused(commands: Commands, tmp_path: Path) -> None:
    """Before anything is changed."""
    path = tmp_path / "notes.txt"
    path.write_text("my notes")

    assert commands("view", "--keep", path) == Ran(
        2, b"", f"otlpjson: {path}: cannot be opened: not a database\n"
    )


@pytest.mark.process
@pytest.mark.slow
def test_programs_send_to_it(commands: Commands) -> None:
    """By their configuration, without its address."""
    place, ctrl_c = Place(), CtrlC(commands)
    found: list[object] = []
    commands.monkeypatch.setenv("OTLPJSON_KIND", "local")

    def send() -> None:
        assert place.page_url
        ran = commands_in_a_process("send", str(GUIDE))
        found.append(ran)
        found.append(names(place.page_url))
        ctrl_c.press()

    def commands_in_a_process(*argv: str) -> str:
        with started(*MODULE, *argv) as running:
            return running.communicate(timeout=20)[1].decode()

    with at_the_same_time(send):
        assert commands("view", "--port", "0").code == 0
    assert found == ["2 spans recorded: 2 delivered\n", ["Metric Analysis Pipeline"]]


def test_a_second_viewer_leaves_the_first_one_its_programs(commands: Commands) -> None:
    """It says so."""
    here = Rendezvous("http://127.0.0.1:4319", "token-of-the-first-one")
    CtrlC(commands).press()
    with published(Place().path, here):
        ran = commands("view", "--port", "0")
        assert rendezvous_at(Place().path) == here

    assert ran.err.startswith("programs send to the viewer at http://127.0.0.1:4319\n")


def test_without_a_home_programs_cannot_find_it(commands: Commands) -> None:
    """The page works all the same; so it does where the file cannot be written."""
    CtrlC(commands).press()
    commands.monkeypatch.setattr(module, "viewer_file", lambda environ: None)
    homeless = commands("view", "--port", "0")
    commands.monkeypatch.setattr(module, "viewer_file", lambda environ: Path("/proc/none/viewer.json"))
    unwritable = commands("view", "--port", "0")

    assert homeless.err.startswith("programs send to no viewer: there is no home folder\n")
    assert unwritable.err.startswith("programs cannot find the viewer: /proc/none/viewer.json: No such file")


def test_a_port_that_somebody_has_is_said(commands: Commands) -> None:
    """Before anything is shown."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = commands("view", "--port", str(port))

    words = f"expected a free port, got {port} (Address already in use); --port 0 picks one"
    assert ran == Ran(2, b"", f"otlpjson: --port: {words}\n")


@pytest.mark.process
@pytest.mark.slow
def test_a_port_of_another_viewer_is_said(commands: Commands) -> None:
    """With another way."""
    place, ctrl_c = Place(), CtrlC(commands)
    taken = []

    def collide() -> None:
        port = re.search(":([0-9]+)/", place.page_url)
        assert port is not None
        with started(*MODULE, "view", "--port", port[1]) as running:
            taken.append(running.communicate(timeout=20)[1].decode())
        ctrl_c.press()

    with at_the_same_time(collide):
        commands("view", "--port", "0")

    assert len(taken) == 1
    assert re.fullmatch(
        r"otlpjson: --port: expected a free port, got [0-9]+ \(Address already in use\); --port 0 picks one\n",
        taken[0],
    )


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--max-size", "much"), "expected a size such as 500MB or 4GB."),
        (("--max-size", "0"), "expected a size such as 500MB or 4GB."),
        (("--max-age", "0"), "0.0 is not in the range x>0."),
        (("--port", "70000"), "70000 is not in the range 0<=x<=65535."),
    ],
)
def test_an_option_out_of_range_is_a_usage_error(
    commands: Commands, argv: tuple[str, str], words: str
) -> None:
    """With what is expected."""
    ran = commands("view", *argv)

    assert (ran.code, ran.err.splitlines()[-1]) == (2, f"Error: Invalid value for '{argv[0]}': {words}")


def test_the_page_is_opened_if_that_is_wanted(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the browser of the user."""
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    CtrlC(commands).press()
    ran = commands("view", "--port", "0", "--open")

    assert [f"{address}\n".encode() for address in opened] == [ran.out]


@pytest.mark.process
@pytest.mark.slow
def test_sigterm_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither the temporary database nor the file by which it is found."""
    port = free_port()
    environ = {"TMPDIR": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with started(*MODULE, "view", "--demo", "--port", str(port), environ=environ) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline().startswith(b"http://127.0.0.1:")
        assert running.stderr.readline() == HERE.encode()
        assert running.stderr.readline() == b"Ctrl-C ends the viewer\n"
        running.send_signal(signal.SIGTERM)
        code = running.wait(20)

    assert code == 143
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    shutil.rmtree(tmp_path / "config", ignore_errors=True)
    assert list(tmp_path.iterdir()) == []
