# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Where destinations are saved, and which of them a command means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from ..broadcast.config import BroadcastDestination, Resolved, in_environment, resolved
from ..broadcast.config_file import read_document
from ..core.errors import ConfigError

__all__ = ["chosen", "config_path", "destinations"]


def config_path() -> Path:
    """The file of ``OTLPJSON_CONFIG``, else one in the platform's configuration folder."""
    named = os.environ.get("OTLPJSON_CONFIG")
    return Path(named) if named else platformdirs.user_config_path("otlpjson") / "destinations.json"


def destinations(*, allow_plain_http: bool = False) -> Resolved:
    """The destinations that count, and why these; the file is not read where the environment names one."""
    document = None if in_environment(os.environ) else read_document(config_path())
    return resolved(os.environ, document, allow_plain_http=allow_plain_http)


def chosen(names: Sequence[str] = (), *, allow_plain_http: bool = False) -> tuple[BroadcastDestination, ...]:
    """
    The destinations of these names; without names those that are enabled.

    Raises:
        ConfigError: A name that no destination has, or none enabled.
    """
    known = {target.name: target for target in destinations(allow_plain_http=allow_plain_http).destinations}
    missing = [name for name in names if name not in known]
    if missing:
        raise ConfigError(dict.fromkeys(missing, f"expected one of {', '.join(known)}"))
    enabled = tuple(target for target in known.values() if target.enabled)
    if not names and not enabled:
        raise ConfigError({"destinations": "expected an enabled one; `otlpjson enable NAME` enables it"})
    # A name given twice is one destination.
    return tuple(known[name] for name in dict.fromkeys(names)) or enabled
