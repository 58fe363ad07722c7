# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A job on this machine, in several processes; one that is killed is replaced."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Final

from ..job import Job
from ..processes import pool_of
from ..report import Report
from ..shards import Shard

__all__ = ["MAX_ENDINGS", "Done", "run_locally"]

Done = tuple[Shard, Report]
"""A part that is done, and its report."""

MAX_ENDINGS: Final = 10
"""How often the processes that work on a part may be ended from outside, before it counts as their reason."""


def run_locally(job: Job, shards: Iterable[Shard], workers: int) -> Iterator[Done]:
    """
    Each part as soon as it is done.

    Args:
        job: What to do.

        shards: Read a few ahead.

        workers: How many processes; with one, this process does it.

    Raises:
        ChildProcessError: The processes that worked on a part were ended from outside ten times.
        OSError: As ``Job.run``.
    """
    if workers == 1:
        return ((shard, job.run(shard)) for shard in shards)
    return _Run(job, shards, workers).results()


class _Run:
    def __init__(self, job: Job, shards: Iterable[Shard], workers: int) -> None:
        self._job = job
        self._shards = iter(shards)
        self._workers = workers
        self._waiting: deque[Shard] = deque()
        self._running: dict[Future[Report], Shard] = {}
        self._endings: Counter[Shard] = Counter()

    def results(self) -> Iterator[Done]:
        while True:
            with pool_of(self._workers) as pool:
                try:
                    yield from self._results(pool)
                    return
                except BrokenProcessPool:
                    self._begin_again()

    def _results(self, pool: ProcessPoolExecutor) -> Iterator[Done]:
        while self._submitted(pool):
            done, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in done:
                report = future.result()
                yield self._running.pop(future), report

    def _submitted(self, pool: ProcessPoolExecutor) -> bool:
        """Keeps one part more than there are processes under way; whether there are any."""
        while len(self._running) <= self._workers:
            if not self._waiting:
                shard = next(self._shards, None)
                if shard is None:
                    break
                self._waiting.append(shard)
            # Taken off only when it is under way: a pool whose process was ended refuses it.
            self._running[pool.submit(self._job.run, self._waiting[0])] = self._waiting[0]
            self._waiting.popleft()
        return bool(self._running)

    def _begin_again(self) -> None:
        """Those under way wait again; some may be done, which their files tell."""
        again = list(self._running.values())
        self._running.clear()
        self._waiting.extendleft(reversed(again))
        self._endings.update(again)
        for shard, endings in self._endings.items():
            if endings == MAX_ENDINGS:
                problem = f"worker processes were ended from outside {endings} times"
                raise ChildProcessError(f"{shard.place(shard.start)}: {problem}")
