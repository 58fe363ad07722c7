# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How processes end: what their spans come to, with and without help."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest

from otlpjson.broadcast.process_end import ProcessEnd
from otlpjson.receiver import Receiver

from ..sent_spans import spans_of

BEGINNING = """
import json, multiprocessing, os, signal, sys, threading, time
from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

# It is ignored where the tests themselves outlive their terminal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

def record(name):
    return {
        "request": {"model": "a/b", "messages": [], "trace": {"generation_name": name}},
        "response": {"id": "gen-" + name, "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]},
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
    }

def new():
    return Broadcast([BroadcastDestination(destination=otel_collector(sys.argv[1]))])
"""


def names(code: str, *, exit_code: int | None = 0) -> list[str]:
    """The names of the spans that arrive from a program, sorted."""
    with Receiver() as receiver:
        done = subprocess.run(
            [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                BEGINNING + textwrap.dedent(code),
                f"{receiver.base_url}/v1/traces",
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lines = receiver.lines
    assert exit_code is None or (done.returncode, done.stderr) == (exit_code, "")
    return sorted(span["name"] for line in lines for span in spans_of(line))


def forks(test: Any) -> Any:
    """Marks a test that starts processes which fork."""
    skip = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
    return pytest.mark.process(pytest.mark.slow(skip(test)))


def test_multiprocessing_is_told_where_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its finalizers end with the children that it starts; a cancelled one does nothing."""
    closed: list[int] = []
    monkeypatch.delitem(sys.modules, "multiprocessing.util", raising=False)
    alone = ProcessEnd(lambda: closed.append(1))
    alone.cancel()
    util = importlib.import_module("multiprocessing.util")
    before = len(util._finalizer_registry)
    told = ProcessEnd(lambda: closed.append(2))

    assert len(util._finalizer_registry) == before + 1
    told.cancel()
    assert len(util._finalizer_registry) == before
    told.after_fork()
    util._run_finalizers(10)
    assert closed == [2]
    told.cancel()


@pytest.mark.parametrize(
    ("code", "arrived"),
    [
        # A child that never records, and ends like any program.
        (
            """
            broadcast = new()
            broadcast.record(record("parent"))
            if os.fork() == 0:
                sys.exit(0)
            os.wait()
            """,
            ["parent"],
        ),
        # A child that records with what it inherited.
        (
            """
            broadcast = new()
            broadcast.record(record("parent"))
            broadcast.flush()
            if os.fork() == 0:
                broadcast.record(record("child"))
                sys.exit(0)
            os.wait()
            broadcast.record(record("later"))
            """,
            ["child", "later", "parent"],
        ),
        # A child inside an open trace of its parent: the root is the parent's.
        (
            """
            broadcast = new()
            with broadcast.trace("root"):
                if os.fork() == 0:
                    broadcast.record(record("child"))
                else:
                    os.wait()
            """,
            ["child", "root"],
        ),
        # A process of multiprocessing with a Broadcast of its own, which ends without atexit.
        (
            """
            def work():
                new().record(record("child"))
            process = multiprocessing.get_context("fork").Process(target=work)
            process.start()
            process.join()
            """,
            ["child"],
        ),
        # One that uses what it inherited.
        (
            """
            broadcast = new()
            broadcast.record(record("parent"))
            process = multiprocessing.get_context("fork").Process(target=broadcast.record, args=(record("child"),))
            process.start()
            process.join()
            """,
            ["child", "parent"],
        ),
        # A pool, whose workers end when there is no more work.
        (
            """
            def work(name):
                broadcast.record(record(name))
            broadcast = new()
            with multiprocessing.get_context("fork").Pool(2) as pool:
                pool.map(work, "123")
                pool.close()
                pool.join()
            """,
            ["1", "2", "3"],
        ),
        # A record in an atexit function that was registered before.
        (
            """
            import atexit
            broadcast = new()
            atexit.unregister(broadcast.close)
            atexit.register(broadcast.close)
            atexit.register(lambda: broadcast.record(record("late")))
            """,
            ["late"],
        ),
        # One in a thread that outlives the main thread.
        (
            """
            broadcast = new()
            def late():
                time.sleep(0.3)
                broadcast.record(record("late"))
            threading.Thread(target=late).start()
            """,
            ["late"],
        ),
    ],
)
@forks
def test_the_spans_of_each_process_arrive_once(code: str, arrived: list[str]) -> None:
    """In children as in their parents."""
    assert names(code) == arrived


@forks
def test_a_broadcast_that_was_made_before_multiprocessing_is_closed_in_its_children() -> None:
    """The finalizer is registered when the child begins."""
    code = """
    import importlib
    broadcast = new()
    assert "multiprocessing.util" not in sys.modules
    import multiprocessing
    process = multiprocessing.get_context("fork").Process(target=broadcast.record, args=(record("child"),))
    process.start()
    process.join()
    """
    beginning = BEGINNING.replace("json, multiprocessing, os", "json, os")
    with Receiver() as receiver:
        done = subprocess.run(
            [sys.executable, "-c", beginning + textwrap.dedent(code), f"{receiver.base_url}/v1/traces"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lines = b"".join(receiver.lines)

    assert (done.returncode, done.stderr) == (0, "")
    assert lines.count(b'"name":"child"') == 1


@pytest.mark.parametrize(
    ("installed", "ended", "arrived"),
    [
        ("", "signal.SIGTERM", []),
        ("broadcast.install_signal_handlers()", "signal.SIGTERM", ["a", "b"]),
        ("broadcast.install_signal_handlers(signal.SIGHUP, signal.SIGTERM)", "signal.SIGHUP", ["a", "b"]),
        (
            "signal.signal(signal.SIGTERM, lambda *given: sys.exit(7)); broadcast.install_signal_handlers()",
            "signal.SIGTERM",
            ["a", "b"],
        ),
    ],
)
@forks
def test_a_signal_loses_nothing_where_its_handler_is_installed(
    installed: str, ended: str, arrived: list[str]
) -> None:
    """Without it what is queued at SIGTERM is lost, as in every program of Python."""
    code = f"""
    broadcast = new()
    {installed}
    broadcast.record(record("a"))
    broadcast.record(record("b"))
    os.kill(os.getpid(), {ended})
    time.sleep(60)
    """

    assert names(code, exit_code=None) == arrived


@forks
def test_a_signal_that_was_ignored_stays_ignored() -> None:
    """It only flushes."""
    code = """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    broadcast = new()
    broadcast.install_signal_handlers()
    broadcast.record(record("a"))
    os.kill(os.getpid(), signal.SIGTERM)
    assert broadcast.counts()["default"].delivered == 1
    """

    assert names(code) == ["a"]


@forks
def test_many_forks_beside_a_busy_thread_neither_hang_nor_repeat() -> None:
    """Each child records one span, whatever its parent's threads hold at that moment."""
    code = """
    broadcast = new()
    stop = threading.Event()
    def busy():
        number = 0
        while not stop.is_set():
            broadcast.record(record(f"busy-{number}"))
            broadcast.counts()
            number += 1
            time.sleep(0.001)
    threads = [threading.Thread(target=busy) for _ in range(2)]
    [thread.start() for thread in threads]
    for number in range(40):
        pid = os.fork()
        if pid == 0:
            signal.alarm(20)
            broadcast.record(record(f"child-{number}"))
            broadcast.close()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0, number
    stop.set()
    [thread.join() for thread in threads]
    """
    arrived = names(code)
    children = [name for name in arrived if name.startswith("child")]

    assert sorted(children) == sorted(f"child-{number}" for number in range(40))
