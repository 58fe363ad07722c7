# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The pytest plugin: the fixture ``golden_otlp`` and the option ``--update-golden``.

An installed package is found by its entry point. A copy under another name is named in the
project's own ``conftest.py``: ``pytest_plugins = ["acme.telemetry.testing.plugin"]``.
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
from .golden import COMPANION, MAIN, Compare, body_of, contents, disagreement, out_of_step, stem_of

__all__ = ["GoldenOtlp", "golden_otlp", "pytest_addoption", "pytest_configure", "pytest_terminal_summary"]

_FOLDER: Final = "golden"
_WRITTEN: Final = "golden_otlp"
_NOT_CI: Final = frozenset({"", "0", "false", "no"})
_OWNERS: Final = pytest.StashKey[dict[str, tuple[str, "str | None"]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update-golden``."""
    parser.getgroup("otlpjson").addoption(
        "--update-golden",
        action="store_true",
        dest="update_golden",
        help="Write the golden files of golden_otlp anew where they differ.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Refuses to write where nobody looks at what was written.

    Raises:
        pytest.UsageError: ``--update-golden`` was given in CI.
    """
    config.stash[_OWNERS] = {}
    if config.getoption("update_golden") and _in_ci(os.environ):
        raise pytest.UsageError(
            f"--update-golden: golden files are not written in CI (the variable CI is {os.environ['CI']!r}); "
            "write them on your own machine, look at what changed, and commit it"
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which files were written; they come with the tests' reports, so from other processes too."""
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
    Compares bodies with the golden files of one test, in ``golden/<module>/`` beside its file.

    Attributes:
        request: The test.
    """

    request: pytest.FixtureRequest
    _names: set[str | None] = attrs.field(factory=set)

    def __call__(
        self, body_or_traces: bytes | str | TracesData, name: str | None = None, compare: Compare = "bytes"
    ) -> None:
        """
        Passes where the body is what the golden file holds; fails with the differences where not.

        With ``--update-golden`` it passes, and the file holds this body afterwards.

        Args:
            body_or_traces: The bytes of a body of any exporter, or traces, which are encoded.

            name: Tells several bodies of one test apart.

            compare: ``"bytes"``, or ``"meaning"``, to which only what a reader understands counts.

        Raises:
            InvalidValue: It is neither, or there is no such way to compare.
        """
        __tracebackhide__ = True
        if compare not in ("bytes", "meaning"):
            raise InvalidValue("golden_otlp.compare", "'bytes' or 'meaning'", repr(compare))
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
        """Two bodies for one file would overwrite each other, also where ``A`` and ``a`` are one name."""
        __tracebackhide__ = True
        if name in self._names:
            pytest.fail(
                "golden_otlp: a test's second body needs a name of its own: golden_otlp(body, name=…)"
            )
        self._names.add(name)
        owners = self.request.config.stash[_OWNERS]
        owner = (self.request.node.nodeid, name)
        for path in files.values():
            if owners.setdefault(str(path).lower(), owner) != owner:
                other = owners[str(path).lower()][0]
                pytest.fail(f"golden_otlp: {self._shown(path)} belongs to {other}; give name=…")

    def _check(self, files: Mapping[str, Path], body: bytes, compare: Compare) -> None:
        __tracebackhide__ = True
        main, companion = files[MAIN], files[COMPANION]
        again = f"pytest --update-golden {shlex.quote(self.request.node.nodeid)}"
        if not main.is_file():
            pytest.fail(
                f"there is no golden file {self._shown(main)}; write it, look at it and commit it: {again}"
            )
        held = main.read_bytes()
        found = disagreement(held, body, compare)
        if found:
            pytest.fail(f"not what {self._shown(main)} holds\n{found}\nif that is as it should be: {again}")
        if compare == "bytes" and companion.is_file() and out_of_step(held, companion.read_bytes()):
            pytest.fail(f"{self._shown(companion)} is not {main.name} indented; write it anew: {again}")

    def _update(self, files: Mapping[str, Path], body: bytes, compare: Compare) -> None:
        __tracebackhide__ = True
        try:
            wanted = contents(body, compare)
        except InvalidDocument as error:
            sentence = f"no golden file is written of what cannot be read: {error}"
            raise pytest.fail.Exception(sentence) from None
        held = files[MAIN].read_bytes() if files[MAIN].is_file() else None
        # What means the same stays as it is, so that a file changes only where something has changed.
        if compare == "meaning" and held is not None and not disagreement(held, body, compare):
            wanted[MAIN] = held
        for ending, path in files.items():
            if ending not in wanted:
                if path.is_file():
                    path.unlink()
                    self._tell("removed", path)
            elif not path.is_file() or path.read_bytes() != wanted[ending]:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(wanted[ending])
                self._tell("wrote", path)

    def _tell(self, what: str, path: Path) -> None:
        self.request.node.user_properties.append((_WRITTEN, f"{what} {self._shown(path)}"))

    def _shown(self, path: Path) -> str:
        root = self.request.config.rootpath
        return path.relative_to(root).as_posix() if root in path.parents else str(path)


def _in_ci(environ: Mapping[str, str]) -> bool:
    return environ.get("CI", "").strip().lower() not in _NOT_CI
