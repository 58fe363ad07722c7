# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Guards know which threads are inside, and latches let go whoever waits."""

from __future__ import annotations

import signal
import threading
from typing import Any

import pytest

from otlpjson.delivery.guard import Guard, is_guarded
from otlpjson.delivery.latch import Latch

SOON_S = 30.0


def test_only_the_thread_inside_is_guarded() -> None:
    """And only while it is there, however often it enters."""
    guard, other = Guard(), Guard()
    elsewhere: list[bool] = []

    with guard, guard:
        thread = threading.Thread(target=lambda: elsewhere.extend((is_guarded(), guard.is_inside())))
        thread.start()
        thread.join(SOON_S)
        inside = (is_guarded(), guard.is_inside(), other.is_inside())
    assert inside == (True, True, False)
    assert elsewhere == [False, False]
    assert (is_guarded(), guard.is_inside()) == (False, False)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
def test_who_is_interrupted_by_an_exception_while_it_waits_is_not_inside() -> None:
    """As by Ctrl-C."""
    guard = Guard()
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with guard:
            entered.set()
            leave.wait(SOON_S)

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    holder = threading.Thread(target=hold)
    holder.start()
    assert entered.wait(SOON_S)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(KeyboardInterrupt), guard:
            raise AssertionError("another thread holds it")
    finally:
        signal.signal(signal.SIGALRM, before)
        leave.set()
        holder.join(SOON_S)

    assert (is_guarded(), guard.is_inside()) == (False, False)


def test_who_waits_inside_lets_go_of_the_lock() -> None:
    """Also if it holds it twice, as in a signal handler that interrupted a thread inside."""
    guard, latch = Guard(), Latch()

    def release() -> None:
        with guard:
            latch.open()
            guard.changed.notify_all()

    with guard, guard:
        thread = threading.Thread(target=release)
        thread.start()
        opened = guard.wait(latch, SOON_S)
        late = guard.wait(Latch(), 0.01)
    thread.join(SOON_S)

    assert (opened, late) == (True, False)
    assert guard.wait(latch, 0.0)
    assert not guard.wait(Latch(), 0.01)


def test_a_latch_lets_all_go() -> None:
    """Those that wait, and those that come later; opening it again changes nothing."""
    latch = Latch()
    results: list[bool] = []
    threads = [threading.Thread(target=lambda: results.append(latch.wait(SOON_S))) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert not latch.wait(0.01)
    latch.open()
    latch.open()
    for thread in threads:
        thread.join(SOON_S)

    assert results == [True] * 3
    assert (latch.is_open, latch.wait(0.0)) == (True, True)
