# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``send --dry-run`` and ``post --dry-run`` print."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import click

from ..backfill import Plan
from ..broadcast import BroadcastDestination
from ..core.words import plural, printable
from .drawing.figures import moment_text
from .progress import duration_text, size_text
from .summary import lateness, print_left_out
from .tally import Tally

__all__ = ["print_plan"]

_LONGEST: Final = 200
# https://grafana.com/docs/grafana-cloud/cost-management-and-billing/understand-your-invoice/usage-limits/
_CLOUD_BYTES_PER_S: Final = 500_000
_NOUNS: Final = MappingProxyType({"records": "record", "bodies": "body"})


def print_plan(plan: Plan, tally: Tally, target: BroadcastDestination, rate: float | None) -> None:
    """
    Writes the plan of one destination to standard output, and what is left out to standard error.

    Args:
        rate: Bytes per second; ``None``: for Grafana Cloud what it accepts by default.
    """
    spans = f"{plural(plan.spans, 'span')} in {plural(plan.requests, 'request')}"
    records = f"{plural(tally.records, _NOUNS[tally.kind])}, " if tally.records else ""
    size = f"{plan.body_bytes:,} bytes, {plan.sent_bytes:,} as sent"
    click.echo(printable(f"{target.name} ({target.host}): {records}{spans}, {size}", _LONGEST))
    if plan.oldest_ns is not None and plan.newest_ns is not None:
        click.echo(f"ended from {moment_text(plan.oldest_ns)} to {moment_text(plan.newest_ns)}")
    searchable_s = target.destination.searchable_s
    if plan.late and searchable_s is not None:
        click.echo(f"{plan.late} of {plural(plan.spans, 'span')} {lateness(searchable_s)}")
    if plan.too_large:
        limit = size_text(plan.limits.hard_max_body_bytes)
        click.echo(f"{plural(plan.too_large, 'span')} above {limit} would not be sent")
    _print_duration(plan, rate, is_cloud=searchable_s is not None)
    print_left_out(tally)
    click.echo("nothing was sent")


def _print_duration(plan: Plan, rate: float | None, *, is_cloud: bool) -> None:
    if rate is not None:
        click.echo(f"at {size_text(round(rate))}/s: {duration_text(plan.body_bytes / rate)}")
    elif is_cloud and plan.body_bytes > _CLOUD_BYTES_PER_S:
        words = f"at {size_text(_CLOUD_BYTES_PER_S)}/s, which Grafana Cloud accepts by default"
        click.echo(f"{words}: {duration_text(plan.body_bytes / _CLOUD_BYTES_PER_S)}")
