# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``show``: draws the traces in a file."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from ..core.traces import traces_of
from ..view.store.conditions import conditions_of
from . import options
from .input_file import InputFile
from .live_lines import Lines, live_traces, read_in_background
from .sources import Source
from .trace_output import TraceOutput

__all__ = ["show"]


@click.command()
@options.input_file
@click.option("-a", "--attributes", is_flag=True, help="Also print attributes, events and links.")
@click.option("--full", is_flag=True, help="Do not shorten texts to the width of the terminal.")
@click.option(
    "--follow", is_flag=True, help="Go on as the file grows; draw each trace when its root is there."
)
@click.option(
    "--trace", "trace_id", default="", metavar="ID", help="Only this trace; its first digits suffice."
)
@click.option("--where", default="", metavar="CONDITION", help='Such as "model ~ gpt and cost > 0.01".')
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N traces.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per trace.")
@options.width
def show(file: BinaryIO, attributes: bool, follow: bool, trace_id: str, where: str, **given: Any) -> int:
    """Draw the traces of OTLP/JSON bodies as waterfalls.

    FILE has one body per line, or is a single indented body; "-" is standard input. Answers of
    Tempo and of Jaeger's API v3 are accepted as well. Spans of the same trace are drawn together,
    even if they are in several bodies. The conditions are those of `otlpjson view`.

    Input that a strict reader would refuse is read as far as possible and reported on standard
    error; the exit code is then 1.
    """
    output = TraceOutput(
        trace_id=trace_id.lower(), conditions=conditions_of(where), with_attributes=attributes, **given
    )
    input_file = InputFile(file.name)
    if follow:
        return _follow(file, input_file, output)
    traces = traces_of(input_file.traces(file))
    found = output.page(traces)
    if input_file.good and not traces:
        # A record is a JSON object too, in which a lenient reader finds nothing that it knows.
        hint = "is this a records file? run `otlpjson encode` first"
        input_file.say(f"no spans found; {hint}")
    elif traces and not found:
        input_file.say(f"none of {len(traces)} traces matches")
    return 1 if input_file.failed("bodies") else 0


def _follow(file: BinaryIO, counted: InputFile, output: TraceOutput) -> int:
    lines: Lines = Lines()
    read_in_background(file, lines, grows=Source(name=file.name, file=file).is_regular)
    try:
        output.write(live_traces(lines, counted))
    except KeyboardInterrupt:
        click.echo("", err=True)
    return 1 if counted.failed("bodies") else 0
