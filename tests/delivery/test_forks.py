# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What begins anew in a forked child."""

from __future__ import annotations

import gc
import os
from weakref import WeakSet

import pytest

from otlpjson.delivery import OutcomeKind, Sender, forks, otel_collector
from otlpjson.delivery.forks import watch

from .fault_server import OK, FaultServer, answering

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork"),
]


class Thing:
    """Counts how often it began anew."""

    def __init__(self) -> None:
        self.begun = 0

    def after_fork(self) -> None:
        self.begun += 1


def in_child(code: object) -> bytes:
    """What a child process writes."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, repr(code()).encode())  # type: ignore[operator]
        os._exit(0)
    os.close(writing)
    os.waitpid(pid, 0)
    written = os.read(reading, 10_000)
    os.close(reading)
    return written


def test_what_is_watched_begins_anew_in_each_child_alone() -> None:
    """Once; and nothing is kept alive for it."""
    one, other = Thing(), Thing()
    watch(one)
    watch(one)
    watch(other)
    del other
    gc.collect()

    assert in_child(lambda: one.begun) == b"1"
    assert one.begun == 0


def test_a_child_has_a_connection_of_its_own_and_the_parents_goes_on() -> None:
    """Otherwise they would read each other's answers."""
    with FaultServer(answering(OK)) as server, Sender(otel_collector(server.url)) as sender:
        assert sender.send(b"{}").kind is OutcomeKind.ACCEPTED
        child = in_child(lambda: [sender.send(b"{}").kind.value for _ in range(2)])
        assert sender.send(b"{}").kind is OutcomeKind.ACCEPTED

        assert child == b"['accepted', 'accepted']"
        assert len(server.received) == 4
        assert server.connections == 2


def test_what_begins_anew_may_add_to_what_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an exporter does that makes a new lock."""

    class Adding(Thing):
        def after_fork(self) -> None:
            super().after_fork()
            watch(Thing())

    one = Adding()
    monkeypatch.setattr(forks, "_WATCHED", WeakSet([one]))
    forks._begin_anew()

    assert one.begun == 1


class Used(Thing):
    """Something that must not be in use while the process forks."""

    def __init__(self) -> None:
        super().__init__()
        self.hooks: list[str] = []

    def before_fork(self) -> None:
        self.hooks.append("before")

    def after_fork_in_parent(self) -> None:
        self.hooks.append("after")

    def after_fork(self) -> None:
        super().after_fork()
        self.hooks.append("child")


def test_what_is_held_is_let_go_by_the_parent_and_begun_anew_by_the_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is made in between is neither: it was not held."""
    one, late = Used(), Used()
    monkeypatch.setattr(forks, "_HELD", WeakSet([one]))
    monkeypatch.setattr(forks, "_WATCHED", WeakSet([one, late]))
    forks._FORK.before()
    forks._HELD.add(late)
    forks._FORK.after_in_parent()
    forks._FORK.before()
    forks._FORK.after_in_child()

    assert one.hooks == ["before", "after", "before", "child"]
    assert late.hooks == ["before", "child"]
