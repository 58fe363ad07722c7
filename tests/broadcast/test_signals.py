# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Handlers of signals that end a process; ``test_process_end`` has the processes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from otlpjson import ConfigError
from otlpjson.broadcast.signals import before_signals

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="there are no such signals")


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    """The handler from before."""
    before = signal.getsignal(signal.SIGUSR1)
    yield
    signal.signal(signal.SIGUSR1, before)


def test_the_handler_that_was_there_is_called_afterwards() -> None:
    """With the same arguments; and so is one that was put before another of ours."""
    called: list[Any] = []
    signal.signal(signal.SIGUSR1, lambda number, frame: called.append((number, frame is not None)))
    before_signals(lambda: called.append("first"), (signal.SIGUSR1,))
    before_signals(lambda: called.append("second"), (signal.SIGUSR1,))
    os.kill(os.getpid(), signal.SIGUSR1)

    assert called == ["second", "first", (signal.SIGUSR1, True)]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """Otherwise the process would end here."""
    called: list[str] = []
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    before_signals(lambda: called.append("first"), (signal.SIGUSR1,))
    os.kill(os.getpid(), signal.SIGUSR1)

    assert called == ["first"]


def test_what_cannot_be_handled_is_refused() -> None:
    """SIGKILL, a number that is none, and another thread than the main one."""
    refused: list[str] = []

    def install(number: int) -> None:
        try:
            before_signals(lambda: None, (number,))
        except ConfigError as error:
            refused.append(str(error))

    install(signal.SIGKILL)
    install(999)
    thread = threading.Thread(target=install, args=(signal.SIGUSR1,))
    thread.start()
    thread.join()

    assert [text.partition(": ")[0] for text in refused] == ["signal 9", "signal 999", "signal 10"]
    assert all("cannot be handled here: " in text for text in refused)


def test_a_signal_without_a_handler_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """After what had to be done: the usual handler is put back, and the signal sent once more."""
    called: list[Any] = []
    signal.signal(signal.SIGUSR1, signal.SIG_DFL)
    before_signals(lambda: called.append("first"), (signal.SIGUSR1,))
    handler: Any = signal.getsignal(signal.SIGUSR1)
    monkeypatch.setattr(os, "kill", lambda pid, number: called.append((pid, number)))
    handler(signal.SIGUSR1, None)

    assert called == ["first", (os.getpid(), signal.SIGUSR1)]
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
