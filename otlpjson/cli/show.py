# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``show``: the traces of a file, drawn."""

from __future__ import annotations

from typing import BinaryIO

import click
from rich.console import Console

from ..core.words import printable
from ..inspect.waterfall import traces_of
from . import options
from .drawing.waterfall import draw
from .input_file import Source

__all__ = ["show"]


@click.command()
@options.input_file
@click.option("-a", "--attributes", is_flag=True, help="Also attributes, events and links.")
@click.option("--full", is_flag=True, help="Do not shorten texts to the width of the terminal.")
def show(file: BinaryIO, attributes: bool, full: bool) -> int:
    """Draw the traces of OTLP/JSON bodies.

    FILE has one body a line, or a single one over all lines; "-" is standard input. An answer
    of Tempo or of Jaeger's API v3 will do as well. Bodies of the same trace are drawn as one.

    What a strict reader would refuse is read as well as it can be, and named on standard error;
    the exit code is 1 then.
    """
    source = Source(file.name)
    traces = traces_of(source.traces(file))
    draw(Console(), traces, with_attributes=attributes, full=full)
    if source.good and not traces:
        click.echo(
            printable(f"{file.name}: no spans in it; `otlpjson encode` makes them of records", 200), err=True
        )
    return 1 if source.failed("bodies") else 0
