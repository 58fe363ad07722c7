# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Outages of two seconds: nothing is lost or repeated, and requests are bounded."""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from typing import Any

import attrs
import pytest

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import QueueLimits, otel_collector

from ..delivery.fault_server import OK, FaultServer, Visit, answer
from ..sent_spans import spans_of

SOON_S = 30.0
OUTAGE_S = 2.0


@attrs.define
class Server:
    """
    A server that can be made to fail.

    Attributes:
        said: What it answers while it fails; ``None`` for nothing.

        fails: Whether it fails.

        names: The spans that it accepted, each with how often.

        asked: The number of requests while it failed.
    """

    said: bytes | None
    fails: threading.Event = attrs.field(factory=threading.Event)
    names: Counter[str] = attrs.field(factory=Counter)
    asked: int = 0

    def __call__(self, visit: Visit) -> None:
        while True:
            received = visit.read()
            if received is None:
                return
            if not self.fails.is_set():
                self.accept(received.body)
                visit.write(OK)
                continue
            self.asked += 1
            if self.said is None:
                visit.pause(0.5)
                return
            visit.write(self.said)

    def accept(self, body: bytes) -> None:
        """Keeps the names of the spans in a body."""
        self.names.update(span["name"] for span in spans_of(gzip.decompress(body)))


def record(number: int) -> dict[str, Any]:
    """A request with a name of its own."""
    return {
        "request": {"model": "a/b", "messages": [], "trace": {"generation_name": f"call {number:03}"}},
        "response": {
            "id": f"gen-{number}",
            "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}],
        },
        "started_at": 1771005600000000000,
        "ended_at": 1771005601000000000,
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "most"),
    [
        (answer(503), 10),
        (answer(429), 10),
        (answer(503, b"", "Retry-After: 1"), 5),
        (answer(401), 25),
        (answer(500), 60),
        (answer(400), 120),
        (None, 10),
    ],
    ids=["503", "429", "retry-after", "401", "500", "400", "no answer"],
)
def test_an_outage_loses_and_repeats_nothing(said: bytes | None, most: int) -> None:
    """What is refused for good is kept, and sent again on request."""
    behaviour = Server(said)
    with FaultServer(behaviour) as server:
        target = BroadcastDestination(destination=otel_collector(f"{server.url}/v1/traces"))
        queue = QueueLimits(pause_s=0.2)
        with Broadcast([target], queue=queue, timeout_s=0.3) as broadcast:
            begun_s, number = time.monotonic(), 0
            behaviour.fails.set()
            while time.monotonic() - begun_s < OUTAGE_S:
                assert broadcast.record(record(number))
                number += 1
                time.sleep(0.02)
            behaviour.fails.clear()
            healed_s = time.monotonic()
            while broadcast.counts()["default"].delivered < number:
                broadcast.resend()
                broadcast.flush(0.2)
                assert time.monotonic() - healed_s < SOON_S

    assert behaviour.names == Counter({f"call {one:03}": 1 for one in range(number)})
    assert behaviour.asked <= most
