# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The gate of a spool: all who use the file pass together, and whoever replaces it passes alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

__all__ = ["Gate"]


class Gate:
    """
    A lock between processes, given back by the system when its process ends.

    Windows has no such lock: there a file is replaced although another process may use it.

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
    def shared(self) -> Iterator[None]:
        """Passes together with others."""
        with self._locked(exclusive=False):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Passes when no other does."""
        with self._locked(exclusive=True):
            yield

    @contextmanager
    def _locked(self, *, exclusive: bool) -> Iterator[None]:
        if self._fcntl is None:
            yield
            return
        self._fcntl.flock(self._handle, self._fcntl.LOCK_EX if exclusive else self._fcntl.LOCK_SH)
        try:
            yield
        finally:
            if self._handle >= 0:
                self._fcntl.flock(self._handle, self._fcntl.LOCK_UN)


def _fcntl() -> ModuleType | None:
    try:
        return import_module("fcntl")
    except ImportError:
        return None
