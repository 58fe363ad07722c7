# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which destinations are configured: the first match wins, for programs and for commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast import BroadcastDestination, destination_from
from otlpjson.broadcast.config import Configuration, configured
from otlpjson.broadcast.config_file import config_path
from otlpjson.broadcast.document import parsed
from otlpjson.broadcast.environment import VARIABLES
from otlpjson.core.errors import ConfigError
from otlpjson.delivery.secret import Secret

from .test_document import CANARY, CLOUD, COLLECTOR, WEBHOOK, WHOLE, saved
from .test_environment import GOOD, OTEL, STANDARD

SAVED = saved(a=COLLECTOR, b={**WEBHOOK, "enabled": False})
OTHER = saved(c=COLLECTOR)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose platform's folder is empty."""
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def written(path: Path, document: Any) -> Path:
    """A file with this document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def default_file(environ: dict[str, str]) -> Path:
    """Where ``configure`` saves with this environment."""
    path = config_path(environ)
    assert path is not None
    return path


def of_file(document: dict[str, Any]) -> Configuration:
    return Configuration(destinations=tuple(parsed(document).values()), origin="file")


def problems(environ: dict[str, str], path: Path | None = None) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        configured(environ, path)
    return caught.value.problems


def test_the_first_match_wins(home: dict[str, str], tmp_path: Path) -> None:
    """Our variables, the file that is named, the file in the platform's folder, OpenTelemetry's variables."""
    named = {**home, "OTLPJSON_CONFIG": str(written(tmp_path / "named.json", OTHER))}
    assert configured({**home, **STANDARD}).origin == f"{OTEL} variables"
    written(default_file(home), SAVED)

    assert configured({**named, **GOOD, **STANDARD}) == Configuration(
        destinations=(
            BroadcastDestination(
                destination=destination_from(GOOD), name="environment", kind="grafana_cloud", account="3456"
            ),
        ),
        origin="environment",
    )
    assert configured({**named, **STANDARD}) == of_file(OTHER)
    assert configured({**home, **STANDARD}) == of_file(SAVED)


def test_a_path_that_is_given_counts_instead_of_the_other_files(home: dict[str, str], tmp_path: Path) -> None:
    """The variables win against it as well."""
    given = written(tmp_path / "given.json", SAVED)
    environ = {**home, "OTLPJSON_CONFIG": str(written(tmp_path / "named.json", OTHER))}

    assert configured({**environ, **STANDARD}, given) == of_file(SAVED)
    assert configured({**environ, **GOOD}, given).origin == "environment"


def test_a_file_without_destinations_is_passed_over(home: dict[str, str]) -> None:
    """As after the last one was removed."""
    written(default_file(home), saved())

    assert configured({**home, **STANDARD}).origin == f"{OTEL} variables"


@pytest.mark.parametrize("variable", VARIABLES.values())
def test_one_of_the_three_variables_is_enough_to_count(variable: str, home: dict[str, str]) -> None:
    """Then the others are missing, and no file makes up for them."""
    written(default_file(home), SAVED)
    found = problems({**home, variable: GOOD[variable]})

    assert tuple(found) == tuple(name for name in VARIABLES.values() if name != variable)


def test_empty_variables_are_not_set(home: dict[str, str]) -> None:
    """OTel: the same as if they were not there."""
    empty = dict.fromkeys((*VARIABLES.values(), f"{OTEL}_ENDPOINT", f"{OTEL}_TRACES_ENDPOINT"), "")
    environ = {**home, **empty, "OTLPJSON_CONFIG": ""}

    assert problems(environ) == dict.fromkeys(
        VARIABLES.values(), "not set; set it or run `otlpjson configure`"
    )
    assert (
        configured({**environ, **STANDARD, f"{OTEL}_HEADERS": ""}).destinations[0].destination.headers == ()
    )
    written(default_file(home), SAVED)
    assert configured(environ) == of_file(SAVED)


def test_a_damaged_document_stops_everything(home: dict[str, str], tmp_path: Path) -> None:
    """Even where OpenTelemetry's variables would do; but where ours are set it is not even read."""
    path = written(default_file(home), {"version": 2})

    assert problems({**home, **STANDARD}) == {f"{path}: {key}": reason for key, reason in WHOLE.items()}
    assert configured({**home, **GOOD}).origin == "environment"


def test_a_file_that_is_named_must_exist(home: dict[str, str], tmp_path: Path) -> None:
    """To send to another place instead is not what was meant; only the default file may be missing."""
    written(default_file(home), SAVED)
    missing = tmp_path / "missing.json"

    assert problems({**home, **STANDARD, "OTLPJSON_CONFIG": str(missing)}) == {
        "OTLPJSON_CONFIG": f"no such file: {missing}; run `otlpjson configure` to create it"
    }
    assert problems({**home, **STANDARD}, missing) == {str(missing): "no such file"}
    assert configured({**GOOD, "OTLPJSON_CONFIG": str(missing)}).origin == "environment"
    assert configured(GOOD, missing).origin == "environment"


def test_without_a_home_folder_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has no name."""
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    assert config_path({}) is None
    assert configured(STANDARD).origin == f"{OTEL} variables"
    assert problems({}) == dict.fromkeys(VARIABLES.values(), "not set; set it or run `otlpjson configure`")


def test_secrets_over_plain_http_need_a_decision_wherever_they_come_from(home: dict[str, str]) -> None:
    """A destination in the file has its own."""
    cloud = {**home, **GOOD, "OTLPJSON_BASE_URL": "http://c.test"}
    standard = {**home, f"{OTEL}_ENDPOINT": "http://c.test", f"{OTEL}_HEADERS": f"a={CANARY}"}

    assert configured(cloud, allow_plain_http=True).destinations[0].host == "c.test"
    (only,) = configured(standard, allow_plain_http=True).destinations
    assert only.destination.headers == (("a", Secret(CANARY)),)
    written(default_file(home), saved(a={**CLOUD, "base_url": "http://c.test"}))
    with pytest.raises(ConfigError):
        configured(home, allow_plain_http=True)
