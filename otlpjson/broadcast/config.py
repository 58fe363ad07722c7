# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Which destinations are configured: one rule for the library and the commands."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from ..core.errors import ConfigError
from .config_file import config_path, read_document
from .destination import BroadcastDestination
from .document import parsed, saved_spool
from .environment import (
    API_KEY_NAME,
    SPOOL,
    VARIABLES,
    is_set,
    of_variables,
    settings_of,
    variable_of,
)
from .otel_exporter import OTEL, of_opentelemetry
from .otel_sdk import sdk_variables
from .saved_entry import with_settings

__all__ = ["Configuration", "configured", "find"]


@attrs.frozen(kw_only=True)
class Configuration:
    """
    The configured destinations, and where they are configured.

    Attributes:
        destinations: In order; at least one.

        origin: ``environment``, ``file`` or ``OTEL_EXPORTER_OTLP variables``.

        spool: The folder in which entries wait; ``None`` if they wait in memory.

        api_key_name: The name of the API key of this program's requests; ``None`` if no variable says it.

        notices: What the log should say about variables that are not used as they are.

        disabled_by: The variable of OpenTelemetry that switches all of them off; empty if none does.
    """

    destinations: tuple[BroadcastDestination, ...]
    origin: str
    spool: Path | None = None
    api_key_name: str | None = None
    notices: tuple[str, ...] = ()
    disabled_by: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The notices, and what switches everything off."""
        off = (f"{self.disabled_by} switches all destinations off",) if self.disabled_by else ()
        return (*self.notices, *off)


def configured(
    environ: Mapping[str, str],
    path: str | os.PathLike[str] | None = None,
    *,
    allow_plain_http: bool = False,
) -> Configuration:
    """
    The destinations that are configured. The first match wins:

    1. our variables, such as ``OTLPJSON_BASE_URL``, ``OTLPJSON_INSTANCE_ID`` and ``OTLPJSON_API_KEY``;
    2. the file at ``path``, else the one that ``OTLPJSON_CONFIG`` names, else
       ``destinations.json`` in the platform's configuration folder;
    3. OpenTelemetry's variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and so on.

    Whichever it is, ``OTEL_SDK_DISABLED``, ``OTEL_TRACES_EXPORTER``, ``OTEL_TRACES_SAMPLER`` and
    ``OTEL_RESOURCE_ATTRIBUTES`` apply to it.

    Args:
        environ: Usually ``os.environ``.

        path: A file that must exist.

        allow_plain_http: As for ``grafana_cloud``, for destinations that variables name.

    Raises:
        ConfigError:
            Nothing is configured, what is configured cannot be used, or a file that was named
            does not exist.
    """
    named = None if path is None else Path(path)
    found = find(environ, named, allow_plain_http=allow_plain_http)
    if found is None:
        raise ConfigError(dict.fromkeys(VARIABLES.values(), "not set; set it or run `otlpjson configure`"))
    return found


def find(
    environ: Mapping[str, str], path: Path | None = None, *, allow_plain_http: bool = False
) -> Configuration | None:
    """
    As ``configured``, but ``None`` if nothing is configured.

    Raises:
        ConfigError: What is configured cannot be used, or a file that was named does not exist.
    """
    found = _first(environ, path, allow_plain_http)
    if found is None:
        return None
    always = sdk_variables(environ, found.destinations[0])
    return attrs.evolve(
        found,
        destinations=tuple(always.applied_to(target) for target in found.destinations),
        api_key_name=environ.get(API_KEY_NAME) or None,
        notices=(*found.notices, *always.notices),
        disabled_by=always.disabled_by,
    )


def _first(environ: Mapping[str, str], path: Path | None, allow_plain_http: bool) -> Configuration | None:
    named = environ.get(SPOOL)
    spool = Path(named) if named else None
    if is_set(environ):
        only = of_variables(environ, allow_plain_http=allow_plain_http)
        return Configuration(destinations=(only,), origin="environment", spool=spool)
    document = _saved(environ, path)
    spool = spool or saved_spool(document)
    saved = () if document is None else tuple(parsed(document, environ).values())
    settings = settings_of(environ)
    if saved:
        if settings:
            # To send in another form than a variable says would be worse than not to send.
            reason = "not used with a saved file; change the destination there"
            raise ConfigError({variable_of(key): reason for key in settings})
        return Configuration(destinations=saved, origin="file", spool=spool)
    collector = of_opentelemetry(environ, allow_plain_http=allow_plain_http)
    if collector is None:
        return None
    target, notices = collector
    target, problems = with_settings(target, settings)
    if problems:
        raise ConfigError({variable_of(key): reason for key, reason in problems.items()})
    return Configuration(destinations=(target,), origin=f"{OTEL} variables", spool=spool, notices=notices)


def _saved(environ: Mapping[str, str], path: Path | None) -> dict[str, Any] | None:
    where = config_path(environ) if path is None else path
    document = None if where is None else read_document(where)
    if document is not None:
        return document
    # A file that somebody named and that does not exist is a mistake, and to look further would
    # send to another place than they meant. Only the default file may be missing.
    if path is not None:
        raise ConfigError({str(path): "no such file"})
    named = environ.get("OTLPJSON_CONFIG")
    if named:
        raise ConfigError(
            {"OTLPJSON_CONFIG": f"no such file: {named}; run `otlpjson configure` to create it"}
        )
    return None
