# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``status``, ``enable``, ``disable`` and ``remove``: shows and changes the saved destinations."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import attrs
import click

from ..broadcast import BroadcastDestination
from ..broadcast.config import Configuration, configured
from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed
from ..broadcast.saved_entry import SETTINGS
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .plain_table import print_table
from .verbosity import note

__all__ = ["disable", "enable", "remove", "saved_entry", "status"]

_LONGEST: Final = 1000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print all settings as JSON.")
def status(as_json: bool) -> int:
    """Show the active destinations and their origin.

    The origin is where a destination is configured. Of an instance ID only the last four
    characters are shown, and nothing of a key.
    """
    found = configured(os.environ)
    for sentence in found.sentences:
        note(sentence)
    if as_json:
        click.echo(json.dumps(_described(found), indent=2))
        return 0
    print_table(
        ("name", "kind", "origin", "enabled", "host", "instance", "privacy", "sampling"),
        (
            (
                target.name,
                target.kind,
                found.origin,
                "yes" if target.enabled else "no",
                target.host,
                f"…{target.account}" if target.account else "",
                "on" if target.privacy_mode else "off",
                f"{target.sampling_rate:g}",
            )
            for target in found.destinations
        ),
    )
    if found.spool is not None:
        note(f"entries wait in the spool {found.spool}")
    return 0


def _described(found: Configuration) -> dict[str, Any]:
    return {
        "origin": found.origin,
        "spool": None if found.spool is None else str(found.spool),
        "disabled_by": found.disabled_by or None,
        "destinations": [_settings(target) for target in found.destinations],
    }


def _settings(target: BroadcastDestination) -> dict[str, Any]:
    destination = target.destination
    rules = target.filter_rules
    return {
        "name": target.name,
        "kind": target.kind,
        "host": target.host,
        "method": destination.method,
        # Of what may be a secret, the names alone.
        "headers": [name for name, _ in destination.headers],
        "account": target.account or None,
        **{key: getattr(target, key) for key in SETTINGS},
        "filter_rules": None if rules is None else attrs.asdict(rules, filter=lambda field, _: field.init),
        "resource_attributes": dict(target.resource_attributes),
    }


@click.command()
@click.argument("name", default="default", shell_complete=saved_names)
def enable(name: str) -> int:
    """Send to a saved destination again."""
    return _changed(name, enabled=True)


@click.command()
@click.argument("name", default="default", shell_complete=saved_names)
def disable(name: str) -> int:
    """Stop sending to a saved destination, but keep it."""
    return _changed(name, enabled=False)


@click.command()
@click.argument("name", shell_complete=saved_names)
def remove(name: str) -> int:
    """Delete a saved destination."""
    path = config_path()
    with locked(path):
        document, _ = saved_entry(path, name)
        save_document(path, changed(document, name, None))
    note(f"{name} is removed")
    return 0


def _changed(name: str, *, enabled: bool) -> int:
    path = config_path()
    with locked(path):
        document, entry = saved_entry(path, name)
        save_document(path, changed(document, name, {**entry, "enabled": enabled}))
    note(f"{name} is {'enabled' if enabled else 'disabled'}")
    return 0


def saved_entry(path: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    The saved document, and the entry of one destination in it.

    Raises:
        ConfigError: No destination of this name is saved.
    """
    document = read_document(path)
    known: dict[str, Any] = (document or {}).get("destinations", {})
    if document is None or name not in known:
        expected = f"expected one of {', '.join(known)}"
        raise ConfigError({name: expected if known else "no destination is saved; run `otlpjson configure`"})
    return document, known[name]
