# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The README is true: its blocks run, and its tables are those of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from otlpjson import OtlpJsonError
from otlpjson.cli import main
from otlpjson.openrouter.spans.table import GENERATION_ROWS, PARENT_ROWS
from otlpjson.receiver.server import Receiver

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def test_every_python_block_runs_and_prints_what_the_readme_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one namespace, against a local receiver; an output or error block follows its code."""
    scope: dict[str, Any] = {}
    outputs: list[tuple[str, str]] = []
    with Receiver(credentials=("123456", "glc_readme")) as receiver:
        monkeypatch.setenv("OTLPJSON_BASE_URL", receiver.base_url)
        monkeypatch.setenv("OTLPJSON_INSTANCE_ID", "123456")
        monkeypatch.setenv("OTLPJSON_API_KEY", "glc_readme")
        for kind, text in BLOCKS:
            if kind == "python":
                outputs.append(run(text, scope, capsys))
            elif kind in ("output", "error"):
                assert outputs.pop() == (kind, text)
        lines = receiver.lines

    assert outputs == []
    (payload,) = [text for kind, text in BLOCKS if kind == "json"]
    assert json.loads(payload, object_pairs_hook=list) == json.loads(lines[0], object_pairs_hook=list)


def test_every_drawing_is_what_the_command_draws(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks that show a command with its output, run from the folder that the README is in."""
    monkeypatch.chdir(ROOT)
    drawings = [text for kind, text in BLOCKS if kind == "console" and text.startswith("$ otlpjson show ")]

    assert len(drawings) == 1
    for text in drawings:
        command, _, drawing = text.partition("\n")
        assert main(command.split()[2:]) == 0
        assert capsys.readouterr().out == drawing


def run(code: str, scope: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What a block prints, or the sentence of the error that it ends with."""
    try:
        exec(code, scope)
    except OtlpJsonError as error:
        return "error", f"{error}\n"
    return "output", capsys.readouterr().out


def test_the_attribute_table_is_the_codes() -> None:
    """Every row, in wire order."""
    section = README.split("## Attributes")[1].split("## Queries")[0]
    listed = re.findall(r"^\| `([\w.*]+)`(?: \*)? \|", section, flags=re.MULTILINE)

    starred = re.findall(r"^\| `([\w.*]+)` \* \|", section, flags=re.MULTILINE)

    assert starred == [row.key for row in GENERATION_ROWS if not row.on_failure]
    assert listed == [row.key + "*" * row.key.endswith(".") for row in GENERATION_ROWS]
    assert [f"`{row.key}`" in section.split("Root and intermediate")[1] for row in PARENT_ROWS] == [True] * 4


def test_the_table_of_commands_is_the_programs_own(capsys: pytest.CaptureFixture[str]) -> None:
    """No command is missing, none is made up."""
    listed = re.findall(r"^\| `otlpjson ([\w-]+)", README, flags=re.MULTILINE)

    assert main(["--help"]) == 0
    commands = capsys.readouterr().out.split("Commands:\n")[1]
    assert sorted(listed) == sorted(re.findall(r"^  ([\w-]+)", commands, flags=re.MULTILINE))


def test_the_golden_test_is_one_of_the_sample_project() -> None:
    """``make sample`` runs it there, and compares what it fails with."""
    (shown,) = [text for kind, text in BLOCKS if kind == "py"]
    (failure,) = [text for kind, text in BLOCKS if kind == "text"]

    assert shown in (ROOT / "tests" / "sample_project" / "tests" / "test_shop.py").read_text(encoding="utf-8")
    assert failure.startswith(
        "tests/golden/test_shop/test_a_payment_is_one_span.json: the body of this test differs\n"
    )


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    """A newcomer types these first."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (first,) = BLOCKS[:1]

    for target in re.findall(r"^\$ make ([\w-]+)", first[1], flags=re.MULTILINE):
        assert re.search(rf"^{target}:.*## ", makefile, flags=re.MULTILINE)
