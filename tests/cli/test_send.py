# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``send`` and ``post``: to a real receiver, to servers that refuse, and to nobody."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from otlpjson.receiver.server import Receiver

from ..delivery.fault_server import (
    OK,
    Behaviour,
    FaultServer,
    Visit,
    answer,
    answering,
    blackhole,
)
from ..sent_spans import spans_of
from .commands import (
    GUIDE,
    GUIDE_LINE,
    KEY,
    MODULE,
    Commands,
    Ran,
    at_the_same_time,
    credentials,
    free_port,
    late,
    process,
    records,
    started,
)

JSON = "Content-Type: application/json"
PRETTY = json.dumps(
    {"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "a"}, {"name": "b"}]}]}]}, indent=2
)
WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)


def status(code: int, message: str) -> bytes:
    """google.rpc.Status."""
    return json.dumps({"code": code, "message": message}).encode()


def refusing(poison: bytes, refusal: bytes) -> Behaviour:
    """Takes every body but those that hold the poison."""

    def behave(visit: Visit) -> None:
        while True:
            received = visit.read()
            if received is None:
                return
            visit.write(refusal if poison in gzip.decompress(received.body) else OK)

    return behave


def bodies(server: FaultServer) -> list[bytes]:
    """What a server got, unpacked."""
    return [gzip.decompress(received.body) for received in server.received]


def signal_when_received(server: FaultServer, number: int) -> None:
    """Sends a signal to this process when the server has a request."""
    while not server.received:
        time.sleep(0.01)
    os.kill(os.getpid(), number)


@pytest.fixture
def receiver(commands: Commands) -> Any:
    """A receiver that the environment names, with its credentials."""
    with Receiver(credentials=("123456", KEY)) as running:
        commands.configure(running.base_url)
        yield running


def test_a_record_arrives_as_the_body_that_encode_writes(commands: Commands, receiver: Receiver) -> None:
    """Byte for byte, and the words are on standard error."""
    encoded = commands("encode", GUIDE).out
    ran = commands("send", GUIDE)

    assert ran == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert receiver.lines == (encoded.rstrip(b"\n"),)


def test_what_encode_writes_post_can_send(commands: Commands, receiver: Receiver) -> None:
    """Bodies of one line each, joined again where they fit into one request."""
    ran = commands("post", "-", stdin=commands("encode", stdin=records("a", "b")).out)
    (line,) = receiver.lines

    assert ran == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert len(json.loads(line)["resourceSpans"]) == 2


def test_options_of_encode_count_for_send_as_well(commands: Commands, receiver: Receiver) -> None:
    """Numbers and privacy."""
    ran = commands("send", "--integers", "number", "--privacy-mode", "-", stdin=GUIDE_LINE)
    (line,) = receiver.lines

    assert (ran.code, ran.err) == (0, "2 spans recorded: 2 delivered\n" + late(2))
    assert b'{"intValue":12}' in line
    assert b"Analyze this metric" not in line


def test_only_spans_of_long_ago_are_said_to_be_late(commands: Commands, receiver: Receiver) -> None:
    """By their end; a Collector and a webhook search nothing, so there nothing is said."""
    ages_s = (230, 250, 0, 3600)
    now_ns = time.time_ns()
    spans = [
        {
            "traceId": f"{number:032x}",
            "spanId": f"{number:016x}",
            "name": "pay",
            "kind": 1,
            "startTimeUnixNano": str(now_ns - 7200 * 10**9),
            "endTimeUnixNano": str(now_ns - age * 10**9),
        }
        for number, age in enumerate(ages_s, 1)
    ]
    body = {"resourceSpans": [{"scopeSpans": [{"spans": [one]}]} for one in spans]}

    assert commands("post", stdin=json.dumps(body).encode()) == Ran(
        0, b"", "4 spans recorded: 4 delivered\n" + late(2, 4)
    )


def test_a_bad_line_is_named_and_the_rest_is_delivered(commands: Commands, receiver: Receiver) -> None:
    """The exit code says that something was wrong."""
    ran = commands("send", stdin=records("a") + b"nope\n" + records("b") + b"[]\n")

    assert ran == Ran(
        1,
        b"",
        "<stdin>:2: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 1\n"
        "<stdin>:4: record: expected one JSON object, got list of 0 items\n"
        "2 spans recorded: 2 delivered\n"
        "2 lines refused, see above\n" + late(2),
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("send", "<stdin>: no records found\n0 spans recorded: 0 delivered\n"),
        ("post", "<stdin>: no bodies found\n0 spans recorded: 0 delivered\n"),
    ],
)
def test_an_empty_file_is_no_success(
    commands: Commands, receiver: Receiver, command: str, words: str
) -> None:
    """And no request is made."""
    assert commands(command, stdin=b"\n") == Ran(1, b"", words)
    assert receiver.lines == ()


def test_a_body_over_several_lines_is_posted(commands: Commands, receiver: Receiver) -> None:
    """Equal JSON arrives, on one line."""
    ran = commands("post", stdin=PRETTY.encode())
    (line,) = receiver.lines

    assert ran == Ran(0, b"", "2 spans recorded: 2 delivered\n")
    assert json.loads(line) == json.loads(PRETTY)


@pytest.mark.parametrize("body", [b"{}", b'{"resourceSpans":[]}', b'{"resourceSpans":null}'])
def test_a_body_without_spans_is_nothing_to_send(commands: Commands, receiver: Receiver, body: bytes) -> None:
    """It is in order, and no request is made."""
    assert commands("post", stdin=body) == Ran(0, b"", "0 spans recorded: 0 delivered\n")
    assert receiver.lines == ()


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"{}{}", "body: more text after the JSON value, at character 2 (JSON)"),
        (
            b'{"resourceSpans":[]} {"resourceSpans":[]}',
            "body: more text after the JSON value, at character 21 (JSON)",
        ),
        (b"[]", "body: expected one JSON object, got list"),
        (b'{"resourceSpans":{}}', "body.resourceSpans: expected a list of objects, got dict"),
        (b'{"resourceSpans":[5]}', "body.resourceSpans[0]: expected an object, got int 5"),
        (b"\xff", "body: expected UTF-8 text, got byte 0xff at offset 0 (JSON)"),
        (b"[" * 100_000, "body: JSON is nested too deeply (DEC-11)"),
    ],
)
def test_what_is_no_body_is_refused_before_a_server_loses_it(
    commands: Commands, receiver: Receiver, body: bytes, complaint: str
) -> None:
    """FIL-5: of two bodies on one line a Collector loses the second without an error."""
    ran = commands("post", stdin=body)

    assert ran == Ran(
        1, b"", f"<stdin>:1: {complaint}\n0 spans recorded: 0 delivered\n1 line refused, see above\n"
    )
    assert receiver.lines == ()


@pytest.mark.parametrize("command", ["send", "post", "test-connection", "send-trace", "status"])
def test_a_missing_configuration_is_reported_as_a_whole(commands: Commands, command: str) -> None:
    """All three variables, and the command that makes them needless."""
    nothing = "not set; set it or run `otlpjson configure`"

    assert commands(command) == Ran(
        2,
        b"",
        f"otlpjson: OTLPJSON_BASE_URL: {nothing}\n"
        f"otlpjson: OTLPJSON_INSTANCE_ID: {nothing}\n"
        f"otlpjson: OTLPJSON_API_KEY: {nothing}\n",
    )


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("BASE_URL", "otlp-gateway.grafana.net", f"expected a URL that begins with https://; {WHERE}"),
        ("BASE_URL", "ftp://example.org", f"expected a URL that begins with https://, got ftp://; {WHERE}"),
        ("BASE_URL", "https://", f"expected a URL with a host; {WHERE}"),
        (
            "BASE_URL",
            "https://123456:glc_key@example.org",
            f"expected a URL without a user name or password, which are given separately; {WHERE}",
        ),
        ("BASE_URL", "https://example.org?a=b", "expected a URL without a query"),
        ("BASE_URL", "https://example.org/#top", f"expected a URL without a fragment; {WHERE}"),
        ("BASE_URL", "https://example.org:99999", f"expected a port from 1 to 65535, got 99999; {WHERE}"),
        (
            "BASE_URL",
            "https://exa mple.org",
            f"expected a URL of plain ASCII without spaces or backslashes; {WHERE}",
        ),
        (
            "BASE_URL",
            "https://mystack.grafana.net",
            f"expected the OTLP endpoint, got the address of a Grafana page; {WHERE}",
        ),
        (
            "BASE_URL",
            "https://example.org/v1/traces",
            "expected a base URL, got one that ends in /v1/traces; /otlp/v1/traces is added to it",
        ),
        (
            "BASE_URL",
            "https://example.org/a/../b",
            "expected a path of plain segments, without //, /../ or % escapes",
        ),
        (
            "BASE_URL",
            "http://example.org",
            "expected https, got http, which would send the API key unencrypted",
        ),
        ("INSTANCE_ID", "mystack", "expected digits such as 123456, got text of 7 characters"),
        (
            "API_KEY",
            f"{KEY} {KEY}",
            "expected an API key such as glc_…, got text with the invalid character U+0020",
        ),
        ("API_KEY", KEY * 300, "expected an API key such as glc_…, got text of 5100 characters"),
    ],
)
def test_a_wrong_variable_is_named_before_any_request(
    commands: Commands, name: str, value: str, problem: str
) -> None:
    """With what is wrong and what to do, and without the key."""
    commands.configure("https://otlp-gateway-prod-us-west-0.grafana.net")
    commands.monkeypatch.setenv(f"OTLPJSON_{name}", value)
    ran = commands("send", GUIDE)

    assert ran == Ran(2, b"", f"otlpjson: OTLPJSON_{name}: {problem}\n")
    assert KEY not in ran.err


def test_nobody_at_the_address_is_said(commands: Commands) -> None:
    """After --max-wait, with the spans counted as pending."""
    commands.configure(f"http://127.0.0.1:{free_port()}")

    assert commands("send", "--max-wait", "0.2", GUIDE) == Ran(
        1,
        b"",
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans unreachable: connection refused\n"
        + NOBODY
        + HINT,
    )


def test_a_host_that_does_not_exist_is_said(commands: Commands) -> None:
    """Over plain http as well, where that is allowed."""
    commands.configure("http://nowhere.invalid")

    assert commands("post", "--allow-plain-http", "--max-wait", "0", stdin=PRETTY.encode()) == Ran(
        1,
        b"",
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans unreachable: host name not found\n"
        + NOBODY
        + HINT,
    )


NOBODY = "  check the host of the base URL, the network and the proxy\n"
HINT = "use --quarantine FILE to keep undelivered spans\n"

REFUSALS: tuple[tuple[bytes, str], ...] = (
    (
        answer(302, b"", "Location: https://login.example"),
        "2 spans recorded: 0 delivered, 2 pending\n"
        "  2 spans misconfigured 302: redirected to another address\n"
        "  the server redirected, perhaps to a login page; check the base URL\n",
    ),
    (
        answer(200, b"<!DOCTYPE html><title>Log in</title>", "Content-Type: text/html"),
        "2 spans recorded: 0 delivered, 2 pending\n"
        "  2 spans misconfigured 200: an HTML page instead of OTLP: Log in\n"
        "  a web page answered, such as a login page or a dashboard; "
        "check that the base URL is the OTLP endpoint\n",
    ),
    (
        answer(404, b"404 page not found", "Content-Type: text/plain"),
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans misconfigured 404: 404 page not found\n"
        "  nothing is served at this path; check that the base URL is the OTLP endpoint\n",
    ),
    (
        answer(429, status(8, "slow down"), JSON, "Retry-After: 0"),
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans try later 429: slow down\n",
    ),
    (
        answer(503, b"", "Retry-After: 3600"),
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans try later 503\n",
    ),
    (
        answer(400, status(3, "no"), JSON),
        "2 spans recorded: 0 delivered, 2 quarantined\n  2 spans rejected 400: no\n",
    ),
    (
        answer(413, b"too much"),
        "2 spans recorded: 0 delivered, 2 quarantined\n  2 spans too large 413: too much\n",
    ),
    (
        answer(500, b"boom"),
        "2 spans recorded: 0 delivered, 2 quarantined\n  2 spans failed 500: boom\n",
    ),
    (
        answer(200, b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"one is odd"}}', JSON),
        "2 spans recorded: 1 delivered, 1 rejected\n  2 spans partly accepted 200: one is odd\n" + late(1),
    ),
    (
        answer(401, status(16, f"unknown key {KEY}\x1b[2J"), JSON),
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans misconfigured 401: unknown key [secure] [2J\n"
        "  check the instance ID and the API key: the server does not accept this pair\n",
    ),
)


@pytest.mark.parametrize(("reply", "words"), REFUSALS)
def test_a_servers_no_is_counted_and_quoted(commands: Commands, reply: bytes, words: str) -> None:
    """On one line, without the key, and with exit code 1."""
    with FaultServer(answering(reply)) as server:
        commands.configure(server.url)

        hint = HINT if "pending" in words or "quarantined" in words else ""
        assert commands("send", "--max-wait", "0.3", GUIDE) == Ran(1, b"", words + hint)


def test_a_yes_that_is_not_otlps_is_a_success_with_a_note(commands: Commands) -> None:
    """Nothing was refused, so nothing is to be sent again."""
    with FaultServer(answering(answer(202, b"thanks", "Content-Type: text/plain"))) as server:
        commands.configure(server.url)

        assert commands("send", GUIDE) == Ran(
            0,
            b"",
            "2 spans recorded: 2 delivered, 2 of them unconfirmed\n"
            "  2 spans accepted, unconfirmed 202: thanks\n" + late(2),
        )


def test_a_wrong_password_is_said_in_the_servers_words(commands: Commands, receiver: Receiver) -> None:
    """And the first answer ends it: nothing heals by waiting."""
    commands.configure(receiver.base_url, KEY[:-1])

    assert commands("send", GUIDE) == Ran(
        1,
        b"",
        "2 spans recorded: 0 delivered, 2 pending\n  2 spans misconfigured 401: invalid credentials\n"
        "  check the instance ID and the API key: the server does not accept this pair\n" + HINT,
    )


def test_one_bad_entry_does_not_cost_the_others(commands: Commands, tmp_path: Path) -> None:
    """It is found by halving and set aside; corrected or not, post sends it again."""
    lost = tmp_path / "lost.jsonl"
    with FaultServer(refusing(b'"poison"', answer(400, status(3, "bad span"), JSON))) as server:
        commands.configure(server.url)
        ran = commands("send", "--quarantine", lost, stdin=records("a", "b", "poison", "c"))
        whole, *parts = bodies(server)

    assert ran == Ran(
        1,
        b"",
        "4 spans recorded: 3 delivered, 1 quarantined\n  1 span rejected 400: bad span\n"
        + late(3)
        + f"1 span added to {lost}; send them again with `otlpjson post`\n",
    )
    assert all(f'"name":"{name}"'.encode() in whole for name in ("a", "b", "poison", "c"))
    assert len(parts) == 4
    assert lost.read_bytes() == commands("encode", stdin=records("poison")).out

    with Receiver() as receiver:
        commands.configure(receiver.base_url)
        assert commands("post", lost) == Ran(0, b"", "1 span recorded: 1 delivered\n" + late(1))
        assert receiver.lines == (lost.read_bytes().rstrip(b"\n"),)


def test_what_nobody_took_can_be_posted_when_somebody_is_there(commands: Commands, tmp_path: Path) -> None:
    """Bodies over several lines are one line each in the file; what was in it before stays."""
    lost = tmp_path / "lost.jsonl"
    commands.configure(f"http://127.0.0.1:{free_port()}")
    first = commands("post", "--max-wait", "0", "--quarantine", lost, stdin=PRETTY.encode())
    second = commands("send", "--max-wait", "0", "--quarantine", lost, stdin=records("later"))

    assert (first.code, second.code) == (1, 1)
    assert lost.read_bytes().count(b"\n") == 2

    with Receiver() as receiver:
        commands.configure(receiver.base_url)
        assert commands("post", lost) == Ran(0, b"", "3 spans recorded: 3 delivered\n" + late(1, 3))
        (line,) = receiver.lines
    assert [span["name"] for span in spans_of(line)] == ["a", "b", "later"]


def test_nothing_is_set_aside_where_all_is_delivered(
    commands: Commands, receiver: Receiver, tmp_path: Path
) -> None:
    """The file is there and empty."""
    lost = tmp_path / "lost.jsonl"

    assert commands("send", "--quarantine", lost, GUIDE).code == 0
    assert lost.read_bytes() == b""


@pytest.mark.parametrize("place", ["missing/lost.jsonl", ""])
def test_a_quarantine_that_cannot_be_written_stops_before_any_request(
    commands: Commands, receiver: Receiver, tmp_path: Path, place: str
) -> None:
    """In a folder that does not exist; a folder itself."""
    ran = commands("send", "--quarantine", tmp_path / place, GUIDE)
    reason = "Is a directory" if place == "" else "No such file or directory"

    assert (ran.code, ran.out) == (2, b"")
    assert ran.err.splitlines()[-1] == (
        f"Error: Invalid value for '--quarantine': '{os.fspath(tmp_path / place)}': {reason}"
    )
    assert receiver.lines == ()


def test_the_file_that_is_read_is_no_quarantine(
    commands: Commands, receiver: Receiver, tmp_path: Path
) -> None:
    """What is added to it would be read again, for ever."""
    lost = tmp_path / "lost.jsonl"
    lost.write_bytes(commands("encode", GUIDE).out)
    before = lost.read_bytes()

    assert commands("post", "--quarantine", lost, lost) == Ran(
        2, b"", "otlpjson: --quarantine: expected a file other than the input\n"
    )
    assert lost.read_bytes() == before
    assert receiver.lines == ()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no /dev/full")
def test_a_quarantine_without_space_is_said_at_once(commands: Commands) -> None:
    """With what was settled before; no traceback."""
    commands.configure(f"http://127.0.0.1:{free_port()}")

    assert commands("send", "--max-wait", "0", "--quarantine", "/dev/full", GUIDE) == Ran(
        1,
        b"",
        "2 spans recorded: 0 delivered, 2 pending\n"
        "  2 spans unreachable: connection refused\n"
        + NOBODY
        + "interrupted; 2 spans in flight may have arrived\n"
        f"go on with line 1 of {GUIDE}\n"
        "otlpjson: No space left on device\n",
    )


def test_ctrl_c_ends_it_with_what_was_settled(commands: Commands) -> None:
    """Exit code 130, no traceback."""
    with FaultServer(blackhole) as server:
        commands.configure(server.url)
        with at_the_same_time(lambda: signal_when_received(server, signal.SIGINT)):
            ran = commands("send", GUIDE)

    assert ran == Ran(
        130,
        b"",
        "0 spans recorded: 0 delivered\n"
        "interrupted; 2 spans in flight may have arrived\n"
        f"go on with line 1 of {GUIDE}\n"
        "\notlpjson: interrupted\n",
    )


@pytest.mark.process
@pytest.mark.slow
def test_ctrl_c_in_a_process_of_its_own_leaves_no_traceback() -> None:
    """As a person at a terminal sees it."""
    command = (*MODULE, "send", str(GUIDE))
    with FaultServer(blackhole) as server, started(*command, environ=credentials(server.url)) as running:
        while not server.received:
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)

    assert (running.returncode, out) == (130, b"")
    assert err.decode().splitlines()[-1] == "otlpjson: interrupted"
    assert b"Traceback" not in err


def on_a_terminal(commands: Commands, *argv: str) -> tuple[Ran, bytes]:
    """How a command ends whose standard error is a terminal, and what that shows."""
    terminal, end = pty.openpty()
    shown: list[bytes] = []

    def watch() -> None:
        with suppress(OSError):  # Linux says so that the other side was closed.
            shown.extend(iter(lambda: os.read(terminal, 65536), b""))

    with at_the_same_time(watch), os.fdopen(end, "w") as stderr, commands.monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        ran = commands(*argv)
    os.close(terminal)
    return ran, b"".join(shown)


def test_a_progress_bar_is_shown_on_a_terminal(
    commands: Commands, receiver: Receiver, tmp_path: Path
) -> None:
    """With the complaints above it, and without a trace of it at the end."""
    file = tmp_path / "mixed.jsonl"
    file.write_bytes(records("a") + b"[1]\n" + records("b"))
    ran, shown = on_a_terminal(commands, "send", str(file))

    assert (ran.code, ran.out) == (1, b"")
    assert b"Sending" in shown
    assert b"expected one JSON object, got list" in shown
    assert b"\x1b[2K" in shown
    summary = f"2 spans recorded: 2 delivered\n1 line refused, see above\n{late(2)}"
    assert shown.endswith(summary.replace("\n", "\r\n").encode())


def test_a_bar_is_shown_for_standard_input(commands: Commands, receiver: Receiver) -> None:
    """Nobody knows how long it is, so it says how much there was."""
    ran, shown = on_a_terminal(commands, "send")

    assert (ran.code, ran.out) == (1, b"")
    assert b"Sending" in shown
    assert b"<stdin>: no records found\r\n" in shown
    assert shown.endswith(b"0 spans recorded: 0 delivered\r\n")


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("environ", [{}, {"FORCE_COLOR": "1"}])
def test_no_bar_and_no_colour_where_there_is_no_terminal(environ: dict[str, str]) -> None:
    """A file gets words alone."""
    with Receiver(credentials=("123456", KEY)) as receiver:
        ran = process(*MODULE, "send", str(GUIDE), environ={**credentials(receiver.base_url), **environ})

    assert ran == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(("ended", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_what_is_in_flight_when_a_signal_comes_is_kept(tmp_path: Path, ended: int, code: int) -> None:
    """And the line to go on with is said; together both give every span."""
    lost, file = tmp_path / "lost.jsonl", tmp_path / "records.jsonl"
    file.write_bytes(records("a", "b"))
    command = (*MODULE, "send", "--quarantine", str(lost), str(file))
    with FaultServer(blackhole) as server, started(*command, environ=credentials(server.url)) as running:
        while not server.received:
            time.sleep(0.01)
        running.send_signal(ended)
        out, err = running.communicate(timeout=20)

    assert (running.returncode, out) == (code, b"")
    assert err.decode().splitlines()[:3] == [
        "0 spans recorded: 0 delivered",
        f"interrupted; 2 spans in flight may have arrived, and are added to {lost}",
        f"go on with line 3 of {file}",
    ]
    assert [len(json.loads(line)["resourceSpans"]) for line in lost.read_bytes().splitlines()] == [2]


@pytest.mark.parametrize("count", ["1", "3"])
def test_several_requests_may_be_in_flight(commands: Commands, receiver: Receiver, count: str) -> None:
    """What arrives, and what is said, is the same."""
    data = b"nope\n" + b"".join(records(f"{number:03}" + "x" * 100_000) for number in range(12))
    ran = commands("send", "--requests", count, stdin=data)

    assert (ran.code, ran.err.splitlines()[1]) == (1, "12 spans recorded: 12 delivered")
    assert len(receiver.lines) > 1
    assert sum(len(spans_of(body)) for body in receiver.lines) == 12


@pytest.mark.process
@pytest.mark.slow
def test_workers_and_requests_go_together(commands: Commands, receiver: Receiver) -> None:
    """Each record once."""
    names = [f"{number:04}" for number in range(600)]
    ran = commands("send", "--workers", "2", "--requests", "2", stdin=records(*names))

    assert (ran.code, ran.err.splitlines()[0]) == (0, "600 spans recorded: 600 delivered")
    assert sorted(span["name"] for body in receiver.lines for span in spans_of(body)) == names


def test_equal_messages_are_folded(commands: Commands, receiver: Receiver) -> None:
    """The first three are shown; those that differ in numbers alone are equal."""
    ran = commands("send", stdin=b"nope\n" * 200 + b"[]\n" + records("a"))

    lines = ran.err.splitlines()
    assert [line.partition(": ")[0] for line in lines[:4]] == [
        f"<stdin>:{number}" for number in (1, 2, 3, 201)
    ]
    assert lines[4:7] == [
        "<stdin>: 197 more like: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 1",
        "1 span recorded: 1 delivered",
        "201 lines refused, see above",
    ]


def test_equal_outcomes_are_one_line(commands: Commands) -> None:
    """However many bodies there were; what to do is said once."""
    big = b"".join(records(f"{number:03}" + "x" * 100_000) for number in range(12))
    commands.configure(f"http://127.0.0.1:{free_port()}")
    ran = commands("send", "--max-wait", "0", stdin=big)

    assert ran.err == (
        "12 spans recorded: 0 delivered, 12 pending\n  12 spans unreachable: connection refused\n"
        + NOBODY
        + HINT
    )


@pytest.mark.parametrize(("ended", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("count", [1, 2])
def test_a_signal_keeps_what_is_in_flight_in_the_quarantine(
    commands: Commands, tmp_path: Path, ended: int, code: int, count: int
) -> None:
    """In this process; the handler that was there before is back afterwards."""
    lost, usual = tmp_path / "lost.jsonl", signal.getsignal(signal.SIGTERM)
    with FaultServer(blackhole) as server:
        commands.configure(server.url)
        with at_the_same_time(lambda: signal_when_received(server, ended)):
            ran = commands("send", "--quarantine", lost, stdin=records(*"ab"[:count]))

    spans, verb = ("1 span", "is") if count == 1 else ("2 spans", "are")
    assert (ran.code, ran.err.splitlines()[:3]) == (
        code,
        [
            "0 spans recorded: 0 delivered",
            f"interrupted; {spans} in flight may have arrived, and {verb} added to {lost}",
            f"go on with line {count + 1} of <stdin>",
        ],
    )
    assert lost.read_bytes().count(b'"traceId"') == count
    assert signal.getsignal(signal.SIGTERM) is usual


@pytest.mark.parametrize("piped", [False, True])
def test_a_line_that_is_interrupted_is_kept_whole(commands: Commands, tmp_path: Path, piped: bool) -> None:
    """A command goes on with a line and not in one, so none of its bodies may be missing."""
    lost, file = tmp_path / "lost.jsonl", tmp_path / "bodies.jsonl"
    names = [*(f"{number:02}" + "x" * 200_000 for number in range(40)), "next"]
    *groups, last = [{"scopeSpans": [{"spans": [{"name": name}]}]} for name in names]
    following = [last]
    lines = b"".join(json.dumps({"resourceSpans": each}).encode() + b"\n" for each in (groups, following))
    file.write_bytes(lines)
    with FaultServer(blackhole) as server:
        commands.configure(server.url)
        with at_the_same_time(lambda: signal_when_received(server, signal.SIGINT)):
            source: dict[str, Any] = {"stdin": lines} if piped else {}
            ran = commands("post", "--quarantine", lost, *(() if piped else (file,)), **source)

    kept = [group for line in lost.read_bytes().splitlines() for group in json.loads(line)["resourceSpans"]]
    goes_on = int(ran.err.partition("go on with line ")[2].partition(" ")[0])
    assert kept == (groups if goes_on == 2 else groups + following)


def test_a_command_in_another_thread_handles_no_signals(commands: Commands, receiver: Receiver) -> None:
    """Only the main thread may; it delivers all the same."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(commands("send", stdin=records("a")).code))
    thread.start()
    thread.join(20)

    assert codes == [0]


def test_a_dry_run_sends_nothing_and_says_what_would_be_sent(commands: Commands, tmp_path: Path) -> None:
    """For each destination, with what is left out and what cannot be read; as large as what is sent then."""
    file = tmp_path / "records.jsonl"
    file.write_bytes(GUIDE_LINE + b"\n{}\n" + GUIDE_LINE + b"\n")
    server = FaultServer(answering(OK))
    with server:
        commands.configure(f"http://127.0.0.1:{server.port}")
        planned = commands("send", "--dry-run", file)
        before = len(server.received)
        commands("send", file)
    (received,) = server.received
    size = int(received.headers["content-length"])
    body = gzip.decompress(received.body)

    assert before == 0
    assert planned.code == 1
    assert planned.out.decode() == (
        f"environment (127.0.0.1): 2 records, 4 spans in 1 request, {len(body):,} bytes, {size:,} as sent\n"
        "ended from 2026-02-13 18:00:01.203 UTC to 2026-02-13 18:00:01.203 UTC\n"
        "4 of 4 spans ended more than 4 minutes ago: they are found by trace id, but a search may miss them\n"
        "nothing was sent\n"
    )
    assert planned.err.endswith("1 line refused, see above\n")


def test_a_dry_run_of_bodies_and_of_nothing(commands: Commands) -> None:
    """Without times there are none to print; a collector searches nothing."""
    commands.monkeypatch.setenv("OTLPJSON_ENDPOINT", "http://127.0.0.1:9/v1/traces")
    commands.monkeypatch.setenv("OTLPJSON_EXCLUDED_API_KEYS", "production")
    body = b'{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}\n'
    timed = commands(
        "post", "--dry-run", stdin=body.replace(b'"a"', b'"a","endTimeUnixNano":"1771005600000000000"')
    )
    posted = commands("post", "--dry-run", stdin=body)
    record = {**json.loads(GUIDE_LINE), "observed": {"api_key_name": "production"}}
    excluded = commands("send", "--dry-run", stdin=json.dumps(record).encode())

    line = b"environment (127.0.0.1): 1 body, 1 span in 1 request, 61 bytes, "
    assert b"ended from 2026-02-13 18:00:00.000 UTC to 2026-02-13 18:00:00.000 UTC\n" in timed.out
    assert b"search" not in timed.out
    assert posted.code == 0
    assert posted.out.startswith(line) and posted.out.endswith(b" as sent\nnothing was sent\n")
    assert excluded == Ran(
        0,
        b"environment (127.0.0.1): 1 record, 0 spans in 0 requests, 0 bytes, 0 as sent\nnothing was sent\n",
        "1 record left out by the names of API keys\n",
    )


@pytest.mark.parametrize(
    "more", [(), pytest.param(("--workers", "2"), marks=[pytest.mark.process, pytest.mark.slow])]
)
def test_texts_that_were_masked_are_counted(
    commands: Commands, tmp_path: Path, more: tuple[str, ...]
) -> None:
    """For the whole file, whoever mapped it."""
    record = {**json.loads(GUIDE_LINE), "observed": {"generation_id": "gen-1"}}
    record["request"]["user"] = "ann@example.com"
    file = tmp_path / "records.jsonl"
    file.write_bytes(json.dumps(record).encode() + b"\n" + GUIDE_LINE + b"\n")
    commands.monkeypatch.setenv("OTLPJSON_PATH", str(tmp_path / "traces"))
    commands.monkeypatch.setenv("OTLPJSON_MASK", "email")
    ran = commands("send", *more, file)

    assert ran == Ran(0, b"", "4 spans recorded: 4 delivered\n2 texts masked\n")


def test_the_plan_for_a_folder_is_what_is_written(commands: Commands, tmp_path: Path) -> None:
    """Files are not compressed."""
    folder = tmp_path / "traces"
    commands.monkeypatch.setenv("OTLPJSON_PATH", str(folder))
    planned = commands("send", "--dry-run", stdin=GUIDE_LINE)
    commands("send", stdin=GUIDE_LINE)
    (written,) = folder.glob("*/*.json")

    size = f"{written.stat().st_size:,}"
    assert f"{size} bytes, {size} as sent\n" in planned.out.decode()
