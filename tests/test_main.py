# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``python -m otlpjson`` and the console script, with and without the packages that the commands need."""

from __future__ import annotations

import configparser
import importlib.abc
import runpy
import subprocess
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

import otlpjson
from otlpjson.__main__ import main

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    "otlpjson: the package {} is missing; install the commands with: pip install 'otlpjson-broadcast[cli]'\n"
)

# In front of everything else, in a process of its own: a package that is not installed.
BLOCK = """\
import runpy, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {package!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
        return None

sys.meta_path.insert(0, Blocker())
"""
AS_MODULE = "sys.argv = ['otlpjson', 'demo']\nrunpy.run_module('otlpjson', run_name='__main__')\n"
AS_SCRIPT = "from otlpjson.__main__ import main\nsys.argv = ['otlpjson', 'demo']\nsys.exit(main())\n"


class Missing(importlib.abc.MetaPathFinder):
    """Finds nothing where the commands should be, and says which package was missing."""

    def __init__(self, package: str | None) -> None:
        self.package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuses the commands, knows nothing else."""
        if name == "otlpjson.cli":
            raise ModuleNotFoundError(f"No module named {self.package!r}", name=self.package)
        return None


def run_without(package: str, how: str) -> tuple[int, str, str]:
    """Exit code, output and words of a process in which a package cannot be imported."""
    done = subprocess.run(
        [sys.executable, "-c", BLOCK.format(package=package) + how],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("how", [AS_MODULE, AS_SCRIPT], ids=["module", "script"])
@pytest.mark.parametrize("package", ["click", "rich", "requests"])
def test_a_missing_package_is_named_with_the_install_that_brings_it(package: str, how: str) -> None:
    """Exit code 2, one sentence, no traceback."""
    assert run_without(package, how) == (2, "", NEEDED.format(package))


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("how", [AS_MODULE, AS_SCRIPT], ids=["module", "script"])
def test_nothing_is_said_where_nothing_is_missing(how: str) -> None:
    """The blocker alone changes nothing."""
    assert run_without("nothing", how.replace("demo", "--version")) == (
        0,
        f"otlpjson, version {otlpjson.__version__}\n",
        "",
    )


@pytest.mark.parametrize("package", ["click", "rich.console", "requests.adapters"])
def test_a_missing_part_of_a_package_is_named_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], package: str
) -> None:
    """An old or broken one may lack it."""
    monkeypatch.delitem(sys.modules, "otlpjson.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(package), *sys.meta_path])

    assert main(["--version"]) == 2
    assert capsys.readouterr().err == NEEDED.format(package)


@pytest.mark.parametrize("package", ["otlpjson.gone", "clicker", None])
def test_any_other_missing_module_is_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch, package: str | None
) -> None:
    """It is not hidden behind advice that would not help."""
    monkeypatch.delitem(sys.modules, "otlpjson.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(package), *sys.meta_path])

    with pytest.raises(ModuleNotFoundError) as caught:
        main(["--version"])

    assert caught.value.name == package


def test_the_module_runs_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And leaves with its exit code."""
    monkeypatch.setattr(sys, "argv", ["otlpjson", "--version"])
    monkeypatch.delitem(sys.modules, "otlpjson.__main__", raising=False)
    # pytest rewrites the asserts of a package that brings a plugin; what its finder loads cannot be run.
    finders = [finder for finder in sys.meta_path if not hasattr(finder, "mark_rewrite")]
    monkeypatch.setattr(sys, "meta_path", finders)

    with pytest.raises(SystemExit) as caught:
        runpy.run_module("otlpjson", run_name="__main__")

    assert caught.value.code == 0
    assert capsys.readouterr().out == f"otlpjson, version {otlpjson.__version__}\n"


def test_the_console_script_is_this_function() -> None:
    """As the project's settings say."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", "utf-8")

    assert settings["options.entry_points"]["console_scripts"].strip() == "otlpjson = otlpjson.__main__:main"
