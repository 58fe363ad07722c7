# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The saved document: destinations as JSON values, read with all faults at once, and changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from ..core.errors import ConfigError, InvalidValue
from ..delivery.destination import Destination, grafana_cloud, otel_collector, webhook
from .destination import BroadcastDestination
from .environment import shown_account

__all__ = ["changed", "parsed", "saved_spool", "with_spool"]

_VERSION: Final = 1
_KINDS: Final[Mapping[str, tuple[Callable[..., Destination], tuple[str, ...]]]] = MappingProxyType(
    {
        "grafana_cloud": (grafana_cloud, ("base_url", "instance_id", "api_key")),
        "otel_collector": (otel_collector, ("endpoint", "headers")),
        "webhook": (webhook, ("url", "method", "headers")),
    }
)
"""For each kind the function that makes its destination, and the keys that are the arguments."""
_OPTIONAL: Final = frozenset({"headers", "method"})
_SETTINGS: Final = ("enabled", "privacy_mode", "sampling_rate", "hierarchy", "integers")
"""Keys of every kind; fields of ``BroadcastDestination`` with the same names."""
_ALLOW_PLAIN_HTTP: Final = "allow_plain_http"
_SPOOL: Final = "spool"
_DOCUMENT: Final = ("version", "destinations", _SPOOL)
_UNKNOWN_KEY: Final = "unknown key"
_KEY: Final = re.compile(r"[A-Za-z_]{0,31}", re.ASCII)


def parsed(document: object) -> dict[str, BroadcastDestination]:
    """
    The destinations of a saved document, by name, in order.

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
    problems = {_shown(key): _UNKNOWN_KEY for key in document if key not in _DOCUMENT}
    if not isinstance(document.get(_SPOOL, "/"), str) or not document.get(_SPOOL, "/"):
        problems[_SPOOL] = "expected the path of a folder"
    found: dict[str, BroadcastDestination] = {}
    for name, entry in entries.items():
        try:
            found[name] = _parsed_entry(name, entry)
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


def with_spool(document: dict[str, Any] | None, folder: Path | None) -> dict[str, Any]:
    """A copy of a document with this spool or, with ``None``, without one."""
    copy = {"version": _VERSION, "destinations": {}, **(document or {})}
    copy.pop(_SPOOL, None)
    return copy if folder is None else {**copy, _SPOOL: str(folder)}


def _shown(key: object) -> str:
    """An unknown key, unless it does not look like one: a value in the wrong place may be a secret."""
    text = str(key)
    return text if _KEY.fullmatch(text) else f"a key of {len(text)} characters"


def _parsed_entry(name: str, entry: object) -> BroadcastDestination:
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(kind, str) or kind not in _KINDS:
        raise ConfigError({"kind": f"expected one of {', '.join(_KINDS)}"})
    make, arguments = _KINDS[kind]
    known = ("kind", *arguments, *_SETTINGS, _ALLOW_PLAIN_HTTP)
    problems = {_shown(key): _UNKNOWN_KEY for key in entry if key not in known}
    allow_plain_http = entry.get(_ALLOW_PLAIN_HTTP, False)
    if not isinstance(allow_plain_http, bool):
        problems[_ALLOW_PLAIN_HTTP] = "expected true or false"
    # An argument that is missing is given as None, so that it is reported; an optional one is left out.
    values = {key: entry.get(key) for key in arguments if key in entry or key not in _OPTIONAL}
    try:
        destination = make(**values, allow_plain_http=allow_plain_http is True)
    except ConfigError as error:
        problems = {**error.problems, **problems}
        # Stands in, so that the settings are checked and reported as well.
        destination = Destination(url="")
    target = BroadcastDestination(destination=destination, name=name, kind=kind)
    for key in _SETTINGS:
        if key in entry:
            try:
                target = attrs.evolve(target, **{key: entry[key]})
            except InvalidValue as error:
                problems[key] = f"expected {error.expected}"
    if problems:
        raise ConfigError(problems)
    # Only now, because an instance ID that was refused may be anything.
    return attrs.evolve(target, account=shown_account(entry.get("instance_id", "")))
