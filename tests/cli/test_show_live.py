# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``show`` and ``receive`` as traces come, and the choice of traces: conditions, ids, a limit, JSON, a pager."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from otlpjson.cli.gathering import Gathering
from otlpjson.cli.input_file import InputFile
from otlpjson.cli.live_lines import Lines, live_traces, read_in_background
from otlpjson.core.encoder import encode

from .. import FIXTURES
from ..view.spans import FAILED, body, fixture, generation, span
from .commands import MODULE, Commands, Terminal, at_the_same_time, free_port, process, started
from .test_receive import post
from .test_show import body as json_body
from .test_show import span as json_span

SIX = b"".join(encode(generation(number, request={"user": f"u{number % 2}"})) + b"\n" for number in range(6))
MARK = "…"


def plain(out: bytes) -> str:
    """Without colours and bold type."""
    return re.sub(r"\x1b\[[0-9;]*m", "", out.decode()).replace("\r\n", "\n")


def trace_ids(out: bytes) -> list[str]:
    """The traces that are drawn."""
    return re.findall(r"^trace ([0-9a-f]{32})", plain(out), re.MULTILINE)


def test_traces_are_chosen_by_conditions(commands: Commands) -> None:
    """The same as on the page."""
    lines = SIX + encode(fixture("guide")) + b"\n"
    ran = commands("show", "--where", "user = u1 and cost > 0.1", stdin=lines)
    text = commands("show", "--where", 'text ~ "spike at"', stdin=lines)
    none = commands("show", "--where", "user = nobody", stdin=lines)

    assert (ran.code, len(trace_ids(ran.out)), ran.err) == (0, 3, "")
    assert trace_ids(text.out) == ["addc2f052d437fec14c79a7193ea8135"]
    assert (none.code, none.out, none.err) == (0, b"", "<stdin>: none of 7 traces matches\n")


def test_a_condition_that_means_nothing_is_a_usage_error(commands: Commands) -> None:
    """Before anything is read."""
    ran = commands("show", "--where", "cost > cheap", stdin=b"nope")

    assert (ran.code, ran.err) == (2, "otlpjson: where: cost: expected a number\n")


def test_a_trace_is_chosen_by_its_id(commands: Commands) -> None:
    """The first digits suffice, in any case; a limit takes the first ones."""
    every = trace_ids(commands("show", stdin=SIX).out)
    one = every[3]

    assert len(every) == 6
    assert trace_ids(commands("show", "--trace", one[:12].upper(), stdin=SIX).out) == [one]
    assert trace_ids(commands("show", "--limit", "2", stdin=SIX).out) == every[:2]
    assert trace_ids(commands("show", "--limit", "9", "--where", "user = u0", stdin=SIX).out) == every[::2]


def test_as_json_each_trace_is_a_line(commands: Commands) -> None:
    """What the viewer's API answers."""
    ran = commands("show", "--json", FIXTURES / "openrouter" / "guide" / "body.json")
    (line,) = ran.out.splitlines()
    answer = json.loads(line)

    assert (ran.code, ran.err) == (0, "")
    assert answer["trace"]["name"] == "Metric Analysis Pipeline"
    assert [(row["name"], row["duration_ms"]) for row in answer["rows"]] == [
        ("Metric Analysis Pipeline", 1203.0),
        ("Anomaly Detection", 1203.0),
    ]
    assert len(commands("show", "--json", "--limit", "4", stdin=SIX).out.splitlines()) == 4


@pytest.mark.parametrize(
    ("argv", "columns", "widest"),
    [
        ((), "", 100),
        ((), "70", 70),
        ((), "nonsense", 100),
        (("--width", "60"), "", 60),
        (("--width", "60"), "150", 60),
        (("--width", "200"), "", 170),
    ],
)
def test_the_width_is_the_one_that_was_asked_for(
    commands: Commands, argv: tuple[str, ...], columns: str, widest: int
) -> None:
    """An option, else COLUMNS, else a hundred."""
    commands.monkeypatch.setenv("COLUMNS", columns)
    ran = commands("show", *argv, stdin=encode(fixture("everything")))
    width = max(map(len, ran.out.decode().splitlines()))

    assert (ran.code, ran.err) == (0, "")
    assert widest - 12 <= width <= widest


def test_columns_that_are_left_out_leave_a_mark(commands: Commands) -> None:
    """In the line of headings; where all are there, there is none."""

    def headings(width: str) -> str:
        out = commands("show", "--width", width, stdin=encode(fixture("guide"))).out.decode()
        return next(line for line in out.splitlines() if "duration" in line)

    assert headings("100").endswith("cost")
    assert "model" not in headings("60")
    assert headings("60").endswith(f"cost  {MARK}")
    assert headings("45").split()[-2:] == ["duration", MARK]


def test_followed_input_is_drawn_trace_by_trace(commands: Commands) -> None:
    """A pipe until its end; a trace whose root is missing too, and a line that is none is named."""
    orphan = json_body(json_span(2, 9))
    ran = commands("show", "--follow", "--width", "80", stdin=orphan + b"nope\n" + SIX)
    found = trace_ids(ran.out)

    assert ran.code == 1
    assert ran.err.startswith("<stdin>:2: body: expected")
    assert len(found) == 7
    assert found[-1] == "5b8efff798038103d269b633813fc60c"


def test_following_ends_with_the_limit(commands: Commands) -> None:
    """As JSON too."""
    ran = commands("show", "--follow", "--limit", "2", "--json", stdin=SIX)

    assert (ran.code, len(ran.out.splitlines()), ran.err) == (0, 2, "")


def test_following_ends_with_ctrl_c(commands: Commands, tmp_path: Path) -> None:
    """A file grows in pieces, also in the middle of a line."""
    path = tmp_path / "bodies.jsonl"
    first, second = SIX.splitlines(keepends=True)[:2]
    path.write_bytes(first + second[:50])

    def grow_and_interrupt() -> None:
        time.sleep(0.4)
        with path.open("ab") as file:
            file.write(second[50:])
        time.sleep(0.8)
        os.kill(os.getpid(), signal.SIGINT)

    with at_the_same_time(grow_and_interrupt):
        ran = commands("show", "--follow", path)

    assert (ran.code, len(trace_ids(ran.out)), ran.err) == (0, 2, "\n")


def test_a_growing_file_is_read_line_by_line(tmp_path: Path) -> None:
    """What is no whole line yet is waited for; a pipe's last line may have no end."""
    path = tmp_path / "log"
    path.write_bytes(b"one\ntw")
    lines: Lines = Lines()
    with path.open("rb") as file:
        read_in_background(file, lines, grows=True)
    assert lines.get(timeout=10) == b"one"
    with path.open("ab") as more:
        more.write(b"o\nthree\n")
    assert [lines.get(timeout=10), lines.get(timeout=10)] == [b"two", b"three"]
    with path.open("ab") as more:
        more.write(b"four")
    with path.open("rb") as file:
        file.seek(4)
        whole: Lines = Lines()
        read_in_background(file, whole, grows=False)
        assert [whole.get(timeout=10) for _ in range(4)] == [b"two", b"three", b"four", None]


def test_a_file_that_ends_with_a_line_has_no_other(tmp_path: Path) -> None:
    """Not an empty one."""
    path = tmp_path / "log"
    path.write_bytes(b"one\n")
    lines: Lines = Lines()
    with path.open("rb") as file:
        read_in_background(file, lines, grows=False)
        assert [lines.get(timeout=10) for _ in range(2)] == [b"one", None]


def test_a_file_that_fails_is_an_error(tmp_path: Path) -> None:
    """Whoever waits for its lines gets it, as for a folder."""

    class Folder(io.BytesIO):
        def fileno(self) -> int:
            return handle

    handle = os.open(tmp_path, os.O_RDONLY)
    lines: Lines = Lines()
    read_in_background(Folder(), lines, grows=False)
    with pytest.raises(IsADirectoryError):
        next(live_traces(lines, InputFile("x")))
    os.close(handle)


def test_spans_without_a_root_are_drawn_after_a_while(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing else comes."""
    monkeypatch.setattr("otlpjson.cli.live_lines.Gathering", lambda: Gathering(patience_s=0.0))
    port = free_port()
    typed = _Screen()
    monkeypatch.setattr(sys, "stdout", typed)

    def deliver() -> None:
        assert post(port, encode(body(span(1, 2, 9))))[0] == 200
        deadline_s = time.monotonic() + 10
        while "trace" not in typed.text and time.monotonic() < deadline_s:
            time.sleep(0.05)
        assert post(port, encode(body(span(2, 1, status=FAILED))))[0] == 200

    with at_the_same_time(deliver):
        code = commands("receive", "--port", str(port), "--count", "2", "--width", "60").code

    assert code == 0
    assert trace_ids(typed.text.encode()) == [f"{1:032x}", f"{2:032x}"]


class _Screen(io.StringIO):
    """A terminal in memory."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        raise OSError("no descriptor")

    @property
    def text(self) -> str:
        """What is on it."""
        return self.getvalue()


@pytest.mark.process
@pytest.mark.slow
def test_a_terminal_gets_each_trace_drawn_when_its_root_arrives() -> None:
    """And with --raw the bodies; Ctrl-C ends it."""
    port = free_port()
    environ = {"COLUMNS": "90", "TERM": "xterm", "NO_COLOR": "1"}
    with Terminal(*MODULE, "receive", "--port", str(port), environ=environ) as terminal:
        assert post(port, encode(fixture("guide")))[0] == 200
        terminal.type(b"Anomaly Detection", b"\x03")
        assert terminal.ended() == 0
    with Terminal(*MODULE, "receive", "--port", str(port), "--raw", "--count", "1", environ=environ) as raw:
        assert post(port, encode(fixture("guide")))[0] == 200
        assert raw.ended() == 0

    assert b"trace addc2f052d437fec14c79a7193ea8135" in terminal.shown
    assert b'{"resourceSpans":' in raw.shown and b"trace addc2f" not in raw.shown


@pytest.mark.parametrize(("limit", "paged"), [(1, False), (6, True)])
def test_a_pager_gets_what_is_longer_than_the_terminal(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, limit: int, paged: bool
) -> None:
    """The same text; as JSON it goes to the terminal."""
    screen, pages = _Screen(), []
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("LINES", "20")
    monkeypatch.setattr("click.echo_via_pager", lambda text, color: pages.append(text))
    assert commands("show", "--limit", str(limit), stdin=SIX).code == 0
    shown = pages[0] if paged else screen.text
    assert len(trace_ids(shown.encode())) == limit
    assert (len(pages), screen.text == "") == (paged, paged)
    assert commands("show", "--json", stdin=SIX).code == 0
    assert len(pages) == paged


@pytest.mark.process
@pytest.mark.slow
def test_what_is_longer_than_the_terminal_goes_to_a_pager(tmp_path: Path) -> None:
    """The one that PAGER names; what is shorter does not."""
    path = tmp_path / "bodies.jsonl"
    path.write_bytes(SIX * 1)
    environ = {"COLUMNS": "90", "LINES": "20", "TERM": "xterm", "NO_COLOR": "1", "PAGER": "cat -n"}
    with Terminal(*MODULE, "show", os.fspath(path), environ=environ) as paged:
        assert paged.ended() == 0
    with Terminal(*MODULE, "show", "--limit", "1", os.fspath(path), environ=environ) as short:
        assert short.ended() == 0
    with Terminal(*MODULE, "show", "--json", os.fspath(path), environ=environ) as lines:
        assert lines.ended() == 0

    assert "     1\ttrace " in plain(paged.shown) and "    30\t" in plain(paged.shown)
    assert plain(short.shown).startswith("trace ") and "\ttrace" not in plain(short.shown)
    assert lines.shown.startswith(b'{"trace":')


@pytest.mark.process
@pytest.mark.slow
def test_receive_and_show_follow_each_other() -> None:
    """In a pipe, each trace at once."""
    port = free_port()
    command = f"{sys.executable} -m otlpjson -q receive --port {port} | {sys.executable} -m otlpjson show --follow --limit 1"
    with started("sh", "-c", command) as running:
        post(port, encode(fixture("guide")))
        assert running.stdout is not None
        shown = running.stdout.readline()

    assert shown == b"trace addc2f052d437fec14c79a7193ea8135\n"


@pytest.mark.process
@pytest.mark.slow
def test_a_reader_that_has_enough_ends_show() -> None:
    """Without a traceback."""
    ran = process("sh", "-c", f"{sys.executable} -m otlpjson show --follow | head -1", stdin=SIX * 50)

    assert (ran.out[:6], ran.err) == (b"trace ", "")
