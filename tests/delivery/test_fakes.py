# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Shows that the fakes do what the tests of the loop take for granted."""

from __future__ import annotations

import pytest

from otlpjson.core.bodies import join
from otlpjson.core.entry import Entry
from otlpjson.delivery import Outcome, OutcomeKind, Transport

from .fakes import FakeTransport, entries_of, entry, rules, scripted

ACCEPTED = Outcome(kind=OutcomeKind.ACCEPTED, status=200)
REJECTED = Outcome(kind=OutcomeKind.REJECTED, status=400)


def test_a_fake_transport_remembers_and_its_clock_moves_only_when_used() -> None:
    fake = FakeTransport(judge=scripted(ACCEPTED, REJECTED), jitter_is=0.25, send_s=2.0)
    transport: Transport = fake
    outcomes = [transport.send(b"one"), transport.send(b"two")]
    transport.sleep(3.0)
    transport.close()

    assert outcomes == [ACCEPTED, REJECTED]
    assert (fake.sent, fake.waits_s, fake.closed) == ([b"one", b"two"], [3.0], 1)
    assert (transport.now_s(), transport.now_s(), transport.jitter()) == (1007.0, 1007.0, 0.25)


def test_a_script_has_an_end() -> None:
    with pytest.raises(StopIteration):
        scripted()(b"")


def test_rules_look_at_the_size_first() -> None:
    judge = rules(max_bytes=5, poison=b"bad")

    assert [judge(body).status for body in (b"123456", b"badbad", b"bad", b"12345")] == [413, 413, 400, 200]
    assert rules()(b"anything").status == 200


def test_entries_are_found_in_a_body_that_holds_nothing_else() -> None:
    one, two, three = known = (entry("a"), entry("b"), entry("c", spans=3))

    assert one == Entry(data=b'{"schemaUrl":"a"}', span_count=1)
    assert entries_of(join([one, three]), known) == (one, three)
    with pytest.raises(AssertionError) as caught:
        entries_of(join([two, one]), known)
    assert str(caught.value).startswith("the body holds something else than (Entry(")
