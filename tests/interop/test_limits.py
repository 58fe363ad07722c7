# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What the Collector will not take, or not now, and that nothing is lost by it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from otlpjson import Entry, encode_entry
from otlpjson.core.bodies import HEAD, TAIL
from otlpjson.delivery import Limits, Outcome, OutcomeKind, Sender, deliver
from otlpjson.openrouter import read_record, resource_spans

from .commands import Person
from .gateway import AUTHORIZED, Gateway
from .generations import plain_record
from .go_json import spans
from .settings import SMALL_BODY_BYTES
from .wrong_bodies import RIGHT_BODY, WRONG_BODIES

TOO_LARGE = Outcome(kind=OutcomeKind.TOO_LARGE, status=400, message="http: request body too large")
FULL = Outcome(kind=OutcomeKind.TRY_LATER, status=503, message="sending queue is full")


@attrs.define
class Watched:
    """A sender that notes what was sent and what came of it; the first wait brings Jaeger up."""

    sender: Sender
    on_wait: Any = None
    seen: list[tuple[int, Outcome]] = attrs.field(factory=list)

    def send(self, body: bytes) -> Outcome:
        """One POST."""
        outcome = self.sender.send(body)
        self.seen.append((len(body), outcome))
        return outcome

    def now_s(self) -> float:
        """The sender's."""
        return self.sender.now_s()

    def sleep(self, seconds: float) -> None:
        """The sender's, after what was to happen first."""
        happens, self.on_wait = self.on_wait, None
        if happens is not None:
            happens()
        self.sender.sleep(seconds)

    def jitter(self) -> float:
        """Always short."""
        return 0.05

    def close(self) -> None:
        """The sender's."""
        self.sender.close()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway behind which Jaeger is not up yet."""
    running = Gateway.started(tmp_path, jaeger_too=False)
    try:
        yield running
    finally:
        running.stop()


def entry(generation_id: str, characters: int = 5) -> Entry:
    """One request whose answer has so many characters; they stand in it three times."""
    generation = read_record(plain_record(generation_id, "x" * characters))
    (group,) = resource_spans(generation)
    return encode_entry(group)


def body(one: Entry) -> bytes:
    """An entry alone."""
    return HEAD + one.data + TAIL


def trace_id(one: Entry) -> str:
    """The trace that it belongs to."""
    return str(spans(body(one))[0]["trace id"])


def written(gateway: Gateway, entries: list[Entry], count: int) -> list[int]:
    """How often each is in the Collector's file, as soon as there are so many spans of them."""
    ids = [trace_id(one) for one in entries]
    found = [span["trace id"] for span in gateway.written(ids, count)]
    return [found.count(one) for one in ids]


def test_a_body_over_the_limit_is_halved_until_it_fits(gateway: Gateway) -> None:
    """Fact 8, SND-4: the Collector says 400; the size is learned, and every span arrives once."""
    entries = [entry(f"gen-halved-{number}", 300) for number in range(40)]
    with Sender(gateway.destination("small")) as sender:
        watched = Watched(sender)
        report = deliver(entries, watched)
    sizes = [size for size, _ in watched.seen]

    assert str(report) == "40 spans recorded: 40 delivered"
    assert sizes[0] > 2 * SMALL_BODY_BYTES
    assert [outcome for _, outcome in watched.seen if outcome.kind is not OutcomeKind.ACCEPTED] == [
        TOO_LARGE for size in sizes if size > SMALL_BODY_BYTES
    ]
    assert written(gateway, entries, 40) == [1] * 40


def test_one_entry_over_the_limit_is_quarantined_and_its_neighbours_arrive(gateway: Gateway) -> None:
    """Nothing can be halved there; the Collector's words are kept."""
    entries = [entry("gen-small-1"), entry("gen-large", SMALL_BODY_BYTES), entry("gen-small-2")]
    with Sender(gateway.destination("small")) as sender:
        report = deliver(entries, sender)

    assert str(report) == "3 spans recorded: 2 delivered, 1 quarantined"
    assert list(report.outcomes) == [(TOO_LARGE, 1)]
    assert written(gateway, entries, 2) == [1, 0, 1]


def test_the_limit_counts_bytes_before_compression(gateway: Gateway) -> None:
    """At the limit it is taken, one byte more is not, however small it is on the way."""
    exact = RIGHT_BODY[:-1] + b" " * (SMALL_BODY_BYTES - len(RIGHT_BODY)) + b"}"
    packed = {**AUTHORIZED, "Content-Encoding": "gzip"}
    more = exact[:-1] + b" }"

    assert [gateway.post(exact, receiver="small").status, gateway.post(more, receiver="small").status] == [
        200,
        400,
    ]
    assert gateway.post(gzip.compress(exact), packed, "small").status == 200
    assert gateway.post(gzip.compress(more), packed, "small").words == "http: request body too large"


@pytest.mark.parametrize("receiver", ["small", "otlp"])
def test_a_gzip_bomb_is_refused_in_the_same_words(gateway: Gateway, receiver: str) -> None:
    """64 MiB out of less than one; the next request is taken as ever."""
    bomb = gzip.compress(RIGHT_BODY[:-1] + b" " * (64 * 1024 * 1024) + b"}", 1)
    said = gateway.post(bomb, {**AUTHORIZED, "Content-Encoding": "gzip"}, receiver)

    assert len(bomb) < 1024 * 1024
    assert (said.status, said.words) == (400, "http: request body too large")
    assert gateway.post(RIGHT_BODY, receiver=receiver).status == 200


def test_the_entries_at_fault_are_found_and_the_rest_arrives(gateway: Gateway) -> None:
    """One bad value costs the whole request (fact 2): the body is bisected."""
    wrong = WRONG_BODIES["integer of 2^63"][len(HEAD) : -len(TAIL)]
    entries = [entry(f"gen-good-{number}") for number in range(16)]
    mixed = [*entries[:5], Entry(data=wrong, span_count=1), *entries[5:]]
    with Sender(gateway.destination()) as sender:
        report = deliver(mixed, sender)
    ((outcome, count),) = report.outcomes

    assert str(report) == "17 spans recorded: 16 delivered, 1 quarantined"
    assert (outcome.kind, outcome.status, count) == (OutcomeKind.REJECTED, 400, 1)
    assert outcome.message.startswith('ReadInt64: strconv.ParseInt: parsing "9223372036854775808"')
    assert written(gateway, entries, 16) == [1] * 16


def test_a_burst_on_a_full_queue_waits_until_jaeger_is_up(alone: Gateway) -> None:
    """The first fills the queue; the others are told 503, wait, and are in Jaeger in the end, each once."""
    entries = [entry(f"gen-burst-{number}") for number in range(12)]
    each_alone = Limits(max_body_bytes=len(body(entries[0])) + 10)
    with Sender(alone.destination("queue")) as sender:
        watched = Watched(sender, alone.start_jaeger)
        report = deliver(entries, watched, each_alone)
    outcomes = [outcome for _, outcome in watched.seen]

    assert outcomes[:2] == [Outcome(kind=OutcomeKind.ACCEPTED, status=200), FULL]
    assert {outcome.kind for outcome in outcomes} == {OutcomeKind.ACCEPTED, OutcomeKind.TRY_LATER}
    assert str(report) == "12 spans recorded: 12 delivered"
    assert [len(spans(alone.awaited_in_jaeger(trace_id(one)))) for one in entries] == [1] * 12


def test_what_does_not_get_through_in_time_is_pending(alone: Gateway) -> None:
    """Given up after no wait at all: nothing more is tried, and everything can be sent again."""
    entries = [entry(f"gen-pending-{number}") for number in range(4)]
    limits = Limits(max_wait_s=0, max_body_bytes=len(body(entries[0])) + 10)
    with Sender(alone.destination("queue")) as sender:
        watched = Watched(sender)
        report = deliver(entries, watched, limits)

    assert str(report) == "4 spans recorded: 1 delivered, 3 pending"
    assert [outcome for _, outcome in watched.seen] == [Outcome(kind=OutcomeKind.ACCEPTED, status=200), FULL]


def test_the_command_keeps_what_a_full_queue_left(alone: Gateway, tmp_path: Path) -> None:
    """``send --max-wait 0 --quarantine`` while Jaeger is down, ``post`` when it is up."""
    person = Person(folder=tmp_path).with_credentials(alone.base_url("queue"))
    kept, records = tmp_path / "kept.jsonl", tmp_path / "records.jsonl"
    records.write_text(json.dumps(plain_record("gen-command")), encoding="utf-8")
    with Sender(alone.destination("queue")) as sender:
        assert sender.send(RIGHT_BODY).kind is OutcomeKind.ACCEPTED  # and the queue is full
    left = person.runs("send", records, "--max-wait", "0", "--quarantine", kept)
    alone.start_jaeger()
    posted = person.runs("post", kept)

    assert left.code == 1
    assert left.err.splitlines() == [
        "1 span recorded: 0 delivered, 1 pending",
        "  1 span try later 503: sending queue is full",
        f"1 span added to {kept}; send them again with `otlpjson post`",
    ]
    assert (posted.code, posted.err) == (0, "1 span recorded: 1 delivered\n")
    assert spans(alone.awaited_in_jaeger(trace_id(entry("gen-command"))))


def test_a_gateway_whose_backend_is_down_is_tried_again(alone: Gateway) -> None:
    """Without a queue the Collector passes the failure on; what it wrote before, it writes twice."""
    one = entry("gen-down")
    with Sender(alone.destination()) as sender:
        watched = Watched(sender, alone.start_jaeger)
        report = deliver([one], watched)
    first, last = watched.seen[0][1], watched.seen[-1][1]
    lines = alone.lines_with(trace_id(one), len(watched.seen))

    assert str(report) == "1 span recorded: 1 delivered"
    assert (first.kind, first.status) == (OutcomeKind.TRY_LATER, 503)
    assert "connection refused" in first.message
    assert last == Outcome(kind=OutcomeKind.ACCEPTED, status=200)
    assert len(set(lines)) == 1 < len(lines)
    assert len(spans(alone.trace_in_jaeger(trace_id(one)))) == 1
