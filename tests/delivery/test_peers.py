# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The faults that were seen in other exporters' delivery, each by its name; details are tested module by module."""

from __future__ import annotations

import gzip
import time
from datetime import datetime, timezone
from itertools import count

import pytest

from otlpjson.bodies import join
from otlpjson.delivery import (
    Fate,
    Limits,
    Outcome,
    OutcomeKind,
    Sender,
    Settled,
    deliver,
    grafana_cloud,
    settle,
)
from otlpjson.delivery.exchange import MAX_ANSWER_BYTES, Answer, NoAnswer, conclude
from otlpjson.delivery.retry import delay_s

from .fakes import FakeTransport, entry, rules, scripted
from .fault_server import OK, FaultServer, answering, blackhole, drip

NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=timezone.utc)
BODY = b'{"resourceSpans":[]}'
ONE = entry("one")
ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)


def outcome(answer: Answer | NoAnswer) -> Outcome:
    """What an answer means."""
    return conclude(answer, now=NOW, secrets=())


def to(url: str, timeout_s: float) -> Sender:
    """A sender to Grafana Cloud's path at this address."""
    return Sender(grafana_cloud(url, 123456, "glc_key"), timeout_s=timeout_s)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_redirect_is_never_success(status: int) -> None:
    """SND-7: for a peer 200 to 399 is success, and its own test asserts 302."""
    concluded = outcome(Answer(status=status, headers={"location": "https://elsewhere.test/"}))

    assert (concluded.kind, concluded.delivered) == (OutcomeKind.MISCONFIGURED, False)


def test_html_answer_is_not_success() -> None:
    """SND-7: for a peer 200 is success whatever the body; a captive portal swallows everything."""
    page = Answer(status=200, headers={"content-type": "text/html"}, body=b"<title>Sign in</title>")

    assert outcome(page) == Outcome(
        kind=OutcomeKind.MISCONFIGURED,
        status=200,
        message="an HTML page instead of OTLP: Sign in",
    )


def test_long_retry_after_is_waited_for() -> None:
    """SND-5: a peer drops at once what it would have to wait for longer than its timeout."""
    busy = outcome(Answer(status=503, headers={"retry-after": "1800"}))
    transport = FakeTransport(judge=scripted(busy, ACCEPTED))
    report = deliver([ONE], transport, Limits(max_wait_s=3600))

    assert (report.delivered, report.pending, transport.waits_s) == (1, 0, [1800.0])


def test_read_timeout_is_retried() -> None:
    """SND-5: for a peer one read timeout loses the batch."""
    silence = outcome(NoAnswer("no answer in time"))
    transport = FakeTransport(judge=scripted(silence, ACCEPTED))
    report = deliver([ONE], transport)

    assert (report.delivered, transport.sent) == (1, [join([ONE])] * 2)


@pytest.mark.parametrize("attempt", [7, 8, 64, 1_100, 10**6])
def test_backoff_has_a_cap(attempt: int) -> None:
    """SND-5: a minute, also where two to the power of the attempt is no number any more."""
    assert delay_s(attempt, retry_after_s=0.0, jitter=1.0, left_s=1e9) == 60.0


def test_slow_answer_ends_at_the_deadline() -> None:
    """SND-5: a timeout of 10 s lasted 92.9 s at a peer, at one byte a second."""
    slowly = drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n")
    with FaultServer(slowly) as server, to(server.url, 0.3) as sender:
        concluded = sender.send(BODY)

    assert concluded == Outcome(kind=OutcomeKind.UNREACHABLE, message="no answer in time")


def test_deadline_ignores_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """SND-5: a peer's deadline comes from the clock that people and time servers set."""
    hours = count(2_000_000_000, 3600)
    monkeypatch.setattr(time, "time", lambda: float(next(hours)))
    with FaultServer(answering(OK)) as server, to(server.url, 10.0) as sender:
        forwards = sender.send(BODY)
    backwards = count(2_000_000_000, -3600)
    monkeypatch.setattr(time, "time", lambda: float(next(backwards)))
    with FaultServer(blackhole) as server, to(server.url, 0.3) as sender:
        silence = sender.send(BODY)

    assert forwards == ACCEPTED
    assert silence == Outcome(kind=OutcomeKind.UNREACHABLE, message="no answer in time")


def test_answer_is_read_up_to_a_limit() -> None:
    """B10: one GiB of zeros in gzip cost a peer two GiB."""
    fits = b'{"partialSuccess":{"rejectedSpans":"1"}}'.ljust(MAX_ANSWER_BYTES)
    bomb = gzip.compress(fits + b" " * 10_000_000 + b"no JSON")

    assert outcome(Answer(status=200, headers={"content-encoding": "gzip"}, body=bomb)) == Outcome(
        kind=OutcomeKind.PARTLY_ACCEPTED, status=200, rejected_spans=1
    )


@pytest.mark.parametrize("rejected", [b'"3"', b"3"])
def test_rejected_spans_are_counted(rejected: bytes) -> None:
    """B6: a peer never reads partial success."""
    body = b'{"partialSuccess":{"rejectedSpans":%b,"errorMessage":"too old"}}' % rejected
    answered = outcome(Answer(status=200, headers={"content-type": "application/json"}, body=body))
    transport = FakeTransport(judge=scripted(answered))
    report = deliver([entry("five", spans=5)], transport)

    assert answered.message == "too old"
    assert (report.delivered, report.rejected, len(transport.sent)) == (2, 3, 1)


def test_one_bad_span_does_not_cost_the_batch() -> None:
    """B5: at a peer a 400 drops all 20 of 20."""
    entries = [entry(f"span {number:02}") for number in range(20)]
    transport = FakeTransport(judge=rules(poison=b"span 13"))
    report = deliver(entries, transport)
    steps: list[Settled] = list(settle(entries, FakeTransport(judge=rules(poison=b"span 13")), Limits()))

    assert (report.delivered, report.quarantined) == (19, 1)
    assert [step.entries for step in steps if step.fate is Fate.QUARANTINED] == [(entries[13],)]
