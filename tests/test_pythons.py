# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Interpreters are found where version managers put them, and a shim is not taken for one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from . import pythons


def script(path: Path, text: str) -> Path:
    """A small program that can be started."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_interpreters_are_found_on_the_path_and_in_the_managers_folders(tmp_path: Path) -> None:
    """The newest patch first; 3.1 is not 3.10, and a folder named by its variable counts."""
    shim = script(tmp_path / "shims" / "python3.10", "exit 127")
    older, newer = (script(tmp_path / f".pyenv/versions/3.10.{patch}/bin/python", "") for patch in (9, 13))
    script(tmp_path / ".pyenv/versions/3.1.0/bin/python", "")
    uv = script(tmp_path / "uv/cpython-3.10.2-linux/bin/python3.10", "")
    environ = {
        "PATH": str(tmp_path / "shims"),
        "HOME": str(tmp_path),
        "UV_PYTHON_INSTALL_DIR": str(tmp_path / "uv"),
    }
    found = [path for path in pythons.candidates("3.10", environ) if tmp_path in path.parents]

    assert found == [shim, newer, older, uv]


@pytest.mark.process
def test_a_shim_that_starts_nothing_is_passed_over(tmp_path: Path) -> None:
    """One that exits 127, one that is another version, one that cannot be started at all."""
    shim = script(tmp_path / "shim", "exit 127")
    other = script(tmp_path / "other", "echo cpython 2.7")
    broken = tmp_path / "broken"
    broken.write_text("", encoding="utf-8")

    assert pythons.working([shim, other, broken, Path(sys.executable)], pythons.THIS) == Path(sys.executable)
    assert pythons.working([shim, other, broken], pythons.THIS) is None
