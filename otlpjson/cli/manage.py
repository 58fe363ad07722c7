# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""``status``, ``enable``, ``disable`` and ``remove``: shows and changes the saved destinations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import click

from ..broadcast.config import configured
from ..broadcast.config_file import read_document
from ..broadcast.config_saving import locked, save_document
from ..broadcast.document import changed
from ..core.errors import ConfigError
from .chosen import config_path
from .completion import saved_names
from .plain_table import print_table
from .verbosity import note

__all__ = ["disable", "enable", "remove", "status"]

_LONGEST: Final = 1000


@click.command()
def status() -> int:
    """Show the active destinations and their origin.

    The origin is where a destination is configured. Of an instance ID only the last four
    characters are shown, and nothing of a key.
    """
    found = configured(os.environ)
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
        document, _ = _saved(path, name)
        save_document(path, changed(document, name, None))
    note(f"{name} is removed")
    return 0


def _changed(name: str, *, enabled: bool) -> int:
    path = config_path()
    with locked(path):
        document, entry = _saved(path, name)
        save_document(path, changed(document, name, {**entry, "enabled": enabled}))
    note(f"{name} is {'enabled' if enabled else 'disabled'}")
    return 0


def _saved(path: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The saved document, and the entry of one destination in it."""
    document = read_document(path)
    known: dict[str, Any] = (document or {}).get("destinations", {})
    if document is None or name not in known:
        expected = f"expected one of {', '.join(known)}"
        raise ConfigError({name: expected if known else "no destination is saved; run `otlpjson configure`"})
    return document, known[name]
