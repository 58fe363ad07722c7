# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""An input file of records or bodies: what its lines give, and messages about those that give nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import attrs
import click

from ..backfill import Mapped, Mapper, Workers
from ..backfill.shards import Document
from ..core.decoder import Decoded
from ..core.entry import Entry
from ..core.entry_scanner import entries_of
from ..core.errors import InvalidDocument
from ..core.findings import Severity
from ..core.lines import documents
from ..core.model import TracesData
from ..core.words import plural, printable
from ..inspect.answers import decode_lines
from .folding import Folding

__all__ = ["InputFile"]

_MAX_MESSAGE: Final = 1000

# More errors of one line would hide the messages about other lines.
_MAX_ERRORS_OF_A_LINE: Final = 20

_NOTHING_SENT: Final = "no spans: the request was refused before routing, which OpenRouter does not trace"


@attrs.define
class InputFile:
    """
    One input file while it is read.

    Attributes:
        name: Its name in messages.

        quiet: Whether to write no messages, because the file was read before.

        good: The lines so far that could be used.

        bad: The lines so far that were refused.

        without_request: The rows so far that are no requests.

        masked: How many texts of them a mask has changed.

        left_out: The number of records so far that are not sent, by reason, as in ``Policy.refusal``.

        repaired: The lines so far that could be read only leniently.

        line: The number of the line where the latest document begins; 0 before the first.
    """

    name: str
    quiet: bool = False
    good: int = 0
    bad: int = 0
    without_request: int = 0
    masked: int = 0
    left_out: Counter[str] = attrs.field(factory=Counter)
    repaired: int = 0
    line: int = 0
    _folding: Folding = attrs.field(factory=Folding)
    _pointed: bool = False

    def records(
        self, lines: Iterable[bytes], mapper: Mapper, workers: Workers
    ) -> Iterator[tuple[Entry, ...]]:
        """The encoded spans of each record, except those that the sampling rate leaves out."""
        return self._of_mapped(workers.map(mapper, lines))

    def rows(self, rows: Iterable[Document], mapper: Mapper, workers: Workers) -> Iterator[tuple[Entry, ...]]:
        """The same of the rows of any format, as ``documents_of_file`` gives them."""
        return self._of_mapped(workers.map_documents(mapper, self._convertible(rows)))

    def _convertible(self, rows: Iterable[Document]) -> Iterator[tuple[int, bytes]]:
        for number, row in rows:
            if row is None:
                self.without_request += 1
            elif isinstance(row, InvalidDocument):
                self.refuse(number, str(row))
            else:
                yield number, row

    def _of_mapped(self, found: Iterable[Mapped]) -> Iterator[tuple[Entry, ...]]:
        for mapped in found:
            self.line = mapped.number
            if mapped.error:
                self.refuse(mapped.number, mapped.error)
                self._point_to_convert(mapped.other_format)
                continue
            self.good += 1
            self.masked += mapped.masked
            for note in mapped.notes:
                self.report(mapped.number, f"left out: {note}")
            if mapped.refusal:
                self.left_out[mapped.refusal] += 1
                continue
            if not mapped.entries:
                self.report(mapped.number, _NOTHING_SENT)
            yield mapped.entries

    def _point_to_convert(self, name: str) -> None:
        if name and not self._pointed:
            self._pointed = True
            text = f"this looks like {name}; use --format auto, or run `otlpjson convert` first"
            self.say(text)

    def bodies(self, lines: Iterable[bytes], first: int = 1) -> Iterator[tuple[Entry, ...]]:
        """The entries of each OTLP/JSON body from this line on, byte for byte."""
        for number, document in documents(lines):
            if number < first:
                continue
            self.line = number
            try:
                entries = entries_of(document)
            except InvalidDocument as error:
                self.refuse(number, str(error))
                continue
            self.good += 1
            yield entries

    def traces(self, lines: Iterable[bytes], first: int = 1) -> Iterator[TracesData]:
        """The traces in bodies, or in answers of trace stores, read leniently; from this line on."""
        for number, outcome in decode_lines(lines, first):
            if isinstance(outcome, InvalidDocument):
                self.refuse(number, str(outcome))
                continue
            self.good += 1
            self._report_repairs(number, outcome)
            yield outcome.traces

    def report(self, number: int, text: str) -> None:
        """
        Writes one message about one line of the file, unless the file is read quietly.

        Of equal messages the first three are written, and ``failed`` says how many more there were.
        """
        if not self.quiet and self._folding.shows(text):
            self._write(number, text)

    def say(self, text: str) -> None:
        """Writes one message about the file as a whole."""
        click.echo(printable(f"{self.name}: {text}", _MAX_MESSAGE), err=True)

    def _write(self, number: int, text: str) -> None:
        click.echo(printable(f"{self.name}:{number}: {text}", _MAX_MESSAGE), err=True)

    def failed(self, kind: str) -> bool:
        """
        Whether anything was refused or repaired, or the file is empty, which is reported here.

        Args:
            kind: What the file should have, for example ``"bodies"``.
        """
        for count, text in self._folding.rest():
            self.say(f"{count} more like: {text}")
        if self.good == self.bad == self.without_request == 0:
            self.say(f"no {kind} found")
        return self.bad > 0 or self.repaired > 0 or self.good + self.without_request == 0

    def _report_repairs(self, number: int, decoded: Decoded) -> None:
        errors = [finding for finding in decoded.findings if finding.severity is Severity.ERROR]
        for finding in errors[:_MAX_ERRORS_OF_A_LINE]:
            self._write(number, str(finding))
        # Omitted findings have no severity any more, so they may be errors.
        more = max(len(errors) - _MAX_ERRORS_OF_A_LINE, 0) + decoded.omitted
        if more:
            self._write(number, f"and {plural(more, 'more finding')}")
        self.repaired += bool(errors or decoded.omitted)

    def refuse(self, number: int, text: str) -> None:
        """Counts a line that gives nothing, and reports why."""
        self.bad += 1
        self.report(number, text)
