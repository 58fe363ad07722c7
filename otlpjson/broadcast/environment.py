# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Destinations that environment variables name: our own variables, and those of OpenTelemetry."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

from ..core.errors import ConfigError
from ..delivery.destination import Destination, grafana_cloud, otel_collector
from .destination import BroadcastDestination

__all__ = [
    "OTEL",
    "SPOOL",
    "VARIABLES",
    "destination_from",
    "is_set",
    "of_opentelemetry",
    "of_variables",
    "shown_account",
]

VARIABLES: Final = MappingProxyType(
    {
        "base_url": "OTLPJSON_BASE_URL",
        "instance_id": "OTLPJSON_INSTANCE_ID",
        "api_key": "OTLPJSON_API_KEY",
    }
)
"""The variable for each of the three values that Grafana Cloud needs."""
SPOOL: Final = "OTLPJSON_SPOOL"
"""The variable with the folder in which entries wait; it goes before the folder of a saved file."""
OTEL: Final = "OTEL_EXPORTER_OTLP"
"""How the names of OpenTelemetry's variables begin."""

_NAME: Final = "environment"


def is_set(environ: Mapping[str, str]) -> bool:
    """Whether one of the three variables is set and not empty."""
    return any(environ.get(variable) for variable in VARIABLES.values())


def destination_from(environ: Mapping[str, str], *, allow_plain_http: bool = False) -> Destination:
    """
    The Grafana Cloud destination of ``OTLPJSON_BASE_URL``, ``…_INSTANCE_ID`` and ``…_API_KEY``.

    Args:
        environ: Usually ``os.environ``.

        allow_plain_http: As for ``grafana_cloud``.

    Raises:
        ConfigError: Every variable that is missing or cannot be used, by its name.
    """
    values = {name: environ.get(variable, "") for name, variable in VARIABLES.items()}
    try:
        return grafana_cloud(**values, allow_plain_http=allow_plain_http)
    except ConfigError as error:
        raise ConfigError({VARIABLES[name]: reason for name, reason in error.problems.items()}) from None


def of_variables(environ: Mapping[str, str], *, allow_plain_http: bool = False) -> BroadcastDestination:
    """As ``destination_from``, with the defaults of Broadcast and the name ``environment``."""
    return BroadcastDestination(
        destination=destination_from(environ, allow_plain_http=allow_plain_http),
        name=_NAME,
        kind="grafana_cloud",
        account=shown_account(environ[VARIABLES["instance_id"]]),
    )


def shown_account(instance_id: object) -> str:
    """The end of an instance ID, to recognise it by; the whole of it is half of the credentials."""
    return str(instance_id).strip()[-4:]


def of_opentelemetry(
    environ: Mapping[str, str], *, allow_plain_http: bool = False
) -> BroadcastDestination | None:
    """
    The destination of OpenTelemetry's own variables, or ``None`` if they name no endpoint.

    ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` is used as it is; ``v1/traces`` is appended to
    ``OTEL_EXPORTER_OTLP_ENDPOINT``. Source: OpenTelemetry Protocol Exporter, "Configuration Options".

    Raises:
        ConfigError: Every variable that cannot be used, by its name; never with a value.
    """
    traces, base = environ.get(f"{OTEL}_TRACES_ENDPOINT"), environ.get(f"{OTEL}_ENDPOINT")
    if not traces and not base:
        return None
    headers, origins, problems = _headers(environ)
    try:
        destination = otel_collector(
            traces or _with_path(base or ""), headers, allow_plain_http=allow_plain_http
        )
    except ConfigError as error:
        # Each problem by the variable that it is from.
        ours = {"endpoint": f"{OTEL}_TRACES_ENDPOINT" if traces else f"{OTEL}_ENDPOINT"}
        ours.update({f"headers.{name}": f"{origins[name]}.{name}" for name in headers})
        ours.update({f"headers[{number}]": origins[name] for number, name in enumerate(headers, 1)})
        problems = {**{ours[key]: reason for key, reason in error.problems.items()}, **problems}
    if problems:
        raise ConfigError(problems)
    return BroadcastDestination(destination=destination, name=_NAME, kind="otel_collector")


def _headers(environ: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The headers by name, the variable that each is from, and what is wrong with either variable."""
    headers: dict[str, str] = {}
    origins: dict[str, str] = {}
    problems: dict[str, str] = {}
    # If a header is in both variables, the one for traces wins (SND-8).
    for variable in (f"{OTEL}_HEADERS", f"{OTEL}_TRACES_HEADERS"):
        items = [item.partition("=") for item in environ.get(variable, "").split(",") if item.strip()]
        if not all(equals for _, equals, _ in items):
            problems[variable] = "expected name=value pairs, separated by commas"
        # Text without an equals sign may be a value, and a secret, so it is not even shown as a name.
        named = {name.strip().lower(): unquote(value.strip()) for name, equals, value in items if equals}
        headers.update(named)
        origins.update(dict.fromkeys(named, variable))
    return headers, origins, problems


def _with_path(base: str) -> str:
    """The URL for traces below a base URL; a query stays at its end (SND-1)."""
    path, question_mark, query = base.strip().partition("?")
    return f"{path.rstrip('/')}/v1/traces{question_mark}{query}"
