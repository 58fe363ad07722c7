# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""How much the commands say on standard error: ``-q`` errors alone, ``-v`` also what happens inside."""

from __future__ import annotations

import logging
from typing import Any, Final

import click

from ..core.words import printable

__all__ = ["note", "options", "set_verbosity"]

_LOG: Final = logging.getLogger("otlpjson")
_MAX_LINE: Final = 1000
_QUIET: Final = "otlpjson.quiet"


def options(command: Any) -> Any:
    """The two options, for the group of all commands."""
    quiet = click.option("-q", "--quiet", is_flag=True, help="Print errors and data alone.")
    verbose = click.option("-v", "--verbose", is_flag=True, help="Print each request and other details.")
    return quiet(verbose(command))


def set_verbosity(context: click.Context, *, quiet: bool, verbose: bool) -> None:
    """
    For the command that runs in this context.

    Raises:
        UsageError: Both were given.
    """
    if quiet and verbose:
        raise click.UsageError("-q and -v exclude each other")
    context.meta[_QUIET] = quiet
    handler = _Notes()
    handler.setFormatter(logging.Formatter("otlpjson: %(message)s"))
    level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING
    # The program's own configuration of logging, in a process that calls main(), stays as it is.
    handler.setLevel(level)
    before = _LOG.level
    _LOG.addHandler(handler)
    _LOG.setLevel(level)

    def restore() -> None:
        _LOG.removeHandler(handler)
        _LOG.setLevel(before)

    context.call_on_close(restore)


def note(text: str) -> None:
    """Prints a line that is no error, unless ``-q`` was given."""
    context = click.get_current_context(silent=True)
    if context is None or not context.meta.get(_QUIET):
        click.echo(printable(text, _MAX_LINE), err=True)


class _Notes(logging.Handler):
    """Prints log records as lines on standard error, wherever that goes at the moment."""

    def emit(self, record: logging.LogRecord) -> None:
        click.echo(printable(self.format(record), _MAX_LINE), err=True)
