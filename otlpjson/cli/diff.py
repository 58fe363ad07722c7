# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The command ``diff``: compares two files of traces by meaning."""

from __future__ import annotations

from typing import BinaryIO, Final

import click

from ..core.errors import InvalidDocument
from ..core.words import plural, printable
from ..inspect.answers import Reading, read
from ..inspect.differ import diff as differences_of

__all__ = ["diff"]

# More about one file would hide the differences.
_MAX_REPAIRS: Final = 20

# Enough for two shortened values and the names of two files.
_MAX_LINE: Final = 2000


class _Unreadable(click.ClickException):
    """A file cannot be read. Neither 0 nor 1 would be true, so the exit code is 2."""

    exit_code = 2


@click.command()
@click.argument("file_a", metavar="A", type=click.File("rb"))
@click.argument("file_b", metavar="B", type=click.File("rb"))
def diff(file_a: BinaryIO, file_b: BinaryIO) -> int:
    """Compare two files of traces by meaning.

    A and B hold OTLP/JSON bodies, or answers of Tempo or Jaeger; one of them may be "-", standard
    input. Spans are matched by id; the order of spans, groups and attributes does not matter.
    Exit code 0: no differences; 1: differences; 2: a file cannot be read.
    """
    names = (file_a.name, file_b.name)
    if names == ("<stdin>", "<stdin>"):
        raise click.UsageError("A and B cannot both be standard input.")
    left, right = _read(file_a), _read(file_b)
    found = differences_of(left.traces, right.traces, names=names)
    for difference in found:
        click.echo(printable(str(difference), _MAX_LINE))
    files = " and ".join(
        f"{name} ({plural(reading.span_count, 'span')})" for name, reading in zip(names, (left, right))
    )
    _report(f"{plural(len(found), 'difference') if found else 'no difference'} between {files}")
    return 1 if found else 0


def _read(file: BinaryIO) -> Reading:
    try:
        reading = read(file)
    except InvalidDocument as error:
        raise _Unreadable(printable(f"{file.name}: {error}", _MAX_LINE)) from None
    # What needed no repair does not affect the comparison; `check` reports it.
    repairs = [(number, finding) for number, finding in reading.findings if finding.repair]
    for number, finding in repairs[:_MAX_REPAIRS]:
        _report(f"{file.name}:{number}: {finding}")
    more = max(len(repairs) - _MAX_REPAIRS, 0) + reading.omitted
    if more:
        _report(f"{file.name}: and {plural(more, 'more finding')}")
    return reading


def _report(text: str) -> None:
    click.echo(printable(text, _MAX_LINE), err=True)
