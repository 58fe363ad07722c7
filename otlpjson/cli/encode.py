# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``encode``: records to OTLP/JSON bodies, one a line."""

from __future__ import annotations

import sys
from typing import Any, BinaryIO

import click

from ..core.bodies import join
from . import options
from .input_file import Source

__all__ = ["encode"]


@click.command()
@options.input_file
@options.privacy_mode
@options.hierarchy
@options.integers
@options.max_attribute_bytes
def encode(file: BinaryIO, **form: Any) -> int:
    """Turn records into OTLP/JSON bodies, one a line.

    FILE has one JSON object per LLM request, with its request and its response; "-" is
    standard input. A record that cannot be used is named on standard error.
    """
    source = Source(file.name)
    output = sys.stdout.buffer
    for entries in source.records(file, options.FormOptions(**form).form()):
        if entries:
            output.write(join(entries) + b"\n")
    return 1 if source.failed("records") else 0
