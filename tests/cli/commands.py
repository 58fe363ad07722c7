# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ways to run a command: in this process with everything captured, or in one of its own."""

from __future__ import annotations

import _thread
import fcntl
import getpass
import io
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import Any, Callable, Final

import attrs
import pytest

from otlpjson.cli import main

from .. import FIXTURES

__all__ = [
    "GUIDE",
    "GUIDE_LINE",
    "KEY",
    "MODULE",
    "SCRIPT",
    "Commands",
    "Ran",
    "Terminal",
    "at_the_same_time",
    "credentials",
    "free_port",
    "late",
    "process",
    "records",
    "started",
    "wait_for_port",
]

GUIDE: Final = FIXTURES / "openrouter" / "guide" / "record.json"
GUIDE_LINE: Final = json.dumps(json.loads(GUIDE.read_bytes())).encode("ascii")
KEY: Final = "glc_canary_c0ffee"

MODULE: Final = (sys.executable, "-m", "otlpjson")
_INSTALLED: Final = shutil.which("otlpjson", path=str(Path(sys.executable).parent))
SCRIPT: Final = (
    (_INSTALLED,)
    if _INSTALLED
    # What an installer writes into the script, where the package is not installed.
    else (sys.executable, "-c", "import sys; from otlpjson.__main__ import main; sys.exit(main())")
)


def late(spans: int, delivered: int | None = None) -> str:
    """What follows the summary where spans of long ago went to Grafana."""
    total = spans if delivered is None else delivered
    return (
        f"{spans} of {total} delivered span{'s' * (total != 1)} ended more than 4 minutes ago: "
        "they are found by trace id, but a search may miss them\n"
    )


@attrs.frozen
class Ran:
    """How a command ended: its exit code, its data, its words."""

    code: int
    out: bytes
    err: str


class _StandardInput(io.BytesIO):
    name = "<stdin>"


class _Typing(_StandardInput):
    """What a person at a terminal types."""

    def isatty(self) -> bool:
        return True


@attrs.frozen
class Commands:
    """Runs commands in this process."""

    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[bytes]

    def __call__(
        self, *argv: str | os.PathLike[str], stdin: bytes = b"", typed: Sequence[str] | None = None
    ) -> Ran:
        source = _StandardInput(stdin) if typed is None else _Typing("\n".join([*typed, ""]).encode())
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(source, encoding="utf-8"))
        # A key is asked for at the terminal of the process, which may be that of whoever runs the tests.
        self.monkeypatch.setattr(getpass, "getpass", _typed)
        self.captured.readouterr()
        code = main([os.fspath(argument) for argument in argv])
        out, err = self.captured.readouterr()
        return Ran(code, out, err.decode("utf-8"))

    def configure(self, base_url: str, key: str = KEY) -> None:
        """Sets the three variables."""
        for name, value in credentials(base_url, key).items():
            self.monkeypatch.setenv(name, value)

    def forget(self) -> None:
        """Takes the three variables out again."""
        for name in credentials(""):
            self.monkeypatch.delenv(name, raising=False)


def _typed(prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def credentials(base_url: str, key: str = KEY) -> dict[str, str]:
    """The three variables for a destination."""
    return {"OTLPJSON_BASE_URL": base_url, "OTLPJSON_INSTANCE_ID": "123456", "OTLPJSON_API_KEY": key}


def records(*names: str, **members: Any) -> bytes:
    """A line for each name: a small record whose only span bears it."""
    return b"".join(
        json.dumps(
            {
                "request": {"model": "m", "messages": [], "trace": {"generation_name": name}},
                "response": {"id": f"gen-{name}", "created": 1771005600, "usage": {"cost": 0}},
                **members,
            }
        ).encode()
        + b"\n"
        for name in names
    )


def process(*command: str, stdin: bytes = b"", environ: Mapping[str, str] = {}) -> Ran:
    """Runs a command to its end."""
    done = subprocess.run(
        command, input=stdin, capture_output=True, env={**os.environ, **environ}, timeout=60, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode("utf-8"))


@contextmanager
def started(*command: str, environ: Mapping[str, str] = {}) -> Iterator[subprocess.Popen[bytes]]:
    """A command under way, which is ended with the block."""
    running = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environ},
    )
    watchdog = Timer(30, running.kill)
    watchdog.start()
    with running:
        try:
            yield running
        finally:
            watchdog.cancel()
            running.kill()


@contextmanager
def at_the_same_time(action: Callable[[], object]) -> Iterator[None]:
    """Does something in another thread while the block runs; what fails in it ends both."""
    failures: list[BaseException] = []

    def act() -> None:
        try:
            action()
        except BaseException as error:
            failures.append(error)
            _thread.interrupt_main()

    thread = Thread(target=act, daemon=True)
    thread.start()
    yield
    thread.join(20)
    assert not thread.is_alive()
    assert failures == []


class Terminal:
    """A process at a terminal of its own, and what that shows."""

    def __init__(self, *command: str, environ: Mapping[str, str] = {}) -> None:
        self.shown = b""
        self._side, end = pty.openpty()
        self._process = subprocess.Popen(
            command,
            stdin=end,
            stdout=end,
            stderr=end,
            env={**os.environ, **environ},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(end)
        self._watchdog = Timer(30, self._process.kill)
        self._watchdog.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *details: object) -> None:
        self._watchdog.cancel()
        self._process.kill()
        self._process.wait()
        os.close(self._side)

    def type(self, after: bytes, text: bytes) -> None:
        """Types when this is shown and the terminal is asked."""
        while after not in self.shown and self._more():
            pass
        assert after in self.shown
        time.sleep(0.1)  # in which a hidden question turns the echo off
        os.write(self._side, text)

    def ended(self) -> int:
        """The exit code; everything is shown by then."""
        while self._more():
            pass
        return self._process.wait(20)

    def _more(self) -> bool:
        try:
            got = os.read(self._side, 65536)
        except OSError:  # Linux says so that the other side was closed
            return False
        self.shown += got
        return bool(got)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    """Comes back when somebody listens there."""
    deadline_s = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.02)
        else:
            return
