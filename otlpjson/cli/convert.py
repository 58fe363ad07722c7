# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``formats`` and ``convert``: logs of other programs, turned into records."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import attrs
import click

from ..backfill.inputs import FORMATS, Format, format_named, format_of
from ..backfill.inputs.compressed import unpacked
from ..backfill.inputs.rows import Row, rows_of
from ..core.errors import InvalidDocument
from ..core.words import plural
from ..openrouter.compact import compact
from . import options
from .input_file import InputFile
from .plain_table import print_table
from .verbosity import note

__all__ = ["convert", "formats"]


@click.command()
def formats() -> int:
    """List the formats of logs that can be converted."""
    print_table(("name", "what it is"), ((one.name, one.title) for one in FORMATS))
    return 0


@click.command()
@options.input_file
@click.option(
    "--from",
    "name",
    type=click.Choice([one.name for one in FORMATS]),
    help="The format of the file; by default it is recognised by its columns.",
)
@click.option(
    "--to",
    "target",
    type=click.Choice(["records"]),
    default="records",
    show_default=True,
    help="What to write.",
)
def convert(file: BinaryIO, name: str | None, target: str) -> int:
    """Turn a log of another program into records, one per line.

    FILE is JSON Lines, a JSON array or CSV, also compressed with gzip or Zstandard; "-" is standard input.
    "formats" lists what is known. "send" and "encode" read the records.
    """
    conversion = _Conversion(InputFile(file.name), None if name is None else format_named(name))
    output = sys.stdout.buffer
    for record in conversion.records(rows_of(unpacked(file))):
        output.write(compact(record).encode("utf-8", "replace") + b"\n")
    return conversion.summed_up()


@attrs.define
class _Conversion:
    """The rows of a file so far, counted."""

    file: InputFile
    format: Format | None
    left_out: int = 0

    def records(self, rows: Iterator[Row]) -> Iterator[dict[str, Any]]:
        for number, row in rows:
            try:
                if isinstance(row, InvalidDocument):
                    raise row
                record = self._record(row)
            except InvalidDocument as error:
                self.file.refuse(number, str(error))
                continue
            self.file.good += 1
            if record is None:
                self.left_out += 1
            else:
                yield record

    def _record(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        # The first row that is recognised decides for all.
        self.format = self.format or format_of(row)
        if self.format is None:
            known = ", ".join(one.name for one in FORMATS)
            raise InvalidDocument("row", f"one of the formats {known}", f"{plural(len(row), 'other column')}")
        return self.format.record_of(row)

    def summed_up(self) -> int:
        file = self.file
        failed = file.failed("rows")
        if file.good or file.bad:
            left_out = f"; {plural(self.left_out, 'row')} without a request" if self.left_out else ""
            refused = f"; {plural(file.bad, 'row')} refused, see above" if file.bad else ""
            kind = f" of {self.format.name}" if self.format else ""
            note(f"{plural(file.good - self.left_out, 'record')}{kind}{left_out}{refused}")
        return 1 if failed else 0
