# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``receive``: lines out of deliveries, until there are enough, or nobody reads, or Ctrl-C."""

from __future__ import annotations

import http.client
import io
import os
import re
import signal
import socket
import sys
import time
from contextlib import closing

import pytest

from .commands import (
    GUIDE,
    KEY,
    MODULE,
    Commands,
    Ran,
    at_the_same_time,
    credentials,
    free_port,
    late,
    process,
    started,
    wait_for_port,
)


def post(port: int, body: bytes = b"{}", authorization: str = "") -> tuple[int, bytes]:
    """One delivery: the answer's status and body."""
    wait_for_port(port)
    headers = {
        "Content-Type": "application/json",
        **({"Authorization": authorization} if authorization else {}),
    }
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("POST", "/v1/traces", body, headers)
        response = connection.getresponse()
        return response.status, response.read()


def listening(port: int) -> str:
    """What it says first."""
    return f"Receiving on http://127.0.0.1:{port}/otlp/v1/traces and /v1/traces\n"


def test_it_stops_after_the_bodies_that_were_asked_for(commands: Commands) -> None:
    """Each is one line; a refused one does not count."""
    port = free_port()

    def deliver() -> None:
        assert post(port, b'{"resourceSpans":\n[]}')[0] == 200
        assert post(port, b"nope")[0] == 400
        assert post(port)[0] == 200

    with at_the_same_time(deliver):
        ran = commands("receive", "--port", str(port), "--count", "2")

    assert ran == Ran(0, b'{"resourceSpans": []}\n{}\n', listening(port))


def test_a_body_after_the_last_one_is_not_acknowledged(commands: Commands) -> None:
    """Its sender keeps it, and it is not in the output."""
    port = free_port()
    request = (
        b"POST /v1/traces HTTP/1.1\r\nHost: h\r\n"
        b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    )
    received: list[bytes] = []

    def deliver_two_at_once() -> None:
        wait_for_port(port)
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plug:
            plug.sendall(request * 2)
            received.extend(iter(lambda: plug.recv(65536), b""))

    with at_the_same_time(deliver_two_at_once):
        ran = commands("receive", "--port", str(port), "--count", "1")

    assert (ran.code, ran.out) == (0, b"{}\n")
    assert re.findall(rb"HTTP/1.1 ([0-9]+) ", b"".join(received)) in ([b"200"], [b"200", b"503"])


def test_ctrl_c_ends_it_well(commands: Commands) -> None:
    """Exit code 0: that is how it is ended."""
    port = free_port()

    def deliver_and_interrupt() -> None:
        assert post(port) == (200, b'{"partialSuccess":{}}')
        time.sleep(0.5)  # It waits in steps, because not every system interrupts a wait.
        os.kill(os.getpid(), signal.SIGINT)

    with at_the_same_time(deliver_and_interrupt):
        ran = commands("receive", "--port", str(port))

    assert ran == Ran(0, b"{}\n", listening(port) + "\n")


@pytest.mark.process
@pytest.mark.slow
def test_ctrl_c_ends_a_process_of_its_own_well() -> None:
    """Every line was written at once, though standard output is a pipe."""
    port = free_port()
    with started(*MODULE, "receive", "--port", str(port)) as running:
        assert post(port)[0] == 200
        assert running.stdout is not None
        assert running.stdout.readline() == b"{}\n"
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)

    assert (running.returncode, out, err.decode()) == (0, b"", listening(port) + "\n")


@pytest.mark.process
@pytest.mark.slow
def test_a_reader_that_goes_away_ends_it() -> None:
    """And the body that nobody read is not acknowledged."""
    port = free_port()
    with started(*MODULE, "receive", "--port", str(port)) as running:
        assert post(port)[0] == 200
        assert running.stdout is not None
        running.stdout.close()
        status, words = post(port)
        running.wait(20)
        err = running.stderr.read() if running.stderr else b""

    assert (status, words) == (
        503,
        b'{"code": 14, "message": "the body cannot be stored: [Errno 32] Broken pipe"}',
    )
    assert (running.returncode, err.decode()) == (1, listening(port))


def test_output_that_cannot_be_written_ends_it(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason."""

    class FullDisk(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

    port = free_port()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(FullDisk()))
    with at_the_same_time(lambda: post(port)):
        ran = commands("receive", "--port", str(port))

    assert ran == Ran(1, b"", listening(port) + "otlpjson: No space left on device\n")


@pytest.mark.process
@pytest.mark.slow
def test_it_asks_for_the_credentials_of_the_environment(commands: Commands) -> None:
    """Read as send reads them: white space around a value does not count."""
    port = free_port()
    commands.configure("", f" {KEY}\n")

    def deliver() -> None:
        assert post(port)[0] == 401
        assert process(*MODULE, "send", str(GUIDE), environ=credentials(f"http://127.0.0.1:{port}")) == Ran(
            0, b"", "2 spans recorded: 2 delivered\n" + late(2)
        )

    with at_the_same_time(deliver):
        ran = commands("receive", "--port", str(port), "--auth", "--count", "1")

    assert (ran.code, ran.err) == (0, listening(port))
    assert ran.out == commands("encode", GUIDE).out


def test_credentials_that_cannot_be_used_stop_it(commands: Commands) -> None:
    """The base URL is not needed."""
    commands.monkeypatch.setenv("OTLPJSON_API_KEY", f"{KEY}\udcff")

    assert commands("receive", "--auth") == Ran(
        2,
        b"",
        "otlpjson: OTLPJSON_INSTANCE_ID: expected digits such as 123456, got nothing\n"
        "otlpjson: OTLPJSON_API_KEY: expected an API key such as glc_…, "
        "got text with the invalid character U+DCFF\n",
    )


@pytest.mark.process
@pytest.mark.slow
def test_a_port_that_is_taken_is_said(commands: Commands) -> None:
    """In one sentence, with exit code 2."""
    port = free_port()

    def collide() -> None:
        wait_for_port(port)
        ran = process(*MODULE, "receive", "--port", str(port))
        assert ran == Ran(
            2,
            b"",
            "otlpjson: --host, --port: expected a free address of this machine, "
            f"got '127.0.0.1' port {port} (Address already in use)\n",
        )
        assert post(port)[0] == 200

    with at_the_same_time(collide):
        assert commands("receive", "--port", str(port), "--count", "1").code == 0


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "\u00fc..b", "a" * 70 + "\u00fc", "x\x00y"])
def test_an_address_of_no_machine_or_another_is_said(commands: Commands, host: str) -> None:
    """The system's reason differs, the sentence does not."""
    ran = commands("receive", "--port", "0", "--host", host)
    words = f"otlpjson: --host, --port: expected a free address of this machine, got {host!r} port 0 ("

    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.startswith(words)
    assert ran.err.endswith(")\n")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--port", "x"), ("--count", "0")])
def test_a_number_out_of_range_is_a_usage_error(commands: Commands, arguments: tuple[str, str]) -> None:
    """With the option that is wrong."""
    ran = commands("receive", *arguments)

    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.splitlines()[-1].startswith(f"Error: Invalid value for '{arguments[0]}': ")
