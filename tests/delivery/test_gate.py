# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The gate: one at a time, soon in turn, and without locks none."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from otlpjson.delivery import gate as gate_module
from otlpjson.delivery.gate import Gate


def test_a_gate_lets_in_one_at_a_time(tmp_path: Path) -> None:
    """Whoever waits enters when the other has left."""
    (tmp_path / "lock").touch()
    first, second = Gate(tmp_path / "lock"), Gate(tmp_path / "lock")
    entered = threading.Event()

    def enter() -> None:
        with second.inside():
            entered.set()

    with first.inside():
        thread = threading.Thread(target=enter)
        thread.start()
        assert not entered.wait(0.05)
    assert entered.wait(30)
    thread.join(30)
    for gate in (first, second, second):
        gate.close()


def test_whoever_waits_enters_soon_beside_one_who_always_comes_back(tmp_path: Path) -> None:
    """That one is outside for a tenth of the time."""
    (tmp_path / "lock").touch()
    entered = threading.Event()
    turns: list[int] = []

    def come_back() -> None:
        with closing(Gate(tmp_path / "lock")) as gate:
            while not entered.is_set() and len(turns) < 3000:
                with gate.inside():
                    time.sleep(0.002)
                turns.append(1)
                time.sleep(0.0002)

    thread = threading.Thread(target=come_back)
    thread.start()
    with closing(Gate(tmp_path / "lock")) as gate:
        while not turns:
            time.sleep(0.001)
        with gate.inside():
            entered.set()
    thread.join(60)
    assert len(turns) < 3000


def test_a_gate_closed_inside_is_open(tmp_path: Path) -> None:
    """The system lets go of the lock with the file."""
    (tmp_path / "lock").touch()
    gate = Gate(tmp_path / "lock")
    with gate.inside():
        gate.close()


def test_without_locks_of_files_all_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(gate_module, "import_module", missing)
    (tmp_path / "lock").touch()
    gate = Gate(tmp_path / "lock")
    with gate.inside(), gate.inside():
        pass
    gate.close()
