# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Destinations of environment variables, ours and OpenTelemetry's, and every fault of either at once."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.broadcast import BroadcastDestination, destination_from
from otlpjson.broadcast.environment import VARIABLES, is_set, of_variables, settings_of
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination
from otlpjson.delivery.secret import Secret

KEY = "glc_canary_5f2b"
GOOD = {
    "OTLPJSON_BASE_URL": "https://otlp-gateway-prod-us-west-0.grafana.net",
    "OTLPJSON_INSTANCE_ID": "123456",
    "OTLPJSON_API_KEY": KEY,
}
WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)
CANARY = "glc_canary_never_shown"
OTEL = "OTEL_EXPORTER_OTLP"
STANDARD = {f"{OTEL}_ENDPOINT": "https://c.test"}


def plain(destination: Destination) -> list[tuple[str, str]]:
    """Its headers, with their values shown."""
    return [(name, value.reveal()) for name, value in destination.headers]


def test_the_three_variables_make_a_destination() -> None:
    """With Basic auth, and with nothing of it in the ``repr``."""
    destination = destination_from(GOOD)

    assert destination.url == "https://otlp-gateway-prod-us-west-0.grafana.net/otlp/v1/traces"
    assert plain(destination) == [("Authorization", "Basic MTIzNDU2OmdsY19jYW5hcnlfNWYyYg==")]
    assert {Secret("MTIzNDU2OmdsY19jYW5hcnlfNWYyYg=="), Secret(KEY)} == set(destination.secrets)
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
        "OTLPJSON_API_KEY: expected an API key such as glc_…, got text with the invalid character U+001B"
    )
    assert KEY not in repr(caught.value)
    assert caught.value.__suppress_context__


def test_a_key_over_plain_http_needs_a_decision() -> None:
    """It is refused unless the caller allows it."""
    environ = {**GOOD, "OTLPJSON_BASE_URL": "http://gateway.example"}
    with pytest.raises(ConfigError) as caught:
        destination_from(environ)

    assert str(caught.value) == (
        "OTLPJSON_BASE_URL: expected https, got http, which would send the API key unencrypted"
    )
    assert destination_from(environ, allow_plain_http=True).url == "http://gateway.example/otlp/v1/traces"


def test_the_destination_of_the_variables_has_the_defaults() -> None:
    """And shows the end of the instance ID alone."""
    assert of_variables({**GOOD, "OTLPJSON_INSTANCE_ID": " 7123456\n"}) == BroadcastDestination(
        destination=destination_from({**GOOD, "OTLPJSON_INSTANCE_ID": "7123456"}),
        name="environment",
        kind="grafana_cloud",
        account="3456",
    )


@pytest.mark.parametrize("variable", VARIABLES.values())
def test_one_of_the_three_variables_is_enough_to_be_set(variable: str) -> None:
    assert is_set({variable: GOOD[variable]})
    assert not is_set({variable: "", **STANDARD})


@pytest.mark.parametrize(
    ("environ", "kind", "url"),
    [
        ({"OTLPJSON_ENDPOINT": "http://c.test/v1/traces"}, "otel_collector", "http://c.test/v1/traces"),
        ({"OTLPJSON_URL": "https://h.test/x"}, "webhook", "https://h.test/x"),
        (
            {"OTLPJSON_KIND": "webhook", "OTLPJSON_URL": "https://h.test", "OTLPJSON_METHOD": "PUT"},
            "webhook",
            "https://h.test/",
        ),
        (GOOD, "grafana_cloud", "https://otlp-gateway-prod-us-west-0.grafana.net/otlp/v1/traces"),
    ],
)
def test_each_kind_of_destination_has_variables(environ: dict[str, str], kind: str, url: str) -> None:
    """Each key of a saved one, with a prefix."""
    target = of_variables(environ)

    assert is_set(environ)
    assert (target.kind, target.destination.url, target.name) == (kind, url, "environment")


def test_headers_are_pairs() -> None:
    """Percent-decoded, as in OpenTelemetry's variables."""
    target = of_variables(
        {"OTLPJSON_ENDPOINT": "https://c.test", "OTLPJSON_HEADERS": f"X-Key={KEY}%3D, tenant = a b"}
    )

    assert plain(target.destination) == [("X-Key", f"{KEY}="), ("tenant", "a b")]


SETTINGS: dict[str, tuple[str, Any]] = {
    "enabled": ("False", False),
    "privacy_mode": ("true", True),
    "sampling_rate": ("0.25", 0.25),
    "hierarchy": ("observed", "observed"),
    "integers": ("number", "number"),
    "included_api_keys": ("a, b ,", ("a", "b")),
    "excluded_api_keys": ("c", ("c",)),
    "generation_metadata": ("cost,identity", ("cost", "identity")),
    "mask": ("email,card", ("email", "card")),
    "resource_attributes": ("service.name=me,k=a%20b", (("service.name", "me"), ("k", "a b"))),
}


@pytest.mark.parametrize("key", SETTINGS)
def test_each_setting_has_a_variable(key: str) -> None:
    """As text, which stands for what the setting is."""
    text, value = SETTINGS[key]
    target = of_variables({**GOOD, f"OTLPJSON_{key.upper()}": text})

    assert getattr(target, key) == value
    assert settings_of({f"OTLPJSON_{key.upper()}": " "}) == {}


def test_rules_are_json_in_a_variable() -> None:
    """The same as in a file."""
    rules = '{"groups": [{"rules": [{"field": "model", "operator": "exists"}]}]}'
    target = of_variables({**GOOD, "OTLPJSON_FILTER_RULES": rules})

    assert target.filter_rules is not None
    assert [rule.field for group in target.filter_rules.groups for rule in group.rules] == ["model"]


@pytest.mark.parametrize(
    ("key", "text", "place", "expected"),
    [
        ("privacy_mode", "yes", "", "expected true or false"),
        ("sampling_rate", "half", "", "expected a number from 0.0001 to 1"),
        ("filter_rules", CANARY, "", "expected an object"),
        ("filter_rules", '{"groups": 1}', ".groups", "expected a list with at least one item"),
        ("mask", CANARY, "", "expected a list of email, card, key, phone"),
        ("resource_attributes", CANARY, "", "expected an object with at most 64 members"),
        ("kind", CANARY, "", "expected one of grafana_cloud, otel_collector, webhook, folder, local"),
    ],
)
def test_a_wrong_setting_is_named_by_its_variable(key: str, text: str, place: str, expected: str) -> None:
    """And never shown."""
    with pytest.raises(ConfigError) as caught:
        of_variables({**GOOD, f"OTLPJSON_{key.upper()}": text})

    assert caught.value.problems == {f"OTLPJSON_{key.upper()}{place}": expected}


def test_a_wrong_header_is_named_by_its_variable() -> None:
    """With its name, and without its value."""
    with pytest.raises(ConfigError) as caught:
        of_variables({"OTLPJSON_ENDPOINT": "https://c.test", "OTLPJSON_HEADERS": "host=x"})
    assert caught.value.problems == {"OTLPJSON_HEADERS.host": "reserved header"}

    with pytest.raises(ConfigError) as caught:
        of_variables({"OTLPJSON_ENDPOINT": "https://c.test", "OTLPJSON_HEADERS": CANARY})
    assert caught.value.problems == {
        "OTLPJSON_HEADERS": "expected names and values, got text of 22 characters"
    }


def test_credentials_over_plain_http_need_a_decision_in_a_variable_too() -> None:
    """Or in the argument of the one who asks."""
    environ = {**GOOD, "OTLPJSON_BASE_URL": "http://gateway.example"}

    assert of_variables({**environ, "OTLPJSON_ALLOW_PLAIN_HTTP": "true"}).host == "gateway.example"
    assert of_variables(environ, allow_plain_http=True).host == "gateway.example"
