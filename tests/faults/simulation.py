# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Lives of a spool drawn from a seed: records, answers of every kind, crashes, failing disks, other processes.

A crash is a copy of the files at a random moment: what follows goes on with the copy, and what was being
sent from the old files never arrives. So all runs in one process, and a seed gives the same life again.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import attrs

from otlpjson import Broadcast, BroadcastDestination
from otlpjson.delivery import Outcome, OutcomeKind, QueueLimits, otel_collector
from otlpjson.delivery.spool import Stock, Unavailable, leases
from otlpjson.delivery.spool.database import Database
from otlpjson.testing import FakeTransport

from .trial import Trial
from .writer import record_of

__all__ = ["lives"]

_STEPS: Final = 40
_LEASE_S: Final = 0.3
_PATIENCE_S: Final = 20.0
_URL: Final = "http://127.0.0.1:9/v1/traces"
_QUEUE: Final = QueueLimits(quiet_s=0.001, pause_s=0.01, max_body_bytes=20_000)
_ANSWERS: Final = {
    "accepts": Outcome(kind=OutcomeKind.ACCEPTED, status=200),
    "busy": Outcome(kind=OutcomeKind.TRY_LATER, status=503),
    "fails": Outcome(kind=OutcomeKind.FAILED, status=500),
    "wrong key": Outcome(kind=OutcomeKind.MISCONFIGURED, status=401),
    "rejects": Outcome(kind=OutcomeKind.REJECTED, status=400),
    "answer lost": Outcome(kind=OutcomeKind.UNREACHABLE),
}
_STORES: Final = ("accepts", "answer lost")


@attrs.define
class _Server:
    """
    What all transports of a life send to.

    Attributes:
        mode: How it answers.

        arrived: The names of spans, with how often each was stored.
    """

    mode: str = "accepts"
    arrived: Counter[str] = attrs.field(factory=Counter)

    def judge(self, body: bytes) -> Outcome:
        if self.mode in _STORES:
            groups = json.loads(body)["resourceSpans"]
            self.arrived.update(group["scopeSpans"][0]["spans"][0]["name"] for group in groups)
        return _ANSWERS[self.mode]


@attrs.define
class _Life:
    """One life: the processes on its spool, and what they were promised."""

    folder: Path
    draw: random.Random
    server: _Server = attrs.field(factory=_Server)
    promised: set[str] = attrs.field(factory=set)
    volatile: set[str] = attrs.field(factory=set)
    running: list[Broadcast] = attrs.field(factory=list)
    number: int = 0
    disk_fails: bool = False

    def start(self) -> Broadcast:
        server = self.server
        target = BroadcastDestination(destination=otel_collector(_URL), name="here")
        broadcast = Broadcast(
            [target],
            spool=self.folder,
            queue=_QUEUE,
            transport=lambda target: FakeTransport(judge=lambda body: server.judge(body)),
        )
        self.running.append(broadcast)
        return broadcast

    def record(self) -> None:
        broadcast = self.draw.choice(self.running)
        for _ in range(self.draw.randint(1, 5)):
            name = f"n{self.number}"
            self.number += 1
            if broadcast.record(record_of(name, self.draw.choice((10, 3000, 9000)))):
                (self.promised if broadcast.durable else self.volatile).add(name)

    def flush(self) -> None:
        self.draw.choice(self.running).flush(0.02)

    def answer(self) -> None:
        self.server.mode = self.draw.choice(list(_ANSWERS))

    def resend(self) -> None:
        self.draw.choice(self.running).resend()

    def another(self) -> None:
        if len(self.running) < 3:
            self.start()

    def end(self) -> None:
        self.running.pop(self.draw.randrange(len(self.running))).close(0.02)
        if not self.running:
            self.start()

    def crash(self) -> None:
        """All processes die: from here on the files are the copy."""
        copy = self.folder.with_name(f"{self.folder.name}+")
        with ExitStack() as stack:
            for broadcast in self.running:
                stack.enter_context(_database(broadcast)._guard)
            shutil.copytree(self.folder, copy)
            # What the old ones send from here on reaches nobody.
            old, self.server = self.server, _Server(arrived=self.server.arrived)
            old.mode = "busy"
        self.volatile.clear()
        for broadcast in self.running:
            broadcast.close(0.0)
        self.running.clear()
        self.folder = copy
        self.start()

    def fail(self) -> None:
        """The disk begins to fail, or works again."""
        self.disk_fails = not self.disk_fails

    def lead(self) -> None:
        steps = (self.record,) * 6 + (
            self.flush,
            self.answer,
            self.answer,
            self.resend,
            self.another,
            self.end,
        )
        self.start()
        for _ in range(_STEPS):
            self.draw.choice((*steps, self.crash, self.fail))()

    def finish(self) -> list[Stock]:
        """All works again: everything is sent, or sent once more."""
        self.disk_fails, self.server.mode = False, "accepts"
        last = self.start()
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            for broadcast in self.running:
                broadcast.resend()
                broadcast.flush(0.5)
            counts = last.counts()["here"]
            if not counts.pending and not counts.quarantined and not any(map(_has_memory, self.running)):
                break
        stocks = last._spooling.spool.stocks()  # type: ignore[union-attr]
        for broadcast in self.running:
            broadcast.close()
        return stocks


def lives(folder: Path, seeds: int, first: int) -> Trial:
    """So many lives, from this seed on."""
    trial = Trial(name="lives by seed", tries=seeds)
    whole, lease_s = Database.run, leases.LEASE_S
    # Those of crashed processes end soon, and those of the others are renewed less often than they end.
    leases.LEASE_S = _LEASE_S  # type: ignore[misc]
    for seed in range(first, first + seeds):
        life = _Life(folder / f"{seed}-", random.Random(seed))

        def run(self: Database, work: Any, *, durable: bool = False, life: _Life = life) -> Any:
            if life.disk_fails:
                raise Unavailable("it was chosen")
            return whole(self, work, durable=durable)

        try:
            Database.run = run  # type: ignore[method-assign]
            life.lead()
            stocks = life.finish()
        finally:
            Database.run = whole  # type: ignore[method-assign]
        _judge(trial, seed, life, stocks)
        for used in folder.glob(f"{seed}-*"):
            shutil.rmtree(used)
    leases.LEASE_S = lease_s  # type: ignore[misc]
    return trial


def _judge(trial: Trial, seed: int, life: _Life, stocks: list[Stock]) -> None:
    (stock,) = stocks
    trial.acknowledged += len(life.promised)
    lost = [name for name in life.promised if not life.server.arrived[name]]
    trial.lost += len(lost)
    trial.twice += sum(times - 1 for times in life.server.arrived.values())
    if lost:
        trial.wrong.append(f"seed {seed}: lost {lost[:5]}; {stock}")
    if stock.recorded != stock.counts.recorded or stock.counts.pending:
        trial.wrong.append(f"seed {seed}: {stock.recorded} were recorded, but {stock.counts}")


def _database(broadcast: Broadcast) -> Database:
    database: Database = broadcast._spooling.spool._disk._database  # type: ignore[union-attr]
    return database


def _has_memory(broadcast: Broadcast) -> bool:
    return broadcast.counts()["here"].in_memory > 0
