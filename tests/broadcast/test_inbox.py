# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The inbox: nothing is lost, nobody waits, and a handler may interrupt anything."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Any, Callable

import pytest

from otlpjson.broadcast import inbox as inbox_module
from otlpjson.broadcast.inbox import Inbox
from otlpjson.delivery import QueueLimits

SOON_S = 30.0


class Handled:
    """What was handled, and what was given up; handling may be held up or fail."""

    def __init__(self, act: Callable[[Any], None] = lambda item: None) -> None:
        self.items: list[Any] = []
        self.given_up: list[tuple[Any, str]] = []
        self.refused: list[str] = []
        self.act = act

    def __call__(self, item: Any) -> None:
        self.act(item)
        self.items.append(item)

    def give_up(self, item: Any, error: BaseException) -> None:
        self.given_up.append((item, type(error).__name__))


def inbox(handled: Handled, *, max_bytes: int = 100, max_items: int = 10) -> Inbox[Any]:
    """An inbox."""
    return Inbox(
        handled,
        handled.give_up,
        refuse=handled.refused.append,
        limits=QueueLimits(max_bytes=max_bytes, max_spans=max_items),
    )


def test_items_are_handled_in_order_in_one_thread() -> None:
    """The thread begins with the first of them."""
    threads = set()
    handled = Handled(lambda item: threads.add(threading.current_thread().name))
    one = inbox(handled)

    assert one.drain(0.0)
    assert [one.put(number, 1) for number in range(5)] == [True] * 5
    assert one.drain(SOON_S)
    assert (handled.items, threads, one.unread) == ([0, 1, 2, 3, 4], {"otlpjson-inbox"}, 0)
    assert one.close(SOON_S)


def test_what_does_not_fit_is_refused() -> None:
    """What is being handled still counts; afterwards there is room again."""
    go_on = threading.Event()
    handled = Handled(lambda item: assert_(go_on.wait(SOON_S)))
    one = inbox(handled, max_bytes=10, max_items=3)

    assert [one.put(1, 6), one.put(2, 5), one.put(3, 2), one.put(4, 1), one.put(5, 0)] == [
        *(True, False, True, True, False)
    ]
    assert handled.refused == ["queue_full"] * 2
    assert (one.unread, one.drain(0.01)) == (3, False)
    go_on.set()
    assert one.drain(SOON_S)
    assert one.put(6, 10)
    assert one.close(SOON_S)
    assert (handled.items, one.put(7, 1)) == ([1, 3, 4, 6], False)
    assert handled.refused[2:] == ["closed"]


def assert_(claim: bool) -> None:
    assert claim


@pytest.mark.parametrize("error", [SystemExit(), KeyError("x")])
def test_an_item_that_cannot_be_handled_is_given_up(error: BaseException) -> None:
    """And the next one is handled."""

    def act(item: Any) -> None:
        if item == 1:
            raise error

    handled = Handled(act)
    one = inbox(handled)
    for number in (1, 2):
        one.put(number, 1)

    assert one.close(SOON_S)
    assert (handled.items, handled.given_up) == ([2], [(1, type(error).__name__)])


@pytest.mark.parametrize(("failures", "items"), [(2, [1, 2]), (3, [2])])
def test_without_memory_an_item_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, failures: int, items: list[int]
) -> None:
    """Twice, after a pause."""
    monkeypatch.setattr(inbox_module, "_MEMORY_PAUSE_S", 0.001)
    left = [failures]

    def act(item: Any) -> None:
        if item == 1 and left[0]:
            left[0] -= 1
            raise MemoryError

    handled = Handled(act)
    one = inbox(handled)
    for number in (1, 2):
        one.put(number, 1)

    assert one.close(SOON_S)
    assert handled.items == items
    assert [item for item, _ in handled.given_up] == [item for item in (1, 2) if item not in items]


def test_where_no_thread_can_be_started_draining_does_the_work() -> None:
    """As at the interpreter's exit; here because no memory has room for such a stack."""
    handled = Handled()
    one = inbox(handled)
    usual = threading.stack_size(2**45)
    try:
        one.put(1, 1)
        before = list(handled.items)
        late = one.drain(0.0)
        done = one.close(SOON_S)
    finally:
        threading.stack_size(usual)

    assert (before, late, done, handled.items) == ([], False, True, [1])


def test_a_worker_that_has_ended_is_replaced() -> None:
    """After a close nothing more comes; a thread that another one waits for does not count."""
    handled = Handled()
    one = inbox(handled)
    one.put(1, 1)

    assert one.close(SOON_S)
    assert one.close(SOON_S)
    assert handled.items == [1]


def test_a_put_may_be_interrupted_by_a_put_in_its_own_thread() -> None:
    """Between any two instructions, as by a signal handler or ``__del__``; each item is handled once."""
    handled = Handled()
    one = inbox(handled, max_bytes=10**6, max_items=10**6)
    interrupted = [0]

    def trace(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename != inbox_module.__file__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            sys.settrace(None)
            interrupted[0] += 1
            assert one.put(-interrupted[0], 1)
            sys.settrace(trace)
        return trace

    one.put(0, 1)
    before = sys.gettrace()
    try:
        for number in range(1, 20):
            sys.settrace(trace)
            one.put(number, 1)
            sys.settrace(before)
    finally:
        sys.settrace(before)

    assert one.close(SOON_S)
    assert interrupted[0] > 1000
    assert sorted(handled.items) == [*range(-interrupted[0], 20)]
    assert (one.unread, one._bytes) == (0, 0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no timer")
def test_signal_handlers_may_put_while_others_put() -> None:
    """A timer interrupts the main thread all the time."""
    handled = Handled()
    one = inbox(handled, max_bytes=10**9, max_items=10**9)
    fired: list[int] = []

    def handler(number: int, frame: Any) -> None:
        fired.append(1)
        one.put("signal", 1)

    usual = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    try:
        end_s = time.monotonic() + 0.3
        count = 0
        while time.monotonic() < end_s:
            one.put(count, 1)
            count += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)

    assert one.close(SOON_S)
    assert len(fired) > 10
    assert handled.items.count("signal") == len(fired)
    assert [item for item in handled.items if item != "signal"] == [*range(count)]


@pytest.mark.process
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_process_begins_with_an_empty_inbox() -> None:
    """Also if a thread of the parent holds the lock; what is put there is handled there."""
    go_on = threading.Event()
    handled = Handled(lambda item: assert_(go_on.wait(SOON_S)))
    one = inbox(handled)
    one.put("parent", 1)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with one._guard:
            held.set()
            release.wait(SOON_S)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(SOON_S)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        go_on.set()
        handled.items.clear()
        before = one.unread
        one.put("child", 1)
        os.write(writing, repr((before, one.close(SOON_S), handled.items)).encode())
        os._exit(0)
    release.set()
    go_on.set()
    os.close(writing)
    os.waitpid(pid, 0)
    holder.join(SOON_S)

    assert os.read(reading, 1000) == repr((0, True, ["child"])).encode()
    os.close(reading)
    assert one.close(SOON_S)
    assert handled.items == ["parent"]


def test_two_that_drain_without_a_thread_handle_each_item_once() -> None:
    """One of them may find that the other was faster."""
    handled = Handled()
    one = inbox(handled)
    one._handle_group()

    assert (handled.items, one.unread) == ([], 0)


class Groups:
    """What a group was asked to do."""

    max_items = 3
    every_s = 60.0

    def __init__(self, handled: Handled) -> None:
        self._handled = handled
        self.ended: list[int] = []

    def end(self) -> None:
        self.ended.append(len(self._handled.items))

    def acknowledge(self) -> None:
        pass

    def tick(self) -> None:
        pass


def test_what_comes_while_others_are_handled_joins_their_group() -> None:
    """Up to the largest number of items; then another group begins."""

    def more(item: int) -> None:
        if item < 5:
            one.put(item + 1, 1)

    handled = Handled(more)
    groups = Groups(handled)
    one: Inbox[Any] = Inbox(
        handled,
        handled.give_up,
        refuse=handled.refused.append,
        limits=QueueLimits(max_bytes=100, max_spans=10),
        group=groups,
    )
    one.put(1, 1)
    while one.unread:
        assert one.drain(SOON_S)

    assert one.close(SOON_S)
    assert (handled.items, groups.ended) == ([1, 2, 3, 4, 5], [3, 5])
