# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What every test of the commands starts from: a silent environment, and ways to run one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .commands import Commands

_HEARD = ("OTLPJSON_", "OTEL_", "PYTHON", "REQUESTS_", "CURL_")
_HEARD_EXACTLY = frozenset(
    {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE"}
)


@pytest.fixture(autouse=True)
def silent_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """
    Takes out every variable that a command listens to, and makes a terminal 100 columns wide.

    What is saved stands in a folder of the test's own.
    """
    for name in tuple(os.environ):
        # The suite may run from a folder that only PYTHONPATH names.
        if name != "PYTHONPATH" and (name.startswith(_HEARD) or name.upper() in _HEARD_EXACTLY):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    folder = tmp_path_factory.mktemp("config")
    (folder / "otlpjson").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(folder))


@pytest.fixture
def saved_file() -> Path:
    """Where the commands of this test save destinations; nothing is there yet."""
    return Path(os.environ["XDG_CONFIG_HOME"]) / "otlpjson" / "destinations.json"


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Commands:
    """Runs commands in this process."""
    return Commands(monkeypatch, capsysbinary)
