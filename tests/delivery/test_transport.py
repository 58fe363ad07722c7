# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows what a transport does before, while and after it is closed; ``test_exporter`` has the rest."""

from __future__ import annotations

import time

import pytest

from otlpjson.delivery import Outcome, OutcomeKind, Transport
from otlpjson.delivery.transport import ClosingTransport

from .fakes import FakeTransport, scripted

ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
BUSY = Outcome(kind=OutcomeKind.TRY_LATER, status=503)
UNSENT = Outcome(kind=OutcomeKind.UNREACHABLE, message="closed before it was sent")


def test_until_it_is_closed_it_is_the_transport_inside() -> None:
    inside = FakeTransport(judge=scripted(ACCEPTED), jitter_is=0.25)
    transport: Transport = ClosingTransport(inside)

    assert transport.send(b"one") == ACCEPTED
    assert (transport.now_s(), transport.jitter(), inside.sent) == (1000.0, 0.25, [b"one"])


@pytest.mark.parametrize(("before", "after"), [((), UNSENT), ((ACCEPTED,), UNSENT), ((BUSY,), BUSY)])
def test_after_the_closing_time_nothing_is_sent_and_no_time_is_left(
    before: tuple[Outcome, ...], after: Outcome
) -> None:
    """What the server last said counts, unless it accepted."""
    inside = FakeTransport(judge=scripted(*before))
    transport = ClosingTransport(inside)
    outcomes = [transport.send(b"before") for _ in before]
    transport.close_at(0.0)

    assert outcomes == list(before)
    assert transport.send(b"after") == after
    assert (transport.now_s(), inside.sent) == (float("inf"), [b"before"] * len(before))


def test_the_earliest_closing_time_counts() -> None:
    transport = ClosingTransport(FakeTransport(judge=scripted()))
    transport.close_at(time.monotonic() + 3600)
    assert not transport.closed()
    transport.close_at(0.0)
    transport.close_at(time.monotonic() + 3600)

    assert transport.closed()


def test_a_long_wait_is_short_while_closing_and_ends_it_if_there_is_no_time() -> None:
    transport = ClosingTransport(FakeTransport(judge=scripted()))
    transport.close_at(time.monotonic() + 3600)
    start_s = time.monotonic()
    transport.sleep(3600)
    assert (time.monotonic() - start_s < 60, transport.closed()) == (True, False)
    transport.close_at(time.monotonic() + 0.05)
    transport.sleep(3600)

    assert transport.closed()


def test_the_connection_is_closed_once() -> None:
    inside = FakeTransport(judge=scripted())
    transport = ClosingTransport(inside)
    transport.close()
    transport.close()

    assert inside.closed == 1
