# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Reading ahead: a thread maps the next lines of a file while the network is waited for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ..core.entry import Entry

__all__ = ["read_ahead"]


@contextmanager
def read_ahead(lines: Iterable[tuple[Entry, ...]], max_bytes: int) -> Iterator[Iterator[tuple[Entry, ...]]]:
    """
    The entries of each line, in order, which a thread reads; it has ended when the block has.

    It stops after a line, and never in one. An error of reading is raised where its line would come.

    Args:
        lines: The entries of each line. Reading one must not wait for anybody, as a pipe would.

        max_bytes: How much may wait to be taken; the line that exceeds it is the last one.
    """
    ahead = _Ahead(lines, max_bytes)
    thread = threading.Thread(target=ahead.read, daemon=True, name="otlpjson-read-ahead")
    thread.start()
    try:
        yield ahead.lines()
    finally:
        ahead.stop()
        thread.join()


class _Ahead:
    def __init__(self, lines: Iterable[tuple[Entry, ...]], max_bytes: int) -> None:
        self._unread = lines
        self._max_bytes = max_bytes
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Entry, ...]] = deque()
        self._bytes = 0
        self._is_stopped = self._is_over = False
        self._error: BaseException | None = None

    def read(self) -> None:
        """Reads until the end, or until it is stopped."""
        try:
            for entries in self._unread:
                with self._changed:
                    self._waiting.append(entries)
                    self._bytes += _size(entries)
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._is_stopped or self._bytes <= self._max_bytes)
                    if self._is_stopped:
                        return
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def lines(self) -> Iterator[tuple[Entry, ...]]:
        """What was read, as soon as it has been."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or bool(self._waiting))
                if not self._waiting:
                    break
                entries = self._waiting.popleft()
                self._bytes -= _size(entries)
                self._changed.notify_all()
            yield entries
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Lets the thread end after the line that it reads."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()


def _size(entries: tuple[Entry, ...]) -> int:
    return sum(len(entry.data) for entry in entries)
