# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The delivery loop against servers that misbehave by a seed, on a virtual clock.

Each schedule is a number of entries, some of them bad, and a server that goes through phases: it is
well, down, busy, limits the rate, has another key, or fails. Rounds of the loop follow each other as
in the exporter. A schedule that fails is run again by its seed.
"""

from __future__ import annotations

import random
from typing import Final

import attrs
import pytest

from otlpjson.core.bodies import join
from otlpjson.core.entry import Entry
from otlpjson.delivery import Fate, Learned, Limits, Outcome, OutcomeKind, settle
from otlpjson.testing import FakeTransport

SCHEDULES: Final = 10_000
ROUNDS: Final = 200
BAD: Final = b"poison"
KINDS: Final = ("well", "down", "busy", "rate", "key", "fails")


@attrs.define
class Server:
    """
    A server with phases.

    Attributes:
        phases: How it is and until when, by the clock of the transport.

        max_bytes: Larger bodies get a 413.

        accepted: The bodies that it has.

        asked_not_before: Until when it must not be asked, by its own Retry-After.

        rude: How often it was.
    """

    phases: list[tuple[str, float]]
    max_bytes: int
    transport: FakeTransport = attrs.field(factory=FakeTransport)
    accepted: list[bytes] = attrs.field(factory=list)
    asked_not_before: float = 0.0
    rude: int = 0

    def judge(self, body: bytes) -> Outcome:
        """The answer to a body."""
        now = self.transport.clock_s
        self.transport.clock_s += 0.01
        self.rude += now < self.asked_not_before
        kind = next((kind for kind, until in self.phases if now < until), "well")
        if kind == "down":
            return Outcome(kind=OutcomeKind.UNREACHABLE, message="connection refused")
        if kind in ("busy", "rate"):
            wait_s = 7.0 if kind == "busy" else 0.0
            self.asked_not_before = now + wait_s
            status = 503 if kind == "busy" else 429
            return Outcome(kind=OutcomeKind.TRY_LATER, status=status, retry_after_s=wait_s)
        if kind == "key":
            return Outcome(kind=OutcomeKind.MISCONFIGURED, status=401)
        if kind == "fails":
            return Outcome(kind=OutcomeKind.FAILED, status=500)
        if len(body) > self.max_bytes:
            return Outcome(kind=OutcomeKind.TOO_LARGE, status=413)
        if BAD in body:
            return Outcome(kind=OutcomeKind.REJECTED, status=400)
        self.accepted.append(body)
        return Outcome(kind=OutcomeKind.ACCEPTED, status=200)


def schedule(seed: int) -> tuple[list[Entry], Server, Limits]:
    """What a seed stands for."""
    draw = random.Random(seed)
    bad_share = draw.choice([0.0, 0.0, 0.05, 0.5, 1.0])
    entries = [
        Entry(
            data=b'{"n":"%d %s%s"}'
            % (number, BAD if draw.random() < bad_share else b"", b"x" * draw.choice([0, 5, 50])),
            span_count=draw.randint(1, 3),
        )
        for number in range(draw.randint(1, 40))
    ]
    phases, until = [], 1000.0
    for _ in range(draw.randint(0, 4)):
        until += draw.choice([0.5, 5.0, 60.0, 300.0])
        phases.append((draw.choice(KINDS), until))
    server = Server(phases, max_bytes=draw.choice([30, 120, 10_000]))

    def judge(body: bytes) -> Outcome:
        server.transport.jitter_is = draw.random()
        return server.judge(body)

    server.transport.judge = judge
    return (
        entries,
        server,
        Limits(max_wait_s=draw.choice([0.0, 10.0, 60.0]), max_body_bytes=draw.choice([1, 200, 10_000])),
    )


def run(seed: int) -> None:
    """One schedule, and what must hold of it."""
    entries, server, limits = schedule(seed)
    transport, learned = server.transport, Learned()
    left = list(entries)
    settled: list[Entry] = []
    quarantined: list[Entry] = []
    for _ in range(ROUNDS):
        before, began_s = len(transport.sent), transport.clock_s
        for step in settle(tuple(left), transport, limits, learned):
            if step.fate is Fate.PENDING:
                # As the exporter pauses.
                transport.clock_s += max(step.outcome.retry_after_s, 1.0)
                break
            assert tuple(left[: len(step.entries)]) == step.entries, "entries settle in order"
            del left[: len(step.entries)]
            settled += step.entries
            quarantined += step.entries if step.fate is Fate.QUARANTINED else ()
        asked = len(transport.sent) - before
        bodies = len(entries) * 2 + 10
        waited = (transport.clock_s - began_s) + 10 * bodies
        assert asked <= bodies * 8, "requests are bounded"
        assert waited <= (limits.max_wait_s + 20) * bodies + 20, "waits are bounded"
        if not left:
            break
    assert [*settled, *left] == entries, "every entry has one fate, or waits"
    arrived = [entry for body in server.accepted for entry in entries if entry.data in body]
    good = [entry for entry in settled if entry not in quarantined]
    assert sorted(arrived, key=entries.index) == arrived == good, "what was delivered arrived once, in order"
    assert b"".join(server.accepted).count(b'{"n":') == len(good)
    assert all(body == join([entry for entry in entries if entry.data in body]) for body in server.accepted)
    assert server.rude == 0, "nobody is asked before the time that it asked for"
    if all(kind in ("well", "down", "busy", "rate") for kind, _ in server.phases):
        refused = [
            entry for entry in quarantined if BAD not in entry.data and len(join([entry])) <= server.max_bytes
        ]
        assert refused == [], "only what is bad or too large is refused"
        if limits.max_wait_s and len([entry for entry in entries if BAD in entry.data]) < 32:
            assert left == [], "a server that is well again gets everything"


@pytest.mark.parametrize("part", range(20))
def test_every_schedule_keeps_the_ledger(part: int) -> None:
    """Whatever the server does: nothing is lost, repeated or sent out of order."""
    size = SCHEDULES // 20
    for seed in range(part * size, (part + 1) * size):
        try:
            run(seed)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
