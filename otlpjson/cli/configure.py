# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``configure``: a destination from options, variables or questions, tested, and saved if it passed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Final

import click

from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed
from ..broadcast.environment import VARIABLES
from ..broadcast.saved_entry import ARGUMENTS, target_of
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .connection import tested
from .questions import answered
from .verbosity import note

__all__ = ["configure"]

_PLAIN: Final = ("base_url", "instance_id", "endpoint", "url", "method", "path", "template")
_MAX_SECRET: Final = 64 * 1024


@click.command()
@click.argument("name", default="default", shell_complete=saved_names)
@click.option(
    "--kind",
    type=click.Choice(list(ARGUMENTS)),
    default="grafana_cloud",
    show_default=True,
    help="The kind of destination, which decides what is asked for.",
)
@click.option("--base-url", metavar="URL", help="grafana_cloud: the OTLP endpoint.")
@click.option("--instance-id", metavar="DIGITS", help="grafana_cloud: the number of the stack.")
@click.option("--api-key-from-env", metavar="VARIABLE", help="grafana_cloud: read the key from it.")
@click.option(
    "--api-key-file",
    type=click.File("rb"),
    metavar="FILE",
    help="grafana_cloud: save the key in this file; - is standard input.",
)
@click.option("--endpoint", metavar="URL", help="otel_collector: the whole URL.")
@click.option("--url", metavar="URL", help="webhook: the whole URL.")
@click.option("--method", metavar="METHOD", help="webhook: POST or PUT.")
@click.option("--path", metavar="FOLDER", help="folder: where files are written.")
@click.option("--template", metavar="TEMPLATE", help="folder: the path of each file in it.")
@click.option(
    "--header-from-env",
    multiple=True,
    metavar="NAME=VARIABLE",
    help="A header whose value is read from a variable when sending; repeatable.",
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
@click.option("--no-test", is_flag=True, help="Save it without a connection test.")
def configure(name: str, kind: str, no_test: bool, **options: Any) -> int:
    """Save a destination, after a test of it.

    NAME is "default" unless given. What no option and no variable says is asked for; without a
    terminal, it must be said. OTLPJSON_BASE_URL, OTLPJSON_INSTANCE_ID and OTLPJSON_API_KEY count for
    grafana_cloud. Nothing is saved unless the test passes. "set" changes a saved destination, and has
    the settings that have no option here.
    """
    path = config_path()
    # A damaged file is reported before anything is asked, and never overwritten.
    read_document(path)
    settings = ("privacy_mode", "sampling_rate", "hierarchy", "integers", "allow_plain_http")
    given = {key: options[key] for key in settings}
    entry = answered({"kind": kind, **_arguments(kind, options), **given, "enabled": True})
    target = target_of(name, entry, os.environ)
    if not no_test:
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


def _arguments(kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """What options and variables say of where to send."""
    given: dict[str, Any] = {key: options[key] for key in _PLAIN if options[key]}
    if options["api_key_from_env"]:
        given["api_key"] = {"env": options["api_key_from_env"]}
    if options["api_key_file"]:
        given["api_key"] = _secret(options["api_key_file"].read(_MAX_SECRET))
    if options["header_from_env"]:
        given["headers"] = _headers(options["header_from_env"])
    foreign = [key for key in given if key not in ARGUMENTS[kind]]
    if foreign:
        raise ConfigError(dict.fromkeys(foreign, f"not an argument of {kind}"))
    if kind == "grafana_cloud":
        for key, variable in VARIABLES.items():
            value = os.environ.get(variable, "").strip()
            if value:
                given.setdefault(key, value)
    return given


def _secret(content: bytes) -> str:
    try:
        return content.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise ConfigError({"--api-key-file": "not UTF-8"}) from None


def _headers(pairs: Iterable[str]) -> dict[str, Any]:
    items = [pair.partition("=") for pair in pairs]
    if not all(name and variable for name, _, variable in items):
        # What was given is not shown: it may be a value, and a secret.
        raise ConfigError({"--header-from-env": "expected NAME=VARIABLE"})
    return {name.strip(): {"env": variable.strip()} for name, _, variable in items}
