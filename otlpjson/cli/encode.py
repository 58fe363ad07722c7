# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``encode``: turns records into OTLP/JSON bodies."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

import click

from ..backfill import Mapper, Workers
from ..backfill.inputs.compressed import unpacked
from ..core.bodies import join
from ..openrouter import Policy
from . import options
from .input_file import InputFile
from .sigterm import ended_by_sigterm

__all__ = ["encode"]


@click.command()
@options.input_file
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
@options.workers
def encode(file: BinaryIO, workers: int, **form: Any) -> int:
    """Turn records into OTLP/JSON bodies, one per line.

    FILE has one JSON object per LLM request, with its request and its response, also compressed
    with gzip or Zstandard; "-" is standard input. Records that cannot be used are reported on standard error.
    """
    input_file = InputFile(file.name)
    output = sys.stdout.buffer
    mapper = Mapper(form=options.FormOptions(**form).form(), policy=Policy())
    with ended_by_sigterm(), Workers(workers) as processes:
        for entries in input_file.records(unpacked(file), mapper, processes):
            # A record without spans gives no line: a body without spans is of no use to any receiver.
            if entries:
                output.write(join(entries) + b"\n")
    return 1 if input_file.failed("records") else 0
