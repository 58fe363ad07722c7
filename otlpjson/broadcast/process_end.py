# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The end of a process: what is still queued is sent, in forked children and those of multiprocessing too.

``multiprocessing`` ends its children without running ``atexit``, but runs finalizers of its own.
They are registered only where a program has imported it.
"""

from __future__ import annotations

import atexit
import sys
from typing import Any, Callable, Final

from ..delivery.forks import watch

__all__ = ["ProcessEnd"]

_MULTIPROCESSING: Final = "multiprocessing.util"
# Finalizers with a priority run before the child's threads and queues are taken down.
_PRIORITY: Final = 10


class ProcessEnd:
    """
    Calls a function when the process ends, unless it was cancelled before.

    Args:
        close: Called once or more; in a child process it is the child's.
    """

    def __init__(self, close: Callable[[], object]) -> None:
        self._close = close
        self._finalizer: Any = None
        atexit.register(close)
        self.after_fork()
        watch(self)

    def after_fork(self) -> None:
        """Registers with multiprocessing; a forked child of it forgets the finalizers of its parent."""
        util = sys.modules.get(_MULTIPROCESSING)
        if util is not None:
            util.register_after_fork(self, ProcessEnd._finalize)
            self._finalize()

    def cancel(self) -> None:
        """Forgets the function."""
        atexit.unregister(self._close)
        if self._finalizer is not None:
            self._finalizer.cancel()
            self._finalizer = None

    def _finalize(self) -> None:
        util: Any = sys.modules[_MULTIPROCESSING]
        self._finalizer = util.Finalize(None, self._close, exitpriority=_PRIORITY)
