# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Commands that send to saved destinations: to all that are enabled, to those that are named."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast.config_saving import save_document
from otlpjson.cli.chosen import config_path
from otlpjson.openrouter.policy import sampled
from otlpjson.receiver.server import Receiver

from ..delivery.fault_server import FaultServer, answer, answering
from ..sent_spans import spans_of
from .commands import (
    GUIDE,
    GUIDE_LINE,
    KEY,
    MODULE,
    Commands,
    Ran,
    free_port,
    late,
    process,
    records,
)

SENT = "2 spans recorded: 2 delivered\n"
Save = Callable[..., None]


@pytest.fixture
def one() -> Iterator[Receiver]:
    """A receiver."""
    with Receiver() as running:
        yield running


@pytest.fixture
def two() -> Iterator[Receiver]:
    """Another receiver."""
    with Receiver() as running:
        yield running


@pytest.fixture
def save(saved_file: Path) -> Save:
    """Saves destinations."""

    def write(**entries: Any) -> None:
        save_document(saved_file, {"version": 1, "destinations": entries})

    return write


def collector(receiver: Receiver, **settings: Any) -> dict[str, Any]:
    return {"kind": "otel_collector", "endpoint": f"{receiver.base_url}/v1/traces", **settings}


def names(receiver: Receiver) -> list[str]:
    return [span["name"] for line in receiver.lines for span in spans_of(line)]


def test_the_file_is_in_the_platforms_folder_unless_a_variable_names_it(
    commands: Commands, saved_file: Path
) -> None:
    """An empty variable names nothing."""
    assert config_path() == saved_file
    commands.monkeypatch.setenv("OTLPJSON_CONFIG", "")
    assert config_path() == saved_file
    commands.monkeypatch.setenv("OTLPJSON_CONFIG", "x")
    assert config_path() == Path("x")


def test_without_a_home_folder_a_variable_must_name_the_file(commands: Commands) -> None:
    """As in a container whose user has no name."""
    commands.monkeypatch.delenv("XDG_CONFIG_HOME")
    commands.monkeypatch.setattr("os.path.expanduser", lambda path: path)

    assert commands("remove", "default") == Ran(
        2,
        b"",
        "otlpjson: OTLPJSON_CONFIG: not set, and there is no home folder; set it to a file's path\n",
    )


def test_a_file_that_a_variable_names_must_exist(
    commands: Commands, save: Save, one: Receiver, tmp_path: Path
) -> None:
    """Nothing is sent to another place instead; ``configure`` makes the file."""
    save(first=collector(one))
    path = tmp_path / "new" / "destinations.json"
    commands.monkeypatch.setenv("OTLPJSON_CONFIG", str(path))
    missing = Ran(
        2,
        b"",
        f"otlpjson: OTLPJSON_CONFIG: no such file: {path}; run `otlpjson configure` to create it\n",
    )

    assert [commands("send", GUIDE), commands("status")] == [missing, missing]
    assert one.lines == ()
    commands.configure(one.base_url)
    assert commands("configure").code == 0
    for variable in ("OTLPJSON_BASE_URL", "OTLPJSON_INSTANCE_ID", "OTLPJSON_API_KEY"):
        commands.monkeypatch.delenv(variable)
    assert commands("send", GUIDE) == Ran(0, b"", SENT + late(2))


def test_records_go_to_every_destination_that_is_enabled(
    commands: Commands, save: Save, one: Receiver, two: Receiver
) -> None:
    """From standard input, which is read once; what is wrong with a line is said once."""
    save(first=collector(one), off=collector(one, enabled=False), second=collector(two))
    ran = commands("send", stdin=records("a") + b"nope\n" + records("b"))

    refused = "1 line refused, see above\n"
    assert ran == Ran(
        1,
        b"",
        "first:\n"
        "<stdin>:2: record: expected one JSON object, "
        "got text that is not JSON: Expecting value, line 1 column 1\n"
        f"{SENT}{refused}second:\n{SENT}{refused}",
    )
    assert names(one) == names(two) == ["a", "b"]


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("command", ["send", "post"])
def test_a_pipe_and_a_file_can_be_sent_twice(
    commands: Commands, save: Save, one: Receiver, two: Receiver, tmp_path: Path, command: str
) -> None:
    """The first cannot be read again; a process has a real one."""
    data = records("a") if command == "send" else commands("encode", stdin=records("a")).out
    file = tmp_path / "input"
    file.write_bytes(data)
    save(first=collector(one), second=collector(two))
    done = "1 span recorded: 1 delivered\n"
    expected = Ran(0, b"", f"first:\n{done}second:\n{done}")
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)

    assert commands(command, f"/dev/fd/{reading}") == expected
    assert process(*MODULE, command, stdin=data) == expected
    assert commands(command, file) == expected
    assert names(one) == names(two) == ["a", "a", "a"]
    os.close(reading)


@pytest.mark.process
@pytest.mark.slow
def test_what_was_read_of_standard_input_before_is_not_sent(
    save: Save, one: Receiver, two: Receiver, tmp_path: Path
) -> None:
    """A script may have read the first line itself."""
    file = tmp_path / "input"
    file.write_bytes(b"a heading\n" + records("a"))
    save(first=collector(one), second=collector(two))
    with file.open("rb", buffering=0) as stdin:
        stdin.seek(len("a heading\n"))
        done = subprocess.run((*MODULE, "send"), stdin=stdin, capture_output=True, timeout=60, check=False)

    assert (done.returncode, done.stdout) == (0, b"")
    assert names(one) == names(two) == ["a"]


def test_records_go_to_the_named_destinations_alone(
    commands: Commands, save: Save, one: Receiver, two: Receiver
) -> None:
    """A disabled one too, and one that is named twice only once."""
    save(first=collector(one), second=collector(two, enabled=False))

    assert commands("send", "--to", "second", "--to", "second", GUIDE) == Ran(0, b"", SENT)
    assert (len(one.lines), len(two.lines)) == (0, 1)
    assert commands("send", "--to", "second", "--to", "first", GUIDE) == Ran(
        0, b"", f"second:\n{SENT}first:\n{SENT}"
    )


@pytest.mark.parametrize(
    ("command", "option"), [("send", "--to"), ("post", "--to"), ("test-connection", ""), ("send-trace", "")]
)
def test_an_unknown_name_is_answered_with_those_there_are(
    commands: Commands, save: Save, one: Receiver, command: str, option: str
) -> None:
    """Before anything is sent to those that are known."""
    save(first=collector(one), second=collector(one))
    named = ["--to", "first", "--to", "nobody"] if option else ["nobody"]

    assert commands(command, *named) == Ran(2, b"", "otlpjson: nobody: expected one of first, second\n")
    assert one.lines == ()


@pytest.mark.parametrize("command", ["send", "post", "test-connection", "send-trace"])
def test_where_none_is_enabled_nothing_is_done(
    commands: Commands, save: Save, one: Receiver, command: str
) -> None:
    """And it is no success."""
    save(first=collector(one, enabled=False))

    assert commands(command) == Ran(
        2, b"", "otlpjson: destinations: no destination is enabled; run `otlpjson enable NAME`\n"
    )
    assert one.lines == ()


def test_a_destinations_sampling_rate_counts_for_send_as_well(
    commands: Commands, save: Save, one: Receiver
) -> None:
    """What is left out is said in records; what stays is the same share as in a program."""
    save(one=collector(one, sampling_rate=0.5))
    kept = [name for name in "abcdefghijkl" if sampled(f"gen-{name}", 0.5)]
    ran = commands("send", stdin=records(*"abcdefghijkl"))

    assert 1 < len(kept) < 11
    assert names(one) == kept
    assert ran == Ran(
        0,
        b"",
        f"{len(kept)} spans recorded: {len(kept)} delivered\n"
        f"{12 - len(kept)} records left out by the sampling rate\n",
    )


def test_the_worst_of_all_destinations_is_the_exit_code(
    commands: Commands, save: Save, one: Receiver
) -> None:
    """The others get theirs."""
    down = {"kind": "otel_collector", "endpoint": f"http://127.0.0.1:{free_port()}/"}
    save(down=down, up=collector(one))

    assert commands("send", "--max-wait", "0", GUIDE) == Ran(
        1,
        b"",
        "down:\n"
        "2 spans recorded: 0 delivered, 2 pending\n"
        "  2 spans unreachable: connection refused\n"
        "  check the host of the base URL, the network and the proxy\n"
        "use --quarantine FILE to keep undelivered spans\n"
        f"up:\n{SENT}",
    )
    assert len(one.lines) == 1


def test_each_destination_gets_the_form_that_was_configured(
    commands: Commands, save: Save, one: Receiver, two: Receiver
) -> None:
    """Privacy, hierarchy and integers; the bodies are those that encode writes with such options."""
    save(
        plain=collector(one),
        private=collector(two, privacy_mode=True, hierarchy="observed", integers="number"),
    )
    ran = commands("send", stdin=GUIDE_LINE)
    options = ("--privacy-mode", "--hierarchy", "observed", "--integers", "number")

    assert ran.code == 0
    assert one.lines == (commands("encode", stdin=GUIDE_LINE).out.rstrip(b"\n"),)
    assert two.lines == (commands("encode", *options, stdin=GUIDE_LINE).out.rstrip(b"\n"),)
    assert one.lines != two.lines


def test_options_count_more_than_what_was_configured(commands: Commands, save: Save, one: Receiver) -> None:
    """But what is to stay private does."""
    save(only=collector(one, privacy_mode=True, hierarchy="observed", integers="number"))
    commands("send", "--hierarchy", "documented", "--integers", "text", stdin=GUIDE_LINE)

    assert one.lines == (commands("encode", "--privacy-mode", stdin=GUIDE_LINE).out.rstrip(b"\n"),)


def test_connections_are_tested_by_name_or_all_that_are_enabled(
    commands: Commands, save: Save, one: Receiver
) -> None:
    """A sentence for each; one failure is a failure."""
    with FaultServer(answering(answer(401))) as server:
        wrong = {
            "kind": "grafana_cloud",
            "base_url": server.url,
            "instance_id": "123456",
            "api_key": KEY,
        }
        save(good=collector(one), wrong=wrong, off=collector(one, enabled=False))
        both, good, off = (commands("test-connection", *name) for name in ([], ["good"], ["off"]))

    passed = f"{one.base_url}/v1/traces answered 200: test span accepted.\n".encode()
    failed = (
        f"{server.url}/otlp/v1/traces answered 401: check the instance ID and the API key: "
        "the server does not accept this pair.\n"
    ).encode()
    assert both == Ran(1, passed + failed, "")
    assert good == off == Ran(0, passed, "")
    assert names(one) == ["openrouter-connection-test"] * 3


def test_a_sample_trace_is_sent_drawn_and_found(
    commands: Commands, save: Save, one: Receiver, two: Receiver
) -> None:
    """By name; its integers are as configured."""
    save(first=collector(one), second=collector(two, integers="number"))
    ran = commands("send-trace", "second")
    (line,) = two.lines
    (span,) = spans_of(line)
    sentence, _, trace, facts, usage, _, _, drawn, _, query = ran.out.decode().splitlines()

    assert (ran.code, ran.err, one.lines) == (0, "", ())
    assert sentence == f"{two.base_url}/v1/traces answered 200: test span accepted."
    assert trace == f"trace {span['traceId']}"
    assert facts.startswith("openrouter, 1 span, 1.000 s, from 2")
    assert usage == "1 generation, 50 → 100 tokens, $0.020000"
    assert drawn == (f"Test Generation  {'━' * 28}   1.000 s  ok  openai/gpt-4-turbo  50 → 100  $0.020000")
    found = re.fullmatch(
        r'Find it with TraceQL: \{ resource\.service\.name = "openrouter" && '
        r'span\.trace\.metadata\.testId = "([0-9a-f-]{36})" \}',
        query,
    )
    assert found is not None
    assert found[1].encode() in line
    assert re.search(rb'"intValue":[0-9]', line)


def test_a_sample_trace_that_one_destination_took_can_be_found_there(
    commands: Commands, save: Save, one: Receiver
) -> None:
    """The same trace goes to all; where nobody took it there is nothing to find."""
    with FaultServer(answering(answer(400, b"no"))) as server:
        hook = {"kind": "webhook", "url": f"{server.url}/hook"}
        save(hook=hook, good=collector(one))
        both, bad = commands("send-trace"), commands("send-trace", "hook")

    refused = (
        f"{server.url}/hook answered 400 (no): the server rejected a plain span; "
        "check that the base URL is an OTLP endpoint.\n"
    )
    assert both.code == 1
    assert both.out.decode().startswith(refused)
    assert "Find it with TraceQL: " in both.out.decode()
    assert bad == Ran(1, refused.encode(), "")
    assert gzip.decompress(server.received[0].body) == one.lines[0]
    assert "x-test-connection" not in server.received[0].headers


def test_the_environment_is_a_destination_with_a_name(commands: Commands, save: Save, one: Receiver) -> None:
    """Then it is the only one."""
    save(first=collector(one))
    commands.configure(one.base_url)

    assert commands("send", "--to", "environment", GUIDE) == Ran(0, b"", SENT + late(2))
    assert commands("send", "--to", "first", GUIDE) == Ran(
        2, b"", "otlpjson: first: expected one of environment\n"
    )


def test_opentelemetrys_variables_name_a_destination(commands: Commands, one: Receiver) -> None:
    """Where nothing is saved."""
    commands.monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{one.base_url}/")

    assert commands("send", GUIDE) == Ran(0, b"", SENT)
    assert len(one.lines) == 1
