# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``show``: draws the traces in a file."""

from __future__ import annotations

from typing import BinaryIO, Final

import click
from rich.console import Console

from ..core.words import printable
from ..inspect.waterfall import traces_of
from . import options
from .drawing.waterfall import draw
from .input_file import InputFile

__all__ = ["show"]

_MAX_LINE: Final = 1000


@click.command()
@options.input_file
@click.option("-a", "--attributes", is_flag=True, help="Also print attributes, events and links.")
@click.option("--full", is_flag=True, help="Do not shorten texts to the width of the terminal.")
def show(file: BinaryIO, attributes: bool, full: bool) -> int:
    """Draw the traces of OTLP/JSON bodies as waterfalls.

    FILE has one body per line, or is a single indented body; "-" is standard input. Answers of
    Tempo and of Jaeger's API v3 are accepted as well. Spans of the same trace are drawn together,
    even if they are in several bodies.

    Input that a strict reader would refuse is read as far as possible and reported on standard
    error; the exit code is then 1.
    """
    input_file = InputFile(file.name)
    traces = traces_of(input_file.traces(file))
    draw(Console(), traces, with_attributes=attributes, full=full)
    if input_file.good and not traces:
        # A record is a JSON object too, in which a lenient reader finds nothing that it knows.
        hint = "is this a records file? run `otlpjson encode` first"
        click.echo(printable(f"{file.name}: no spans found; {hint}", _MAX_LINE), err=True)
    return 1 if input_file.failed("bodies") else 0
