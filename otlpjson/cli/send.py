# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``send`` and ``post``: records, or ready bodies, to the destination."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import attrs
import click
from rich.console import Console
from rich.progress import wrap_file

from ..bodies import Entry, join
from ..config import destination_from
from ..delivery import Destination, Fate, Limits, Report, Sender, settle
from ..lines import one_line
from . import options
from .source import Source, plural

__all__ = ["post", "send"]


@click.command()
@options.input_file
@options.privacy_mode
@options.integers
@options.max_wait
@options.quarantine
@options.allow_plain_http
def send(file: BinaryIO, privacy_mode: bool, integers: str, **delivery: Any) -> int:
    """Turn records into spans and deliver them.

    FILE has one JSON object per LLM request, with its request and its response; "-" is
    standard input.
    """
    job = _Job.from_options(**delivery)
    source = Source(file.name)
    with _shown(file) as lines:
        report = job.run(source.records(lines, privacy_mode=privacy_mode, integers=integers))
    return _conclude(source, "record", report)


@click.command()
@options.input_file
@options.max_wait
@options.quarantine
@options.allow_plain_http
def post(file: BinaryIO, **delivery: Any) -> int:
    """Deliver ready OTLP/JSON bodies as they are.

    FILE has one body a line, or a single one over all lines; "-" is standard input.
    """
    job = _Job.from_options(**delivery)
    source = Source(file.name)
    with _shown(file) as lines:
        report = job.run(source.bodies(lines))
    return _conclude(source, "body", report)


@attrs.frozen(kw_only=True)
class _Job:
    """One delivery from the command line."""

    destination: Destination
    limits: Limits
    quarantine: BinaryIO | None

    @classmethod
    def from_options(cls, *, max_wait: float, quarantine: BinaryIO | None, allow_plain_http: bool) -> _Job:
        return cls(
            destination=destination_from(os.environ, allow_plain_http=allow_plain_http),
            limits=Limits(max_wait_s=max_wait),
            quarantine=quarantine,
        )

    def run(self, entries: Iterable[Entry]) -> Report:
        report = Report()
        with Sender(self.destination) as sender:
            for settled in settle(entries, sender, self.limits):
                report.add(settled)
                if self.quarantine is not None and settled.fate is not Fate.DELIVERED:
                    self.quarantine.write(one_line(join(settled.entries)) + b"\n")
        return report


@contextmanager
def _shown(file: BinaryIO) -> Iterator[Iterable[bytes]]:
    """The file's lines, with a progress bar on a terminal for a file of known size."""
    console = Console(stderr=True)
    size = os.fstat(file.fileno()).st_size if console.is_terminal and file.name != "<stdin>" else 0
    if size == 0:
        yield file
    else:
        with wrap_file(file, size, description="Sending", console=console, transient=True) as lines:
            yield lines


def _conclude(source: Source, noun: str, report: Report) -> int:
    """Says what became of everything, and gives the exit code."""
    failed = source.failed(f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s")
    parts = [f"{report.delivered} delivered"]
    parts += [f"{report.unconfirmed} of them unconfirmed"] if report.unconfirmed else []
    parts += [f"{count} {name}" for name, count in _losses(report) if count]
    click.echo(f"{plural(report.recorded, 'span')} recorded: {', '.join(parts)}", err=True)
    for outcome, spans in report.outcomes:
        status = f" {outcome.status}" if outcome.status else ""
        words = f": {outcome.message}" if outcome.message else ""
        click.echo(f"  {plural(spans, 'span')} {outcome.kind.value}{status}{words}", err=True)
    if source.bad:
        click.echo(f"{plural(source.bad, 'line')} refused, named above", err=True)
    return 0 if report.complete and not failed else 1


def _losses(report: Report) -> tuple[tuple[str, int], ...]:
    return (
        ("rejected", report.rejected),
        ("quarantined", report.quarantined),
        ("pending", report.pending),
    )
