# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Bodies at a rate, on a clock of the test's own."""

from __future__ import annotations

from otlpjson.delivery.pacing import Pace, PacedTransport

from .fakes import FakeTransport


def test_bodies_wait_until_they_are_due() -> None:
    """The first one is sent at once; a pause is not made up for later."""
    transport = FakeTransport()
    paced = PacedTransport(transport, Pace(100))
    times = []
    for size in (200, 50, 100):
        paced.send(b"x" * size)
        times.append(paced.now_s())
    begun = times[0]
    assert [time - begun for time in times] == [0, 2, 2.5]
    paced.sleep(10)
    for _ in range(2):
        paced.send(b"x" * 100)
        times.append(paced.now_s())

    assert [time - begun for time in times[3:]] == [12.5, 13.5]


def test_transports_share_a_pace() -> None:
    """However many requests are under way."""
    pace = Pace(10)

    assert [pace.wait_s(20, 5.0), pace.wait_s(20, 5.0), pace.wait_s(1, 20.0)] == [0, 2, 0]


def test_everything_else_is_that_of_the_transport() -> None:
    """It is closed once."""
    transport = FakeTransport()
    paced = PacedTransport(transport, Pace(1))
    paced.close()

    assert transport.closed == 1
    assert paced.jitter() == transport.jitter()
