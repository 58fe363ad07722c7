# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a destination's options do in a running Broadcast, and how containers set up each kind of it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast import Broadcast, BroadcastDestination
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import otel_collector
from otlpjson.receiver import Receiver
from otlpjson.testing import FakeTransport

from .test_broadcast import record

CANARY = "ann@example.com"


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that names a destination or changes one."""
    for name in tuple(os.environ):
        if name.startswith(("OTLPJSON_", "OTEL_")):
            monkeypatch.delenv(name)


def asked(text: str = CANARY, **request: Any) -> dict[str, Any]:
    """A record of one question."""
    whole = record()
    whole["request"] = {**whole["request"], "messages": [{"role": "user", "content": text}], **request}
    return whole


def target(name: str, **options: Any) -> BroadcastDestination:
    """A destination."""
    return BroadcastDestination(destination=otel_collector("http://127.0.0.1:9"), name=name, **options)


def test_each_destination_gets_what_its_options_say(tmp_path: Path) -> None:
    """With a spool too: what waits there is masked already."""
    sent: dict[str, FakeTransport] = {}
    rules = {"groups": [{"rules": [{"field": "input", "operator": "contains", "value": "secret"}]}]}

    def transport(to: BroadcastDestination) -> FakeTransport:
        return sent.setdefault(to.name, FakeTransport())

    targets = [
        target("plain"),
        target("masked", mask=["email"]),
        target("ruled", filter_rules=rules),
        target("keyed", included_api_keys=["other"]),
        target("named", resource_attributes={"service.name": "mine"}),
    ]
    with Broadcast(targets, transport=transport, spool=tmp_path) as broadcast:
        assert broadcast.record(asked())
        with broadcast.trace(f"for {CANARY}"):
            pass
        waiting = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert broadcast.flush(30.0)
        counts = broadcast.counts()
        masked = broadcast.masked

    assert counts["ruled"].dropped == {"filter_rules": 1}
    assert counts["keyed"].dropped == {"api_key": 1}
    assert masked > 1
    bodies = {name: b"".join(one.sent) for name, one in sent.items()}
    assert CANARY.encode() in bodies["plain"]
    assert CANARY.encode() not in bodies["masked"] and b"[email]" in bodies["masked"]
    assert b'"mine"' in bodies["named"] and b'"mine"' not in bodies["plain"]
    # Steps go wherever they are not sampled out.
    assert b"for " in bodies["ruled"] and b"for " in bodies["keyed"]
    assert b"[email]" in waiting


def test_a_mask_goes_before_everything_else(tmp_path: Path) -> None:
    """Rules, spool and every destination see what it returned."""
    transport = FakeTransport()
    seen: list[str] = []

    def predicate(generation: Any) -> bool:
        seen.append(generation.prompt)
        return True

    with Broadcast(
        [target("here")],
        predicate=predicate,
        mask=lambda text: text.replace(CANARY, "somebody"),
        transport=lambda _: transport,
        spool=tmp_path,
    ) as broadcast:
        assert broadcast.record(asked(user=CANARY))
        with broadcast.trace(CANARY, session_id=CANARY):
            pass
        waiting = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert broadcast.flush(30.0)
        assert broadcast.masked > 2

    assert CANARY not in seen[0] and "somebody" in seen[0]
    assert CANARY.encode() not in waiting + b"".join(transport.sent)


@pytest.mark.parametrize("said", [None, "ci"])
def test_the_program_may_say_the_name_of_its_key(monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    """For requests that do not say it; in an argument or a variable."""
    monkeypatch.setenv("OTLPJSON_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTLPJSON_API_KEY_NAME", "production")
    monkeypatch.setenv("OTLPJSON_EXCLUDED_API_KEYS", "ci")
    transport = FakeTransport()
    with Broadcast.from_config(api_key_name=said, transport=lambda _: transport) as broadcast:
        assert broadcast.record(asked())
        assert broadcast.record({**asked(), "observed": {"api_key_name": "other"}})
        assert broadcast.flush(30.0)
        dropped = broadcast.counts()["environment"].dropped

    names = [span.attributes["trace.metadata.openrouter.api_key_name"] for span in transport.spans]
    assert (names, dropped) == ((["other"], {"api_key": 1}) if said else (["production", "other"], {}))


# In a container: no terminal, no home, a root that cannot be written


PROGRAM = """
import os
from otlpjson import Broadcast
assert READ_ONLY is None or os.statvfs("/").f_flag & os.ST_RDONLY
with Broadcast.from_config() as broadcast:
    assert broadcast.record(RECORD)
    assert broadcast.flush(30), broadcast.counts()
"""


# In a mount namespace of its own the root can be made read-only; one folder stays writable.
READ_ONLY = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,ro,bind / && "$@"']


@pytest.fixture(scope="module")
def can_be_read_only(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Whether this machine lets us do that: usually only where the tests run as root."""
    words = [*READ_ONLY, os.fspath(tmp_path_factory.mktemp("folder")), "true"]
    return shutil.which("unshare") is not None and subprocess.run(words, check=False).returncode == 0


@pytest.fixture
def folder(tmp_path: Path, can_be_read_only: bool) -> tuple[Path, list[str]]:
    """The folder that can be written, and the words before a command that make the rest read-only."""
    return tmp_path, [*READ_ONLY, os.fspath(tmp_path)] if can_be_read_only else []


def contained(prefix: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    """A process that has these variables and nothing else."""
    program = PROGRAM.replace("RECORD", repr(asked())).replace("READ_ONLY", repr(prefix or None))
    return subprocess.run(
        [*prefix, sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join(sys.path), **variables, "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        cwd="/",
        check=False,
    )


@pytest.mark.process
@pytest.mark.parametrize("kind", ["grafana_cloud", "otel_collector", "webhook", "OTEL", "OTEL traces"])
def test_each_kind_of_server_is_set_up_by_variables_alone(folder: tuple[Path, list[str]], kind: str) -> None:
    """And what is recorded arrives."""
    with Receiver() as receiver:
        traces = f"{receiver.base_url}/v1/traces"
        variables = {
            "grafana_cloud": {
                "OTLPJSON_BASE_URL": receiver.base_url,
                "OTLPJSON_INSTANCE_ID": "123456",
                "OTLPJSON_API_KEY": "glc_x",
            },
            "otel_collector": {"OTLPJSON_ENDPOINT": traces, "OTLPJSON_HEADERS": "X-Key=a"},
            "webhook": {"OTLPJSON_KIND": "webhook", "OTLPJSON_URL": traces},
            "OTEL": {
                "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.base_url,
                "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
                "OTEL_EXPORTER_OTLP_TIMEOUT": "5000",
            },
            "OTEL traces": {
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": traces,
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
            },
        }[kind]
        settings = {"OTLPJSON_MASK": "email", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=prod"}
        ran = contained(folder[1], **variables, **settings)
        bodies = b"".join(receiver.lines)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert b"[email]" in bodies and CANARY.encode() not in bodies
    assert b'"prod"' in bodies


@pytest.mark.process
def test_a_folder_is_set_up_by_variables_alone(folder: tuple[Path, list[str]]) -> None:
    """A volume of a container, and no server at all."""
    path, prefix = folder
    ran = contained(prefix, OTLPJSON_PATH=str(path), OTLPJSON_TEMPLATE="llm/{hour}.jsonl")

    assert (ran.returncode, ran.stderr) == (0, "")
    (line,) = (file.read_bytes() for file in (path / "llm").iterdir())
    assert json.loads(line)["resourceSpans"]


@pytest.mark.process
def test_what_switches_everything_off_is_said_once() -> None:
    """A program that records goes on."""
    ran = contained([], OTLPJSON_ENDPOINT="http://127.0.0.1:9", OTEL_SDK_DISABLED="true")

    assert (ran.returncode, ran.stderr) == (0, "otlpjson: OTEL_SDK_DISABLED switches all destinations off\n")


@pytest.mark.process
def test_without_anything_the_variables_are_named() -> None:
    """There is no home folder to look for a file in."""
    ran = contained([])

    assert ran.returncode == 1
    assert "OTLPJSON_BASE_URL: not set; set it or run `otlpjson configure`" in ran.stderr


def test_notices_are_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """One for each variable that is not used as it is."""
    monkeypatch.setenv("OTLPJSON_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "mine")
    with caplog.at_level(logging.WARNING, "otlpjson"):
        Broadcast.from_config().close()

    assert [found.getMessage() for found in caplog.records] == [
        "otlpjson: OTEL_SERVICE_NAME is not applied, because the service is `openrouter`; "
        "resource_attributes can change it"
    ]


# References to variables in a saved file


def test_a_file_may_refer_to_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Which are read when the file is used."""
    file = tmp_path / "destinations.json"
    entry = {"kind": "otel_collector", "endpoint": {"env": "URL"}, "headers": {"X-Key": {"env": "KEY"}}}
    file.write_text(json.dumps({"version": 1, "destinations": {"a": entry}}))
    with Receiver(credentials=None) as receiver:
        monkeypatch.setenv("URL", f"{receiver.base_url}/v1/traces")
        monkeypatch.setenv("KEY", "glc_canary")
        with Broadcast.from_config(file) as broadcast:
            assert broadcast.record(asked())
            assert broadcast.flush(30.0)
    monkeypatch.delenv("KEY")
    with pytest.raises(ConfigError) as caught:
        Broadcast.from_config(file)

    assert caught.value.problems == {"destinations.a.headers.X-Key": "the variable KEY is not set"}
