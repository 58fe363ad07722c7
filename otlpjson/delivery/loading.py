# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The loading of modules in a thread, which a fork has to wait for."""

from __future__ import annotations

from threading import RLock
from typing import Final

from .forks import hold

__all__ = ["LOADING"]


class _Loading:
    """
    A context manager around imports that are made late.

    A child that is forked meanwhile would wait for the thread that loads the module, and has no such thread.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        hold(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *details: object) -> None:
        self._lock.release()

    def before_fork(self) -> None:
        """Waits until nothing is being loaded."""
        self._lock.acquire()

    def after_fork_in_parent(self) -> None:
        """Goes on."""
        self._lock.release()

    def after_fork(self) -> None:
        """In a child process: only the thread that forked can be loading something."""
        self._lock.release()


LOADING: Final = _Loading()
