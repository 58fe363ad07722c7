# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``receive``: runs a local receiver and writes the bodies it gets as JSON Lines."""

from __future__ import annotations

import os
import sys
from threading import Event
from typing import BinaryIO

import attrs
import click

from ..broadcast.environment import VARIABLES, destination_from
from ..core.errors import ConfigError
from ..receiver.server import Receiver
from .verbosity import note

__all__ = ["receive"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4318, show_default=True, help="0 picks a free one."
)
@click.option("--auth", is_flag=True, help="Require OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY as Basic auth.")
@click.option("--count", type=click.IntRange(min=1), help="Stop after this many bodies.")
def receive(host: str, port: int, auth: bool, count: int | None) -> int:
    """Receive deliveries and write each body as one line.

    It answers like an OpenTelemetry Collector. The lines go to standard output. Ctrl-C stops it.
    """
    credentials = _credentials() if auth else None
    output = _Output(sys.stdout.buffer, count)
    try:
        receiver = Receiver(host=host, port=port, credentials=credentials, on_body=output.write)
    except (OSError, TypeError, ValueError) as error:  # the latter two for a host that is not a valid name
        found = f"{host!r} port {port} ({getattr(error, 'strerror', None) or error})"
        raise ConfigError(
            {"--host, --port": f"expected a free address of this machine, got {found}"}
        ) from None
    with receiver:
        note(f"Receiving on {receiver.base_url}/otlp/v1/traces and /v1/traces")
        try:
            # In short waits, because on some platforms Ctrl-C does not interrupt a long one.
            while not output.ended.wait(0.2):
                pass
        except KeyboardInterrupt:
            click.echo("", err=True)
    if output.failure is not None:
        raise output.failure
    return 0


@attrs.define
class _Output:
    """
    Standard output, and how much has been written to it.

    Attributes:
        file: Where lines are written.

        wanted: The number of lines to write, or ``None`` for all.

        written: The number of lines so far.

        ended: Set when enough are written, or writing failed.

        failure: Why writing failed.
    """

    file: BinaryIO
    wanted: int | None
    written: int = 0
    ended: Event = attrs.field(factory=Event)
    failure: OSError | None = None

    def write(self, line: bytes) -> None:
        """Writes one line at once."""
        # After the last line the receiver answers with an error, so that the sender keeps the body.
        if self.ended.is_set():
            raise OSError("the receiver is stopping")
        try:
            self.file.write(line + b"\n")
            self.file.flush()
        except OSError as error:
            self.failure = error
            self.ended.set()
            raise
        self.written += 1
        if self.written == self.wanted:
            self.ended.set()


def _credentials() -> tuple[str, str]:
    """User name and password, as ``send`` would use them with the same environment."""
    # Checked by the same rules; any URL will do.
    destination_from({**os.environ, VARIABLES["base_url"]: "http://localhost"})
    return os.environ[VARIABLES["instance_id"]].strip(), os.environ[VARIABLES["api_key"]].strip()
