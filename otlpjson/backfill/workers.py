# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Records mapped by several processes, in the order in which they were read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from types import TracebackType
from typing import Final

from ..core.lines import Batch, batches, batches_of, documents
from .mapping import Mapped, Mapper, Packed
from .processes import pool_of

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
        self._open = ExitStack()
        self._pool = self._open.enter_context(pool_of(count)) if count > 1 else None

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def map(self, mapper: Mapper, lines: Iterable[bytes]) -> Iterator[Mapped]:
        """
        What each record of a file gives, in their order.

        Args:
            lines: Those of the file; with several processes some hundred are read ahead.

        Raises:
            ChildProcessError: One of the processes was ended from outside.
        """
        if self._pool is None:
            return mapper.map_all(documents(lines))
        return self._map(self._pool, mapper, batches(lines, _RECORDS_PER_BATCH, _BYTES_PER_BATCH))

    def map_documents(self, mapper: Mapper, texts: Iterable[tuple[int, bytes]]) -> Iterator[Mapped]:
        """As ``map``, for the documents of a file, each with the number of its first line."""
        if self._pool is None:
            return mapper.map_all(texts)
        return self._map(self._pool, mapper, batches_of(texts, _RECORDS_PER_BATCH, _BYTES_PER_BATCH))

    def _map(self, pool: ProcessPoolExecutor, mapper: Mapper, given: Iterable[Batch]) -> Iterator[Mapped]:
        running: deque[Future[list[Packed]]] = deque()
        try:
            for batch in given:
                running.append(pool.submit(mapper.map_batch, batch))
                if len(running) > self._count * _BATCHES_PER_WORKER:
                    yield from map(Mapped.unpacked, running.popleft().result())
            while running:
                yield from map(Mapped.unpacked, running.popleft().result())
        except BrokenProcessPool:
            raise ChildProcessError("a worker process was ended from outside") from None
