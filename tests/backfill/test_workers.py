# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Several processes give what one gives, in its order; they end with the block, and with the process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from otlpjson.backfill import Mapper, Workers, processes, workers
from otlpjson.openrouter import Form, Policy

from ..faults.writer import record_of

MAPPER = Mapper(form=Form(), policy=Policy())


def lines(count: int) -> list[bytes]:
    """Records, with an error, a blank line and a long one among them."""
    made = [json.dumps(record_of(str(number))).encode() + b"\n" for number in range(count)]
    made[5:5] = [b"nope\n", b"\n"]
    made[count // 2] = made[count // 2].replace(b'"x"', json.dumps("y" * 300_000).encode())
    return made


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 3])
def test_the_order_is_that_of_the_file(count: int) -> None:
    """Also over many batches."""
    given = lines(1000)
    with Workers(1) as alone, Workers(count) as several:
        assert list(several.map(MAPPER, given)) == list(alone.map(MAPPER, given))


@pytest.mark.process
@pytest.mark.slow
def test_records_over_several_lines_are_not_torn() -> None:
    """They are put together before they are handed over."""
    given = [
        line + b"\n"
        for number in range(300)
        for line in json.dumps(record_of(str(number)), indent=1).encode().split(b"\n")
    ]
    with Workers(1) as alone, Workers(2) as several:
        found = list(several.map(MAPPER, given))

        assert len(found) == 300
        assert found == list(alone.map(MAPPER, given))


@pytest.mark.process
@pytest.mark.slow
def test_only_so_much_is_read_ahead() -> None:
    """However long the file is."""
    read = 0

    def endless() -> Any:
        nonlocal read
        line = json.dumps(record_of("a")).encode()
        while True:
            read += 1
            yield line

    with Workers(2) as several:
        found = several.map(MAPPER, endless())
        for _ in range(500):
            next(found)
        assert read <= 500 + 8 * workers._RECORDS_PER_BATCH


@pytest.mark.process
@pytest.mark.slow
def test_a_worker_that_is_killed_is_an_error() -> None:
    """Of the system, which the commands report; nothing waits for ever."""
    with Workers(2) as several:
        found = several.map(MAPPER, (line for _ in range(100) for line in lines(200)))
        next(found)
        assert several._pool is not None
        for process in list(several._pool._processes.values()):
            process.kill()
        with pytest.raises(ChildProcessError, match="a worker process was ended from outside"):
            list(found)


CODE = """
import sys
from otlpjson.backfill import Mapper, Workers
from otlpjson.openrouter import Form, Policy
if __name__ == "__main__":
    with Workers(2) as several:
        found = several.map(Mapper(form=Form(), policy=Policy()), (b"{}" for _ in iter(int, 1)))
        next(found)
        print(*several._pool._processes, flush=True)
        sys.stdin.read()
"""


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_workers_end_when_the_process_is_killed(tmp_path: Any) -> None:
    """Otherwise they would wait for ever."""
    (tmp_path / "main.py").write_text(CODE)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "main.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None and parent.stdin is not None
    children = [int(number) for number in parent.stdout.readline().split()]
    assert len(children) == 2
    parent.kill()
    parent.wait(30)
    until = time.monotonic() + 30
    while any(map(_runs, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [number for number in children if _runs(number)] == []
    parent.stdin.close()
    parent.stdout.close()


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_ends_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, without cleaning up; what has no parent stays."""

    class Parent:
        def join(self) -> None:
            """It has ended."""

    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    processes._end_with_parent()
    assert ended == []
    monkeypatch.setattr(processes, "parent_process", Parent)
    processes._end_with_parent()
    assert ended == [1]


def test_a_worker_leaves_ctrl_c_to_the_process_that_reads() -> None:
    """Which says where to go on."""
    usual = signal.getsignal(signal.SIGINT)
    try:
        processes._begin()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, usual)
