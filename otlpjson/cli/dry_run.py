# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``send --dry-run`` and ``post --dry-run`` print."""

from __future__ import annotations

from typing import Final

import click

from ..backfill import Plan
from ..broadcast import BroadcastDestination
from ..core.words import plural, printable
from .drawing.figures import moment_text
from .input_file import InputFile
from .summary import lateness, print_left_out

__all__ = ["print_plan"]

_LONGEST: Final = 200


def print_plan(plan: Plan, input_file: InputFile, target: BroadcastDestination) -> None:
    """Writes the plan of one destination to standard output, and what is left out to standard error."""
    spans = f"{plural(plan.spans, 'span')} in {plural(plan.requests, 'request')}"
    size = f"{plan.body_bytes:,} bytes, {plan.sent_bytes:,} as sent"
    click.echo(printable(f"{target.name} ({target.host}): {spans}, {size}", _LONGEST))
    if plan.oldest_ns is not None and plan.newest_ns is not None:
        click.echo(f"ended from {moment_text(plan.oldest_ns)} to {moment_text(plan.newest_ns)}")
    searchable_s = target.destination.searchable_s
    if plan.late and searchable_s is not None:
        click.echo(f"{plan.late} of {plural(plan.spans, 'span')} {lateness(searchable_s)}")
    print_left_out(input_file)
    click.echo("nothing was sent")
