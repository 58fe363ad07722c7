# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A gate between processes: of all that use a file, one at a time is inside."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

__all__ = ["Gate"]

# A transaction of a spool takes some milliseconds. Whoever waits looks this often, however long it has
# waited: sqlite's own waiting looks ever more rarely, and beside processes that write without pause it took
# twenty seconds.
_LOOK_EVERY_S: Final = 0.0005
# A process that was stopped inside must not stop all others.
_LONGEST_WAIT_S: Final = 5.0


class Gate:
    """
    A lock between processes, given back by the system when its process ends.

    Windows has no such lock: there all are inside at once.

    Args:
        path: An existing file.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        self._fcntl = _fcntl()

    def close(self) -> None:
        """Closes the file; does nothing the second time."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """
        Enters, and leaves at the end.

        Raises:
            OSError: As for ``enter``.
        """
        self.enter()
        try:
            yield
        finally:
            if self._fcntl is not None and self._handle >= 0:
                self._fcntl.flock(self._handle, self._fcntl.LOCK_UN)

    def enter(self) -> None:
        """
        Waits until no other process is inside; whoever is inside leaves with ``close`` at the latest.

        Raises:
            OSError: Another process stayed inside for five seconds.
        """
        if self._fcntl is None:
            return
        last_s = time.monotonic() + _LONGEST_WAIT_S
        while True:
            try:
                self._fcntl.flock(self._handle, self._fcntl.LOCK_EX | self._fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= last_s:
                    raise OSError(errno.EBUSY, "another process uses it") from None
            time.sleep(_LOOK_EVERY_S)


def _fcntl() -> ModuleType | None:
    try:
        return import_module("fcntl")
    except ImportError:
        return None
