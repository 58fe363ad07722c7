# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A destination that our own variables name, with settings in variables too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

from ..core.errors import ConfigError
from ..delivery.destination import Destination, grafana_cloud
from .destination import BroadcastDestination
from .pairs import pairs_of
from .saved_entry import ARGUMENTS, SETTINGS, target_of

__all__ = [
    "API_KEY_NAME",
    "SPOOL",
    "VARIABLES",
    "destination_from",
    "is_set",
    "of_variables",
    "settings_of",
    "value_of",
    "variable_of",
]

VARIABLES: Final = MappingProxyType(
    {
        "base_url": "OTLPJSON_BASE_URL",
        "instance_id": "OTLPJSON_INSTANCE_ID",
        "api_key": "OTLPJSON_API_KEY",
    }
)
"""The variable for each of the three values that Grafana Cloud needs."""
API_KEY_NAME: Final = "OTLPJSON_API_KEY_NAME"
"""The variable with the name of the API key that this program uses."""
SPOOL: Final = "OTLPJSON_SPOOL"
"""The variable with the folder in which entries wait; it goes before the folder of a saved file."""

_NAME: Final = "environment"
_PREFIX: Final = "OTLPJSON_"
_KIND: Final = "kind"
_ALLOW_PLAIN_HTTP: Final = "allow_plain_http"
# These say nothing without another one.
_BESIDE: Final = frozenset({"headers", "method", "template"})


def _flag(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text.lower(), text)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(text: str) -> str:
    return text


# What a text stands for; one that stands for nothing stays a text, which is then refused by its key.
_READ: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "enabled": _flag,
        "privacy_mode": _flag,
        _ALLOW_PLAIN_HTTP: _flag,
        "sampling_rate": _number,
        "included_api_keys": _list,
        "excluded_api_keys": _list,
        "generation_metadata": _list,
        "mask": _list,
        "filter_rules": _json,
        "headers": pairs_of,
        "resource_attributes": pairs_of,
    }
)


def variable_of(key: str) -> str:
    """The variable with the value of a key of a saved destination: ``OTLPJSON_`` and its name."""
    name, dot, inside = key.partition(".")
    return f"{_PREFIX}{name.upper()}{dot}{inside}"


def value_of(key: str, text: str) -> Any:
    """What a text stands for as the value of a key; the text itself if it stands for nothing."""
    return _READ.get(key, _text)(text)


def is_set(environ: Mapping[str, str]) -> bool:
    """Whether a variable says where to send, and is not empty."""
    keys = (_KIND, *(key for arguments in ARGUMENTS.values() for key in arguments if key not in _BESIDE))
    return any(environ.get(variable_of(key)) for key in keys)


def settings_of(environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings in variables such as ``OTLPJSON_PRIVACY_MODE``, by their keys."""
    return _values(environ, SETTINGS)


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
        base_url, instance_id, api_key = values.values()
        return grafana_cloud(base_url, instance_id, api_key, allow_plain_http=allow_plain_http)
    except ConfigError as error:
        raise ConfigError({VARIABLES[name]: reason for name, reason in error.problems.items()}) from None


def of_variables(environ: Mapping[str, str], *, allow_plain_http: bool = False) -> BroadcastDestination:
    """
    The destination of all our variables, with the name ``environment``.

    ``OTLPJSON_KIND`` is its kind; without it, the kind is the one that the other variables belong to.
    Each key of that kind in a saved file, and each setting, has the variable ``OTLPJSON_`` and its name.

    Raises:
        ConfigError: Every variable that is missing or cannot be used, by its name; never with a value.
    """
    kind = environ.get(variable_of(_KIND)) or _kind_of(environ)
    values = _values(environ, (*ARGUMENTS.get(kind, ()), *SETTINGS, _ALLOW_PLAIN_HTTP))
    if allow_plain_http:
        values[_ALLOW_PLAIN_HTTP] = True
    try:
        return target_of(_NAME, {_KIND: kind, **values})
    except ConfigError as error:
        raise ConfigError({variable_of(key): reason for key, reason in error.problems.items()}) from None


def _kind_of(environ: Mapping[str, str]) -> str:
    """The first kind of which a variable of its own is set."""
    return next(
        kind
        for kind, arguments in ARGUMENTS.items()
        if any(environ.get(variable_of(key)) for key in arguments if key not in _BESIDE)
    )


def _values(environ: Mapping[str, str], keys: Iterable[str]) -> dict[str, Any]:
    given = {key: environ.get(variable_of(key), "").strip() for key in keys}
    return {key: value_of(key, text) for key, text in given.items() if text}
