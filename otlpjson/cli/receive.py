# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``receive``: runs a local receiver and writes the bodies it gets as JSON Lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from threading import Event
from typing import BinaryIO

import attrs
import click

from ..broadcast.environment import VARIABLES, destination_from
from ..core.errors import ConfigError
from ..receiver.server import Receiver
from . import options
from .input_file import InputFile
from .live_lines import Lines, live_traces
from .trace_output import TraceOutput
from .verbosity import note

__all__ = ["receive"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4318, show_default=True, help="0 picks a free one."
)
@click.option("--auth", is_flag=True, help="Require OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY as Basic auth.")
@click.option("--count", type=click.IntRange(min=1), help="Stop after this many bodies.")
@click.option("--raw", is_flag=True, help="Write bodies also to a terminal.")
@options.width
def receive(host: str, port: int, auth: bool, count: int | None, raw: bool, width: int | None) -> int:
    """Receive deliveries and write each body as one line.

    It answers like an OpenTelemetry Collector. The lines go to standard output; a terminal gets
    each trace drawn when its root arrives. Ctrl-C stops it.
    """
    credentials = _credentials() if auth else None
    if sys.stdout.isatty() and not raw:
        lines: Lines = Lines()
        output = _Output(lines.put, count, on_end=lambda: lines.put(None))
        with _receiver(host, port, credentials, output) as receiver:
            _announce(receiver)
            _until_interrupted(lambda: _draw(lines, width))
        return 0
    output = _Output(_written_to(sys.stdout.buffer), count)
    with _receiver(host, port, credentials, output) as receiver:
        _announce(receiver)
        _until_interrupted(lambda: _wait(output.ended))
    if output.failure is not None:
        raise output.failure
    return 0


def _receiver(host: str, port: int, credentials: tuple[str, str] | None, output: _Output) -> Receiver:
    try:
        return Receiver(host=host, port=port, credentials=credentials, on_body=output.write)
    except (OSError, TypeError, ValueError) as error:  # the latter two for a host that is not a valid name
        found = f"{host!r} port {port} ({getattr(error, 'strerror', None) or error})"
        raise ConfigError(
            {"--host, --port": f"expected a free address of this machine, got {found}"}
        ) from None


def _announce(receiver: Receiver) -> None:
    note(f"Receiving on {receiver.base_url}/otlp/v1/traces and /v1/traces")


def _until_interrupted(action: Callable[[], object]) -> None:
    try:
        action()
    except KeyboardInterrupt:
        click.echo("", err=True)


def _wait(ended: Event) -> None:
    # In short waits, because on some platforms Ctrl-C does not interrupt a long one.
    while not ended.wait(0.2):
        pass


def _draw(lines: Lines, width: int | None) -> None:
    TraceOutput(width=width).write(live_traces(lines, InputFile("<received>")))


def _written_to(file: BinaryIO) -> Callable[[bytes], None]:
    def write(line: bytes) -> None:
        file.write(line + b"\n")
        file.flush()

    return write


@attrs.define
class _Output:
    """
    Where bodies go, and how many have gone there.

    Attributes:
        put: Takes one line.

        wanted: The number of lines to write, or ``None`` for all.

        written: The number of lines so far.

        ended: Set when enough are written, or writing failed.

        failure: Why writing failed.

        on_end: Called when enough are written.
    """

    put: Callable[[bytes], None]
    wanted: int | None
    written: int = 0
    ended: Event = attrs.field(factory=Event)
    failure: OSError | None = None
    on_end: Callable[[], None] = attrs.field(default=lambda: None, kw_only=True)

    def write(self, line: bytes) -> None:
        """Writes one line at once."""
        # After the last line the receiver answers with an error, so that the sender keeps the body.
        if self.ended.is_set():
            raise OSError("the receiver is stopping")
        try:
            self.put(line)
        except OSError as error:
            self.failure = error
            self.ended.set()
            raise
        self.written += 1
        if self.written == self.wanted:
            self.ended.set()
            self.on_end()


def _credentials() -> tuple[str, str]:
    """User name and password, as ``send`` would use them with the same environment."""
    # Checked by the same rules; any URL will do.
    destination_from({**os.environ, VARIABLES["base_url"]: "http://localhost"})
    return os.environ[VARIABLES["instance_id"]].strip(), os.environ[VARIABLES["api_key"]].strip()
