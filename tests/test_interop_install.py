# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The Collector and Jaeger are built once, or it is said in one sentence why they are not; without any Go."""

from __future__ import annotations

import configparser
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .interop import install
from .interop.process import waited_for
from .interop.programs import COLLECTOR, JAEGER, PROGRAMS, cache_folder, go_version

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("go version go1.26.8 linux/amd64\n", (1, 26)),
        ("go version go1.25 darwin/arm64\n", (1, 25)),
        ("go version devel go1.27-abcdef Mon Jan 1 linux/amd64\n", (1, 27)),
        ("go version go1.9.7 linux/386\n", (1, 9)),
        ("gccgo (GCC) 12\n", None),
        ("", None),
    ],
)
def test_the_version_of_go_is_read(said: str, version: tuple[int, int] | None) -> None:
    """As numbers, so that 1.9 is older than 1.25."""
    assert go_version(said) == version


def test_programs_are_kept_outside_of_the_tree_by_version_and_platform() -> None:
    """A relative folder in the environment does not count, as the XDG specification says."""
    home = Path("/home/me")

    assert cache_folder({}, home) == Path("/home/me/.cache/otlpjson-servers")
    assert cache_folder({"XDG_CACHE_HOME": "/var/cache/me"}, home) == Path("/var/cache/me/otlpjson-servers")
    assert cache_folder({"XDG_CACHE_HOME": "here"}, home) == Path("/home/me/.cache/otlpjson-servers")
    assert COLLECTOR.path(home, "linux-amd64").name == f"collector-{COLLECTOR.version}-linux-amd64"
    assert JAEGER.path(home, "windows-amd64").name == f"jaeger-{JAEGER.version}-windows-amd64.exe"


def test_the_committed_versions_are_those_that_the_cache_is_keyed_by() -> None:
    """Builder file and module beside the installer name the same."""
    here = ROOT / "tests" / "interop"
    components = (here / "collector.yaml").read_text(encoding="utf-8").split("gomod: ")[1:]

    assert {line.split()[1] for line in components} == {f"v{COLLECTOR.version}"}
    assert f"{JAEGER.name} v{JAEGER.version}" in (here / "jaeger" / "go.mod").read_text(encoding="utf-8")


def go(folder: Path, script: str) -> dict[str, str]:
    """An environment in which this script is Go, and the cache is empty."""
    path = folder / "bin" / "go"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return {"PATH": str(path.parent), "XDG_CACHE_HOME": str(folder / "cache")}


def installed_with(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    """What the installer makes of an environment."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return install.main([])


@pytest.mark.process
@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            "echo go version go1.21.3 linux/amd64",
            "Go 1.25 or newer builds the Collector and Jaeger, and {go} is 'go version go1.21.3 linux/amd64'",
        ),
        (
            "echo gccgo",
            "Go 1.25 or newer builds the Collector and Jaeger, and {go} is 'gccgo'",
        ),
        (
            '[ "$1" = version ] && echo go version go1.25.0 linux/amd64 || { echo no network >&2; exit 1; }',
            f"{{go}} install {install.BUILDER} failed: no network",
        ),
    ],
)
def test_a_build_that_cannot_be_is_one_sentence(
    script: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 1, and nothing is left in the cache."""
    assert installed_with(go(tmp_path, script), monkeypatch) == 1
    assert capsys.readouterr().err == f"servers: {sentence.format(go=tmp_path / 'bin' / 'go')}\n"
    assert list(tmp_path.glob("cache/*/*")) == []


def test_without_go_it_is_said_and_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--why-not`` says the same and is no failure: the caller skips."""
    environ = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    why = "Go 1.25 or newer builds the Collector and Jaeger, and there is no go on the PATH"

    assert installed_with(environ, monkeypatch) == 1
    assert capsys.readouterr().err == f"servers: {why}\n"
    assert install.main(["--why-not"]) == 0
    assert capsys.readouterr().out == why


@pytest.mark.process
def test_an_unreachable_proxy_is_a_reason_to_skip(tmp_path: Path) -> None:
    """Go is there and new, but cannot look the builder up; where nothing is missing, nothing is asked."""
    script = '[ "$1" = version ] && echo go version go1.26.0 linux/amd64 || { echo no route >&2; exit 1; }'
    environ = go(tmp_path, script)

    reason = install.why_not(PROGRAMS, environ)
    assert reason == f"{tmp_path / 'bin' / 'go'} list -m {install.BUILDER} failed: no route"
    assert install.why_not([], environ) == ""


def test_what_is_there_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Go on the PATH both are found."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    for program in PROGRAMS:
        install.installed(program).parent.mkdir(exist_ok=True)
        install.installed(program).touch()

    assert install.main([]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{program.name} {program.version}: {install.installed(program)}" for program in PROGRAMS
    ]


@pytest.mark.process
def test_an_interrupted_build_leaves_no_program(tmp_path: Path) -> None:
    """Ctrl-C while Go is at work: one sentence, and the cache is as empty as before."""
    building = tmp_path / "building"
    script = f'[ "$1" = version ] && echo go version go1.25.0 linux/amd64 || {{ : > {building}; exec /bin/sleep 60; }}'
    environ = {**os.environ, **go(tmp_path, script)}
    command = [sys.executable, "-m", "tests.interop.install"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True) as process:
        waited_for("the build", lambda: building.exists() or None)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=30)[1]

    assert (process.returncode, said) == (
        1,
        "servers: interrupted; the next run begins that build again\n",
    )
    assert list(tmp_path.glob("cache/*/*")) == []


def test_the_ordinary_suite_leaves_the_servers_alone() -> None:
    """``make test`` collects nothing from that folder, ``make interop`` everything."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")

    assert "interop" in settings["tool:pytest"]["norecursedirs"].split()
    assert "-m pytest tests/interop\n" in makefile
