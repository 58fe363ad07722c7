# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The pytest plugin: the fixture ``golden_otlp`` and the option ``--update-golden``.

pytest finds an installed package by its entry point. For a copy under another name, the
project's ``conftest.py`` names it: ``pytest_plugins = ["acme.telemetry.testing.plugin"]``.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import pytest

from ..core.errors import InvalidDocument, InvalidValue
from ..core.model import TracesData
from ..core.words import describe
from .golden import (
    COMPANION,
    MAIN,
    Compare,
    body_of,
    contents,
    disagreement,
    out_of_step,
    stem_of,
)

__all__ = ["GoldenOtlp", "golden_otlp", "pytest_addoption", "pytest_configure", "pytest_terminal_summary"]

_FOLDER: Final = "golden"
_WRITTEN: Final = "golden_otlp"
_NOT_CI: Final = frozenset({"", "0", "false", "no"})
# The test and the name that each file of the session belongs to, by its path.
_OWNERS: Final = pytest.StashKey[dict[str, tuple[str, "str | None"]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option ``--update-golden``."""
    parser.getgroup("otlpjson").addoption(
        "--update-golden",
        action="store_true",
        dest="update_golden",
        help="Rewrite the golden files of golden_otlp that differ.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Refuses the option ``--update-golden`` in CI.

    Raises:
        pytest.UsageError: The option was given, and the variable ``CI`` is set.
    """
    config.stash[_OWNERS] = {}
    # In CI nobody would review the new files, and every test would pass.
    if config.getoption("update_golden") and _in_ci(os.environ):
        raise pytest.UsageError(
            f"--update-golden: golden files are not written in CI (CI={os.environ['CI']!r}); "
            "write them on your own machine, review the changes, and commit them"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Lists the golden files that were written."""
    # The names travel in the tests' reports, because the tests may run in other processes.
    written = {
        str(value): None
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == _WRITTEN
    }
    if written:
        terminalreporter.write_sep("=", "golden files")
        for text in written:
            terminalreporter.write_line(text)


@pytest.fixture
def golden_otlp(request: pytest.FixtureRequest) -> GoldenOtlp:
    """Compares OTLP/JSON with a golden file: golden_otlp(body_or_traces, name=None, compare="bytes")."""
    return GoldenOtlp(request=request)


@attrs.define(kw_only=True)
class GoldenOtlp:
    """
    Compares bodies with the golden files of one test, in ``golden/<module>/`` beside its module.

    Attributes:
        request: pytest's request for the fixture; names the test and its module.
    """

    request: pytest.FixtureRequest
    _names: set[str | None] = attrs.field(factory=set)

    def __call__(
        self, body_or_traces: bytes | str | TracesData, name: str | None = None, compare: Compare = "bytes"
    ) -> None:
        """
        Fails the test with the differences unless the body equals its golden file.

        With ``--update-golden``, writes the golden file instead.

        Args:
            body_or_traces: The bytes of a body of any exporter, or traces, which are encoded.

            name: Distinguishes several bodies of one test; part of the file's name.

            compare:
                ``"bytes"``: every byte has to be equal. ``"meaning"``: only what a reader
                understands has to be equal, not the order of attributes or the form of numbers.

        Raises:
            InvalidValue: An argument is of another type or has another value.
        """
        # pytest then shows the line of the test instead of lines of this file.
        __tracebackhide__ = True
        if compare not in ("bytes", "meaning"):
            raise InvalidValue("golden_otlp.compare", "'bytes' or 'meaning'", describe(compare))
        body = body_of(body_or_traces)
        files = self._files(name)
        self._claim(name, files)
        if self.request.config.getoption("update_golden"):
            self._update(files, body, compare)
        else:
            self._check(files, body, compare)

    def _files(self, name: str | None) -> dict[str, Path]:
        path = self.request.path
        test = self.request.node.nodeid.partition("::")[2]
        stem = path.parent / _FOLDER / path.stem / stem_of(test, name)
        return {ending: stem.with_name(stem.name + ending) for ending in (MAIN, COMPANION)}

    def _claim(self, name: str | None, files: Mapping[str, Path]) -> None:
        """Fails the test if a file belongs to another body: one would overwrite the other."""
        __tracebackhide__ = True
        if name in self._names:
            pytest.fail("golden_otlp: a second body in one test needs a name: golden_otlp(body, name=…)")
        self._names.add(name)
        # In lower case, because some file systems do not distinguish A and a.
        owners = self.request.config.stash[_OWNERS]
        owner = (self.request.node.nodeid, name)
        for path in files.values():
            if owners.setdefault(str(path).lower(), owner) != owner:
                other = owners[str(path).lower()][0]
                pytest.fail(f"{self._shown(path)}: already belongs to {other}; pass name=…")

    def _check(self, files: Mapping[str, Path], body: bytes, compare: Compare) -> None:
        __tracebackhide__ = True
        main, companion = files[MAIN], files[COMPANION]
        again = f"pytest --update-golden {shlex.quote(self.request.node.nodeid)}"
        if not main.is_file():
            pytest.fail(
                f"{self._shown(main)}: no such golden file; write it, review it and commit it: {again}"
            )
        golden = main.read_bytes()
        found = disagreement(golden, body, compare)
        if found:
            sentence = f"{self._shown(main)}: the body of this test differs"
            pytest.fail(f"{sentence}\n{found}\nif this change is intended: {again}")
        if compare == "bytes" and companion.is_file() and out_of_step(golden, companion.read_bytes()):
            pytest.fail(f"{self._shown(companion)}: does not match {main.name}; rewrite it: {again}")

    def _update(self, files: Mapping[str, Path], body: bytes, compare: Compare) -> None:
        __tracebackhide__ = True
        try:
            wanted = contents(body, compare)
        except InvalidDocument as error:
            sentence = f"{self._shown(files[MAIN])}: not written; the body cannot be read: {error}"
            raise pytest.fail.Exception(sentence) from None
        golden = files[MAIN].read_bytes() if files[MAIN].is_file() else None
        # A file of the same meaning is kept, so that version control shows only real changes.
        if compare == "meaning" and golden is not None and not disagreement(golden, body, compare):
            wanted[MAIN] = golden
        for ending, path in files.items():
            if ending not in wanted:
                if path.is_file():
                    path.unlink()
                    self._note("removed", path)
            elif not path.is_file() or path.read_bytes() != wanted[ending]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(wanted[ending])
                self._note("wrote", path)

    def _note(self, action: str, path: Path) -> None:
        self.request.node.user_properties.append((_WRITTEN, f"{action} {self._shown(path)}"))

    def _shown(self, path: Path) -> str:
        root = self.request.config.rootpath
        return path.relative_to(root).as_posix() if root in path.parents else str(path)


def _in_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").strip().lower() not in _NOT_CI
