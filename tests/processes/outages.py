# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Outages of every kind while a program records: nothing is lost, and soon after it all has arrived.

    python -m tests.processes.outages [SECONDS]

Runs all kinds at the same time, each with a server and a Broadcast of its own. Prints for each how many
requests the server got meanwhile, how long it took afterwards until everything had arrived, what did
not, and what arrived more than once.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import attrs

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import otel_collector

from ..broken_receiver import BrokenReceiver
from .forking import record

__all__ = ["KINDS", "Outage", "main", "run"]

KINDS: Final = ("refused", "blackhole", "503", "429", "401", "500", "400")
# What a server says with these is no reason to try again by itself, so what it refused is sent on request.
_RESENT: Final = ("500", "400")
_EVERY_S: Final = 0.05
_PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.05
# So that requests into the blackhole end within the outage.
_TIMEOUT_S: Final = 2.0


@attrs.frozen
class Outage:
    """
    What an outage came to.

    Attributes:
        kind: What the server did.

        recorded: How many spans were recorded meanwhile.

        requests: How many requests the server got meanwhile.

        caught_up_s: Seconds from its end until all had arrived.

        lost: How many did not arrive.

        twice: How many arrived more than once.
    """

    kind: str
    recorded: int
    requests: int
    caught_up_s: float
    lost: int
    twice: int

    def __str__(self) -> str:
        return (
            f"{self.kind:<10} {self.recorded} recorded, {self.requests} requests, all there after "
            f"{self.caught_up_s:.1f} s; {self.lost} lost, {self.twice} twice"
        )


def run(kind: str, seconds: float) -> Outage:
    """One outage of this length."""
    with BrokenReceiver(kind) as receiver:
        target = otel_collector(f"{receiver.base_url}/v1/traces")
        with Broadcast([BroadcastDestination(destination=target)], timeout_s=_TIMEOUT_S) as broadcast:
            recorded = _record(broadcast, kind, seconds)
            requests = receiver.requests
            receiver.heal()
            healed_s = time.monotonic()
            if kind in _RESENT:
                broadcast.flush()
                broadcast.resend()
            while len(_names(receiver)) < recorded and time.monotonic() < healed_s + _PATIENCE_S:
                time.sleep(_LOOK_EVERY_S)
            caught_up_s = time.monotonic() - healed_s
        names = _names(receiver)
    twice = sum(times > 1 for times in names.values())
    return Outage(kind, recorded, requests, caught_up_s, recorded - len(names), twice)


def _record(broadcast: Broadcast, kind: str, seconds: float) -> int:
    """Records for so long; returns how many spans."""
    recorded = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        record(broadcast, f"{kind}-{recorded}")
        recorded += 1
        time.sleep(_EVERY_S)
    return recorded


def _names(receiver: BrokenReceiver) -> Counter[str]:
    """How often each span has arrived, by its name."""
    return Counter(span["name"] for span in receiver.spans)


def main(seconds: float) -> int:
    """Prints the outages; 1 if anything was lost or came twice."""
    with ThreadPoolExecutor(len(KINDS)) as pool:
        outages = list(pool.map(lambda kind: run(kind, seconds), KINDS))
    for outage in outages:
        print(outage)
    return 1 if any(outage.lost or outage.twice for outage in outages) else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0))
