# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``encode``: records to OTLP/JSON bodies, one a line."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from ..bodies import join
from . import options
from .source import Source

__all__ = ["encode"]


@click.command()
@options.input_file
@options.privacy_mode
@options.integers
def encode(file: BinaryIO, privacy_mode: bool, integers: str) -> int:
    """Turn records into OTLP/JSON bodies, one a line.

    FILE has one JSON object per LLM request, with its request and its response; "-" is
    standard input. A record that cannot be used is named on standard error.
    """
    source = Source(file.name)
    output = sys.stdout.buffer
    for entry in source.records(file, privacy_mode=privacy_mode, integers=integers):
        output.write(join([entry]) + b"\n")
    return 1 if source.failed("records") else 0
