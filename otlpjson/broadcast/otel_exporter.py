# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
The destination of OpenTelemetry's exporter variables, ``OTEL_EXPORTER_OTLP_ENDPOINT`` and so on.

Each of them has a form for traces alone, such as ``OTEL_EXPORTER_OTLP_TRACES_TIMEOUT``, which goes before
the other. An empty value is the same as none. Source: OpenTelemetry Protocol Exporter, "Configuration
Options".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import attrs

from ..core.errors import ConfigError
from ..delivery.compression import GZIP, UNCOMPRESSED, Compression
from ..delivery.destination import Destination, otel_collector
from ..delivery.tls import Tls
from .destination import BroadcastDestination

__all__ = ["OTEL", "of_opentelemetry"]

OTEL: Final = "OTEL_EXPORTER_OTLP"
"""How the names of these variables begin."""

_NAME: Final = "environment"
_MAX_TIMEOUT_MS: Final = 3_600_000
_MAX_DIGITS: Final = 9
_COMPRESSIONS: Final = ("gzip", "none")
_PROTOCOL: Final = "http/json"
# Grafana Cloud's own snippet sets this; the same endpoint accepts JSON.
_OTHER_PROTOCOL: Final = "http/protobuf"
_GRPC: Final = "grpc"


def of_opentelemetry(
    environ: Mapping[str, str], *, allow_plain_http: bool = False
) -> tuple[BroadcastDestination, tuple[str, ...]] | None:
    """
    The destination, and what the log should say; ``None`` if no variable names an endpoint.

    ``OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`` is used as it is; ``v1/traces`` is appended to
    ``OTEL_EXPORTER_OTLP_ENDPOINT``.

    Raises:
        ConfigError: Every variable that cannot be used, by its name; never with a value.
    """
    traces, base = environ.get(f"{OTEL}_TRACES_ENDPOINT"), environ.get(f"{OTEL}_ENDPOINT")
    if not traces and not base:
        return None
    headers, origins, problems = _headers(environ)
    notices: list[str] = []
    destination = Destination(url="")
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
    _check_protocol(environ, problems, notices)
    destination = attrs.evolve(
        destination,
        timeout_s=_timeout_s(environ, notices),
        compression=_compression(environ, notices),
        tls=_tls(environ, problems),
    )
    if problems:
        raise ConfigError(problems)
    return BroadcastDestination(destination=destination, name=_NAME, kind="otel_collector"), tuple(notices)


def _setting(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """The variable that counts, and its value, which is empty if there is none."""
    for variable in (f"{OTEL}_TRACES_{name}", f"{OTEL}_{name}"):
        value = environ.get(variable, "").strip()
        if value:
            return variable, value
    return "", ""


def _check_protocol(environ: Mapping[str, str], problems: dict[str, str], notices: list[str]) -> None:
    variable, value = _setting(environ, "PROTOCOL")
    if value == _OTHER_PROTOCOL:
        notices.append(f"{variable} is {_OTHER_PROTOCOL}; JSON is sent to the same URL")
    elif value == _GRPC:
        problems[variable] = f"grpc is not supported; set it to {_PROTOCOL} and use the HTTP endpoint"
    elif value and value != _PROTOCOL:
        problems[variable] = f"expected {_PROTOCOL} or {_OTHER_PROTOCOL}"


def _timeout_s(environ: Mapping[str, str], notices: list[str]) -> float | None:
    variable, value = _setting(environ, "TIMEOUT")
    if not value:
        return None
    is_number = value.isascii() and value.isdecimal() and len(value) <= _MAX_DIGITS
    if is_number and 0 < int(value) <= _MAX_TIMEOUT_MS:
        return int(value) / 1000
    # As the specification demands of a number that cannot be used.
    notices.append(f"{variable} is not used: expected milliseconds, 1 to {_MAX_TIMEOUT_MS}")
    return None


def _compression(environ: Mapping[str, str], notices: list[str]) -> Compression:
    variable, value = _setting(environ, "COMPRESSION")
    if value and value not in _COMPRESSIONS:
        notices.append(f"{variable} is not used: expected {' or '.join(_COMPRESSIONS)}")
    return UNCOMPRESSED if value == "none" else GZIP


def _tls(environ: Mapping[str, str], problems: dict[str, str]) -> Tls:
    named = {
        "ca_file": _setting(environ, "CERTIFICATE"),
        "client_certificate": _setting(environ, "CLIENT_CERTIFICATE"),
        "client_key": _setting(environ, "CLIENT_KEY"),
    }
    tls = Tls(**{key: value or None for key, (_, value) in named.items()})
    try:
        tls.check()
    except ConfigError as error:
        problems.update({named[key][0]: reason for key, reason in error.problems.items()})
    return tls


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
