# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The destination that the environment names, and every fault of it at once."""

from __future__ import annotations

import pytest

from otlpjson.config import VARIABLES, destination_from
from otlpjson.errors import ConfigError

KEY = "glc_canary_5f2b"
GOOD = {
    "OTLPJSON_BASE_URL": "https://otlp-gateway-prod-us-west-0.grafana.net",
    "OTLPJSON_INSTANCE_ID": "123456",
    "OTLPJSON_API_KEY": KEY,
}
WHERE = (
    "Grafana Cloud shows it under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)


def test_the_three_variables_make_a_destination() -> None:
    """With Basic auth, and with nothing of it in the ``repr``."""
    destination = destination_from(GOOD)

    assert destination.url == "https://otlp-gateway-prod-us-west-0.grafana.net/otlp/v1/traces"
    assert destination.headers == (("Authorization", "Basic MTIzNDU2OmdsY19jYW5hcnlfNWYyYg=="),)
    assert {"MTIzNDU2OmdsY19jYW5hcnlfNWYyYg==", KEY} <= set(destination.secrets)
    assert KEY not in repr(destination)


def test_other_variables_do_not_count() -> None:
    """Those of OpenTelemetry are not read."""
    assert destination_from({**GOOD, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://elsewhere"}) == destination_from(
        GOOD
    )


def test_every_missing_variable_is_named() -> None:
    """All at once, each by the name it has in the environment."""
    with pytest.raises(ConfigError) as caught:
        destination_from({})

    assert caught.value.problems == {
        "OTLPJSON_BASE_URL": f"expected a URL, got nothing; {WHERE}",
        "OTLPJSON_INSTANCE_ID": "expected digits such as 123456, got nothing",
        "OTLPJSON_API_KEY": "expected an API key such as glc_…, got nothing",
    }
    assert tuple(caught.value.problems) == tuple(VARIABLES.values())


def test_a_wrong_variable_is_named_and_the_key_is_not_shown() -> None:
    """Nor is the error that it follows from, whose names are those of another function."""
    with pytest.raises(ConfigError) as caught:
        destination_from({**GOOD, "OTLPJSON_API_KEY": f"{KEY}\x1b"})

    assert str(caught.value) == (
        "OTLPJSON_API_KEY: expected an API key such as glc_…, "
        "got text with a character (U+001B) that cannot be part of it"
    )
    assert KEY not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_key_over_plain_http_needs_a_decision() -> None:
    """It is refused unless the caller allows it."""
    environ = {**GOOD, "OTLPJSON_BASE_URL": "http://gateway.example"}
    with pytest.raises(ConfigError) as caught:
        destination_from(environ)

    assert str(caught.value) == (
        "OTLPJSON_BASE_URL: expected https, got http, over which anyone on the way can read the API key"
    )
    assert destination_from(environ, allow_plain_http=True).url == "http://gateway.example/otlp/v1/traces"
