# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``set``, ``rename``, ``export``, ``import`` and ``status --json``: saved destinations without a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast.config_saving import save_document

from .commands import KEY, Commands, Ran

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "destinations": {
        "prod": {
            "kind": "grafana_cloud",
            "base_url": "https://otlp.test",
            "instance_id": "7123456",
            "api_key": KEY,
            "sampling_rate": 0.5,
        },
        "my hook": {
            "kind": "webhook",
            "url": f"https://h.test/x?token={KEY}",
            "headers": {"X-Key": KEY, "X-Other": {"env": "OTHER"}},
        },
    },
}


@pytest.fixture
def two(saved_file: Path) -> Path:
    """The file with two destinations."""
    save_document(saved_file, DOCUMENT)
    return saved_file


def entries(path: Path) -> Any:
    return json.loads(path.read_bytes())["destinations"]


RULES = '{"groups": [{"rules": [{"field": "total_cost", "operator": "gt", "value": 0.1}]}]}'


@pytest.mark.parametrize(
    ("pair", "key", "value"),
    [
        ("sampling_rate=0.25", "sampling_rate", 0.25),
        ("privacy_mode=TRUE", "privacy_mode", True),
        ("enabled=false", "enabled", False),
        ("mask=email, card", "mask", ["email", "card"]),
        ("excluded_api_keys=a,b", "excluded_api_keys", ["a", "b"]),
        (
            "resource_attributes=service.name=me,x=a%20b",
            "resource_attributes",
            {"service.name": "me", "x": "a b"},
        ),
        (f"filter_rules={RULES}", "filter_rules", json.loads(RULES)),
        ("base_url=https://other.test", "base_url", "https://other.test"),
        ("api_key=env:GRAFANA_KEY", "api_key", {"env": "GRAFANA_KEY"}),
    ],
)
def test_set_changes_one_setting(commands: Commands, two: Path, pair: str, key: str, value: Any) -> None:
    """All others stay, and nothing is asked for."""
    assert commands("set", "prod", pair) == Ran(0, b"", "prod is changed\n")
    assert entries(two)["prod"] == {**DOCUMENT["destinations"]["prod"], key: value}
    assert entries(two)["my hook"] == DOCUMENT["destinations"]["my hook"]


def test_set_removes_a_setting(commands: Commands, two: Path) -> None:
    """With an empty value; several at once."""
    pairs = ("headers.X-Key=", "headers.X-New=env:NEW", "privacy_mode=", "method=PUT")
    assert commands("-q", "set", "my hook", *pairs) == Ran(0, b"", "")

    entry = entries(two)["my hook"]
    assert entry["headers"] == {"X-Other": {"env": "OTHER"}, "X-New": {"env": "NEW"}}
    assert entry["method"] == "PUT"


@pytest.mark.parametrize(
    ("name", "pair", "words"),
    [
        ("other", "enabled=true", "other: expected one of prod, my hook"),
        ("prod", KEY, "set: expected KEY=VALUE"),
        ("prod", "sampling_rate=2", "sampling_rate: expected a number from 0.0001 to 1"),
        ("prod", "api_key=", "api_key: expected an API key such as glc_…, got nothing"),
        (
            "prod",
            f"api_key={KEY}",
            "api_key: a secret is no argument of a command; use env:VARIABLE, or `configure`",
        ),
        (
            "my hook",
            f"headers.X-Key={KEY}",
            "headers.X-Key: a secret is no argument of a command; use env:VARIABLE, or `configure`",
        ),
        ("prod", "filter_rules=1", "filter_rules: expected an object"),
    ],
)
def test_what_cannot_be_set_is_refused(
    commands: Commands, two: Path, name: str, pair: str, words: str
) -> None:
    """And nothing changes."""
    assert commands("set", name, pair) == Ran(2, b"", f"otlpjson: {words}\n")
    assert entries(two) == DOCUMENT["destinations"]


@pytest.mark.parametrize("pair", ["kind=webhook", "endpoint=x", "headers=x", "mask.x=y", "=x"])
def test_a_key_that_the_kind_does_not_have_is_refused(commands: Commands, two: Path, pair: str) -> None:
    """With those that it has."""
    ran = commands("set", "prod", pair)

    assert ran.code == 2
    assert ran.err.startswith(
        "otlpjson: set: expected one of base_url, instance_id, api_key, headers, enabled, "
    )
    assert entries(two) == DOCUMENT["destinations"]


def test_rename_keeps_the_place(commands: Commands, two: Path) -> None:
    """And all else."""
    assert commands("rename", "prod", "first") == Ran(0, b"", "prod is now first\n")
    assert list(entries(two)) == ["first", "my hook"]
    assert commands("rename", "first", "my hook") == Ran(
        2, b"", "otlpjson: my hook: there is a destination of this name\n"
    )
    assert commands("rename", "prod", "x").code == 2


def test_what_is_exported_has_no_secret_and_can_be_imported(
    commands: Commands, two: Path, tmp_path: Path
) -> None:
    """Variables stand for keys, instance ids, headers and URLs with a query."""
    ran = commands("export")
    two.unlink()
    (tmp_path / "exported.json").write_bytes(ran.out)
    back = commands("import", tmp_path / "exported.json")

    assert (ran.code, ran.err) == (0, "")
    assert KEY.encode() not in ran.out and b"7123456" not in ran.out
    assert back == Ran(0, b"", f"saved prod, my hook in {two}\n")
    assert entries(two) == {
        "prod": {
            **DOCUMENT["destinations"]["prod"],
            "instance_id": {"env": "PROD_INSTANCE_ID"},
            "api_key": {"env": "PROD_API_KEY"},
        },
        "my hook": {
            "kind": "webhook",
            "url": {"env": "MY_HOOK_URL"},
            "headers": {"X-Key": {"env": "MY_HOOK_X_KEY"}, "X-Other": {"env": "OTHER"}},
        },
    }


def test_one_destination_can_be_exported(commands: Commands, two: Path) -> None:
    """One that does not exist is named."""
    assert list(json.loads(commands("export", "prod").out)["destinations"]) == ["prod"]
    assert commands("export", "x") == Ran(2, b"", "otlpjson: x: expected one of prod, my hook\n")
    two.unlink()
    assert json.loads(commands("export").out) == {"version": 1, "destinations": {}}


def test_an_import_replaces_nothing_unless_it_is_told(commands: Commands, two: Path) -> None:
    """All or nothing."""
    new = {**DOCUMENT["destinations"]["prod"], "privacy_mode": True}
    text = json.dumps({"version": 1, "destinations": {"new": new, "prod": new}}).encode()

    assert commands("import", stdin=text) == Ran(
        2, b"", "otlpjson: prod: there is a destination of this name; use --replace\n"
    )
    assert entries(two) == DOCUMENT["destinations"]
    assert commands("import", "--replace", stdin=text).code == 0
    assert list(entries(two)) == ["prod", "my hook", "new"]
    assert entries(two)["prod"]["privacy_mode"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "<stdin>: not JSON"),
        (b"[]", "version: expected an object with version 1"),
        (b'{"version": 1, "destinations": {"a": {"kind": "x"}}}', "destinations.a.kind: expected one of"),
    ],
)
def test_what_cannot_be_imported_is_refused(commands: Commands, two: Path, text: bytes, words: str) -> None:
    """Before anything is changed."""
    ran = commands("import", stdin=text)

    assert ran.code == 2
    assert ran.err.startswith(f"otlpjson: {words}")
    assert entries(two) == DOCUMENT["destinations"]


def test_an_import_of_nothing_changes_nothing(commands: Commands, saved_file: Path) -> None:
    """It is a file without destinations."""
    ran = commands("import", stdin=b'{"version": 1, "destinations": {}}')

    assert (ran.code, ran.err) == (0, f"saved nothing in {saved_file}\n")
    assert entries(saved_file) == {}


def test_status_as_json_has_every_setting_and_no_secret(commands: Commands, two: Path) -> None:
    """For scripts."""
    commands("set", "prod", "mask=email", f"filter_rules={RULES}", "resource_attributes=a=b")
    commands.monkeypatch.setenv("OTHER", KEY)
    commands.monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    ran = commands("status", "--json")
    status = json.loads(ran.out)

    assert (ran.code, ran.err) == (0, "OTEL_SDK_DISABLED switches all destinations off\n")
    assert KEY.encode() not in ran.out and b"7123456" not in ran.out
    assert (status["origin"], status["spool"], status["disabled_by"]) == ("file", None, "OTEL_SDK_DISABLED")
    assert [target["name"] for target in status["destinations"]] == ["prod", "my hook"]
    first, second = status["destinations"]
    assert (first["host"], first["account"], first["enabled"]) == ("otlp.test", "3456", False)
    assert (first["mask"], first["resource_attributes"]) == (["email"], {"a": "b"})
    assert first["filter_rules"] == {
        "groups": [{"logic": "and", "rules": [{"field": "total_cost", "operator": "gt", "value": 0.1}]}],
        "enabled": True,
    }
    assert (second["headers"], second["filter_rules"]) == (["X-Key", "X-Other"], None)


def test_what_is_switched_off_by_a_variable_is_not_sent(commands: Commands, two: Path) -> None:
    """Also to a destination that is named."""
    commands.monkeypatch.setenv("OTHER", "x")
    commands.monkeypatch.setenv("OTEL_TRACES_EXPORTER", "none")

    for to in ((), ("--to", "prod")):
        assert commands("send", *to, stdin=b"{}") == Ran(
            2, b"", "otlpjson: OTEL_TRACES_EXPORTER: switches all destinations off\n"
        )
