# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The exporter: a queue and a background thread that delivers its entries to one destination."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from ..core.bodies import Entry
from .ledger import Counts, Fate
from .limits import DEFAULT_QUEUE_LIMITS, Limits, QueueLimits
from .loop import settle
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


class Exporter:
    """
    Sends entries to one destination in the background.

    ``add`` never waits: the queue is in memory and limited, and what does not fit is dropped and
    counted. One daemon thread is started with the first entry.

    Args:
        transport: A ``Sender``; closed together with the exporter.

        name: The destination's name in log messages.

        queue: How much waits, and how long.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        name: str = "destination",
        queue: QueueLimits = DEFAULT_QUEUE_LIMITS,
    ) -> None:
        self._name = name
        self._queue = queue
        self._transport = ClosingTransport(transport)
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        # Everything below is guarded by _changed.
        self._waiting: deque[Entry] = deque()
        # Bytes that wait or are being sent; spans ever added.
        self._bytes = self._added = 0
        self._counts = Counts()
        self._send_at_s = self._paused_until_s = 0.0
        self._hurry = self._closing = self._ended = False
        self._logged_s = float("-inf")

    def __repr__(self) -> str:
        return f"Exporter({self._name!r}, {self.counts()!r})"

    def add(self, entries: Iterable[Entry]) -> bool:
        """Queues all of these entries or, if they do not fit, drops all; returns whether they were queued."""
        new = tuple(entries)
        spans, size = sum(entry.span_count for entry in new), sum(len(entry.data) for entry in new)
        with self._changed:
            reason = self._refusal(spans, size)
            if reason is not None:
                self._counts.drop(spans, reason)
            elif new:
                self._enqueue(new, spans, size)
        if reason is not None:
            self._log(f"dropped {_plural(spans, 'span')}: {reason}")
        return reason is None

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are never sent."""
        with self._changed:
            self._counts.drop(spans, reason)

    def flush(self, timeout_s: float) -> bool:
        """Sends what is queued at once, also during a pause; returns whether all of it settled in time."""
        with self._changed:
            self._hurry = self._counts.pending > 0
            self._paused_until_s = 0.0
            self._start()
            self._changed.notify_all()
            # Entries settle in order, so those that are added from now on need not be waited for.
            added = self._added
            return self._changed.wait_for(lambda: self._added - self._counts.pending >= added, timeout_s)

    def begin_close(self, timeout_s: float) -> None:
        """Starts closing without waiting, so that several exporters can close at the same time."""
        with self._changed:
            # This is the last chance, so a pause ends here.
            self._closing, self._paused_until_s = True, 0.0
            self._transport.close_at(time.monotonic() + timeout_s)
            self._start()
            self._changed.notify_all()

    def close(self, timeout_s: float) -> bool:
        """
        Sends what is queued and stops the worker; returns whether all of it settled in time.

        The rest stays pending, and a log message gives its number. Entries that are added later are
        dropped as ``closed``.
        """
        self.begin_close(timeout_s)
        with self._changed:
            first, self._ended = not self._ended, True
            worker = self._worker
        if worker is not None:
            worker.join(timeout_s)
        if first and (worker is None or not worker.is_alive()):
            self._work()  # in this thread, because Python starts no new ones at exit
        with self._changed:
            pending = self._counts.pending
        if first and pending:
            _LOG.warning("%s: shut down with %s", self._name, _plural(pending, "undelivered span"))
        return pending == 0

    def counts(self) -> Counts:
        """All spans so far, counted by what happened to them; a copy."""
        with self._changed:
            return self._counts.copy()

    def _refusal(self, spans: int, size: int) -> str | None:
        if self._closing:
            return "closed"
        too_long = self._bytes + size > self._queue.max_bytes
        too_many = self._counts.pending + spans > self._queue.max_spans
        return "queue_full" if too_long or too_many else None

    def _enqueue(self, new: tuple[Entry, ...], spans: int, size: int) -> None:
        # The first entry sets the time for all that join it.
        if not self._waiting:
            self._send_at_s = time.monotonic() + self._queue.max_age_s
        self._waiting.extend(new)
        self._bytes += size
        self._counts.pending += spans
        self._added += spans
        self._start()
        self._changed.notify_all()

    def _log(self, text: str) -> None:
        """At most one message per minute; the counts have the rest. Never with content."""
        with self._changed:
            due = time.monotonic() - self._logged_s >= _LOG_EVERY_S
            if due:
                self._logged_s = time.monotonic()
        if due:  # outside the lock, because the program's own handlers may be slow or call this exporter
            _LOG.warning("%s: %s", self._name, text)

    def _start(self) -> None:
        alive = self._worker is not None and self._worker.is_alive()
        if self._waiting and not alive and not self._transport.closed():
            worker = threading.Thread(target=self._work, daemon=True, name="otlpjson-exporter")
            with suppress(RuntimeError):  # at exit Python starts no threads; close() then does the work
                worker.start()
                self._worker = worker

    def _work(self) -> None:
        while True:
            left = self._next_batch()
            if not left:
                break
            try:
                self._deliver(left)
            except Exception as error:  # the outermost guard: a fault of ours must not reach the program
                with self._changed:
                    # Dropped, not put back into the queue: the same entries would fail for ever.
                    self._counts.drop(sum(entry.span_count for entry in left), "internal_error")
                    self._settle(left)
                    left.clear()
                self._log(f"internal error: {type(error).__name__}")
            finally:
                with self._changed:  # also if something raises SystemExit in this thread
                    self._waiting.extendleft(reversed(left))
        self._transport.close()

    def _next_batch(self) -> list[Entry]:
        """Waits until entries are due and takes them from the queue; none when closing is done."""
        with self._changed:
            while not self._due():
                if self._closing and (not self._waiting or self._transport.closed()):
                    return []
                self._changed.wait(self._wait_s())
            batch = [self._waiting.popleft()]
            size = len(batch[0].data)
            while self._waiting and size + len(self._waiting[0].data) < self._queue.max_body_bytes:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].data)
            return batch

    def _due(self) -> bool:
        if not self._waiting:
            # Everything that was to be flushed has been taken.
            self._hurry = False
            return False
        return time.monotonic() >= self._due_s() and not (self._closing and self._transport.closed())

    def _due_s(self) -> float:
        """The earliest time for the next batch."""
        enough = self._bytes >= self._queue.max_body_bytes
        if self._hurry or self._closing or enough:
            return self._paused_until_s
        return max(self._paused_until_s, self._send_at_s)

    def _wait_s(self) -> float | None:
        """Seconds until something may be due; ``None`` if nothing is queued."""
        if not self._waiting:
            return None
        wait_s = max(self._due_s() - time.monotonic(), 0.0)
        return min(wait_s, CLOSING_WAIT_S) if self._closing else wait_s

    def _deliver(self, left: list[Entry]) -> None:
        """Sends a batch and removes what is settled from its front; the rest is still pending."""
        limits = Limits(max_wait_s=_ROUND_S, max_body_bytes=self._queue.max_body_bytes)
        for settled in settle(tuple(left), self._transport, limits):
            if settled.fate is Fate.PENDING:
                self._pause(settled.outcome)
                return
            with self._changed:
                del left[: len(settled.entries)]
                self._counts.add(settled)
                self._settle(settled.entries)
            if settled.fate is Fate.QUARANTINED:
                spans = _plural(settled.span_count, "span")
                self._log(f"quarantined {spans}: {_without_message(settled.outcome)}")

    def _settle(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._counts.pending -= entry.span_count
            self._bytes -= len(entry.data)
        self._changed.notify_all()

    def _pause(self, outcome: Outcome) -> None:
        misconfigured = outcome.kind is OutcomeKind.MISCONFIGURED
        pause_s = self._queue.pause_s if misconfigured else max(outcome.retry_after_s, _SHORTEST_PAUSE_S)
        with self._changed:
            # Nothing will change before the process ends, or the server wants more time than is left.
            if self._closing and (misconfigured or outcome.retry_after_s):
                self._transport.close_at(0.0)
            self._paused_until_s = time.monotonic() + (CLOSING_WAIT_S if self._closing else pause_s)
            # The spans are still pending, so none are counted with the outcome.
            self._counts.outcomes.append((outcome, 0))
        self._log(f"delivery paused: {_without_message(outcome)}")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _without_message(outcome: Outcome) -> str:
    """An outcome without the server's message, which may quote content."""
    return outcome.kind.value if outcome.status is None else f"{outcome.kind.value} ({outcome.status})"
