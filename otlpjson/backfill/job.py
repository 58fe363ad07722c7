# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One part of an input file to one output file: the unit of work that any engine can run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Final

import attrs

from ..core import __version__
from ..core.entry import Entry
from ..core.errors import InvalidDocument
from ..delivery.files.replacing import UNFINISHED, replacing
from .mapping import Mapper
from .outputs import Output
from .report import Report
from .shards import Shard, documents_of_shard
from .shards.reading import identity_of

__all__ = ["REPORTS", "Job"]

REPORTS: Final = "reports"
"""The folder, inside that of the output, with a report for each part."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM: Final = 80
_SETTINGS_BYTES: Final = 4


@attrs.frozen(kw_only=True)
class Job:
    """
    A conversion. It can be handed to other processes and machines.

    Attributes:
        mapper: From records to spans.

        output: What is written.

        folder: Where the files go; on all machines the same, with a folder ``reports`` in it.
    """

    mapper: Mapper
    output: Output
    folder: str

    def prepare(self) -> None:
        """
        Makes the folders.

        Raises:
            OSError: They cannot be made.
        """
        (Path(self.folder) / REPORTS).mkdir(mode=0o700, parents=True, exist_ok=True)

    def run(self, shard: Shard) -> Report:
        """
        Converts one part, unless that was done before.

        The file's name says the input, its bytes and the settings, so that the same part gives the
        same file with the same bytes, whoever runs this and however often. The report is written last,
        so where it is, all is done.

        Raises:
            OSError: The input cannot be read, or the output cannot be written.
        """
        name = self.name_of(shard)
        known = self._known(name)
        if known is not None:
            return known
        report = Report(part=name, input_bytes=shard.end - shard.start)
        entries = self._entries(shard, report)
        first = next(entries, None)
        if first is not None:
            target = Path(self.folder) / (name + self.output.suffix)
            with replacing(target) as file:
                self.output.write(chain([first], entries), file)
            report.file = target.name
            report.output_bytes = target.stat().st_size
        with replacing(self._report_file(name)) as file:
            file.write(report.to_json())
        return report

    def name_of(self, shard: Shard) -> str:
        """The name of a part's file, without the ending that says its kind."""
        stem = _UNSAFE.sub("_", Path(shard.path).name)[:_LONGEST_STEM]
        place = f"{shard.start:012d}-{shard.end:012d}"
        return f"{stem}.{place}.{identity_of(shard)}.{self._settings(shard.format)}"

    def sweep(self, parts: Iterable[str]) -> None:
        """Removes what processes that were killed have left of parts that are done."""
        done = {name for part in parts for name in (part + self.output.suffix, f"{part}.json")}
        for folder in (Path(self.folder), Path(self.folder) / REPORTS):
            for path in folder.glob(f".*{UNFINISHED}"):
                # A dot, the final name, and two more pieces.
                if path.name[1:].rsplit(".", 2)[0] in done:
                    with suppress(OSError):
                        path.unlink()

    def _settings(self, format_name: str) -> str:
        # The version too: another one may map a record to other spans.
        text = f"{__version__} {format_name} {self.mapper!r} {self.output!r}"
        return hashlib.blake2b(text.encode(), digest_size=_SETTINGS_BYTES).hexdigest()

    def _report_file(self, name: str) -> Path:
        return Path(self.folder) / REPORTS / f"{name}.json"

    def _known(self, name: str) -> Report | None:
        """The report of a part that is done; ``None`` if it is not, or its file has gone."""
        try:
            report = Report.from_json(self._report_file(name).read_bytes())
        except (OSError, ValueError):
            return None
        return report if not report.file or (Path(self.folder) / report.file).exists() else None

    def _entries(self, shard: Shard, report: Report) -> Iterator[Entry]:
        for number, document in documents_of_shard(shard):
            if document is None:
                report.without_request += 1
            elif isinstance(document, InvalidDocument):
                report.refused += 1
                report.say(f"{shard.place(number)}: {document}")
            else:
                yield from self._mapped(shard.place(number), document, report)

    def _mapped(self, place: str, document: bytes, report: Report) -> Iterator[Entry]:
        mapped = self.mapper.map(0, document)
        if mapped.error:
            report.refused += 1
            report.say(f"{place}: {mapped.error}")
            return
        report.records += 1
        report.masked += mapped.masked
        report.notes += len(mapped.notes)
        for note in mapped.notes:
            report.say(f"{place}: left out: {note}")
        if mapped.refusal:
            report.left_out[mapped.refusal] += 1
        report.without_spans += not mapped.entries and not mapped.refusal
        report.spans += sum(entry.span_count for entry in mapped.entries)
        yield from mapped.entries
