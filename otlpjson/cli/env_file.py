# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``--env-file``: variables from a file, for the command that runs."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import Final

import click

from ..core.errors import ConfigError

__all__ = ["option"]


def _load(context: click.Context, parameter: click.Parameter, path: str | None) -> None:
    if path is None:
        return
    # Loaded here and not at the top: the package of the commands can do without it.
    try:
        from dotenv import dotenv_values
    except ModuleNotFoundError:
        raise ConfigError({"--env-file": "needs python-dotenv; install otlpjson-broadcast[cli]"}) from None
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "not UTF-8"
        raise ConfigError({path: f"cannot be read: {why}"}) from None
    for name, value in dotenv_values(stream=StringIO(text)).items():
        # What the process was started with counts more than what a file says.
        if value is not None:
            os.environ.setdefault(name, value)


option: Final = click.option(
    "--env-file",
    metavar="FILE",
    expose_value=False,
    is_eager=True,
    callback=_load,
    help="Set the variables in this file, as in a .env file, unless they are set.",
)
