# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``formats`` and ``convert``: logs of other programs, turned into records."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import attrs
import click

from ..backfill.inputs import FORMATS, format_named
from ..backfill.inputs.conversion import Converted, Rows
from ..backfill.inputs.opened import rows_in
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

    FILE is JSON Lines, a JSON array, CSV or Parquet, also compressed; "-" is standard input.
    "formats" lists what is known. "send" and "encode" read the records.
    """
    conversion = _Conversion(InputFile(file.name))
    output = sys.stdout.buffer
    rows = Rows(rows_in(file), None if name is None else format_named(name))
    for record in conversion.records(rows.records()):
        output.write(compact(record).encode("utf-8", "replace") + b"\n")
    return conversion.summed_up(f" of {rows.format.name}" if rows.format else "")


@attrs.define
class _Conversion:
    """The rows of a file so far, counted."""

    file: InputFile
    left_out: int = 0

    def records(self, rows: Iterable[Converted]) -> Iterator[dict[str, Any]]:
        for number, record in rows:
            if isinstance(record, InvalidDocument):
                self.file.refuse(number, str(record))
                continue
            self.file.good += 1
            if record is None:
                self.left_out += 1
            else:
                yield record

    def summed_up(self, kind: str) -> int:
        file = self.file
        failed = file.failed("rows")
        if file.good or file.bad:
            left_out = f"; {plural(self.left_out, 'row')} without a request" if self.left_out else ""
            refused = f"; {plural(file.bad, 'row')} refused, see above" if file.bad else ""
            note(f"{plural(file.good - self.left_out, 'record')}{kind}{left_out}{refused}")
        return 1 if failed else 0
