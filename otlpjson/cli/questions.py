# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The questions of ``configure``: each is asked again until its answer can be used."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import click

from ..broadcast.environment import VARIABLES
from ..broadcast.saved_entry import ARGUMENTS, target_of
from ..core.errors import ConfigError

__all__ = ["answered", "is_secret"]

_QUESTIONS: Final = MappingProxyType(
    {
        "base_url": "Base URL (the OTLP endpoint, such as https://otlp-gateway-prod-us-west-0.grafana.net)",
        "instance_id": "Instance ID (digits)",
        "api_key": "API Key (glc_..., not shown)",
        "endpoint": "Endpoint (the whole URL, usually ending in /v1/traces)",
        "url": "URL",
        "method": "Method (POST or PUT)",
        "path": "Folder",
    }
)
_WITH_HEADERS: Final = ("otel_collector", "webhook")
_OPTIONS: Final = MappingProxyType({"api_key": "--api-key-from-env or --api-key-file"})


def is_secret(key: str) -> bool:
    """Whether the value of a key is one that no command shows and no argument holds."""
    return key.partition(".")[0] in ("api_key", "headers")


def answered(entry: dict[str, Any]) -> dict[str, Any]:
    """
    An entry in which nothing is missing: what it lacks is asked for on the terminal.

    Raises:
        ConfigError: Something is missing, and there is no terminal; names each variable and option.
    """
    kind = entry["kind"]
    missing = [key for key in ARGUMENTS[kind] if key in _QUESTIONS and key not in entry]
    if missing and not sys.stdin.isatty():
        required = [key for key in missing if key != "method"]
        if required:
            raise ConfigError({VARIABLES.get(key, key): _without_terminal(key) for key in required})
        return entry
    entry = dict(entry)
    for key in missing:
        entry[key] = _asked(entry, key)
    # Grafana Cloud needs none but those that are made from the key.
    if missing and kind in _WITH_HEADERS and "headers" not in entry:
        entry["headers"] = _headers(entry)
    return entry


def _without_terminal(key: str) -> str:
    option = _OPTIONS.get(key, f"--{key.replace('_', '-')}")
    return f"not set, and no terminal to ask on; use {option}"


def _asked(entry: Mapping[str, Any], key: str) -> str:
    default = "POST" if key == "method" else None
    while True:
        typed: str = click.prompt(_QUESTIONS[key], hide_input=key == "api_key", default=default, err=True)
        answer = typed.strip()
        problem = _problem(entry, key, answer)
        if problem is None:
            return answer
        click.echo(problem, err=True)


def _headers(entry: Mapping[str, Any]) -> dict[str, str]:
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
        # The line is not shown, because it may be a value, and a secret.
        header = {name.strip(): value.strip()}
        problem = (
            _problem(entry, "headers", header) if colon else "headers: expected `Name: value`, got no colon"
        )
        if problem is None:
            headers.update(header)
        else:
            click.echo(problem, err=True)


def _problem(entry: Mapping[str, Any], key: str, value: Any) -> str | None:
    """What is wrong with one value; what is not answered yet counts as a variable that is not looked up."""
    unknown = {name: {"env": "ANY"} for name in ARGUMENTS[entry["kind"]] if name != "headers"}
    try:
        target_of("any", {**unknown, **entry, key: value})
    except ConfigError as error:
        return "\n".join(f"{place}: {reason}" for place, reason in error.problems.items())
    return None
