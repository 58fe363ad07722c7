# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``send`` and ``post``: records, or ready bodies, to the destination."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from typing import Any, BinaryIO, Callable

import attrs
import click
from rich.console import Console
from rich.progress import wrap_file

from ..broadcast import BroadcastDestination
from ..core.bodies import Entry, join
from ..core.errors import ConfigError
from ..core.lines import one_line
from ..core.words import printable
from ..delivery import Counts, Fate, Limits, Sender, settle
from . import options
from .chosen import chosen
from .drawing.figures import plural
from .input_file import Source

__all__ = ["post", "send"]


@click.command()
@options.input_file
@options.to
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.max_wait
@options.quarantine
@options.allow_plain_http
def send(
    file: BinaryIO,
    names: tuple[str, ...],
    max_wait: float,
    quarantine: BinaryIO | None,
    allow_plain_http: bool,
    **form: Any,
) -> int:
    """Turn records into spans and deliver them.

    FILE has one JSON object per LLM request, with its request and its response; "-" is
    standard input.
    """
    written = options.FormOptions(**form)

    def entries(source: Source, lines: Iterable[bytes], target: BroadcastDestination) -> Iterator[Entry]:
        return chain.from_iterable(source.records(lines, written.form(target.form), target.sampling_rate))

    targets = chosen(names, allow_plain_http=allow_plain_http)
    return _Job.of(file, targets, max_wait, quarantine).run("records", entries)


@click.command()
@options.input_file
@options.to
@options.max_wait
@options.quarantine
@options.allow_plain_http
def post(
    file: BinaryIO,
    names: tuple[str, ...],
    max_wait: float,
    quarantine: BinaryIO | None,
    allow_plain_http: bool,
) -> int:
    """Deliver ready OTLP/JSON bodies as they are.

    FILE has one body a line, or a single one over all lines; "-" is standard input.
    """
    targets = chosen(names, allow_plain_http=allow_plain_http)
    job = _Job.of(file, targets, max_wait, quarantine)
    return job.run("bodies", lambda source, lines, target: source.bodies(lines))


_Entries = Callable[[Source, Iterable[bytes], BroadcastDestination], Iterator[Entry]]


@attrs.frozen(kw_only=True)
class _Job:
    """One delivery from the command line."""

    file: BinaryIO
    targets: tuple[BroadcastDestination, ...]
    limits: Limits
    quarantine: BinaryIO | None

    @classmethod
    def of(
        cls,
        file: BinaryIO,
        targets: tuple[BroadcastDestination, ...],
        max_wait: float,
        quarantine: BinaryIO | None,
    ) -> _Job:
        if quarantine is not None and _same(file, quarantine):
            raise ConfigError({"--quarantine": "expected another file than the one that is read"})
        return cls(file=file, targets=targets, limits=Limits(max_wait_s=max_wait), quarantine=quarantine)

    def run(self, kind: str, entries: _Entries) -> int:
        """Delivers what the file gives to each destination; the worst exit code of them."""
        several = len(self.targets) > 1
        codes = []
        with _rewindable(self.file) if several else nullcontext(self.file) as file:
            # Standard input may be a file of which something else has read the beginning.
            start = file.tell() if several else 0
            for number, target in enumerate(self.targets):
                if several:
                    file.seek(start)
                    click.echo(printable(f"{target.name}:", 80), err=True)
                source = Source(self.file.name, quiet=number > 0)
                codes.append(self._run_one(source, file, target, kind, entries))
        return max(codes)

    def _run_one(
        self, source: Source, file: BinaryIO, target: BroadcastDestination, kind: str, entries: _Entries
    ) -> int:
        """Says what became of it also where it is stopped in between."""
        report = Counts()
        try:
            with _shown(file) as lines:
                self._settle(entries(source, lines, target), target, report)
        except (KeyboardInterrupt, OSError):
            _tell(source, report)
            click.echo("stopped there; what was under way is not counted", err=True)
            raise
        failed = source.failed(kind)
        _tell(source, report)
        self._tell_of_quarantine(report)
        return 0 if report.complete and not failed else 1

    def _settle(self, entries: Iterable[Entry], target: BroadcastDestination, report: Counts) -> None:
        with Sender(target.destination) as sender:
            for settled in settle(entries, sender, self.limits):
                report.add(settled)
                if self.quarantine is not None and settled.fate is not Fate.DELIVERED:
                    self.quarantine.write(one_line(join(settled.entries)) + b"\n")
                    self.quarantine.flush()

    def _tell_of_quarantine(self, report: Counts) -> None:
        kept = report.quarantined + report.pending
        if kept and self.quarantine is None:
            click.echo("with --quarantine FILE, what is not delivered is kept there", err=True)
        elif kept and self.quarantine is not None:
            name = printable(self.quarantine.name, 200)
            click.echo(f"{plural(kept, 'span')} added to {name}, for `otlpjson post` to send again", err=True)


@contextmanager
def _rewindable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file, or a copy of what cannot be read twice, such as standard input."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        yield copy


def _same(one: BinaryIO, other: BinaryIO) -> bool:
    """Whether both are one file on a disk, so that reading would never come to an end."""
    a, b = _on_disk(one), _on_disk(other)
    return a is not None and b is not None and os.path.samestat(a, b)


def _size(file: BinaryIO) -> int:
    """How long a file on a disk is; 0 for any other stream."""
    found = _on_disk(file)
    return 0 if found is None else found.st_size


def _on_disk(file: BinaryIO) -> os.stat_result | None:
    """What the system says of a file on a disk; ``None`` for any other stream."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None  # a stream without a file behind it
    return found if stat.S_ISREG(found.st_mode) else None


@contextmanager
def _shown(file: BinaryIO) -> Iterator[Iterable[bytes]]:
    """The file's lines, with a progress bar on a terminal for a file of known size."""
    console = Console(stderr=True)
    terminal = console.is_terminal and sys.stderr.isatty()
    size = _size(file) if terminal else 0
    if size == 0:
        yield file
    else:
        with wrap_file(file, size, description="Sending", console=console, transient=True) as lines:
            yield lines


def _tell(source: Source, report: Counts) -> None:
    """Says what became of everything so far."""
    click.echo(str(report), err=True)
    for outcome, spans in report.outcomes:
        status = f" {outcome.status}" if outcome.status else ""
        words = f": {outcome.message}" if outcome.message else ""
        click.echo(f"  {plural(spans, 'span')} {outcome.kind.value}{status}{words}", err=True)
    if source.sampled_out:
        click.echo(f"{plural(source.sampled_out, 'record')} left out by the sampling rate", err=True)
    if source.bad:
        click.echo(f"{plural(source.bad, 'line')} refused, named above", err=True)
