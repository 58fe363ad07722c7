# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The commands: each in a module of its own, run by ``main``.

Data goes to standard output, messages go to standard error. Exit codes: 0 success; 1 something in
the input was refused, or not everything was delivered; 2 usage or configuration, before any request.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Final

import click

from ..core import __version__
from ..core.errors import ConfigError
from ..core.words import printable

# Modules, not their commands: a command has the same name and would hide its module.
from . import (
    backfill,
    check,
    configure,
    connection,
    convert,
    demo,
    diff,
    encode,
    env_file,
    manage,
    receive,
    rule,
    send,
    settings,
    show,
    spool,
    transfer,
    vendor,
    verbosity,
    view,
)

__all__ = ["main"]

_MAX_MESSAGE: Final = 1000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="otlpjson")
@verbosity.options
@env_file.option
@click.pass_context
def _cli(context: click.Context, quiet: bool, verbose: bool) -> None:
    """OpenRouter requests as OTLP/JSON traces, sent to Grafana Cloud.

    Destination: the first match wins.

    \b
      1. OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY, or those
         of another kind of destination
      2. the file that OTLPJSON_CONFIG names
      3. the file in the platform's configuration folder, see "configure"
      4. OpenTelemetry's variables, OTEL_EXPORTER_OTLP_*
    """
    verbosity.set_verbosity(context, quiet=quiet, verbose=verbose)


_COMMANDS: Final = (
    *(configure.configure, manage.status, manage.enable, manage.disable, manage.remove),
    *(settings.set_keys, settings.rename, transfer.export, transfer.import_file),
    *(connection.test_connection, connection.send_trace, send.send, send.post, encode.encode),
    *(convert.convert, convert.formats, backfill.backfill),
    *(check.check, rule.rule, diff.diff, show.show, receive.receive, view.view),
    *(demo.demo, vendor.vendor),
    spool.spool,
)
for _command in _COMMANDS:
    _cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """
    Runs one command and returns its exit code.

    Args:
        argv: The arguments without the program's name; by default those of the process.
    """
    if sys.stdin is None or sys.stdout is None:
        click.echo(
            "otlpjson: standard input and output must be open; use /dev/null for an unused one", err=True
        )
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names and server messages may have characters that the output's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _run(argv)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigError as error:
        for key, reason in error.problems.items():
            click.echo(printable(f"otlpjson: {key}: {reason}", _MAX_MESSAGE), err=True)
        return 2
    except click.Abort:
        click.echo("otlpjson: interrupted", err=True)
        # The code that shells use for a process ended by Ctrl-C.
        return 130
    except OSError as error:
        # A full disk, an input that fails halfway, or a reader that has gone, as in `| head`.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"otlpjson: {error.strerror or error}", err=True)
        # Otherwise Python would flush the old one at exit, fail again, and print a traceback.
        sys.stdout = io.StringIO()
        return 1


def _run(argv: Sequence[str] | None) -> int:
    try:
        code = _cli.main(
            args=None if argv is None else list(argv), prog_name="otlpjson", standalone_mode=False
        )
    except SystemExit as leaving:
        # click and rich exit like this when the reader of the output has gone.
        return int(leaving.code or 0)
    # An error of the last write has to be raised here, where it is reported, and not at exit.
    sys.stdout.flush()
    # --help and --version return nothing.
    return code or 0
