# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One destination as JSON values: in the saved file, or put together from variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final

import attrs

from ..core.errors import ConfigError, InvalidValue
from ..delivery.destination import Destination, grafana_cloud, otel_collector, webhook
from ..delivery.files.template import DEFAULT_TEMPLATE
from ..delivery.folder_destination import folder
from ..delivery.local_destination import local
from .destination import BroadcastDestination

__all__ = ["ARGUMENTS", "SETTINGS", "shown_key", "target_of", "with_settings"]


def _folder(path: Any, template: Any = DEFAULT_TEMPLATE, *, allow_plain_http: bool) -> Destination:
    return folder(path, template)


def _local(*, allow_plain_http: bool) -> Destination:
    return local()


_KINDS: Final[Mapping[str, tuple[Callable[..., Destination], tuple[str, ...]]]] = MappingProxyType(
    {
        "grafana_cloud": (grafana_cloud, ("base_url", "instance_id", "api_key", "headers")),
        "otel_collector": (otel_collector, ("endpoint", "headers")),
        "webhook": (webhook, ("url", "method", "headers")),
        "folder": (_folder, ("path", "template")),
        "local": (_local, ()),
    }
)
ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {kind: arguments for kind, (_, arguments) in _KINDS.items()}
)
"""For each kind the keys that say where to send."""
_OPTIONAL: Final = frozenset({"headers", "method", "template"})
SETTINGS: Final = (
    "enabled",
    "privacy_mode",
    "sampling_rate",
    "hierarchy",
    "integers",
    "included_api_keys",
    "excluded_api_keys",
    "filter_rules",
    "generation_metadata",
    "mask",
    "resource_attributes",
)
"""Keys of every kind; fields of ``BroadcastDestination`` with the same names."""
_ALLOW_PLAIN_HTTP: Final = "allow_plain_http"
_KEY: Final = re.compile(r"[A-Za-z_]{0,31}", re.ASCII)
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
# A value is read from a variable when it is used; a file is checked without them, and with these instead.
_STAND_INS: Final = MappingProxyType(
    {
        "base_url": "https://example.org",
        "endpoint": "https://example.org",
        "url": "https://example.org",
        "instance_id": "1",
        "method": "POST",
        "template": DEFAULT_TEMPLATE,
    }
)


def target_of(name: str, entry: object, environ: Mapping[str, str] | None = None) -> BroadcastDestination:
    """
    The destination of an entry.

    Args:
        name: Its name.

        entry:
            An object with ``kind``, the arguments of that kind and settings. ``{"env": "NAME"}`` in
            place of an argument, or of a header's value, stands for the value of a variable.

        environ: Where variables are looked up; ``None``: their values are not needed yet.

    Raises:
        ConfigError: Every key that is missing, unknown or cannot be used; never with a value.
    """
    kind = entry.get("kind") if isinstance(entry, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(kind, str) or kind not in _KINDS:
        raise ConfigError({"kind": f"expected one of {', '.join(_KINDS)}"})
    make, arguments = _KINDS[kind]
    known = ("kind", *arguments, *SETTINGS, _ALLOW_PLAIN_HTTP)
    problems = {shown_key(key): "unknown key" for key in entry if key not in known}
    allow_plain_http = entry.get(_ALLOW_PLAIN_HTTP, False)
    if not isinstance(allow_plain_http, bool):
        problems[_ALLOW_PLAIN_HTTP] = "expected true or false"
    # An argument that is missing is given as None, so that it is reported; an optional one is left out.
    values = {key: entry.get(key) for key in arguments if key in entry or key not in _OPTIONAL}
    values = {key: _looked_up(key, value, environ, problems) for key, value in values.items()}
    try:
        destination = make(**values, allow_plain_http=allow_plain_http is True)
    except ConfigError as error:
        problems = {**error.problems, **problems}
        # Stands in, so that the settings are checked and reported as well.
        destination = Destination(url="")
    target = BroadcastDestination(destination=destination, name=name, kind=kind)
    target, wrong = with_settings(target, {key: entry[key] for key in SETTINGS if key in entry})
    problems.update(wrong)
    if problems:
        raise ConfigError(problems)
    # Only now, because an instance ID that was refused may be anything.
    return attrs.evolve(target, account=_shown_account(values.get("instance_id") or ""))


def with_settings(
    target: BroadcastDestination, settings: Mapping[str, Any]
) -> tuple[BroadcastDestination, dict[str, str]]:
    """A destination with these settings, and what is wrong with the others, by their keys."""
    problems: dict[str, str] = {}
    for key, value in settings.items():
        try:
            target = attrs.evolve(target, **{key: value})
        except InvalidValue as error:
            # The place inside of the value, where there is one.
            place = error.path if error.path.startswith(f"{key}.") else key
            problems[place] = f"expected {error.expected}"
    return target, problems


def shown_key(key: object) -> str:
    """An unknown key, unless it does not look like one: a value in the wrong place may be a secret."""
    text = str(key)
    return text if _KEY.fullmatch(text) else f"a key of {len(text)} characters"


def _shown_account(instance_id: object) -> str:
    """The end of an instance ID, to recognise it by; the whole of it is half of the credentials."""
    return str(instance_id).strip()[-4:]


def _looked_up(key: str, value: Any, environ: Mapping[str, str] | None, problems: dict[str, str]) -> Any:
    """A value with what its references to variables stand for; the problems of these are added."""
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"env"}:
        if key != "headers":
            return value
        return {name: _looked_up(f"headers.{name}", item, environ, problems) for name, item in value.items()}
    variable = value["env"]
    # A name is shown only if it is a valid one: otherwise it may be a value, and a secret.
    if not isinstance(variable, str) or not _VARIABLE.fullmatch(variable):
        problems[key] = "expected the name of a variable"
    elif environ is not None and not environ.get(variable):
        problems[key] = f"the variable {variable} is not set"
    elif environ is not None:
        return environ[variable]
    return _STAND_INS.get(key, "x")
