# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which destinations a command sends to, and the file that the commands save them in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..broadcast import BroadcastDestination, config, config_file
from ..core.errors import ConfigError
from .verbosity import note

__all__ = ["chosen", "config_path"]


def config_path() -> Path:
    """
    The file to save destinations in; it may not exist yet.

    Raises:
        ConfigError: There is no home folder to keep it in, and no variable names it.
    """
    path = config_file.config_path(os.environ)
    if path is None:
        raise ConfigError(
            {"OTLPJSON_CONFIG": "not set, and there is no home folder; set it to a file's path"}
        )
    return path


def chosen(names: Sequence[str] = (), *, allow_plain_http: bool = False) -> tuple[BroadcastDestination, ...]:
    """
    The destinations with these names; without names those that are enabled.

    Raises:
        ConfigError: No destination has one of the names, or none is enabled, or a variable switches all off.
    """
    found = config.configured(os.environ, allow_plain_http=allow_plain_http)
    if found.disabled_by:
        raise ConfigError({found.disabled_by: "switches all destinations off"})
    for notice in found.notices:
        note(notice)
    known = {target.name: target for target in found.destinations}
    missing = [name for name in names if name not in known]
    if missing:
        raise ConfigError(dict.fromkeys(missing, f"expected one of {', '.join(known)}"))
    enabled = tuple(target for target in known.values() if target.enabled)
    if not names and not enabled:
        raise ConfigError({"destinations": "no destination is enabled; run `otlpjson enable NAME`"})
    # A name that is given twice means one destination.
    return tuple(known[name] for name in dict.fromkeys(names)) or enabled
