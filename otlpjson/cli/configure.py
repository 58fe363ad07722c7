# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``configure``: asks for a destination, tests it, and saves it if the test passed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

import click

from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed, parsed
from ..broadcast.environment import VARIABLES
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .connection import tested
from .verbosity import note

__all__ = ["configure"]

_QUESTIONS: Final = MappingProxyType(
    {
        "base_url": "Base URL (the OTLP endpoint, such as https://otlp-gateway-prod-us-west-0.grafana.net)",
        "instance_id": "Instance ID (digits)",
        "api_key": "API Key (glc_..., not shown)",
        "endpoint": "Endpoint (the whole URL, usually ending in /v1/traces)",
        "url": "URL",
        "method": "Method (POST or PUT)",
    }
)
_ASKED: Final = MappingProxyType(
    {
        "grafana_cloud": ("base_url", "instance_id", "api_key"),
        "otel_collector": ("endpoint",),
        "webhook": ("url", "method"),
    }
)


@click.command()
@click.argument("name", default="default", shell_complete=saved_names)
@click.option(
    "--kind",
    type=click.Choice(list(_ASKED)),
    default="grafana_cloud",
    show_default=True,
    help="The kind of destination, which decides what is asked for.",
)
@click.option("--privacy-mode", is_flag=True, help="Never send prompts, completions and error messages.")
@click.option(
    "--sampling-rate",
    type=click.FloatRange(0.0001, 1),
    default=1.0,
    show_default=True,
    metavar="SHARE",
    help="The share of sessions to send.",
)
@click.option(
    "--hierarchy",
    type=click.Choice(["documented", "observed"]),
    default="documented",
    show_default=True,
    help="The spans of OpenRouter's Grafana guide, or those that it really sends.",
)
@click.option(
    "--integers",
    type=click.Choice(["text", "number"]),
    default="text",
    show_default=True,
    help="Integer attributes as text, as OTLP demands, or as numbers, as OpenRouter sends them.",
)
@click.option(
    "--allow-plain-http", is_flag=True, help="Send credentials unencrypted over http to another host."
)
def configure(name: str, kind: str, **settings: Any) -> int:
    """Ask for a destination, test it, and save it.

    NAME is "default" unless given. Values that OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and
    OTLPJSON_API_KEY hold are not asked for. Nothing is saved unless the test passes.
    """
    path = config_path()
    # A damaged file is reported before anything is asked, and never overwritten.
    read_document(path)
    entry = {"kind": kind, **_answers(_ASKED[kind]), **settings, "enabled": True}
    if kind != "grafana_cloud":
        entry["headers"] = _headers()
    try:
        target = parsed({"version": 1, "destinations": {name: entry}})[name]
    except ConfigError as error:
        within = f"destinations.{name}."
        raise ConfigError(
            {key.removeprefix(within): reason for key, reason in error.problems.items()}
        ) from None
    verdict = tested(target.destination)
    click.echo(verdict.sentence)
    if not verdict.passed:
        click.echo("Nothing was saved.", err=True)
        return 1
    # Read again, because another process may have changed it while the questions were answered.
    with locked(path):
        save_document(path, changed(read_document(path), name, entry))
    note(f"Saved as {name} in {path}")
    return 0


def _answers(keys: Sequence[str]) -> dict[str, str]:
    """The values of these keys: from the environment, else from the terminal."""
    given = {key: os.environ.get(VARIABLES.get(key, ""), "").strip() for key in keys}
    missing = [key for key in keys if not given[key]]
    if missing and not sys.stdin.isatty():
        raise ConfigError({VARIABLES.get(key, key): _without_terminal(key) for key in missing})
    return {key: given[key] or _typed(key) for key in keys}


def _without_terminal(key: str) -> str:
    return "not set, and no terminal to ask on" if key in VARIABLES else "no terminal to ask on"


def _typed(key: str) -> str:
    default = "POST" if key == "method" else None
    answer: str = click.prompt(_QUESTIONS[key], hide_input=key == "api_key", default=default, err=True)
    return answer.strip()


def _headers() -> dict[str, str]:
    """Headers typed on the terminal, one per line, until an empty line."""
    headers: dict[str, str] = {}
    while True:
        line: str = click.prompt(
            "Header (Name: value, not shown; empty to end)",
            hide_input=True,
            default="",
            show_default=False,
            err=True,
        )
        if not line.strip():
            return headers
        name, colon, value = line.partition(":")
        if not colon:
            # The line is not shown, because it may be a value, and a secret.
            raise ConfigError({"headers": "expected `Name: value`, got no colon"})
        headers[name.strip()] = value.strip()
