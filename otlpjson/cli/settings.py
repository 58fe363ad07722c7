# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``set`` and ``rename``: change a saved destination without asking for it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import click

from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed, renamed
from ..broadcast.environment import value_of
from ..broadcast.saved_entry import ARGUMENTS, SETTINGS, target_of
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .manage import saved_entry
from .questions import is_secret
from .verbosity import note

__all__ = ["rename", "set_keys"]

_FROM_VARIABLE: Final = "env:"


@click.command("set")
@click.argument("name", shell_complete=saved_names)
@click.argument("pairs", nargs=-1, required=True, metavar="KEY=VALUE...")
def set_keys(name: str, pairs: Sequence[str]) -> int:
    """Change settings of a saved destination.

    KEY is one of those in the saved file, such as sampling_rate, privacy_mode, mask, excluded_api_keys or
    filter_rules. Lists are separated by commas, resource attributes are name=value pairs, and rules are
    JSON. KEY= removes a setting. KEY=env:VARIABLE reads an argument, such as api_key or
    headers.Authorization, from a variable when sending; a secret itself is no argument of a command.
    """
    path = config_path()
    with locked(path):
        document, entry = saved_entry(path, name)
        new = dict(entry)
        for pair in pairs:
            key, equals, text = pair.partition("=")
            if not equals:
                raise ConfigError({"set": "expected KEY=VALUE"})
            _change(new, key.strip(), text.strip())
        target_of(name, new)
        save_document(path, changed(document, name, new))
    note(f"{name} is changed")
    return 0


@click.command()
@click.argument("old", shell_complete=saved_names)
@click.argument("new")
def rename(old: str, new: str) -> int:
    """Give a saved destination another name.

    What waits in a spool for the old name is parked there, see "spool list".
    """
    path = config_path()
    with locked(path):
        document, _ = saved_entry(path, old)
        if new in document["destinations"]:
            raise ConfigError({new: "there is a destination of this name"})
        save_document(path, renamed(document, old, new))
    note(f"{old} is now {new}")
    return 0


def _change(entry: dict[str, Any], key: str, text: str) -> None:
    name, dot, header = key.partition(".")
    known = (*ARGUMENTS[entry["kind"]], *SETTINGS, "allow_plain_http")
    if name not in known or (dot and name != "headers") or (name == "headers" and not dot):
        raise ConfigError({"set": f"expected one of {', '.join(known)}, or headers.NAME"})
    is_variable = text.startswith(_FROM_VARIABLE) and name in ARGUMENTS[entry["kind"]]
    if text and is_secret(key) and not is_variable:
        raise ConfigError({key: "a secret is no argument of a command; use env:VARIABLE, or `configure`"})
    value: Any = {"env": text[len(_FROM_VARIABLE) :]} if is_variable else value_of(key, text)
    place = entry
    if dot:
        place = entry["headers"] = dict(entry.get("headers", {}))
        key = header
    if text:
        place[key] = value
    else:
        place.pop(key, None)
