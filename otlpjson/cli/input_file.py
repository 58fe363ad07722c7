# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Entries out of an input file, with a complaint on standard error for whatever gives none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs
import click

from ..core.bodies import Entry, entries_of
from ..core.decoder import Decoded
from ..core.errors import InvalidDocument
from ..core.findings import Severity
from ..core.lines import documents
from ..core.model import TracesData
from ..core.words import printable
from ..inspect.answers import decode_lines
from ..openrouter import Form, Policy, entries_of_generation, read_lines
from .drawing.figures import plural

__all__ = ["Source"]

_MAX_COMPLAINT: Final = 1000

_MAX_REPAIRS: Final = 20
"""So many are named of one line."""

_NOTHING_SENT: Final = "nothing is sent: it was refused before routing, and OpenRouter sends no trace of that"


@attrs.define
class Source:
    """
    One input file under way.

    Attributes:
        name: What complaints call it.

        quiet: Whether it was read before, so that all complaints have been heard.

        good: Lines that gave entries so far.

        bad: Lines that gave none so far.

        sampled_out: Records that the destination's sampling rate left out so far.

        repaired: Lines that gave something only because they were read leniently.
    """

    name: str
    quiet: bool = False
    good: int = 0
    bad: int = 0
    sampled_out: int = 0
    repaired: int = 0

    def records(
        self, lines: Iterable[bytes], form: Form, sampling_rate: float = 1.0
    ) -> Iterator[tuple[Entry, ...]]:
        """The entries of each record that the sampling keeps, mapped and encoded."""
        policy = Policy(sampling_rate=sampling_rate)
        for line in read_lines(lines):
            if line.generation is None:
                self._refuse(line.number, str(line.error))
                continue
            self.good += 1
            for note in line.generation.skipped:
                self.complain(line.number, f"left out: {note}")
            if policy.refusal(line.generation):
                self.sampled_out += 1
                continue
            entries = entries_of_generation(line.generation, form)
            if not entries:
                self.complain(line.number, _NOTHING_SENT)
            yield entries

    def bodies(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        """The entries of ready OTLP/JSON bodies, as they are."""
        for number, document in documents(lines):
            try:
                entries = entries_of(document)
            except InvalidDocument as error:
                self._refuse(number, str(error))
                continue
            self.good += 1
            yield from entries

    def traces(self, lines: Iterable[bytes]) -> Iterator[TracesData]:
        """The spans of OTLP/JSON bodies and of what trace stores answer, read leniently."""
        for number, outcome in decode_lines(lines):
            if isinstance(outcome, InvalidDocument):
                self._refuse(number, str(outcome))
                continue
            self.good += 1
            self._tell_repairs(number, outcome)
            yield outcome.traces

    def complain(self, number: int, text: str) -> None:
        """One line on standard error about one line of the file."""
        if not self.quiet:
            click.echo(printable(f"{self.name}:{number}: {text}", _MAX_COMPLAINT), err=True)

    def failed(self, kind: str) -> bool:
        """Whether a line was bad or there was none at all, which is said here."""
        if self.good == self.bad == 0:
            click.echo(printable(f"{self.name}: no {kind} in it", _MAX_COMPLAINT), err=True)
        return self.bad > 0 or self.repaired > 0 or self.good == 0

    def _tell_repairs(self, number: int, decoded: Decoded) -> None:
        repairs = [finding for finding in decoded.findings if finding.severity is Severity.ERROR]
        for finding in repairs[:_MAX_REPAIRS]:
            self.complain(number, str(finding))
        # Nobody knows how much those weigh that were not kept.
        more = max(len(repairs) - _MAX_REPAIRS, 0) + decoded.omitted
        if more:
            self.complain(number, f"and {plural(more, 'more finding')}")
        self.repaired += bool(repairs or decoded.omitted)

    def _refuse(self, number: int, text: str) -> None:
        self.bad += 1
        self.complain(number, text)
