# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``-q``, ``-v`` and ``--env-file``, which all commands have."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest

from otlpjson.receiver.server import Receiver

from .commands import GUIDE, KEY, Commands, Ran, credentials, late


def test_quiet_leaves_errors_and_data(commands: Commands) -> None:
    """What was delivered is no error."""
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(receiver.base_url)
        usual = commands("send", GUIDE)
        quiet = commands("-q", "send", GUIDE)
        wrong = commands("--quiet", "send", stdin=b"{}\n")

    assert usual == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert quiet == Ran(0, b"", "")
    assert wrong.code == 1
    assert "record.request" in wrong.err


def test_verbose_shows_each_request(commands: Commands) -> None:
    """Without a secret; and what was configured before is as it was."""
    before = logging.getLogger("otlpjson").level, list(logging.getLogger("otlpjson").handlers)
    with Receiver(credentials=("123456", KEY)) as receiver:
        commands.configure(receiver.base_url)
        ran = commands("-v", "send", GUIDE)

    assert ran.code == 0
    assert ran.err.startswith("otlpjson: POST 127.0.0.1: accepted (200), ")
    assert KEY not in ran.err
    assert (logging.getLogger("otlpjson").level, list(logging.getLogger("otlpjson").handlers)) == before


def test_both_at_once_are_refused(commands: Commands) -> None:
    """One of them is a mistake."""
    ran = commands("-q", "-v", "status")

    assert ran.code == 2
    assert "Error: -q and -v exclude each other" in ran.err


def test_notices_are_printed_once(commands: Commands) -> None:
    """Grafana's own snippet sets a protocol that is not used."""
    with Receiver() as receiver:
        commands.monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.base_url)
        commands.monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        ran = commands("send", GUIDE)
        quiet = commands("-q", "send", GUIDE)

    notice = "OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf; JSON is sent to the same URL\n"
    assert ran == Ran(0, b"", notice + "2 spans recorded: 2 delivered\n")
    assert quiet == Ran(0, b"", "")


def test_variables_come_from_a_file(commands: Commands, tmp_path: Path) -> None:
    """Those that are set stay as they are."""
    file = tmp_path / ".env"
    with Receiver(credentials=("123456", KEY)) as receiver:
        lines = [f'export {name}="{value}"' for name, value in credentials(receiver.base_url).items()]
        file.write_text("\n".join(["# where to send", *lines, "EMPTY", "OTLPJSON_HIERARCHY=observed"]))
        commands.monkeypatch.setenv("OTLPJSON_HIERARCHY", "documented")
        for name in credentials(""):
            commands.monkeypatch.setenv(name, "")
            commands.monkeypatch.delenv(name)
        ran = commands("--env-file", file, "send", GUIDE)

    assert ran == Ran(0, b"", "2 spans recorded: 2 delivered\n" + late(2))
    assert os.environ["OTLPJSON_HIERARCHY"] == "documented"
    assert "EMPTY" not in os.environ


@pytest.mark.parametrize(("content", "why"), [(None, "No such file or directory"), (b"\xff", "not UTF-8")])
def test_a_file_that_cannot_be_read_is_named(
    commands: Commands, tmp_path: Path, content: bytes | None, why: str
) -> None:
    """Before anything is done."""
    file = tmp_path / ".env"
    if content is not None:
        file.write_bytes(content)

    assert commands("--env-file", file, "status") == Ran(2, b"", f"otlpjson: {file}: cannot be read: {why}\n")


def test_without_its_package_the_option_says_what_to_install(commands: Commands) -> None:
    """All other commands do without it."""
    commands.monkeypatch.setitem(sys.modules, "dotenv", None)

    assert commands("--env-file", "x", "status") == Ran(
        2, b"", "otlpjson: --env-file: needs python-dotenv; install otlpjson-broadcast[cli]\n"
    )
