# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Delivery with several requests under way at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Optional

from ..core.bodies import Body
from .ledger import Settled
from .limits import Limits
from .loop import Learned, Loop
from .transport import ClosingTransport, Transport

__all__ = ["settle_in_parallel"]

_Task = Optional[tuple[Body, "Future[list[Settled]]"]]


@contextmanager
def settle_in_parallel(
    bodies: Iterable[Body], transports: Sequence[Transport], limits: Limits
) -> Iterator[Iterator[Settled]]:
    """
    As ``settle_bodies``, with one request under way at each transport; entries still settle in their order.

    Where the block ends early, no further request is made, and those under way are not waited for.

    Args:
        bodies: A few are taken ahead.

        transports: Each a ``Sender`` of its own to the same destination; they stay open.

        limits: As for ``settle``.
    """
    lanes = _Lanes(transports, limits)
    try:
        yield lanes.settle(bodies)
    except BaseException:
        lanes.close_now()
        raise
    lanes.close()


class _Lanes:
    def __init__(self, transports: Sequence[Transport], limits: Limits) -> None:
        learned = Learned()
        self._closing = [ClosingTransport(transport) for transport in transports]
        self._loops = [
            Loop(transport=transport, limits=limits, learned=learned) for transport in self._closing
        ]
        self._tasks: SimpleQueue[_Task] = SimpleQueue()
        self._threads = [
            Thread(target=self._work, args=(loop,), daemon=True, name="otlpjson-request")
            for loop in self._loops
        ]
        for thread in self._threads:
            thread.start()

    def settle(self, bodies: Iterable[Body]) -> Iterator[Settled]:
        running: deque[Future[list[Settled]]] = deque()
        for body in bodies:
            running.append(Future())
            self._tasks.put((body, running[-1]))
            # One more than there are lanes, so that none has to wait for the next body.
            if len(running) > len(self._loops):
                yield from running.popleft().result()
        while running:
            yield from running.popleft().result()

    def close_now(self) -> None:
        now_s = time.monotonic()
        for transport in self._closing:
            transport.close_at(now_s)
        self._end()

    def close(self) -> None:
        self._end()
        for thread in self._threads:
            thread.join()

    def _end(self) -> None:
        for _ in self._threads:
            self._tasks.put(None)

    def _work(self, loop: Loop) -> None:
        while (task := self._tasks.get()) is not None:
            body, result = task
            try:
                settled = list(loop.settle(body))
            except BaseException as error:
                result.set_exception(error)
                continue
            if loop.given_up is not None:
                # What is not under way yet would meet the same fate.
                for other in self._loops:
                    other.given_up = other.given_up or loop.given_up
            result.set_result(settled)
