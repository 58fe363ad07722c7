# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The lock that threads of the program and our own ones share.

A signal handler, or a ``__del__``, interrupts a thread anywhere, also where it holds such a lock. If it
then waits for one of our threads, which needs the lock, neither goes on. So it can ask whether it may wait.
"""

from __future__ import annotations

import threading
from typing import Final

from .latch import Latch

__all__ = ["Guard", "is_guarded"]


class _Depth(threading.local):
    """How many guards the calling thread is inside of."""

    value = 0


_DEPTH: Final = _Depth()


class Guard:
    """
    A re-entrant lock that knows which threads are inside, as a context manager.

    Attributes:
        lock: The lock itself, to be held over a fork.

        changed: Its condition variable.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        # How often each thread is inside. Who interrupts a change leaves again before it goes on.
        self._depths: dict[int, int] = {}

    def __enter__(self) -> None:
        thread = threading.get_ident()
        _DEPTH.value += 1
        self._depths[thread] = self._depths.get(thread, 0) + 1
        try:
            self.lock.acquire()
        except BaseException:  # a signal handler may raise while this waits
            self._leave(thread)
            raise

    def __exit__(self, *details: object) -> None:
        self.lock.release()
        self._leave(threading.get_ident())

    def is_inside(self) -> bool:
        """Whether the calling thread holds this lock, or is about to take it or let go of it."""
        return threading.get_ident() in self._depths

    def wait(self, latch: Latch, timeout_s: float) -> bool:
        """
        Waits, without the lock, for a latch that is opened inside; returns whether it was in time.

        Whoever opens it also notifies ``changed``: who interrupted a thread inside waits for that, because
        only a condition variable lets go of a lock that is held more than once.
        """
        if not self.is_inside():
            return latch.wait(timeout_s)
        with self:
            return self.changed.wait_for(lambda: latch.is_open, timeout_s)

    def _leave(self, thread: int) -> None:
        depth = self._depths[thread] - 1
        if depth:
            self._depths[thread] = depth
        else:
            del self._depths[thread]
        # At last: who is inside of this guard must know that it is inside of any.
        _DEPTH.value -= 1


def is_guarded() -> bool:
    """Whether the calling thread is inside of any guard: then it must not wait for another one of ours."""
    return _DEPTH.value > 0
