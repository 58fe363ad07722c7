# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``status``, ``enable``, ``disable`` and ``remove``: what is saved, shown and changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast.config_saving import save_document

from .commands import KEY, MODULE, Commands, Ran, Terminal, process

CLOUD: dict[str, Any] = {
    "kind": "grafana_cloud",
    "base_url": "https://otlp-gateway-prod-us-west-0.grafana.net",
    "instance_id": "987123456",
    "api_key": KEY,
}
COLLECTOR: dict[str, Any] = {
    "kind": "otel_collector",
    "endpoint": "https://a.test:4318/v1/traces",
    "headers": {"X-Key": KEY},
    "enabled": False,
    "privacy_mode": True,
    "sampling_rate": 0.0001,
}
WEBHOOK: dict[str, Any] = {"kind": "webhook", "url": f"https://hook.test/?token={KEY}"}
DOCUMENT: dict[str, Any] = {
    "version": 1,
    "destinations": {"default": CLOUD, "local collector": COLLECTOR, "hook\x1b[2J": WEBHOOK},
}
TABLE = """\
name             kind            origin  enabled  host                                     instance  privacy  sampling
default          grafana_cloud   file    yes      otlp-gateway-prod-us-west-0.grafana.net  …3456     off      1
local collector  otel_collector  file    no       a.test                                             on       0.0001
hook [2J         webhook         file    yes      hook.test                                          off      1
"""


@pytest.fixture
def saved(saved_file: Path) -> Path:
    """A file with three destinations."""
    save_document(saved_file, DOCUMENT)
    return saved_file


@pytest.mark.usefixtures("saved")
def test_status_shows_what_is_saved_and_nothing_secret(commands: Commands) -> None:
    """Each on one line, however narrow the terminal would be."""
    commands.monkeypatch.setenv("COLUMNS", "40")
    ran = commands("status")

    assert (ran.code, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.decode().splitlines()] == TABLE.splitlines()
    assert KEY not in ran.out.decode()
    assert "98712" not in ran.out.decode()


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.usefixtures("saved")
def test_status_without_a_terminal_has_no_colour() -> None:
    """Nor escape sequences of a name."""
    ran = process(*MODULE, "status")

    assert (ran.code, ran.err) == (0, "")
    assert b"\x1b" not in ran.out
    assert len(ran.out.splitlines()) == 4


@pytest.mark.usefixtures("saved")
def test_status_takes_the_width_of_what_is_to_be_a_terminal(commands: Commands) -> None:
    """As where somebody asks for colour in a pipe."""
    commands.monkeypatch.setenv("FORCE_COLOR", "1")
    commands.monkeypatch.setenv("COLUMNS", "60")
    ran = commands("status")

    assert ran.code == 0
    assert len(ran.out.splitlines()) == 4
    assert b"otlp-gateway-prod-us-west-0.grafana.net" not in ran.out


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.usefixtures("saved")
def test_status_on_a_narrow_terminal_shortens_its_cells() -> None:
    """A line of the table stays one line."""
    with Terminal(*MODULE, "status", environ={"COLUMNS": "60"}) as terminal:
        code = terminal.ended()

    assert code == 0
    assert len(terminal.shown.splitlines()) == 4
    assert KEY.encode() not in terminal.shown


@pytest.mark.usefixtures("saved")
def test_status_says_when_the_environment_counts(commands: Commands, saved_file: Path) -> None:
    """It counts alone, and the file is not even read."""
    commands.configure("http://localhost:4318")
    ran = commands("status")
    saved_file.write_text("damaged", encoding="utf-8")

    assert commands("status") == ran
    assert [line.split() for line in ran.out.decode().splitlines()[1:]] == [
        ["environment", "grafana_cloud", "environment", "yes", "localhost", "…3456", "off", "1"]
    ]


def test_status_says_when_opentelemetrys_variables_count(commands: Commands) -> None:
    """Where nothing else names a destination."""
    commands.monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    commands.monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "")
    ran = commands("status")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.decode().splitlines()[1].split() == [
        *("environment", "otel_collector", "OTEL_EXPORTER_OTLP", "variables"),
        *("yes", "collector", "off", "1"),
    ]


def test_a_destination_is_disabled_and_enabled(commands: Commands, saved: Path) -> None:
    """Everything else in the file stays."""
    first = commands("disable", "default")
    between = json.loads(saved.read_bytes())
    second = commands("enable")
    third = commands("enable", "local collector")

    assert [first, second, third] == [
        Ran(0, b"", "default is disabled\n"),
        Ran(0, b"", "default is enabled\n"),
        Ran(0, b"", "local collector is enabled\n"),
    ]
    assert between["destinations"] == {**DOCUMENT["destinations"], "default": {**CLOUD, "enabled": False}}
    assert json.loads(saved.read_bytes())["destinations"] == {
        **DOCUMENT["destinations"],
        "default": {**CLOUD, "enabled": True},
        "local collector": {**COLLECTOR, "enabled": True},
    }


def test_a_destination_is_removed(commands: Commands, saved: Path) -> None:
    """Down to the last one, after which there is none to remove."""
    ran = commands("remove", "local collector")

    assert ran == Ran(0, b"", "local collector is removed\n")
    assert list(json.loads(saved.read_bytes())["destinations"]) == ["default", "hook\x1b[2J"]
    assert [commands("remove", name).code for name in ("hook\x1b[2J", "default")] == [0, 0]
    assert commands("remove", "default") == Ran(
        2, b"", "otlpjson: default: no destination is saved; run `otlpjson configure`\n"
    )


@pytest.mark.parametrize("command", ["enable", "disable", "remove"])
def test_an_unknown_name_is_answered_with_those_there_are(
    commands: Commands, saved: Path, command: str
) -> None:
    """In one sentence; nothing changes."""
    before = saved.read_bytes()

    assert commands(command, "nobody") == Ran(
        2, b"", "otlpjson: nobody: expected one of default, local collector, hook [2J\n"
    )
    assert saved.read_bytes() == before


@pytest.mark.parametrize("command", ["enable", "disable", "remove"])
def test_where_nothing_is_saved_configure_is_named(
    commands: Commands, saved_file: Path, command: str
) -> None:
    """And no file is made."""
    assert commands(command, "default") == Ran(
        2, b"", "otlpjson: default: no destination is saved; run `otlpjson configure`\n"
    )
    assert not saved_file.exists()


@pytest.mark.parametrize("command", ["enable", "disable", "remove", "status", "send", "test-connection"])
def test_a_damaged_file_is_reported_and_left_alone(
    commands: Commands, saved_file: Path, command: str
) -> None:
    """Every key at once."""
    damaged = {
        "version": 1,
        "destinations": {"default": {**CLOUD, "enabled": KEY}, "b": {**COLLECTOR, "x": KEY}},
    }
    saved_file.write_text(json.dumps(damaged), encoding="utf-8")
    name = [] if command in ("status", "send") else ["default"]

    assert commands(command, *name) == Ran(
        2,
        b"",
        f"otlpjson: {saved_file}: destinations.default.enabled: expected true or false\n"
        f"otlpjson: {saved_file}: destinations.b.x: unknown key\n",
    )
    assert json.loads(saved_file.read_bytes()) == damaged
