# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The background worker: entries in, deliveries out, and every span accounted for.

    recorded = delivered + rejected + quarantined + dropped{reason} + pending    counted in spans

One daemon thread for each destination, started with the first entry. The queue is in memory
and bounded: what finds no room is dropped and counted, so the caller never waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from ..core.bodies import Entry
from .ledger import Counts, Fate, Report
from .limits import DEFAULT_QUEUE, Limits, Queue
from .loop import settle
from .outcome import Outcome, OutcomeKind
from .transport import RESTLESS_S, Channel, Gate

__all__ = ["Exporter"]

_LOG: Final = logging.getLogger("otlpjson")
_LOG_EVERY_S: Final = 60.0
_ROUND_S: Final = 60.0
"""How long one batch is tried in one go; what is left then waits on in its place."""
_SHORTEST_PAUSE_S: Final = 1.0


class Exporter:
    """
    Sends entries to one destination in the background.

    Args:
        channel: A ``Sender``; closed with the exporter.

        name: What log messages call it.

        queue: How much waits, and how long.
    """

    def __init__(self, channel: Channel, *, name: str = "destination", queue: Queue = DEFAULT_QUEUE) -> None:
        self._name = name
        self._queue = queue
        self._gate = Gate(channel)
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        # Guarded by _changed, as is all that follows.
        self._waiting: deque[Entry] = deque()
        self._bytes = self._pending = self._added = 0
        self._report = Report()
        self._dropped: Counter[str] = Counter()
        self._send_at_s = self._paused_until_s = 0.0
        self._hurry = self._closing = self._ended = False
        self._logged_s = float("-inf")

    def __repr__(self) -> str:
        return f"Exporter({self._name!r}, {self.counts()!r})"

    def add(self, entries: Iterable[Entry]) -> bool:
        """Queues entries together, or drops them together; never waits for the network."""
        new = tuple(entries)
        spans, size = sum(entry.span_count for entry in new), sum(len(entry.data) for entry in new)
        with self._changed:
            reason = self._refusal(spans, size)
            if reason is not None:
                self._dropped[reason] += spans
            elif new:
                self._take(new, spans, size)
        if reason is not None:
            self._log(f"{spans} spans were dropped: {reason}")
        return reason is None

    def drop(self, spans: int, reason: str) -> None:
        """Counts spans that are not to be sent."""
        with self._changed:
            self._dropped[reason] += spans

    def flush(self, timeout_s: float) -> bool:
        """Sends what waits without waiting for more; whether all of it was settled in time."""
        with self._changed:
            self._hurry = self._pending > 0
            self._paused_until_s = 0.0
            self._start()
            self._changed.notify_all()
            # Entries are settled in order, so what comes later is not waited for.
            added = self._added
            return self._changed.wait_for(lambda: self._added - self._pending >= added, timeout_s)

    def begin_close(self, timeout_s: float) -> None:
        """The first half of ``close``, which waits for nothing: several exporters then close together."""
        with self._changed:
            self._closing, self._paused_until_s = True, 0.0
            self._gate.close_at(time.monotonic() + timeout_s)
            self._start()
            self._changed.notify_all()

    def close(self, timeout_s: float) -> bool:
        """
        Sends what waits and ends the worker; whether all of it was settled in time.

        What was not stays pending and is said in a log message. Entries that come later are
        dropped as ``closed``.
        """
        self.begin_close(timeout_s)
        with self._changed:
            first, self._ended = not self._ended, True
            worker = self._worker
        if worker is not None:
            worker.join(timeout_s)
        if first and (worker is None or not worker.is_alive()):
            self._work()  # what is left, in this thread, because at exit no other one may start
        with self._changed:
            pending = self._pending
        if first and pending:
            _LOG.warning("%s: %d spans were not delivered before the end", self._name, pending)
        return pending == 0

    def counts(self) -> Counts:
        """What became of all spans so far."""
        with self._changed:
            report = self._report
            return Counts(
                delivered=report.delivered,
                unconfirmed=report.unconfirmed,
                rejected=report.rejected,
                quarantined=report.quarantined,
                dropped=dict(self._dropped),
                pending=self._pending,
                last=report.outcomes[-1][0] if report.outcomes else None,
            )

    def _refusal(self, spans: int, size: int) -> str | None:
        if self._closing:
            return "closed"
        full = self._bytes + size > self._queue.max_bytes or self._pending + spans > self._queue.max_spans
        return "queue_full" if full else None

    def _take(self, new: tuple[Entry, ...], spans: int, size: int) -> None:
        if not self._waiting:
            self._send_at_s = time.monotonic() + self._queue.max_age_s
        self._waiting.extend(new)
        self._bytes += size
        self._pending += spans
        self._added += spans
        self._start()
        self._changed.notify_all()

    def _log(self, text: str) -> None:
        """One message a minute at most, without content; the counts have the rest."""
        with self._changed:
            due = time.monotonic() - self._logged_s >= _LOG_EVERY_S
            if due:
                self._logged_s = time.monotonic()
        if due:  # not under the lock, for the program's own handlers may take their time
            _LOG.warning("%s: %s", self._name, text)

    def _start(self) -> None:
        alive = self._worker is not None and self._worker.is_alive()
        if self._waiting and not alive and not self._gate.closed():
            worker = threading.Thread(target=self._work, daemon=True, name="otlpjson-exporter")
            with suppress(RuntimeError):  # at exit no thread may start; closing then does the work
                worker.start()
                self._worker = worker

    def _work(self) -> None:
        while True:
            left = self._next_batch()
            if not left:
                break
            try:
                self._deliver(left)
            except Exception as error:  # the outermost guard: the host program must not see our faults
                with self._changed:
                    self._dropped["internal_error"] += sum(entry.span_count for entry in left)
                    self._settle(left)
                    left.clear()
                self._log(f"internal error: {type(error).__name__}")
            finally:
                with self._changed:  # also where the thread is ended from outside
                    self._waiting.extendleft(reversed(left))
        self._gate.close()

    def _next_batch(self) -> list[Entry]:
        """The entries that travel next, when it is their time; none at the end."""
        with self._changed:
            while not self._due():
                if self._closing and (not self._waiting or self._gate.closed()):
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
            self._hurry = False
            return False
        return time.monotonic() >= self._due_s() and not (self._closing and self._gate.closed())

    def _due_s(self) -> float:
        """The earliest moment for the next batch."""
        enough = self._bytes >= self._queue.max_body_bytes
        if self._hurry or self._closing or enough:
            return self._paused_until_s
        return max(self._paused_until_s, self._send_at_s)

    def _wait_s(self) -> float | None:
        """How long nothing can be due; ``None`` until something changes."""
        if not self._waiting:
            return None
        wait_s = max(self._due_s() - time.monotonic(), 0.0)
        return min(wait_s, RESTLESS_S) if self._closing else wait_s

    def _deliver(self, left: list[Entry]) -> None:
        """Settles a batch from the front; what is left of it is pending."""
        limits = Limits(max_wait_s=_ROUND_S, max_body_bytes=self._queue.max_body_bytes)
        for settled in settle(tuple(left), self._gate, limits):
            if settled.fate is Fate.PENDING:
                self._pause(settled.outcome)
                return
            with self._changed:
                del left[: len(settled.entries)]
                self._report.add(settled)
                self._settle(settled.entries)
            if settled.fate is Fate.QUARANTINED:
                self._log(f"{settled.span_count} spans were refused: {_told(settled.outcome)}")

    def _settle(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._pending -= entry.span_count
            self._bytes -= len(entry.data)
        self._changed.notify_all()

    def _pause(self, outcome: Outcome) -> None:
        misconfigured = outcome.kind is OutcomeKind.MISCONFIGURED
        pause_s = self._queue.pause_s if misconfigured else max(outcome.retry_after_s, _SHORTEST_PAUSE_S)
        with self._changed:
            if self._closing and (misconfigured or outcome.retry_after_s):
                self._gate.close_at(0.0)
            self._paused_until_s = time.monotonic() + (RESTLESS_S if self._closing else pause_s)
            self._report.outcomes.append((outcome, 0))
        self._log(f"nothing is delivered at the moment: {_told(outcome)}")


def _told(outcome: Outcome) -> str:
    """An outcome without the server's words, which may quote content."""
    return outcome.kind.value if outcome.status is None else f"{outcome.kind.value} ({outcome.status})"
