# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Files of records, or of other logs, as entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import attrs

from ..backfill import Mapper, Workers
from ..backfill.inputs import format_named
from ..backfill.inputs.compressed import unpacked
from ..backfill.inputs.opened import is_parquet
from ..backfill.shards import documents_of_file
from ..core.entry import Entry
from .input_file import InputFile

__all__ = ["RecordReader"]

_RECORDS: Final = "records"


@attrs.frozen
class RecordReader:
    """
    What reads files for a command.

    Attributes:
        format_name: The name of a format; ``auto``: the first rows of each file tell.

        workers: The processes that map.
    """

    format_name: str
    workers: Workers

    def read(
        self, counted: InputFile, file: BinaryIO, mapper: Mapper, first: int = 1
    ) -> Iterator[tuple[Entry, ...]]:
        """
        The encoded spans of each record, except those that are not sent.

        Args:
            counted: What counts the lines, and reports those that cannot be used.

            file: Also compressed, or Parquet.

            mapper: From records to spans.

            first: The number of the first line that counts; those before it are skipped.
        """
        if self.format_name == _RECORDS and first == 1 and not is_parquet(file):
            # Whole lines are handed over between processes much faster than documents.
            return counted.records(unpacked(file), mapper, self.workers)
        # No format has the name "auto".
        rows = documents_of_file(file, format_named(self.format_name))
        return counted.rows((row for row in rows if row[0] >= first), mapper, self.workers)
