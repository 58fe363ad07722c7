# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Signals that end a process: what is queued is sent first, and then happens what would have happened."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Callable

from ..core.errors import ConfigError

__all__ = ["before_signals"]


def before_signals(act: Callable[[], object], signals: tuple[int, ...]) -> None:
    """
    Calls a function before the present handlers of these signals, or of SIGTERM if none is given.

    Raises:
        ConfigError: This is not the main thread, or there is no such signal.
    """
    for number in signals or (signal.SIGTERM,):
        try:
            _before(act, number)
        except (ValueError, OSError) as error:
            raise ConfigError({f"signal {number}": f"cannot be handled here: {error}"}) from None


def _before(act: Callable[[], object], number: int) -> None:
    previous = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        act()
        if callable(previous):
            previous(received, frame)
        elif previous != signal.SIG_IGN:
            signal.signal(received, signal.SIG_DFL)
            os.kill(os.getpid(), received)

    signal.signal(number, handle)
