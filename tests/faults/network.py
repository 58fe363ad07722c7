# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A connection that is cut at every byte (B12), and a thousand senders after one outage (B15)."""

from __future__ import annotations

import random
from collections import Counter
from typing import Final

import attrs

from otlpjson.core.entry import Entry
from otlpjson.delivery import (
    Limits,
    Outcome,
    OutcomeKind,
    Sender,
    deliver,
    otel_collector,
)
from otlpjson.testing import FakeTransport

from ..delivery.fault_server import OK, FaultServer, Visit, answering
from .trial import Trial

__all__ = ["cuts", "herd"]

# So much that a request and its answer have two kilobytes, compressed.
_TEXT: Final = random.Random(1).getrandbits(6000).to_bytes(750, "big").hex()
_ENTRY: Final = Entry(data=f'{{"schemaUrl":"{_TEXT}"}}'.encode(), span_count=1)
_BUSY: Final = Outcome(kind=OutcomeKind.TRY_LATER, status=503)
_ACCEPTED: Final = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
_SENDERS: Final = 1000
_OUTAGE_S: Final = 60.0
# The longest wait between two tries: so long after the outage all have come back.
_BACK_AFTER_S: Final = 10
_MOST_ABOVE_MEAN: Final = 3.0


@attrs.define
class _Cut:
    """A server that hangs up after so many bytes of the first request, or of the first answer."""

    request_bytes: int | None = None
    answer_bytes: int | None = None
    visits: int = 0

    def __call__(self, visit: Visit) -> None:
        self.visits += 1
        if self.visits > 1:
            while visit.read():
                visit.write(OK)
        elif self.request_bytes is None:
            visit.read()
            visit.write(OK[: self.answer_bytes])
        else:
            left = self.request_bytes
            while left and (got := visit.connection.recv(left)):
                left -= len(got)


class _Hasty(Sender):
    """A sender that does not wait between its tries."""

    def sleep(self, seconds: float) -> None:
        """Goes on at once."""


def cuts(step: int) -> Trial:
    """The request and its answer, cut after every so many bytes: the next connection has to succeed."""
    trial = Trial(name="connection cut at every byte (B12)", tries=0)
    requests = [_Cut(request_bytes=size) for size in range(0, _request_bytes(), step)]
    answers = [_Cut(answer_bytes=size) for size in range(0, len(OK), step)]
    for cut in requests + answers:
        with FaultServer(cut) as server, _hasty(server) as sender:
            counts = deliver([_ENTRY], sender)
        trial.tries += 1
        trial.acknowledged += 1
        trial.lost += counts.delivered != 1
        trial.twice += len(server.received) - 1
        # One where the status was heard: that is an answer, though not a confirmed one.
        if cut.visits > 2:
            trial.wrong.append(f"{cut} saw {cut.visits} connections")
    return trial


def _request_bytes() -> int:
    with FaultServer(answering(OK)) as server, _hasty(server) as sender:
        deliver([_ENTRY], sender)
    [request] = server.received
    fields = sum(len(f"{name}: {value}\r\n") for name, value in request.headers.items())
    return len(f"{request.line}\r\n") + fields + len("\r\n") + len(request.body)


def _hasty(server: FaultServer) -> Sender:
    return _Hasty(otel_collector(f"{server.url}/v1/traces"), timeout_s=5.0)


@attrs.define(kw_only=True)
class _Drawing(FakeTransport):
    """A transport with a clock of its own, whose jitter is drawn."""

    draw: random.Random

    def jitter(self) -> float:
        """A random number."""
        return self.draw.random()


def _down_for_a_minute(draw: random.Random) -> FakeTransport:
    transport = _Drawing(draw=draw, clock_s=0.0)
    transport.judge = lambda body: _BUSY if transport.clock_s < _OUTAGE_S else _ACCEPTED
    return transport


def herd(seed: int) -> Trial:
    """All whose requests failed at the same moment come back at moments of their own."""
    trial = Trial(name="senders after a common outage (B15)", tries=_SENDERS)
    draw = random.Random(seed)
    back: Counter[int] = Counter()
    for _ in range(_SENDERS):
        transport = _down_for_a_minute(draw)
        counts = deliver([_ENTRY], transport, Limits(max_wait_s=2 * _OUTAGE_S))
        trial.acknowledged += 1
        trial.lost += counts.delivered != 1
        back[int(transport.clock_s - _OUTAGE_S)] += 1
    ratio = max(back.values()) * _BACK_AFTER_S / _SENDERS
    trial.facts["most in one second, of the mean"] = round(ratio, 2)
    if ratio > _MOST_ABOVE_MEAN or max(back) >= _BACK_AFTER_S:
        trial.wrong.append(f"they came back together, or late: {sorted(back.items())}")
    return trial
