# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``configure``: what it asks, what it refuses, and that it saves only what passed."""

from __future__ import annotations

import gzip
import json
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast.config_saving import save_document
from otlpjson.broadcast.document import changed
from otlpjson.receiver.server import Receiver

from ..delivery.fault_server import OK, FaultServer, Visit, answer, answering
from .commands import (
    GUIDE,
    KEY,
    MODULE,
    Commands,
    Ran,
    Terminal,
    credentials,
    free_port,
    late,
)

HOST = "https://otlp-gateway-prod-us-west-0.grafana.net"
WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)
SETTINGS = {
    "privacy_mode": False,
    "sampling_rate": 1.0,
    "hierarchy": "documented",
    "integers": "text",
    "allow_plain_http": False,
    "enabled": True,
}
OLD: dict[str, Any] = {"kind": "webhook", "url": "https://old.test/hook"}


def saved(path: Path) -> Any:
    return json.loads(path.read_bytes())["destinations"]


@pytest.fixture
def old(saved_file: Path) -> bytes:
    """The text of a file that was there before."""
    save_document(saved_file, changed(None, "default", OLD))
    return saved_file.read_bytes()


def test_the_environment_is_enough_for_a_script(commands: Commands, saved_file: Path) -> None:
    """Without a terminal; what is saved then does without the environment."""
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(receiver.base_url)
        ran = commands("configure")
        commands.forget()
        sent = commands("send", GUIDE)

    assert ran == Ran(
        0,
        f"{receiver.base_url}/otlp/v1/traces answered 200: test span accepted.\n".encode(),
        f"Saved as default in {saved_file}\n",
    )
    assert sent == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert saved(saved_file) == {
        "default": {
            "kind": "grafana_cloud",
            "base_url": receiver.base_url,
            "instance_id": "123456",
            "api_key": KEY,
            **SETTINGS,
        }
    }
    assert stat.S_IMODE(saved_file.stat().st_mode) == 0o600


def test_what_the_options_say_is_saved(commands: Commands, saved_file: Path) -> None:
    """Under the name that is given; what was saved before stays."""
    save_document(saved_file, changed(None, "default", OLD))
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(receiver.base_url)
        options = ("--privacy-mode", "--sampling-rate", "0.25", "--hierarchy", "observed")
        ran = commands("configure", "second", *options, "--integers", "number", "--allow-plain-http")

    assert (ran.code, ran.err) == (0, f"Saved as second in {saved_file}\n")
    assert list(saved(saved_file)) == ["default", "second"]
    assert saved(saved_file)["default"] == OLD
    assert (
        saved(saved_file)["second"].items()
        >= {
            "privacy_mode": True,
            "sampling_rate": 0.25,
            "hierarchy": "observed",
            "integers": "number",
            "allow_plain_http": True,
            "enabled": True,
        }.items()
    )


@pytest.mark.parametrize("rate", ["0", "0.00001", "1.1", "-1", "nan", "x"])
def test_a_sampling_rate_out_of_range_is_refused(commands: Commands, saved_file: Path, rate: str) -> None:
    """Before any request."""
    commands.configure(f"http://127.0.0.1:{free_port()}")
    ran = commands("configure", f"--sampling-rate={rate}")

    assert (ran.code, ran.out) == (2, b"")
    assert "sampling" in ran.err
    assert not saved_file.exists()


def test_what_is_typed_counts_where_the_environment_is_silent(commands: Commands, saved_file: Path) -> None:
    """All of it, or what is missing; white space around it is no part of it."""
    with Receiver(credentials=("123456", KEY)) as receiver:
        first = commands("configure", typed=[f" {receiver.base_url}/ ", " 123456", f" {KEY} "])
        commands.monkeypatch.setenv("OTLPJSON_BASE_URL", receiver.base_url)
        commands.monkeypatch.setenv("OTLPJSON_API_KEY", f" {KEY}\n")
        second = commands("configure", "second", typed=["123456"])

    assert (first.code, second.code) == (0, 0)
    assert first.err.startswith("Base URL (the OTLP endpoint, such as https://")
    assert second.err.startswith("Instance ID (digits):")
    assert "Base URL" not in second.err
    assert saved(saved_file)["default"]["api_key"] == saved(saved_file)["second"]["api_key"] == KEY
    assert KEY not in first.err + second.err


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "grafana_cloud",
            "otlpjson: OTLPJSON_BASE_URL: not set, and no terminal to ask on; use --base-url\n"
            "otlpjson: OTLPJSON_API_KEY: not set, and no terminal to ask on; use --api-key-from-env "
            "or --api-key-file\n",
        ),
        (
            "otel_collector",
            "otlpjson: endpoint: not set, and no terminal to ask on; use --endpoint\n",
        ),
        ("webhook", "otlpjson: url: not set, and no terminal to ask on; use --url\n"),
    ],
)
def test_without_a_terminal_all_that_is_missing_is_named(
    commands: Commands, saved_file: Path, kind: str, words: str
) -> None:
    """An empty variable is missing too."""
    commands.monkeypatch.setenv("OTLPJSON_INSTANCE_ID", "123456")
    commands.monkeypatch.setenv("OTLPJSON_API_KEY", " ")

    assert commands("configure", "--kind", kind) == Ran(2, b"", words)
    assert not saved_file.exists()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("base_url", "otlp.test", f"expected a URL that begins with https://; {WHERE}"),
        (
            "base_url",
            "https://mystack.grafana.net",
            f"expected the OTLP endpoint, got the address of a Grafana page; {WHERE}",
        ),
        (
            "base_url",
            "http://otlp.test",
            "expected https, got http, which would send the API key unencrypted",
        ),
        ("instance_id", "mystack", "expected digits such as 123456, got text of 7 characters"),
        (
            "api_key",
            f"{KEY} {KEY}",
            "expected an API key such as glc_…, got text with the invalid character U+0020",
        ),
    ],
)
def test_each_wrong_value_gives_the_sentence_that_says_what_to_change(
    commands: Commands, saved_file: Path, old: bytes, key: str, value: str, problem: str
) -> None:
    """Nothing is sent, and the old file stays."""
    values = {"base_url": HOST, "instance_id": "123456", "api_key": KEY, key: value}
    for name, one in values.items():
        commands.monkeypatch.setenv(f"OTLPJSON_{name.upper()}", one)
    ran = commands("configure")

    assert (ran.code, ran.out.strip()) == (2, b"")
    assert ran.err.endswith(f"otlpjson: {key}: {problem}\n")
    assert KEY not in ran.err
    assert saved_file.read_bytes() == old

    commands.forget()
    good = {"base_url": HOST, "instance_id": "123456", "api_key": KEY}
    typed = [one for name in good for one in ([value, good[name]] if name == key else [good[name]])]
    again = commands("configure", "--no-test", typed=typed)

    assert again.code == 0
    assert f"{key}: {problem}\n" in again.err
    assert KEY not in again.err
    assert {name: saved(saved_file)["default"][name] for name in good} == good


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (
            answer(401, f"unknown key {KEY}".encode()),
            "answered 401 (unknown key [secure]): check the instance ID and the API key: "
            "the server does not accept this pair.",
        ),
        (
            answer(403),
            "answered 403: the API key is valid but may not write traces; add "
            "the scope traces:write to its access policy.",
        ),
        (
            answer(404),
            "answered 404: nothing is served at this path; check that the base URL is the OTLP endpoint.",
        ),
        (
            answer(302, b"", "Location: https://login.test"),
            "answered 302 (redirected to another address): the server redirected, perhaps to a login page; "
            "check the base URL.",
        ),
        (
            answer(200, b"<title>Grafana</title>", "Content-Type: text/html"),
            "answered 200 (an HTML page instead of OTLP: Grafana): a web page answered, "
            "such as a login page or a dashboard; check that the base URL is the OTLP endpoint.",
        ),
    ],
)
def test_what_fails_the_test_is_not_saved(
    commands: Commands, saved_file: Path, old: bytes, reply: bytes, sentence: str
) -> None:
    """The sentence says what to change; under another name nothing is saved either."""
    with FaultServer(answering(reply)) as server:
        commands.configure(server.url)
        default, other = commands("configure"), commands("configure", "other")

    failed = Ran(1, f"{server.url}/otlp/v1/traces {sentence}\n".encode(), "Nothing was saved.\n")
    assert (default, other) == (failed, failed)
    assert saved_file.read_bytes() == old


def test_nobody_at_the_address_saves_nothing(commands: Commands, saved_file: Path) -> None:
    """Nor is a folder made."""
    url = f"http://127.0.0.1:{free_port()}"
    commands.monkeypatch.setenv("OTLPJSON_CONFIG", str(saved_file.parent / "new" / "d.json"))
    commands.configure(url)

    assert commands("configure") == Ran(
        1,
        f"{url}/otlp/v1/traces did not answer (connection refused): "
        "check the host of the base URL, the network and the proxy.\n".encode(),
        "Nothing was saved.\n",
    )
    assert not (saved_file.parent / "new").exists()


def test_a_damaged_file_is_refused_before_anything_is_asked(commands: Commands, saved_file: Path) -> None:
    """Completely, and it stays as it is."""
    text = b'{"version": 1, "destinations": {"a": {"kind": "webhook", "url": 5, "\\u001b[2J": "%s"}}}'
    saved_file.write_bytes(text.replace(b"%s", KEY.encode()))
    ran = commands("configure", typed=[])

    assert ran == Ran(
        2,
        b"",
        f"otlpjson: {saved_file}: destinations.a.url: expected a URL, got nothing\n"
        f"otlpjson: {saved_file}: destinations.a.a key of 4 characters: unknown key\n",
    )
    assert saved_file.read_bytes() == text.replace(b"%s", KEY.encode())


def test_the_end_of_what_is_typed_is_no_answer(commands: Commands, saved_file: Path, old: bytes) -> None:
    """As after Ctrl-D."""
    ran = commands("configure", typed=[HOST, "123456"])

    assert (ran.code, ran.out.strip()) == (130, b"")
    assert ran.err.endswith("otlpjson: interrupted\n")
    assert saved_file.read_bytes() == old


def test_what_was_saved_in_the_meantime_stays(commands: Commands, saved_file: Path) -> None:
    """Another terminal may have been faster."""

    def behave(visit: Visit) -> None:
        visit.read()
        save_document(saved_file, changed(None, "other", OLD))
        visit.write(OK)

    with FaultServer(behave) as server:
        commands.configure(server.url)
        ran = commands("configure")

    assert ran.code == 0
    assert list(saved(saved_file)) == ["other", "default"]


def test_a_collector_is_asked_for_by_its_endpoint_and_headers(commands: Commands, saved_file: Path) -> None:
    """The variables of Grafana Cloud have nothing to do with it; header values are not shown."""
    commands.configure(HOST)
    with FaultServer(answering(OK)) as server:
        endpoint = f"{server.url}/v1/traces?a=b"
        typed = [endpoint, f"X-Key: {KEY}", "tenant:a:b", ""]
        ran = commands("configure", "c", "--kind", "otel_collector", typed=typed)
    (received,) = server.received

    assert ran.code == 0
    assert ran.out.strip() == f"{server.url}/v1/traces answered 200: test span accepted.".encode()
    assert KEY not in ran.err
    assert received.line == "POST /v1/traces?a=b HTTP/1.1"
    assert (received.headers["x-key"], received.headers["tenant"]) == (KEY, "a:b")
    assert b"openrouter-connection-test" in gzip.decompress(received.body)
    assert saved(saved_file) == {
        "c": {
            "kind": "otel_collector",
            "endpoint": endpoint,
            "headers": {"X-Key": KEY, "tenant": "a:b"},
            **SETTINGS,
        }
    }


@pytest.mark.parametrize(("typed", "method"), [("", "POST"), ("PUT", "PUT")])
@pytest.mark.parametrize("status", [200, 400])
def test_a_webhook_gets_an_empty_body_and_is_told_that_it_is_a_test(
    commands: Commands, saved_file: Path, typed: str, method: str, status: int
) -> None:
    """A 400 is good enough."""
    with FaultServer(answering(answer(status, b"no spans"))) as server:
        ran = commands("configure", "hook", "--kind=webhook", typed=[f"{server.url}/hook", typed, ""])
    (received,) = server.received

    assert ran.code == 0
    assert received.line == f"{method} /hook HTTP/1.1"
    assert received.headers["x-test-connection"] == "true"
    assert json.loads(gzip.decompress(received.body)) == {"resourceSpans": []}
    assert saved(saved_file)["hook"] == {
        "kind": "webhook",
        "url": f"{server.url}/hook",
        "method": method,
        "headers": {},
        **SETTINGS,
    }


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (KEY.replace("_", "-"), "headers: expected `Name: value`, got no colon"),
        (f"{KEY}: x", "headers[1]: expected a name of letters, digits and hyphens"),
        ("Host: a.test", "headers.Host: reserved header"),
        ("X-Key:", "headers.X-Key: expected plain text on one line, got nothing"),
    ],
)
def test_a_wrong_header_is_named_and_not_shown(
    commands: Commands, saved_file: Path, header: str, words: str
) -> None:
    """What was typed without a colon may be the secret itself."""
    typed = ["https://a.test", "GET", "PUT", header, "X-Good: y", ""]
    ran = commands("configure", "--kind=webhook", "--no-test", typed=typed)

    assert ran.code == 0
    assert "method: expected POST or PUT\n" in ran.err
    assert f"{words}\n" in ran.err
    assert KEY not in ran.err
    assert KEY.replace("_", "-") not in ran.err
    assert saved(saved_file)["default"]["headers"] == {"X-Good": "y"}
    assert saved(saved_file)["default"]["method"] == "PUT"


@pytest.mark.parametrize("name", ["", "e", "a.b", "headers"])
def test_a_fault_is_named_without_its_way_into_the_file(commands: Commands, name: str) -> None:
    """Whatever the destination is called."""
    ran = commands("configure", name, "--kind=webhook", "--url=ftp://a.test", "--method=GET")

    assert ran.code == 2
    assert ran.err == (
        "otlpjson: url: expected a URL that begins with https://, got ftp://\notlpjson: "
        "method: expected POST or PUT\n"
    )


def test_headers_over_plain_http_are_asked_for_again(commands: Commands, saved_file: Path) -> None:
    """To another machine, without permission."""
    typed = ["http://a.test", "POST", "X-Key: v", ""]
    ran = commands("configure", "--kind=webhook", "--no-test", typed=typed)

    assert ran.code == 0
    assert "url: expected https, got http, which would send the headers unencrypted" in ran.err
    assert saved(saved_file)["default"]["headers"] == {}


# Without a terminal


@pytest.mark.parametrize("where", ["file", "standard input", "variable"])
def test_a_key_comes_from_a_file_or_standard_input_or_a_variable(
    commands: Commands, saved_file: Path, tmp_path: Path, where: str
) -> None:
    """Never from an argument. A variable is read when something is sent, and its value is not saved."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    commands.monkeypatch.setenv("GRAFANA_KEY", KEY)
    options = {
        "file": ("--api-key-file", str(tmp_path / "key")),
        "standard input": ("--api-key-file", "-"),
        "variable": ("--api-key-from-env", "GRAFANA_KEY"),
    }
    with Receiver(credentials=("123456", KEY)) as receiver:
        given = ("--base-url", receiver.base_url, "--instance-id", "123456")
        ran = commands("configure", *given, *options[where], stdin=f"{KEY}\n".encode())
        sent = commands("send", GUIDE)

    assert (ran.code, sent.code) == (0, 0)
    reference = {"env": "GRAFANA_KEY"} if where == "variable" else KEY
    assert saved(saved_file)["default"]["api_key"] == reference
    assert KEY not in ran.err + ran.out.decode()


def test_a_webhook_without_a_terminal_needs_its_url_alone(commands: Commands, saved_file: Path) -> None:
    """The usual method is POST."""
    assert commands("configure", "--kind=webhook", "--url=https://a.test", "--no-test").code == 0
    assert "method" not in saved(saved_file)["default"]


def test_headers_come_from_variables(commands: Commands, saved_file: Path) -> None:
    """And a destination whose variable is not set is named."""
    commands.monkeypatch.setenv("TOKEN", "Bearer x")
    given = ("--kind=otel_collector", "--endpoint=http://127.0.0.1:9/v1/traces")
    ran = commands("configure", *given, "--header-from-env=Authorization=TOKEN", "--no-test")
    commands.monkeypatch.delenv("TOKEN")
    status = commands("status")

    assert ran.code == 0
    assert saved(saved_file)["default"]["headers"] == {"Authorization": {"env": "TOKEN"}}
    assert status == Ran(
        2, b"", "otlpjson: destinations.default.headers.Authorization: the variable TOKEN is not set\n"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--header-from-env", KEY), "--header-from-env: expected NAME=VARIABLE"),
        (("--endpoint=https://c.test",), "endpoint: not an argument of grafana_cloud"),
        (("--api-key-from-env", "MISSING"), "api_key: the variable MISSING is not set"),
        (("--api-key-from-env", f"{KEY}-"), "api_key: expected the name of a variable"),
    ],
)
def test_what_cannot_be_used_is_named(
    commands: Commands, saved_file: Path, options: tuple[str, ...], words: str
) -> None:
    """And nothing is shown that may be a secret."""
    ran = commands("configure", "--base-url", HOST, "--instance-id=1", *options)

    assert (ran.code, ran.err) == (2, f"otlpjson: {words}\n")
    assert not saved_file.exists()


def test_a_key_that_is_no_text_is_refused(commands: Commands, tmp_path: Path) -> None:
    """As when the wrong file was named."""
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    ran = commands("configure", "--api-key-file", tmp_path / "key")

    assert ran == Ran(2, b"", "otlpjson: --api-key-file: not UTF-8\n")


@pytest.mark.process
@pytest.mark.slow
def test_a_person_at_a_terminal_does_not_see_the_key(saved_file: Path) -> None:
    """Neither while it is typed nor afterwards."""
    with Receiver(credentials=("123456", KEY)) as receiver, Terminal(*MODULE, "configure") as terminal:
        terminal.type(b"Base URL", f"{receiver.base_url}\n".encode())
        terminal.type(b"Instance ID", b"123456\n")
        terminal.type(b"API Key", f"{KEY}\n".encode())
        code = terminal.ended()

    assert code == 0
    assert receiver.base_url.encode() in terminal.shown
    assert KEY.encode() not in terminal.shown
    assert terminal.shown.endswith(f"Saved as default in {saved_file}\r\n".encode())
    assert saved(saved_file)["default"]["api_key"] == KEY


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("question", [b"Base URL", b"Instance ID", b"API Key"])
def test_ctrl_c_at_any_question_leaves_the_old_file_as_it_was(
    saved_file: Path, old: bytes, question: bytes
) -> None:
    """Without a traceback."""
    with Terminal(*MODULE, "configure") as terminal:
        for asked, typed in ((b"Base URL", HOST.encode()), (b"Instance ID", b"123456"), (b"API Key", b"")):
            if asked == question:
                terminal.type(asked, b"\x03")
                break
            terminal.type(asked, typed + b"\n")
        code = terminal.ended()

    assert code == 130
    assert terminal.shown.endswith(b"otlpjson: interrupted\r\n")
    assert b"Traceback" not in terminal.shown
    assert saved_file.read_bytes() == old


@pytest.mark.process
@pytest.mark.slow
def test_ctrl_c_during_the_test_leaves_the_old_file_as_it_was(saved_file: Path, old: bytes) -> None:
    """The server never answers."""

    def behave(visit: Visit) -> None:
        visit.read()
        visit.pause()

    with FaultServer(behave) as server:
        environ = {**credentials(server.url), "OTLPJSON_API_KEY": ""}
        with Terminal(*MODULE, "configure", environ=environ) as terminal:
            terminal.type(b"API Key", f"{KEY}\n".encode())
            while not server.received:
                time.sleep(0.01)
            terminal.type(b"API Key", b"\x03")
            code = terminal.ended()

    assert code == 130
    assert b"Traceback" not in terminal.shown
    assert saved_file.read_bytes() == old
