# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Worker processes: new ones, not forks, that end with the process that started them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

__all__ = ["pool_of"]


@contextmanager
def pool_of(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of so many processes; where the block fails, they end at once, in the middle of their work."""
    before = set(active_children())
    # New processes, and not forks of this one, in which threads run.
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        for child in set(active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In a worker: Ctrl-C is for the process that reads, and when that one is gone there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
