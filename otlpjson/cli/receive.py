# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``receive``: a local receiver that writes what it gets as JSON Lines."""

from __future__ import annotations

import os
import sys
import threading

import click

from ..config import VARIABLES
from ..errors import ConfigError
from ..receiver import Receiver

__all__ = ["receive"]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4318, show_default=True, help="0 takes a free one."
)
@click.option(
    "--auth", is_flag=True, help="Ask for OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY with Basic auth."
)
@click.option("--count", type=click.IntRange(min=1), help="Stop after this many bodies.")
def receive(host: str, port: int, auth: bool, count: int | None) -> int:
    """Receive OTLP/JSON deliveries and write each body as one line to standard output.

    It answers like an OpenTelemetry Collector. Ctrl-C ends it.
    """
    output = sys.stdout.buffer
    enough = threading.Event()
    received = 0

    def write(line: bytes) -> None:
        nonlocal received
        if count is None or received < count:
            output.write(line + b"\n")
            output.flush()
        received += 1
        if received == count:
            enough.set()

    try:
        receiver = Receiver(host=host, port=port, credentials=_credentials() if auth else None, on_body=write)
    except OSError as error:
        raise ConfigError({"--port": f"expected an address to listen on, got {error.strerror}"}) from None
    with receiver:
        click.echo(f"Receiving on {receiver.base_url}/otlp/v1/traces and /v1/traces", err=True)
        try:
            while not enough.wait(1.0):
                pass
        except KeyboardInterrupt:
            click.echo("", err=True)
    return 0


def _credentials() -> tuple[str, str]:
    names = (VARIABLES["instance_id"], VARIABLES["api_key"])
    missing = {name: "expected a value, got nothing" for name in names if not os.environ.get(name)}
    if missing:
        raise ConfigError(missing)
    return os.environ[names[0]], os.environ[names[1]]
