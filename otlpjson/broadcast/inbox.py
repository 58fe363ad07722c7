# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The inbox: what was recorded and is not mapped yet, and the one thread that maps it."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import Callable, Final, Generic, Protocol, TypeVar

from ..delivery.forks import watch
from ..delivery.guard import Guard
from ..delivery.latch import Latch
from ..delivery.limits import QueueLimits

__all__ = ["Group", "Inbox"]

_T = TypeVar("_T")

_MEMORY_PAUSE_S: Final = 1.0
_MEMORY_TRIES: Final = 3
"""An item for which there was no memory is tried again after a pause, so many times in all."""


class Group(Protocol):
    """
    What is done with items besides handling each.

    Attributes:
        max_items: How many items are handled before ``end``.

        every_s: How often ``tick`` is called.
    """

    max_items: int
    every_s: float

    def end(self) -> None:
        """Called after some items; only then do they count as handled."""

    def acknowledge(self) -> None:
        """Called when they do."""

    def tick(self) -> None:
        """Called about every so many seconds, whether or not there are items."""


class Inbox(Generic[_T]):
    """
    A queue in memory, emptied by one daemon thread that is started with the first item.

    ``put`` never waits, and may be called from anywhere: a signal handler or a ``__del__`` that
    interrupts ``put`` itself included.

    Args:
        handle: Called with each item, in order, in the thread; again after a MemoryError.

        give_up: Called with an item that could not be handled, and its error.

        refuse: Called with the reason when an item is not accepted: ``closed`` or ``queue_full``.

        limits: An item beyond ``max_bytes``, or beyond ``max_spans`` items, is refused.

        group: What is to be done after a number of items, and about each second; ``None`` for nothing.
    """

    def __init__(
        self,
        handle: Callable[[_T], object],
        give_up: Callable[[_T, BaseException], None],
        *,
        refuse: Callable[[str], object],
        limits: QueueLimits,
        group: Group | None = None,
    ) -> None:
        self._handle = handle
        self._give_up = give_up
        self._refuse = refuse
        self._limits = limits
        self._group = group
        self._closed = False
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """In a child process: an empty queue, a lock that nobody holds, and no thread."""
        self._guard = Guard()
        self._worker: threading.Thread | None = None
        # Everything below is changed inside the guard.
        self._waiting: deque[tuple[_T, int]] = deque()
        self._bytes = self._added = self._done = 0
        # Opened when so many items are handled; who waits for that does so outside.
        self._drains: list[tuple[int, Latch]] = []
        self._ticked_s = time.monotonic()
        # Held by who handles items: the thread or, when there is none any more, whoever drains.
        self._handling = threading.RLock()
        self._handler: int | None = None
        # What came from a signal handler or a ``__del__`` that interrupted a change in its own thread.
        # Only that thread puts it: another one might do so after a close, which refuses it.
        self._interrupting: dict[int, list[tuple[_T, int]]] = {}

    @property
    def unread(self) -> int:
        """The number of items that are not handled yet."""
        with self._guard:
            return self._added - self._done

    def put(self, item: _T, size: int) -> bool:
        """Adds an item of about this many bytes; returns whether it was accepted."""
        if self._guard.is_inside():
            # The lock would let this thread in again, in the middle of a change.
            self._interrupting.setdefault(threading.get_ident(), []).append((item, size))
            return True
        accepted = self._put(item, size)
        self._put_interrupting()
        return accepted

    def drain(self, timeout_s: float) -> bool:
        """Waits until all that is in the inbox now is handled; returns whether it was in time."""
        done = Latch()
        with self._guard:
            added = self._added
            self._start()
            is_alive = self._is_alive()
            if self._done >= added:
                done.open()
            else:
                self._drains.append((added, done))
        self._put_interrupting()
        if is_alive:
            return self._guard.wait(done, timeout_s)
        # At exit Python starts no threads.
        deadline_s = time.monotonic() + timeout_s
        while self.unread and time.monotonic() < deadline_s:
            self._handle_group()
        return self._done >= added

    def start(self) -> None:
        """Starts the thread although nothing is in the inbox, for what is to be done each second."""
        with self._guard:
            self._run()
        self._put_interrupting()

    def is_inside(self) -> bool:
        """Whether the calling thread is the one that handles items: it must not wait for itself."""
        return threading.get_ident() == self._handler

    def close(self, timeout_s: float) -> bool:
        """Refuses further items as ``closed``, and handles what is there; returns whether it was in time."""
        with self._guard:
            self._closed = True
            self._guard.changed.notify_all()
        return self.drain(timeout_s)

    def _put(self, item: _T, size: int) -> bool:
        refusal = self._add(item, size)
        if refusal is not None:
            self._refuse(refusal)
        return refusal is None

    def _add(self, item: _T, size: int) -> str | None:
        with self._guard:
            limits = self._limits
            if self._closed:
                return "closed"
            if self._bytes + size > limits.max_bytes or self._added - self._done >= limits.max_spans:
                return "queue_full"
            self._waiting.append((item, size))
            self._bytes += size
            self._added += 1
            self._start()
            self._guard.changed.notify_all()
            return None

    def _put_interrupting(self) -> None:
        """Called after each change, outside of the guard, by the thread that made it."""
        # What comes meanwhile begins another list.
        while mine := self._interrupting.pop(threading.get_ident(), None):
            for item, size in mine:
                self._put(item, size)

    def _is_alive(self) -> bool:
        return self._worker is not None and self._worker.is_alive()

    def _start(self) -> None:
        if self._waiting:
            self._run()

    def _run(self) -> None:
        if not self._is_alive():
            worker = threading.Thread(target=self._work, daemon=True, name="otlpjson-inbox")
            with suppress(RuntimeError):  # at exit Python starts no threads; drain() then does the work
                worker.start()
                self._worker = worker

    def _work(self) -> None:
        every_s = None if self._group is None else self._group.every_s
        while True:
            with self._guard:
                if not self._waiting and self._closed:
                    return
                if not self._waiting:
                    self._guard.changed.wait(every_s)
            self._handle_group()
            if self._group is not None and time.monotonic() - self._ticked_s >= self._group.every_s:
                self._ticked_s = time.monotonic()
                self._group.tick()

    def _handle_group(self) -> None:
        with self._handling:
            self._handler = threading.get_ident()
            taken = 0
            size = 0
            most = 1 if self._group is None else self._group.max_items
            # What comes while others are handled joins them: under load a group is as large as it may be.
            while taken < most and self._waiting:
                item, item_size = self._waiting.popleft()
                taken += 1
                size += item_size
                try:
                    self._handle_with_memory(item)
                except BaseException as error:  # SystemExit too, which a predicate may raise
                    self._give_up(item, error)
            if taken and self._group is not None:
                self._group.end()
            with self._guard:
                self._bytes -= size
                self._done += taken
                self._let_go()
            self._put_interrupting()
            self._handler = None
            if taken and self._group is not None:
                self._group.acknowledge()

    def _let_go(self) -> None:
        for added, done in self._drains:
            if added <= self._done:
                done.open()
        self._guard.changed.notify_all()
        self._drains = [one for one in self._drains if one[0] > self._done]

    def _handle_with_memory(self, item: _T) -> None:
        for _ in range(_MEMORY_TRIES - 1):
            try:
                self._handle(item)
                return
            except MemoryError:
                time.sleep(_MEMORY_PAUSE_S)
        self._handle(item)
