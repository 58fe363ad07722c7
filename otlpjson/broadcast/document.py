# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The saved document: destinations as JSON values, read with all faults at once, and changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigError
from .destination import BroadcastDestination
from .saved_entry import shown_key, target_of

__all__ = ["changed", "parsed", "renamed", "saved_spool", "with_spool"]

_VERSION: Final = 1
_SPOOL: Final = "spool"
_DOCUMENT: Final = ("version", "destinations", _SPOOL)


def parsed(document: object, environ: Mapping[str, str] | None = None) -> dict[str, BroadcastDestination]:
    """
    The destinations of a saved document, by name, in order.

    Args:
        document: As it is saved.

        environ: Where variables are looked up that it refers to; ``None``: it is only checked.

    Raises:
        ConfigError: Every key that is missing, unknown or cannot be used; never with a value.
    """
    version = document.get("version") if isinstance(document, Mapping) else None
    # The exact type, because True and 1.0 equal 1.
    if not isinstance(document, Mapping) or type(version) is not int or version != _VERSION:
        raise ConfigError({"version": f"expected an object with version {_VERSION}"})
    entries = document.get("destinations")
    if not isinstance(entries, Mapping):
        raise ConfigError({"destinations": "expected an object with one destination per name"})
    problems = {shown_key(key): "unknown key" for key in document if key not in _DOCUMENT}
    if not isinstance(document.get(_SPOOL, "/"), str) or not document.get(_SPOOL, "/"):
        problems[_SPOOL] = "expected the path of a folder"
    found: dict[str, BroadcastDestination] = {}
    for name, entry in entries.items():
        try:
            found[name] = target_of(name, entry, environ)
        except ConfigError as error:
            problems.update({f"destinations.{name}.{key}": reason for key, reason in error.problems.items()})
    if problems:
        raise ConfigError(problems)
    return found


def saved_spool(document: Mapping[str, Any] | None) -> Path | None:
    """The folder of the spool that a document names; ``None`` if it names none."""
    named = (document or {}).get(_SPOOL)
    return Path(named) if named else None


def changed(document: dict[str, Any] | None, name: str, entry: dict[str, Any] | None) -> dict[str, Any]:
    """A copy of a document in which one destination is set or, with ``None``, removed."""
    destinations = dict((document or {}).get("destinations", {}))
    destinations.pop(name, None) if entry is None else destinations.update({name: entry})
    return {**(document or {}), "version": _VERSION, "destinations": destinations}


def renamed(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """A copy of a document in which one destination has another name, in its place."""
    entries = {new if name == old else name: entry for name, entry in document["destinations"].items()}
    return {**document, "destinations": entries}


def with_spool(document: dict[str, Any] | None, folder: Path | None) -> dict[str, Any]:
    """A copy of a document with this spool or, with ``None``, without one."""
    copy = {"version": _VERSION, "destinations": {}, **(document or {})}
    copy.pop(_SPOOL, None)
    return copy if folder is None else {**copy, _SPOOL: str(folder)}
