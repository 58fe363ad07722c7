# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``send`` and ``post`` say at their end: counts, outcomes, and what to do about them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs
import click

from ..broadcast import BroadcastDestination
from ..core.entry import Entry
from ..core.entry_times import ended_before
from ..core.words import plural
from ..delivery import Counts, Outcome, OutcomeKind
from ..delivery.probe import advice
from .tally import Tally
from .verbosity import note

__all__ = ["Late", "late_before", "lateness", "print_left_out", "print_reasons", "print_summary"]

# Those for which there is something to do; the others pass, or are about single spans.
_CURABLE: Final = frozenset({OutcomeKind.MISCONFIGURED, OutcomeKind.UNREACHABLE})
_LEFT_OUT_BY: Final = MappingProxyType(
    {
        "api_key": "the names of API keys",
        "sampled_out": "the sampling rate",
        "filter_rules": "the filter rules",
    }
)


@attrs.define(kw_only=True)
class Late:
    """
    The delivered spans that are too old for the destination's search.

    Attributes:
        searchable_s: How old a span may be; ``None`` if nothing is known.

        spans: Their number.
    """

    searchable_s: int | None
    spans: int = 0

    def add(self, entries: Iterable[Entry]) -> None:
        """Counts those among delivered entries."""
        oldest_ns = late_before(self.searchable_s)
        if oldest_ns is not None:
            self.spans += sum(ended_before(entry, oldest_ns) for entry in entries)

    def print(self, delivered: int) -> None:
        """Says how many there are, if there are any."""
        if self.spans and self.searchable_s is not None:
            # Of a body that was partly accepted nobody knows which spans were left out.
            late = f"{min(self.spans, delivered)} of {plural(delivered, 'delivered span')}"
            note(f"{late} {lateness(self.searchable_s)}")


def late_before(searchable_s: int | None) -> int | None:
    """The moment, in nanoseconds, before which a span must not have ended to be found by a search."""
    return None if searchable_s is None else time.time_ns() - searchable_s * 1_000_000_000


def lateness(searchable_s: int) -> str:
    """What it means that spans ended before that."""
    age = f"ended more than {searchable_s // 60} minutes ago"
    return f"{age}: they are found by trace id, but a search may miss them"


def print_left_out(tally: Tally) -> None:
    """Says how many texts were masked, and how many records are not sent, and why."""
    if tally.masked:
        note(f"{plural(tally.masked, 'text')} masked")
    if tally.without_request:
        note(f"{plural(tally.without_request, 'row')} without a request")
    print_reasons(tally.left_out)
    if tally.bad:
        click.echo(f"{plural(tally.bad, 'line')} refused, see above", err=True)


def print_reasons(left_out: Mapping[str, int]) -> None:
    """Says how many records are not sent, by reason as in ``Policy.refusal``."""
    for reason, count in left_out.items():
        click.echo(f"{plural(count, 'record')} left out by {_LEFT_OUT_BY[reason]}", err=True)


def print_summary(tally: Tally, report: Counts, target: BroadcastDestination) -> None:
    """Writes one line for each kind of outcome, equal ones together, and once what to do about it."""
    note(str(report))
    spans: Counter[Outcome] = Counter()
    for outcome, count in report.outcomes:
        # Waits differ from answer to answer.
        spans[attrs.evolve(outcome, retry_after_s=0.0, rejected_spans=0)] += count
    for outcome, count in spans.items():
        status = f" {outcome.status}" if outcome.status else ""
        message = f": {outcome.message}" if outcome.message else ""
        click.echo(f"  {plural(count, 'span')} {outcome.kind.value}{status}{message}", err=True)
    for cure in dict.fromkeys(
        advice(outcome, target.destination.url) for outcome in spans if outcome.kind in _CURABLE
    ):
        click.echo(f"  {cure}", err=True)
    print_left_out(tally)
