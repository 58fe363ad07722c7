# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The commands ``send`` and ``post``: deliver records, or ready bodies, to one or more destinations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import chain
from typing import Any, BinaryIO, Callable

import attrs
import click

from ..backfill import Mapper, Plan, Workers
from ..backfill.inputs.compressed import unpacked
from ..broadcast import BroadcastDestination
from ..core.bodies import join
from ..core.entry import Entry
from ..core.errors import ConfigError
from ..core.lines import one_line
from ..core.words import plural, printable
from ..delivery import Counts, Fate, Limits, Settled, sender_to, settle
from ..delivery.parallel import settle_in_parallel
from . import options
from .chosen import chosen
from .dry_run import print_plan
from .in_flight import InFlight
from .input_file import InputFile
from .read_ahead import read_ahead
from .sigterm import ended_by_sigterm
from .streams import file_status, is_same_file, rewindable, with_progress
from .summary import Late, late_before, print_summary

__all__ = ["post", "send"]


@click.command()
@options.input_file
@options.to
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.max_wait
@options.requests
@options.quarantine
@options.dry_run
@options.allow_plain_http
@options.workers
def send(
    file: BinaryIO,
    names: tuple[str, ...],
    max_wait: float,
    requests: int,
    quarantine: BinaryIO | None,
    dry_run: bool,
    allow_plain_http: bool,
    workers: int,
    **form_options: Any,
) -> int:
    """Turn records into spans and deliver them.

    FILE has one JSON object per LLM request, with its request and its response, also compressed
    with gzip or Zstandard; "-" is standard input. "convert" makes records of other logs.
    """
    options_given = options.FormOptions(**form_options)
    targets = chosen(names, allow_plain_http=allow_plain_http)
    job = _Job(
        file=file,
        targets=targets,
        limits=Limits(max_wait_s=max_wait),
        requests=requests,
        quarantine=quarantine,
        dry_run=dry_run,
    )
    with Workers(workers) as processes:

        def entries(
            records: InputFile, lines: Iterable[bytes], target: BroadcastDestination
        ) -> Iterator[tuple[Entry, ...]]:
            # A destination that is named is sent to, also if it is disabled.
            policy = attrs.evolve(target.policy(), enabled=True)
            mapper = Mapper(form=options_given.form(target.form), policy=policy)
            return records.records(lines, mapper, processes)

        return job.run("records", entries)


@click.command()
@options.input_file
@options.to
@options.max_wait
@options.requests
@options.quarantine
@options.dry_run
@options.allow_plain_http
def post(
    file: BinaryIO,
    names: tuple[str, ...],
    max_wait: float,
    requests: int,
    quarantine: BinaryIO | None,
    dry_run: bool,
    allow_plain_http: bool,
) -> int:
    """Deliver ready OTLP/JSON bodies unchanged.

    FILE has one body per line, or is a single indented body; "-" is standard input.
    """
    targets = chosen(names, allow_plain_http=allow_plain_http)
    job = _Job(
        file=file,
        targets=targets,
        limits=Limits(max_wait_s=max_wait),
        requests=requests,
        quarantine=quarantine,
        dry_run=dry_run,
    )
    return job.run("bodies", lambda input_file, lines, target: input_file.bodies(lines))


_Entries = Callable[[InputFile, Iterable[bytes], BroadcastDestination], Iterator[tuple[Entry, ...]]]


@attrs.frozen(kw_only=True)
class _Job:
    """One run of a command: a file, and the destinations that it is delivered to."""

    file: BinaryIO
    targets: tuple[BroadcastDestination, ...]
    limits: Limits
    requests: int
    quarantine: BinaryIO | None
    dry_run: bool

    def __attrs_post_init__(self) -> None:
        # What is appended would be read again, and the command would never end.
        if self.quarantine is not None and is_same_file(self.file, self.quarantine):
            raise ConfigError({"--quarantine": "expected a file other than the input"})

    def run(self, kind: str, entries: _Entries) -> int:
        """Delivers the file to each destination in turn; returns the worst exit code."""
        several = len(self.targets) > 1
        codes = []
        with rewindable(self.file) if several else nullcontext(self.file) as file:
            # Not 0: standard input may be a file whose beginning something else has read.
            start = file.tell() if several else 0
            for number, target in enumerate(self.targets):
                if several:
                    file.seek(start)
                    click.echo(printable(f"{target.name}:", 80), err=True)
                # The lines are the same for every destination, and so would be the messages.
                input_file = InputFile(self.file.name, quiet=number > 0)
                run = self._plan_one if self.dry_run else self._run_one
                codes.append(run(input_file, file, target, kind, entries))
        return max(codes)

    def _run_one(
        self,
        input_file: InputFile,
        file: BinaryIO,
        target: BroadcastDestination,
        kind: str,
        entries: _Entries,
    ) -> int:
        """Delivers the file to one destination; prints the summary even if it is interrupted."""
        report, late = Counts(), Late(searchable_s=target.destination.searchable_s)
        in_flight = InFlight(lambda: input_file.line)
        try:
            with with_progress(file) as lines, ended_by_sigterm():
                taken = in_flight.watch(entries(input_file, unpacked(lines), target))
                with self._read(taken, file) as one_by_one, self._settled(one_by_one, target) as fates:
                    for settled in fates:
                        in_flight.settle(len(settled.entries))
                        report.add(settled)
                        self._put_away(settled, late)
        except (KeyboardInterrupt, SystemExit, OSError):
            print_summary(input_file, report, target)
            self._print_interrupted(input_file, in_flight)
            raise
        failed = input_file.failed(kind)
        print_summary(input_file, report, target)
        late.print(report.delivered)
        self._print_quarantine(report)
        return 0 if report.complete and not failed else 1

    def _plan_one(
        self,
        input_file: InputFile,
        file: BinaryIO,
        target: BroadcastDestination,
        kind: str,
        entries: _Entries,
    ) -> int:
        """Goes through the file as if it were delivered to one destination; prints the plan."""
        destination = target.destination
        plan = Plan(late_ns=late_before(destination.searchable_s))
        with with_progress(file) as lines, ended_by_sigterm():
            taken = chain.from_iterable(entries(input_file, unpacked(lines), target))
            plan.add(taken, self.limits, destination.compression)
        failed = input_file.failed(kind)
        print_plan(plan, input_file, target)
        return 1 if failed else 0

    def _read(
        self, taken: Iterator[tuple[Entry, ...]], file: BinaryIO
    ) -> AbstractContextManager[Iterator[Entry]]:
        # A thread that waits for a pipe could not be stopped.
        if file_status(file) is None:
            return nullcontext(chain.from_iterable(taken))
        return read_ahead(taken, (self.requests + 1) * self.limits.max_body_bytes)

    @contextmanager
    def _settled(self, entries: Iterable[Entry], target: BroadcastDestination) -> Iterator[Iterator[Settled]]:
        if self.requests == 1:
            with sender_to(target.destination) as sender:
                yield settle(entries, sender, self.limits)
            return
        senders = [sender_to(target.destination) for _ in range(self.requests)]
        with settle_in_parallel(entries, senders, self.limits) as settled:
            yield settled
        for sender in senders:
            sender.close()

    def _put_away(self, settled: Settled, late: Late) -> None:
        if settled.fate is Fate.DELIVERED:
            late.add(settled.entries)
        else:
            self._keep(settled.entries)

    def _keep(self, entries: tuple[Entry, ...]) -> None:
        if self.quarantine is not None and entries:
            # Entries of an indented body have line ends; here each body has to be one line.
            self.quarantine.write(one_line(join(entries)) + b"\n")
            # Nothing is lost if the command is killed later.
            self.quarantine.flush()

    def _print_interrupted(self, input_file: InputFile, in_flight: InFlight) -> None:
        """Keeps what was in flight, and says with which line to go on."""
        line = in_flight.next_line
        spans = sum(entry.span_count for entry in in_flight.entries)
        state = f"; {plural(spans, 'span')} in flight may have arrived" if spans else ""
        if spans and self.quarantine is not None:
            with suppress(OSError):  # the disk may be full, which is why this ends
                self._keep(in_flight.entries)
                state += (
                    f", and {'is' if spans == 1 else 'are'} added to {printable(self.quarantine.name, 200)}"
                )
                line = input_file.line + 1
        click.echo(f"interrupted{state}", err=True)
        click.echo(f"go on with line {line} of {printable(input_file.name, 200)}", err=True)

    def _print_quarantine(self, report: Counts) -> None:
        undelivered = report.quarantined + report.pending
        if undelivered and self.quarantine is None:
            click.echo("use --quarantine FILE to keep undelivered spans", err=True)
        elif undelivered and self.quarantine is not None:
            name = printable(self.quarantine.name, 200)
            spans = plural(undelivered, "span")
            click.echo(f"{spans} added to {name}; send them again with `otlpjson post`", err=True)
