# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Completion in bash, zsh and fish: the scripts, what they are answered, and the shells themselves."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from .commands import KEY, MODULE, Commands, Terminal, process

PAGE = Path(__file__).resolve().parents[2] / "docs" / "completion.md"
SOURCES = {
    "bash": 'eval "$(_OTLPJSON_COMPLETE=bash_source otlpjson)"',
    "zsh": 'eval "$(_OTLPJSON_COMPLETE=zsh_source otlpjson)"',
    "fish": "_OTLPJSON_COMPLETE=fish_source otlpjson | source",
}
IN_BASH = """
COMP_WORDS=(otlpjson "$@")
COMP_CWORD=$#
_otlpjson_completion otlpjson
printf '%s\\n' "${COMPREPLY[@]}"
complete -p otlpjson
"""


def destination(base_url: str = "https://example.com") -> dict[str, str]:
    """A saved destination, with a secret."""
    return {"kind": "grafana_cloud", "base_url": base_url, "instance_id": "123456", "api_key": KEY}


def save(path: Path, *names: str) -> None:
    """Saves destinations of these names."""
    document = {"version": 1, "destinations": {name: destination() for name in names}}
    path.write_text(json.dumps(document), encoding="utf-8")


def completed(commands: Commands, *words: str) -> list[str]:
    """What a shell is answered for a line that ends in the last word."""
    commands.monkeypatch.setenv("_OTLPJSON_COMPLETE", "bash_complete")
    commands.monkeypatch.setenv("COMP_WORDS", " ".join(["otlpjson", *words]))
    commands.monkeypatch.setenv("COMP_CWORD", str(len(words)))
    ran = commands()
    assert (ran.code, ran.err) == (0, "")
    return [line.partition(",")[2] for line in ran.out.decode().splitlines() if line]


@pytest.fixture
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program ``otlpjson``, first on the path, wherever the package is installed."""
    program = tmp_path / "bin" / "otlpjson"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m otlpjson "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", os.fspath(root))


def needs(shell: str) -> pytest.MarkDecorator:
    """Skips a test where this shell is not installed."""
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


def test_the_page_shows_the_lines_that_are_tested() -> None:
    """One block for each shell."""
    blocks = re.findall(r"^```(bash|zsh|fish)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)

    assert {shell: text.rstrip("\n") for shell, text in blocks} == SOURCES


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell", "registration"),
    [
        ("bash", "complete -o nosort -F _otlpjson_completion otlpjson"),
        ("zsh", "#compdef otlpjson"),
        ("fish", "complete --no-files --command otlpjson"),
    ],
)
def test_the_script_of_each_shell_is_printed(shell: str, registration: str) -> None:
    """By the command itself, to standard output."""
    if shell == "bash" and shutil.which("bash") is None:
        registration = ""  # click asks bash for its version
    ran = process(*MODULE, environ={"_OTLPJSON_COMPLETE": f"{shell}_source"})

    assert ran.code == 0
    assert registration in ran.out.decode()


def test_commands_and_options_complete(commands: Commands) -> None:
    """Those that begin with what was typed."""
    assert completed(commands, "che") == ["check"]
    assert completed(commands, "s") == ["send", "send-trace", "set", "show", "spool", "status"]
    assert completed(commands, "show", "--f") == ["--full", "--follow"]
    assert completed(commands, "configure", "--kind", "o") == ["otel_collector"]


@pytest.mark.parametrize(
    "words",
    [
        *(("enable",), ("disable",), ("remove",), ("configure",), ("test-connection",), ("send-trace",)),
        *(("send", "--to"), ("post", "--to")),
    ],
    ids=" ".join,
)
def test_saved_destinations_complete(words: tuple[str, ...], commands: Commands, saved_file: Path) -> None:
    """Wherever a command accepts a name; names that a shell would read in another way are left out."""
    save(saved_file, "grafana", "gateway-2", "webhook", "go to", "g;ls", "g\nplain,x")

    assert completed(commands, *words, "g") == ["grafana", "gateway-2"]
    assert completed(commands, *words, "x") == []


@pytest.mark.parametrize(
    "text", [None, "", "{", "[]", '{"version": 1}', f'{{"version": 1, "destinations": "{KEY}"}}']
)
def test_a_file_that_cannot_be_used_completes_to_nothing(
    text: str | None, commands: Commands, saved_file: Path
) -> None:
    """Without a message, and without anything of the file."""
    if text is not None:
        saved_file.write_text(text, encoding="utf-8")

    assert completed(commands, "enable", "") == []


def test_nothing_is_said_where_there_is_no_home_folder(commands: Commands) -> None:
    """Then no file can be saved either."""
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        commands.monkeypatch.delenv(name, raising=False)
    commands.monkeypatch.setattr(os.path, "expanduser", lambda path: path)

    assert completed(commands, "enable", "") == []


def test_the_ids_of_rules_complete(commands: Commands) -> None:
    """In lower case too."""
    ids = completed(commands, "rule", "dec-1")

    assert "DEC-1" in ids
    assert all(identifier.startswith("DEC-1") for identifier in ids)


@needs("bash")
@pytest.mark.process
@pytest.mark.slow
def test_bash_completes(on_the_path: None, saved_file: Path) -> None:
    """With the line of the page and the function that it defines."""
    save(saved_file, "grafana", "webhook")
    script = SOURCES["bash"] + IN_BASH

    for words, expected in ((("che",), ["check"]), (("enable", "g"), ["grafana"])):
        ran = process("bash", "--norc", "--noprofile", "-c", script, "bash", *words)
        assert (ran.code, ran.err) == (0, "")
        *offered, registered = ran.out.decode().splitlines()
        assert offered == expected
        assert registered.endswith("-F _otlpjson_completion otlpjson")


@needs("zsh")
@pytest.mark.process
@pytest.mark.slow
def test_zsh_completes(on_the_path: None, saved_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal, with the tabulator."""
    save(saved_file, "grafana", "webhook")
    monkeypatch.setenv("ZDOTDIR", os.fspath(saved_file.parent))
    start = f"autoload -Uz compinit; compinit -u -D; {SOURCES['zsh']}; PS1='ready%% '; unsetopt prompt_sp\n"
    (saved_file.parent / ".zshrc").write_text(start, encoding="utf-8")

    with Terminal("zsh", "-d", "-i") as terminal:
        terminal.type(b"ready% ", b"otlpjson che\t")
        terminal.type(b"check", b"\x15otlpjson enable g\t")
        terminal.type(b"grafana", b"\x15exit\n")
        assert terminal.ended() == 0


@needs("fish")
@pytest.mark.process
@pytest.mark.slow
def test_fish_completes(on_the_path: None, saved_file: Path) -> None:
    """With a description of each command."""
    save(saved_file, "grafana", "webhook")
    script = f"{SOURCES['fish']}\ncomplete -C 'otlpjson che'\ncomplete -C 'otlpjson enable g'"
    home = {"HOME": os.fspath(saved_file.parent), "XDG_DATA_HOME": os.fspath(saved_file.parent)}
    ran = process("fish", "--no-config", "-c", script, environ=home)

    assert (ran.code, ran.err) == (0, "")
    assert [re.split(r"[\t,]", line)[0] for line in ran.out.decode().splitlines()] == ["check", "grafana"]
