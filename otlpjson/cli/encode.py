# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``encode``: turns records into OTLP/JSON bodies."""

from __future__ import annotations

import sys
from typing import Any

import click

from ..backfill import Mapper, Workers
from ..core.bodies import join
from ..openrouter import Policy
from . import options
from .record_reader import RecordReader
from .sigterm import ended_by_sigterm
from .sources import opened
from .tally import Tally

__all__ = ["encode"]


@click.command()
@options.input_files
@options.record_format
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.workers
def encode(names: tuple[str, ...], format_name: str, workers: int, **form: Any) -> int:
    """Turn records into OTLP/JSON bodies, one per line.

    FILE has one JSON object per LLM request, with its request and its response, also compressed
    with gzip or Zstandard; other logs need --format. A pattern such as "logs/*.jsonl" gives
    several files; "-", or no FILE, is standard input. Records that cannot be used are reported
    on standard error.
    """
    tally = Tally(kind="records")
    output = sys.stdout.buffer
    mapper = Mapper(form=options.FormOptions(**form).form(), policy=Policy())
    with opened(names, often=False) as sources, ended_by_sigterm(), Workers(workers) as processes:
        reader = RecordReader(format_name, processes)
        for source in sources:
            for entries in reader.read(tally.begin(source.name), source.file, mapper):
                # A record without spans gives no line: a body without spans is of no use to any receiver.
                if entries:
                    output.write(join(entries) + b"\n")
            tally.end()
    return 1 if tally.failed() else 0
