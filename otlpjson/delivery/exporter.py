# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The exporter: a queue and a background thread that delivers its entries to one destination."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from typing import Final

from ..core.entry import Entry
from ..core.words import plural
from .forks import watch
from .guard import Guard
from .holding import Holding
from .latch import Latch
from .ledger import Counts, Fate, Settled
from .limits import DEFAULT_QUEUE_LIMITS, Limits, QueueLimits, seconds
from .loop import Learned, settle
from .memory_holding import MemoryHolding
from .outcome import Outcome, OutcomeKind
from .transport import CLOSING_WAIT_S, ClosingTransport, Transport

__all__ = ["Exporter"]

_LOG: Final = logging.getLogger("otlpjson")
# A server that is down for a day must not fill the log of the program.
_LOG_EVERY_S: Final = 60.0
_ROUND_S: Final = 60.0
"""Seconds that one batch is tried; what is left of it goes back to the front of the queue."""
# Keeps a round that fails at once from being repeated in a tight loop.
_SHORTEST_PAUSE_S: Final = 1.0
# Between two questions to a server that refused everything.
_REFUSED_PAUSE_S: Final = 60.0
_RENEW_EVERY_S: Final = 1.0
# Nothing changes by itself: a wrong key, or a server that refuses everything.
_STUCK: Final = frozenset({OutcomeKind.MISCONFIGURED, OutcomeKind.REJECTED})


class _State(Enum):
    """What an exporter accepts and does."""

    OPEN = "entries are accepted"
    CLOSING = "what waits is sent for the last time"
    CLOSED = "the time for that is over"


class Exporter:
    """
    Sends entries to one destination in the background.

    ``add`` never waits, and what does not fit where entries wait is dropped and counted. One daemon
    thread is started with the first entry. In a forked child nothing waits and all counts are zero,
    unless what waits is on disk.

    Args:
        transport: A ``Sender``; closed together with the exporter.

        name: The destination's name in log messages.

        queue: How much waits, and how long.

        holding: Where entries wait. Default: in memory, within ``queue``.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        name: str = "destination",
        queue: QueueLimits = DEFAULT_QUEUE_LIMITS,
        holding: Holding | None = None,
    ) -> None:
        self._name = name
        self._queue = queue
        self._sender = transport
        self._holding = MemoryHolding(queue) if holding is None else holding
        self._state = _State.OPEN
        self._learned = Learned()
        self.after_fork()
        watch(self)

    def __repr__(self) -> str:
        return f"Exporter({self._name!r}, {self.counts()!r})"

    def after_fork(self) -> None:
        """In a child process: nothing waits, a lock that nobody holds, and no thread. Called by itself."""
        self._transport = ClosingTransport(self._sender)
        self._guard = Guard()
        # Opened when something settles; who waits for that does so without the lock.
        self._settled = Latch()
        self._worker: threading.Thread | None = None
        # Everything below is guarded by _guard.
        self._holding.after_fork()
        # What a flush asked for.
        self._flushed = 0
        # A pause of our own, which a flush ends, and one that the server asked for.
        self._paused_until_s = self._retry_at_s = 0.0
        self._logged_s = float("-inf")

    def add(self, entries: Iterable[Entry]) -> bool:
        """Queues all of these entries or, if they do not fit, drops all; returns whether they were queued."""
        new = tuple(entries)
        spans, reason = sum(entry.span_count for entry in new), None
        with self._guard:
            if self._state is not _State.OPEN:
                reason = "closed"
                self._holding.drop(spans, reason)
            elif new:
                reason = self._holding.add(new, time.monotonic())
                self._wake()
        if reason is not None:
            self._log(f"dropped {plural(spans, 'span')}: {reason}")
        return reason is None

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""
        with self._guard:
            self._holding.drop(spans, reason)

    def wake(self) -> None:
        """Starts sending what waits, also what this exporter did not add itself."""
        with self._guard:
            self._wake()

    def flush(self, timeout_s: float) -> bool:
        """
        Sends what is queued, also during a pause; returns whether all of it settled in time.

        Only a server that asked for more time is not asked again before that.
        """
        deadline_s = time.monotonic() + timeout_s
        with self._guard:
            # What is added from now on need not be waited for.
            self._flushed = mark = self._holding.mark()
            self._paused_until_s = 0.0
            self._wake()
        while True:
            with self._guard:
                if self._holding.is_settled(mark):
                    return True
                settled = self._settled
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return False
            self._guard.wait(settled, min(left_s, self._holding.look_every_s))
            self._holding.renew()

    def begin_close(self, timeout_s: float) -> None:
        """Starts closing without waiting, so that several exporters can close at the same time."""
        with self._guard:
            if self._state is _State.OPEN:
                self._state = _State.CLOSING
            # This is the last chance, so every pause ends here.
            self._paused_until_s = self._retry_at_s = 0.0
            self._transport.close_at(time.monotonic() + timeout_s)
            self._wake()

    def close(self, timeout_s: float) -> bool:
        """
        Sends what is queued and stops the worker; returns whether all of it settled in time.

        The rest stays pending; a log message says how much of it ends with the process. Entries that
        are added later are dropped as ``closed``.
        """
        timeout_s = seconds("Exporter.close.timeout_s", timeout_s)
        self.begin_close(timeout_s)
        with self._guard:
            first, self._state = self._state is not _State.CLOSED, _State.CLOSED
            worker = self._worker
        if worker is not None:
            self._join(worker, timeout_s)
        if first and (worker is None or not worker.is_alive()):
            self._work()  # in this thread, because Python starts no new ones at exit
        with self._guard:
            lost, pending = self._holding.at_risk(), self._holding.counts().pending
        if first and lost:
            self._warn(f"shut down with {plural(lost, 'undelivered span')}")
        return pending == 0

    def counts(self) -> Counts:
        """All spans so far, counted by what happened to them; a copy."""
        with self._guard:
            return self._holding.counts()

    def quarantined(self) -> tuple[Settled, ...]:
        """What the server refused and is still kept, in order, with the outcome for which it was refused."""
        with self._guard:
            return self._holding.quarantined()

    def resend(self) -> int:
        """Queues all that is in quarantine again, above the bounds too; returns the number of spans."""
        with self._guard:
            if self._state is not _State.OPEN:
                return 0
            spans = self._holding.resend()
            self._learned.refused = 0
            self._wake()
        return spans

    def _join(self, worker: threading.Thread, timeout_s: float) -> None:
        deadline_s = time.monotonic() + timeout_s
        while worker.is_alive() and (left_s := deadline_s - time.monotonic()) > 0:
            worker.join(min(left_s, _RENEW_EVERY_S))
            self._holding.renew()

    def _wake(self) -> None:
        alive = self._worker is not None and self._worker.is_alive()
        if not alive and not self._transport.closed() and self._holding.due_s(urgent=True) is not None:
            worker = threading.Thread(target=self._work, daemon=True, name="otlpjson-exporter")
            with suppress(RuntimeError):  # at exit Python starts no threads; close() then does the work
                worker.start()
                self._worker = worker
        self._guard.changed.notify_all()

    def _let_go(self) -> None:
        settled, self._settled = self._settled, Latch()
        settled.open()
        self._guard.changed.notify_all()

    def _log(self, text: str) -> None:
        """At most one message per minute; the counts have the rest. Never with content."""
        with self._guard:
            due = time.monotonic() - self._logged_s >= _LOG_EVERY_S
            if due:
                self._logged_s = time.monotonic()
        if due:
            self._warn(text)

    def _warn(self, text: str) -> None:
        # Outside the lock, because the program's own handlers may be slow, call this exporter, or raise.
        with suppress(Exception):
            _LOG.warning("%s: %s", self._name, text)

    def _work(self) -> None:
        while True:
            left = self._next_batch()
            if not left:
                break
            try:
                self._deliver(left)
            except Exception as error:  # the outermost guard: a fault of ours must not reach the program
                with self._guard:
                    self._paused_until_s = time.monotonic() + self._queue.pause_s
                self._log(f"internal error: {type(error).__name__}; delivery paused")
            finally:
                with self._guard:  # also if something raises SystemExit in this thread
                    self._holding.put_back(left)
        self._transport.close()

    def _next_batch(self) -> list[Entry]:
        """Waits until entries are due and takes them; none when closing is done."""
        with self._guard:
            while True:
                due_s, closing = self._due_s(), self._state is not _State.OPEN
                if closing and (due_s is None or self._transport.closed() or self._is_all_settled()):
                    return []
                wait_s = None if due_s is None else due_s - time.monotonic()
                if wait_s is not None and wait_s <= 0:
                    batch = self._holding.take()
                    # While closing, what is not to be had is left to the process that has it.
                    if batch or closing:
                        return batch
                    continue
                self._guard.changed.wait(min(wait_s, CLOSING_WAIT_S) if closing and wait_s else wait_s)

    def _is_all_settled(self) -> bool:
        return self._holding.is_settled(self._holding.mark())

    def _due_s(self) -> float | None:
        """The earliest time for the next batch; ``None`` if nothing waits."""
        urgent = self._state is not _State.OPEN or not self._holding.is_settled(self._flushed)
        due_s = self._holding.due_s(urgent=urgent)
        return None if due_s is None else max(due_s, self._paused_until_s, self._retry_at_s)

    def _deliver(self, left: list[Entry]) -> None:
        """Sends a batch and removes what is settled from its front; the rest is still pending."""
        limits = Limits(max_wait_s=_ROUND_S, max_body_bytes=self._queue.max_body_bytes)
        for settled in settle(tuple(left), self._transport, limits, self._learned):
            if settled.fate is Fate.PENDING:
                self._pause(settled.outcome)
                return
            with self._guard:
                del left[: len(settled.entries)]
                self._holding.settle(settled)
                self._let_go()
            if settled.fate is Fate.QUARANTINED:
                self._log(f"quarantined {plural(settled.span_count, 'span')}: {settled.outcome.brief}")

    def _pause(self, outcome: Outcome) -> None:
        now_s, stuck = time.monotonic(), outcome.kind in _STUCK
        with self._guard:
            if self._state is _State.OPEN:
                self._paused_until_s = now_s + self._pause_s(outcome)
                self._retry_at_s = now_s + outcome.retry_after_s
            else:
                # Nothing will change before the process ends, or the server wants more time than is left.
                if stuck or outcome.retry_after_s:
                    self._transport.close_at(0.0)
                self._paused_until_s = now_s + CLOSING_WAIT_S
            # The spans are still pending, so none are counted with the outcome.
            self._holding.note(outcome)
        self._log(f"delivery paused: {outcome.brief}")

    def _pause_s(self, outcome: Outcome) -> float:
        if outcome.kind is OutcomeKind.REJECTED:
            return _REFUSED_PAUSE_S
        return self._queue.pause_s if outcome.kind is OutcomeKind.MISCONFIGURED else _SHORTEST_PAUSE_S
