# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One record of a file, mapped: its entries, or why there are none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ..core.entry import Entry
from ..core.lines import Batch, documents_of
from ..openrouter import Form, Policy
from ..openrouter.entries import entries_of_prepared, prepared
from ..openrouter.records import read_document
from .inputs import format_of

__all__ = ["Mapped", "Mapper", "Packed"]

_RECORDS: Final = "records"
Packed = tuple[int, list[tuple[bytes, int]], str, tuple[str, ...], str, int, str]


@attrs.frozen(kw_only=True)
class Mapped:
    """
    What a record gave.

    Attributes:
        number: Its line.

        entries: Its spans, encoded.

        error: Why it cannot be read; empty if it can.

        notes: What of it was left out.

        masked: How many of its texts a mask has changed.

        other_format: The name of another format that the line is of; empty if of none that is known.

        refusal: Why it is not sent, as in ``Policy.refusal``; empty if it is.
    """

    number: int
    entries: tuple[Entry, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()
    refusal: str = ""
    masked: int = 0
    other_format: str = ""

    def packed(self) -> Packed:
        """As plain values, which are handed over between processes much faster."""
        entries = [(entry.data, entry.span_count) for entry in self.entries]
        return self.number, entries, self.error, self.notes, self.refusal, self.masked, self.other_format

    @classmethod
    def unpacked(cls, packed: Packed) -> Mapped:
        """What ``packed`` gave."""
        number, entries, error, notes, refusal, masked, other_format = packed
        return cls(
            number=number,
            entries=tuple(Entry(data=data, span_count=count) for data, count in entries),
            error=error,
            notes=notes,
            refusal=refusal,
            masked=masked,
            other_format=other_format,
        )


@attrs.frozen(kw_only=True)
class Mapper:
    """
    The way from records to entries. It can be handed to other processes.

    Attributes:
        form: That of the spans.

        policy: Which records are sent.
    """

    form: Form
    policy: Policy

    def map(self, number: int, text: bytes) -> Mapped:
        """One record, which begins at this line."""
        line = read_document(number, text)
        if line.generation is None:
            return Mapped(number=number, error=str(line.error), other_format=_other_format(text))
        notes = tuple(map(str, line.generation.skipped))
        refusal = self.policy.refusal(line.generation)
        if refusal is not None:
            return Mapped(number=number, notes=notes, refusal=refusal)
        ready = prepared(line.generation, self.form)
        entries = entries_of_prepared(ready, self.form)
        return Mapped(number=number, notes=notes, entries=entries, masked=ready.masked)

    def map_all(self, texts: Iterable[tuple[int, bytes]]) -> Iterator[Mapped]:
        """Several records, each with its line."""
        return (self.map(number, text) for number, text in texts)

    def map_batch(self, batch: Batch) -> list[Packed]:
        """Several records, packed."""
        return [self.map(number, text).packed() for number, text in documents_of(batch)]


def _other_format(text: bytes) -> str:
    """The name of the format of a line that is no record; empty if it is of none."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        # It may be the header of CSV.
        row = dict.fromkeys(text.decode("utf-8", "replace").replace('"', "").strip().split(","))
    if isinstance(row, list) and row:
        row = row[0]
    found = format_of(row) if isinstance(row, dict) else None
    return found.name if found is not None and found.name != _RECORDS else ""
