# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What a server refused, kept within a bound."""

from __future__ import annotations

from otlpjson.core.entry import Entry
from otlpjson.delivery import Fate, Outcome, OutcomeKind, Settled
from otlpjson.delivery.quarantine import Quarantine

from .fakes import entry

FAILED = Outcome(kind=OutcomeKind.FAILED, status=500)


def refused(*entries: Entry) -> Settled:
    """Entries that a server failed on."""
    return Settled(entries=entries, fate=Fate.QUARANTINED, outcome=FAILED)


def test_it_keeps_what_fits_and_the_newest_first() -> None:
    """What had to go is counted in spans."""
    one, two, three = (refused(entry(str(number), spans=number)) for number in (1, 2, 3))
    size = len(one.entries[0].data)
    kept = Quarantine(max_bytes=2 * size)

    assert [kept.add(one), kept.add(two), kept.list()] == [0, 0, (one, two)]
    assert [kept.add(three), kept.list()] == [1, (two, three)]
    assert kept.add(refused(entry("x" * 1000, spans=7))) == 12
    assert kept.list() == ()


def test_what_is_taken_out_is_gone() -> None:
    """In order, and there is room again."""
    one, two = refused(entry("1"), entry("2")), refused(entry("3"))
    kept = Quarantine(max_bytes=100)
    kept.add(one)
    kept.add(two)

    assert kept.take() == (*one.entries, *two.entries)
    assert (kept.take(), kept.list()) == ((), ())
    assert kept.add(refused(entry("x" * 60))) == 0
