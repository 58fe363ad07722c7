# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""What ``send`` and ``post`` have to do: files, destinations, and how."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import attrs
import click

from ..backfill import Plan
from ..backfill.checkpoint import Checkpoint, identity_of_file
from ..backfill.cutting import cut
from ..broadcast import BroadcastDestination
from ..core.entry import Entry
from ..core.errors import ConfigError
from ..core.words import printable
from ..delivery import Limits
from ..delivery.pacing import Pace
from .delivery_run import DeliveryRun
from .dry_run import print_plan
from .in_flight import entries_of_lines
from .input_file import InputFile
from .progress import with_progress
from .sigterm import ended_by_sigterm
from .sources import Source, is_same_file, opened, total_size
from .summary import late_before
from .tally import Tally

__all__ = ["DeliveryJob", "Reader"]


@attrs.frozen(kw_only=True)
class Reader:
    """
    How the entries of a destination are read.

    Attributes:
        kind: What the files should have, for example ``"bodies"``.

        settings: What the entries depend on beside the files, by destination.

        read: From a file, its bytes, a destination and the first line that counts to the entries of lines.
    """

    kind: str
    settings: Callable[[BroadcastDestination], str]
    read: Callable[[InputFile, BinaryIO, BroadcastDestination, int], Iterator[tuple[Entry, ...]]]


@attrs.frozen(kw_only=True)
class DeliveryJob:
    """
    One run of a command.

    Attributes:
        names: The files.

        targets: Where each is delivered.

        limits, requests: As for the delivery.

        rate: Bytes per second for each destination; ``None``: as fast as it goes.

        quarantine: What is not delivered is added here.

        checkpoint: Where to write down what is settled.

        dry_run: Whether nothing is sent.
    """

    names: Sequence[str]
    targets: tuple[BroadcastDestination, ...]
    limits: Limits
    requests: int
    rate: float | None
    quarantine: BinaryIO | None
    checkpoint: Path | None
    dry_run: bool

    def run(self, reader: Reader) -> int:
        """
        Delivers the files to each destination in turn; returns the worst exit code.

        Raises:
            ConfigError: There is no such file, it is the quarantine, or the checkpoint is of other files.
        """
        several = len(self.targets) > 1
        codes = []
        with opened(self.names, often=several) as sources:
            self._require_other_files(sources)
            marks = None if self.dry_run else self._checkpoint(sources)
            # Not 0: standard input may be a file whose beginning something else has read.
            starts = [source.file.tell() if several else 0 for source in sources]
            for number, target in enumerate(self.targets):
                if several:
                    for source, start in zip(sources, starts):
                        source.file.seek(start)
                    click.echo(printable(f"{target.name}:", 80), err=True)
                run = self._delivery(target, sources, marks, reader, quiet=number > 0)
                codes.append(self._plan(run) if self.dry_run else run.run())
        return max(codes)

    def _delivery(
        self,
        target: BroadcastDestination,
        sources: tuple[Source, ...],
        checkpoint: Checkpoint | None,
        reader: Reader,
        *,
        quiet: bool,
    ) -> DeliveryRun:
        mark = None
        if checkpoint is not None:
            destination = f"{target.destination.url} {target.destination.folder}"
            text = f"{reader.kind} {reader.settings(target)} {destination} {self.limits.max_body_bytes}"
            mark = checkpoint.mark(target.name, hashlib.blake2b(text.encode(), digest_size=8).hexdigest())
        return DeliveryRun(
            sources=sources,
            target=target,
            limits=self.limits,
            requests=self.requests,
            pace=None if self.rate is None else Pace(self.rate),
            quarantine=self.quarantine,
            read=lambda counted, file, first: reader.read(counted, file, target, first),
            # The lines are the same for every destination, and so would be the messages.
            tally=Tally(kind=reader.kind, quiet=quiet),
            mark=mark,
            save=None if checkpoint is None else checkpoint.save,
        )

    def _plan(self, run: DeliveryRun) -> int:
        """Goes through the files as if they were delivered; prints the plan."""
        destination = run.target.destination
        plan = Plan(late_ns=late_before(destination.searchable_s), limits=self.limits)
        with with_progress("Planning", total_size(run.sources)) as advance, ended_by_sigterm():
            lines = entries_of_lines(run.pieces(advance))
            plan.add(cut(lines, self.limits.max_body_bytes), destination.compression)
        failed = run.tally.failed()
        print_plan(plan, run.tally, run.target, self.rate)
        return 1 if failed else 0

    def _checkpoint(self, sources: tuple[Source, ...]) -> Checkpoint | None:
        if self.checkpoint is None:
            return None
        paths = [source.path for source in sources if source.path is not None and source.is_regular]
        if len(paths) < len(sources):
            raise ConfigError({"--checkpoint": "expected files; a pipe cannot be read again"})
        return Checkpoint(self.checkpoint, [(str(path), identity_of_file(path)) for path in paths])

    def _require_other_files(self, sources: tuple[Source, ...]) -> None:
        # What is appended would be read again, and the command would never end.
        if self.quarantine is not None and any(is_same_file(one.file, self.quarantine) for one in sources):
            raise ConfigError({"--quarantine": "expected a file other than the input"})
