# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Ways to run a command: in this process with everything captured, or in one of its own."""

from __future__ import annotations

import _thread
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
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
    "at_the_same_time",
    "credentials",
    "free_port",
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


@attrs.frozen
class Ran:
    """How a command ended: its exit code, its data, its words."""

    code: int
    out: bytes
    err: str


class _StandardInput(io.BytesIO):
    name = "<stdin>"


@attrs.frozen
class Commands:
    """Runs commands in this process."""

    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[bytes]

    def __call__(self, *argv: str | os.PathLike[str], stdin: bytes = b"") -> Ran:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(_StandardInput(stdin)))
        self.captured.readouterr()
        code = main([os.fspath(argument) for argument in argv])
        out, err = self.captured.readouterr()
        return Ran(code, out, err.decode("utf-8"))

    def configure(self, base_url: str, key: str = KEY) -> None:
        """Sets the three variables."""
        for name, value in credentials(base_url, key).items():
            self.monkeypatch.setenv(name, value)


def credentials(base_url: str, key: str = KEY) -> dict[str, str]:
    """The three variables for a destination."""
    return {"OTLPJSON_BASE_URL": base_url, "OTLPJSON_INSTANCE_ID": "123456", "OTLPJSON_API_KEY": key}


def records(*names: str, **members: Any) -> bytes:
    """A line for each name: a small record whose only span bears it."""
    return b"".join(
        json.dumps(
            {
                "request": {"model": "m", "messages": [], "trace": {"generation_name": name}},
                "response": {"id": f"gen-{name}", "created": 1771005600},
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
