# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The commands. Data goes to standard output, words go to standard error.

Exit codes: 0 all done; 1 a record or a server said no; 2 stopped before any request.
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

# Modules, not their commands: a command of the same name would hide the module.
from . import check, configure, connection, demo, diff, encode, manage, receive, send, show, vendor

__all__ = ["main"]

_MAX_COMPLAINT: Final = 1000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="otlpjson")
def _cli() -> None:
    """OpenRouter requests as OTLP/JSON traces, sent to Grafana Cloud.

    Where to send to is what OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY name,
    else what "configure" saved, else what OpenTelemetry's own variables name.
    """


_COMMANDS: Final = (
    *(configure.configure, manage.status, manage.enable, manage.disable, manage.remove),
    *(connection.test_connection, connection.send_trace, send.send, send.post, encode.encode),
    *(check.check, diff.diff, show.show, receive.receive, demo.demo, vendor.vendor),
)
for _command in _COMMANDS:
    _cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; ``argv`` without the program's name, by default the process's own."""
    if sys.stdin is None or sys.stdout is None:
        click.echo("otlpjson: standard input and output must be open; /dev/null will do", err=True)
        return 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Not every terminal and file can hold every character of a name or of a server's words.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _run(argv)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigError as error:
        for key, reason in error.problems.items():
            click.echo(printable(f"otlpjson: {key}: {reason}", _MAX_COMPLAINT), err=True)
        return 2
    except click.Abort:
        click.echo("otlpjson: stopped", err=True)
        return 130
    except OSError as error:
        # A full disk, an input that cannot be read on, a reader that went away.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"otlpjson: {error.strerror or error}", err=True)
        # What is still in the old one would be written once more at the end, in vain and with a traceback.
        sys.stdout = io.StringIO()
        return 1


def _run(argv: Sequence[str] | None) -> int:
    try:
        code = _cli.main(
            args=None if argv is None else list(argv), prog_name="otlpjson", standalone_mode=False
        )
    except SystemExit as leaving:
        # This is how click and rich leave where the reader of the output went away.
        return int(leaving.code or 0)
    sys.stdout.flush()
    return code or 0
