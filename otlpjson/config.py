# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The destination that a program's environment names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .delivery.destination import Destination, grafana_cloud
from .errors import ConfigError

__all__ = ["VARIABLES", "destination_from"]

VARIABLES: Final = {
    "base_url": "OTLPJSON_BASE_URL",
    "instance_id": "OTLPJSON_INSTANCE_ID",
    "api_key": "OTLPJSON_API_KEY",
}
"""The environment variable for each of the three values that Grafana Cloud needs."""


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
