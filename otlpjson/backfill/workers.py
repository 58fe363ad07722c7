# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records mapped by several processes, in the order in which they were read."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import Final

from ..core.lines import batches, documents
from .mapping import Mapped, Mapper, Packed

__all__ = ["Workers"]

# With batches of ten a file took half as long again; and all that are under way have to fit into memory.
_RECORDS_PER_BATCH: Final = 100
_BYTES_PER_BATCH: Final = 1_000_000
_BATCHES_PER_WORKER: Final = 3


class Workers:
    """
    A context manager around processes that map records; they end with the block, or with this process.

    Args:
        count: How many; with one, records are mapped in this process.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        # New processes, and not forks of this one, in which threads run.
        self._pool = (
            ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_begin)
            if count > 1
            else None
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(self, mapper: Mapper, lines: Iterable[bytes]) -> Iterator[Mapped]:
        """
        What each record of a file gives, in their order.

        Args:
            lines: Those of the file; with several processes some hundred are read ahead.

        Raises:
            ChildProcessError: One of the processes was ended from outside.
        """
        if self._pool is None:
            yield from (mapper.map(number, text) for number, text in documents(lines))
            return
        running: deque[Future[list[Packed]]] = deque()
        try:
            for batch in batches(lines, _RECORDS_PER_BATCH, _BYTES_PER_BATCH):
                running.append(self._pool.submit(mapper.map_batch, batch))
                if len(running) > self._count * _BATCHES_PER_WORKER:
                    yield from map(Mapped.unpacked, running.popleft().result())
            while running:
                yield from map(Mapped.unpacked, running.popleft().result())
        except BrokenProcessPool:
            raise ChildProcessError("a worker process was ended from outside") from None


def _begin() -> None:
    """In a worker: Ctrl-C is for the process that reads, and when that one is gone there is nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
