# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The delivery of files to one destination, which can be interrupted and gone on with."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import BinaryIO, Final

import attrs
import click

from ..backfill.checkpoint import Mark
from ..backfill.cutting import cut
from ..backfill.inputs.opened import is_parquet
from ..backfill.position import Position
from ..broadcast import BroadcastDestination
from ..core.bodies import Body, join
from ..core.entry import Entry
from ..core.lines import one_line
from ..core.words import plural, printable
from ..delivery import Counts, Fate, Limits, Settled, sender_to
from ..delivery.loop import settle_bodies
from ..delivery.pacing import Pace, PacedTransport
from ..delivery.parallel import settle_in_parallel
from ..delivery.transport import Transport
from .in_flight import InFlight, Piece
from .input_file import InputFile
from .progress import Advance, watched, with_progress
from .read_ahead import read_ahead
from .sigterm import ended_by_sigterm
from .sources import Source, total_size
from .summary import Late, print_summary
from .tally import Tally
from .verbosity import note

__all__ = ["DeliveryRun"]

_LONGEST_NAME: Final = 200


@attrs.define(kw_only=True)
class DeliveryRun:
    """
    One destination, and the files on their way to it.

    Attributes:
        sources: The files, in order.

        target: Where they are delivered.

        limits, requests, pace: As for the delivery.

        quarantine: What is not delivered is added here.

        read: From a file, its bytes, and the first line that counts to the entries of each line.

        tally: What the lines gave so far.

        mark, save: How far it is, and what writes that down; ``None`` without a checkpoint.
    """

    sources: tuple[Source, ...]
    target: BroadcastDestination
    limits: Limits
    requests: int
    pace: Pace | None
    quarantine: BinaryIO | None
    read: Callable[[InputFile, BinaryIO, int], Iterator[tuple[Entry, ...]]]
    tally: Tally
    mark: Mark | None
    save: Callable[[], None] | None
    _report: Counts = attrs.field(factory=Counts)
    _in_flight: InFlight = attrs.field(init=False)
    # The bodies that are under way or wait for that.
    _bodies: deque[_UnderWay] = attrs.field(factory=deque)
    _before: Mark | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._before = None if self.mark is None else attrs.evolve(self.mark)
        self._in_flight = InFlight(start=Position() if self.mark is None else self.mark.settled)

    def run(self) -> int:
        """Delivers; prints the summary even if it is interrupted. Returns the exit code."""
        late = Late(searchable_s=self.target.destination.searchable_s)
        self._print_mark()
        size = total_size(self.sources)
        try:
            with with_progress("Sending", size) as advance, ended_by_sigterm():
                self._deliver(advance, late)
        except (KeyboardInterrupt, SystemExit, OSError):
            print_summary(self.tally, self._report, self.target)
            self._print_interrupted()
            raise
        failed = self.tally.failed()
        print_summary(self.tally, self._report, self.target)
        late.print(self._report.delivered)
        self._print_undelivered()
        return 0 if self._report.complete and not failed else 1

    def pieces(self, advance: Advance) -> Iterator[Piece]:
        """The entries of each line of all files, from where an earlier run has come to."""
        start = self._in_flight.start
        for index, source in enumerate(self.sources[start.file :], start.file):
            begin = start if index == start.file else Position(index)
            input_file = self.tally.begin(source.name)
            # Parquet is read from its end on, so it cannot be watched.
            file = source.file if is_parquet(source.file) else watched(source.file, advance)
            yield from self._pieces_of(self.read(input_file, file, begin.line), input_file, begin)
            yield None, ()
            self.tally.end()

    def _pieces_of(
        self, lines: Iterable[tuple[Entry, ...]], input_file: InputFile, begin: Position
    ) -> Iterator[Piece]:
        place = begin
        for entries in lines:
            # The rows of a JSON array are all of the line on which it begins.
            if input_file.line != place.line or place is begin:
                place = Position(begin.file, input_file.line)
            done = max(begin.entry - place.entry, 0) if place.line == begin.line else 0
            following = attrs.evolve(place, entry=place.entry + len(entries))
            yield attrs.evolve(place, entry=place.entry + min(done, len(entries))), entries[done:]
            place = following

    def _deliver(self, advance: Advance, late: Late) -> None:
        lines = self._in_flight.watch(self.pieces(advance))
        with self._ahead(lines) as ahead, self._settled(self._cut(ahead)) as fates:
            for settled in fates:
                if not self._settle(settled, late):
                    return
        self._write_mark(settled=Position(len(self.sources)))

    def _ahead(
        self, lines: Iterator[tuple[Entry, ...]]
    ) -> AbstractContextManager[Iterator[tuple[Entry, ...]]]:
        # A thread that waits for a pipe could not be stopped.
        if not all(source.is_regular for source in self.sources):
            return nullcontext(lines)
        return read_ahead(lines, (self.requests + 1) * self.limits.max_body_bytes)

    def _cut(self, lines: Iterable[tuple[Entry, ...]]) -> Iterator[Body]:
        for body in cut(lines, self.limits.max_body_bytes):
            self._bodies.append(_UnderWay(entries=len(body.entries), spans=body.span_count))
            self._write_mark()
            yield body

    @contextmanager
    def _settled(self, bodies: Iterable[Body]) -> Iterator[Iterator[Settled]]:
        with ExitStack() as open_senders:
            senders: list[Transport] = []
            for _ in range(self.requests):
                sender = sender_to(self.target.destination)
                open_senders.enter_context(sender)
                senders.append(sender if self.pace is None else PacedTransport(sender, self.pace))
            if self.requests == 1:
                yield settle_bodies(bodies, senders[0], self.limits)
                return
            with settle_in_parallel(bodies, senders, self.limits) as settled:
                yield settled

    def _settle(self, settled: Settled, late: Late) -> bool:
        """Counts entries, and keeps those that were not delivered; whether to go on."""
        self._report.add(settled)
        if self.mark is not None and settled.fate is Fate.PENDING:
            # A later run sends them again, and all after them.
            return False
        if settled.fate is Fate.DELIVERED:
            late.add(settled.entries)
        else:
            self._keep(settled.entries)
        self._in_flight.settle(len(settled.entries))
        body = self._bodies[0]
        body.entries -= len(settled.entries)
        # Only between two bodies: if a part of one were settled, the rest would be cut at other places.
        if body.entries == 0:
            self._bodies.popleft()
            self._write_mark(settled=self._in_flight.place_of(0))
        return True

    def _write_mark(self, settled: Position | None = None) -> None:
        """Writes down what is under way and, between two bodies, how far this is."""
        mark, before = self.mark, self._before
        if mark is None or before is None or self.save is None:
            return
        if settled is not None:
            mark.settled = settled
            mark.delivered = before.delivered + self._report.delivered
            mark.rejected = before.rejected + self._report.rejected
            mark.quarantined = before.quarantined + self._report.quarantined
        mark.sending = self._in_flight.place_of(sum(body.entries for body in self._bodies))
        mark.sending_spans = sum(body.spans for body in self._bodies)
        self.save()

    def _keep(self, entries: tuple[Entry, ...]) -> None:
        if self.quarantine is not None and entries:
            # Entries of an indented body have line ends; here each body has to be one line.
            self.quarantine.write(one_line(join(entries)) + b"\n")
            # Nothing is lost if the command is killed later.
            self.quarantine.flush()

    def _print_mark(self) -> None:
        """Says where an earlier run has come to, and what of it is uncertain."""
        mark = self._before
        if mark is None or mark == Mark(settings=mark.settings):
            return
        counts = Counts(delivered=mark.delivered, rejected=mark.rejected, quarantined=mark.quarantined)
        note(f"before: {counts}")
        if mark.settled.file < len(self.sources):
            note(f"going on with {self._place(mark.settled)}")
        if mark.sending_spans:
            spans = plural(mark.sending_spans, "span")
            note(f"{spans} before {self._place(mark.sending)} may have arrived already, and are sent again")

    def _print_interrupted(self) -> None:
        """Keeps what was in flight, and says where to go on."""
        entries = self._in_flight.entries
        spans = sum(entry.span_count for entry in entries)
        state = f"; {plural(spans, 'span')} in flight may have arrived" if spans else ""
        place = self._place(self._in_flight.place_of(0)) if entries else self._next_line()
        if spans and self.quarantine is not None and self.mark is None:
            with suppress(OSError):  # the disk may be full, which is why this ends
                self._keep(entries)
                state += f", and {'is' if spans == 1 else 'are'} added to {_shown(self.quarantine.name)}"
                place = self._next_line()
        click.echo(f"interrupted{state}", err=True)
        if self.mark is None:
            click.echo(f"go on with {place}", err=True)
        else:
            click.echo("the same command goes on from here", err=True)

    def _next_line(self) -> str:
        """The line after all that was read."""
        files = self.tally.files
        line = files[-1].line + 1 if files else 1
        return f"line {line} of {_shown(files[-1].name if files else self.sources[0].name)}"

    def _place(self, place: Position) -> str:
        if place.file >= len(self.sources):
            return "the end"
        return f"line {place.line} of {_shown(self.sources[place.file].name)}"

    def _print_undelivered(self) -> None:
        undelivered = self._report.quarantined + self._report.pending
        if self.mark is not None and self._report.pending:
            click.echo("the same command goes on from here", err=True)
        elif undelivered and self.quarantine is None:
            click.echo("use --quarantine FILE to keep undelivered spans", err=True)
        elif undelivered and self.quarantine is not None:
            name = _shown(self.quarantine.name)
            spans = plural(undelivered, "span")
            click.echo(f"{spans} added to {name}; send them again with `otlpjson post`", err=True)


@attrs.define(kw_only=True)
class _UnderWay:
    """A body that is not settled: its entries that are not, and all its spans."""

    entries: int
    spans: int


def _shown(name: str) -> str:
    return printable(name, _LONGEST_NAME)
