# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
Destinations and how Broadcast treats them, out of a saved document or a program's environment.

Pure: the file itself is ``broadcast.config_file``'s. A wrong document is reported completely, every
key at once; no message holds a value that may be a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Callable, Final
from urllib.parse import unquote, urlsplit

import attrs

from ..core.errors import ConfigError
from ..delivery.destination import Destination, grafana_cloud, otel_collector, webhook
from ..openrouter import Form, Hierarchy, Integers

__all__ = [
    "VARIABLES",
    "BroadcastDestination",
    "Resolved",
    "destination_from",
    "in_environment",
    "parsed",
    "resolved",
]

VARIABLES: Final = MappingProxyType(
    {
        "base_url": "OTLPJSON_BASE_URL",
        "instance_id": "OTLPJSON_INSTANCE_ID",
        "api_key": "OTLPJSON_API_KEY",
    }
)
"""The environment variable for each of the three values that Grafana Cloud needs."""
VERSION: Final = 1

_OTLP: Final = "OTEL_EXPORTER_OTLP"
_ENVIRONMENT: Final = "environment"
_KINDS: Final[Mapping[str, tuple[Callable[..., Destination], tuple[str, ...]]]] = MappingProxyType(
    {
        "grafana_cloud": (grafana_cloud, ("base_url", "instance_id", "api_key")),
        "otel_collector": (otel_collector, ("endpoint", "headers")),
        "webhook": (webhook, ("url", "method", "headers")),
    }
)
_OPTIONAL: Final = frozenset({"headers", "method"})
_SETTINGS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = MappingProxyType(
    {
        "enabled": ("true or false", lambda value: isinstance(value, bool)),
        "privacy_mode": ("true or false", lambda value: isinstance(value, bool)),
        "sampling_rate": (
            "a number from 0.0001 to 1",
            lambda value: (
                isinstance(value, (int, float)) and not isinstance(value, bool) and 0.0001 <= value <= 1
            ),
        ),
        "hierarchy": ("documented or observed", lambda value: value in ("documented", "observed")),
        "integers": ("text or number", lambda value: value in ("text", "number")),
        "allow_plain_http": ("true or false", lambda value: isinstance(value, bool)),
    }
)


@attrs.frozen(kw_only=True)
class BroadcastDestination:
    """
    A destination, and what Broadcast sends there.

    Attributes:
        destination: Where bodies go.

        name: What counts and messages call it.

        kind: ``grafana_cloud``, ``otel_collector``, ``webhook`` or ``custom``.

        account: The last four characters of the instance id, where there is one.

        enabled: Whether anything is sent.

        privacy_mode: Whether content stays behind.

        sampling_rate: The share of sessions that is sent, 0.0001 to 1.

        hierarchy: ``documented`` or ``observed``.

        integers: ``text`` or ``number``.
    """

    destination: Destination
    name: str = "default"
    kind: str = "custom"
    account: str = ""
    enabled: bool = True
    privacy_mode: bool = False
    sampling_rate: float = 1.0
    hierarchy: Hierarchy = "documented"
    integers: Integers = "text"

    @property
    def form(self) -> Form:
        """The form of what is sent there."""
        return Form(hierarchy=self.hierarchy, privacy_mode=self.privacy_mode, integers=self.integers)

    @property
    def host(self) -> str:
        """The host of its URL."""
        return urlsplit(self.destination.url).hostname or ""


@attrs.frozen(kw_only=True)
class Resolved:
    """
    The destinations that count, and why these.

    Attributes:
        destinations: In order.

        origin: ``environment``, ``file`` or ``OTEL_EXPORTER_OTLP variables``.
    """

    destinations: tuple[BroadcastDestination, ...]
    origin: str


def in_environment(environ: Mapping[str, str]) -> bool:
    """Whether any of the three variables is set, so that nothing that is saved counts."""
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


def parsed(document: object) -> dict[str, BroadcastDestination]:
    """
    The destinations of a saved document, by name, in order.

    Raises:
        ConfigError: Every key that is missing, unknown or cannot be used.
    """
    problems: dict[str, str] = {}
    version = document.get("version") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or type(version) is not int or version != VERSION:
        raise ConfigError({"version": f"expected an object with version {VERSION}"})
    entries = document.get("destinations")
    if not isinstance(entries, Mapping):
        raise ConfigError({"destinations": "expected an object with a destination for each name"})
    problems.update(
        {str(key): "expected no such key" for key in document if key not in ("version", "destinations")}
    )
    found: dict[str, BroadcastDestination] = {}
    for name, entry in entries.items():
        try:
            found[name] = _parsed(name, entry)
        except ConfigError as error:
            problems.update({f"destinations.{name}.{key}": reason for key, reason in error.problems.items()})
    if problems:
        raise ConfigError(problems)
    return found


def _parsed(name: str, entry: object) -> BroadcastDestination:
    if (
        not isinstance(entry, Mapping)
        or not isinstance(entry.get("kind"), str)
        or entry["kind"] not in _KINDS
    ):
        raise ConfigError({"kind": f"expected one of {', '.join(_KINDS)}"})
    make, needed = _KINDS[entry["kind"]]
    settings = {key: value for key, value in entry.items() if key in _SETTINGS}
    problems = {str(key): "expected no such key" for key in entry if key not in (*needed, *_SETTINGS, "kind")}
    for key, value in settings.items():
        expected, accepts = _SETTINGS[key]
        if not accepts(value):
            problems[key] = f"expected {expected}"
    allow_plain_http = settings.pop("allow_plain_http", False) is True
    values = {key: entry.get(key) for key in needed if key in entry or key not in _OPTIONAL}
    try:
        destination = make(**values, allow_plain_http=allow_plain_http)
    except ConfigError as error:
        raise ConfigError({**error.problems, **problems}) from None
    if problems:
        raise ConfigError(problems)
    account = _account(entry.get("instance_id", ""))
    return BroadcastDestination(
        destination=destination, name=name, kind=entry["kind"], account=account, **settings
    )


def _account(instance_id: object) -> str:
    """As much of an instance id as is shown."""
    return str(instance_id).strip()[-4:]


def resolved(
    environ: Mapping[str, str], document: object = None, *, allow_plain_http: bool = False
) -> Resolved:
    """
    The destinations that count: of ``OTLPJSON_*`` where set, else the saved ones, else OpenTelemetry's.

    Args:
        environ: Usually ``os.environ``.

        document: The saved document, or ``None`` where nothing is saved.

        allow_plain_http: As for ``grafana_cloud``, where ``environ`` names the destination.

    Raises:
        ConfigError: What is named cannot be used, or nothing is.
    """
    if in_environment(environ):
        destination = destination_from(environ, allow_plain_http=allow_plain_http)
        account = _account(environ[VARIABLES["instance_id"]])
        only = BroadcastDestination(
            destination=destination, name=_ENVIRONMENT, kind="grafana_cloud", account=account
        )
        return Resolved(destinations=(only,), origin=_ENVIRONMENT)
    saved = {} if document is None else parsed(document)
    if saved:
        return Resolved(destinations=tuple(saved.values()), origin="file")
    collector = _standard(environ, allow_plain_http)
    if collector is None:
        raise ConfigError(
            dict.fromkeys(VARIABLES.values(), "expected a value, got nothing; or `otlpjson configure`")
        )
    return Resolved(destinations=(collector,), origin=f"{_OTLP} variables")


def _standard(environ: Mapping[str, str], allow_plain_http: bool) -> BroadcastDestination | None:
    """OpenTelemetry's own variables: the traces endpoint as it stands, the base with ``v1/traces`` added."""
    own, base = environ.get(f"{_OTLP}_TRACES_ENDPOINT"), environ.get(f"{_OTLP}_ENDPOINT")
    if not own and not base:
        return None
    where = f"{_OTLP}_TRACES_ENDPOINT" if own else f"{_OTLP}_ENDPOINT"
    # Of one header in both variables, that for traces counts (SND-8).
    origins: dict[str, str] = {}
    headers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for variable in (f"{_OTLP}_HEADERS", f"{_OTLP}_TRACES_HEADERS"):
        items = [item.partition("=") for item in environ.get(variable, "").split(",") if item.strip()]
        if not all(equals for _, equals, _ in items):
            problems[variable] = "expected name=value pairs with commas between them"
        # What has no equals sign may be a value, and a secret.
        named = {name.strip().lower(): unquote(value.strip()) for name, equals, value in items if equals}
        headers.update(named)
        origins.update(dict.fromkeys(named, variable))
    try:
        destination = otel_collector(own or _traces(base or ""), headers, allow_plain_http=allow_plain_http)
    except ConfigError as error:
        ours = {"endpoint": where, **{f"headers.{name}": f"{origins[name]}.{name}" for name in headers}}
        ours.update({f"headers[{number}]": origins[name] for number, name in enumerate(headers, 1)})
        problems = {**{ours[key]: reason for key, reason in error.problems.items()}, **problems}
    if problems:
        raise ConfigError(problems)
    return BroadcastDestination(destination=destination, name=_ENVIRONMENT, kind="otel_collector")


def _traces(base: str) -> str:
    """The URL for traces under a base, whose query stays where it is (SND-1)."""
    path, question_mark, query = base.strip().partition("?")
    return f"{path.rstrip('/')}/v1/traces{question_mark}{query}"
