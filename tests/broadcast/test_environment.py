# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Destinations of environment variables, ours and OpenTelemetry's, and every fault of either at once."""

from __future__ import annotations

import pytest

from otlpjson.broadcast import BroadcastDestination, destination_from
from otlpjson.broadcast.environment import VARIABLES, is_set, of_opentelemetry, of_variables
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


# OpenTelemetry's variables


def collector(environ: dict[str, str], *, allow_plain_http: bool = False) -> Destination:
    """The one that OpenTelemetry's variables name."""
    found = of_opentelemetry(environ, allow_plain_http=allow_plain_http)
    assert found is not None
    assert (found.name, found.kind, found.account) == ("environment", "otel_collector", "")
    return found.destination


def test_without_an_endpoint_there_is_no_destination() -> None:
    """OpenTelemetry's own default, localhost, is none: nobody asked for it."""
    assert of_opentelemetry({}) is None
    assert of_opentelemetry({f"{OTEL}_ENDPOINT": "", f"{OTEL}_TRACES_ENDPOINT": ""}) is None
    assert of_opentelemetry({f"{OTEL}_HEADERS": "no equals sign"}) is None


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("http://localhost:4318", "http://localhost:4318/v1/traces"),
        ("http://c.test:4318/", "http://c.test:4318/v1/traces"),
        ("https://c.test/x/ ", "https://c.test/x/v1/traces"),
        ("https://c.test/v1/traces", "https://c.test/v1/traces/v1/traces"),
        ("https://c.test?a=b", "https://c.test/v1/traces?a=b"),
        ("https://c.test/x/?a=b/", "https://c.test/x/v1/traces?a=b/"),
    ],
)
def test_the_base_gets_the_path_and_the_traces_endpoint_does_not(base: str, url: str) -> None:
    """SND-1: the specific variable is used as it stands and beats the general one."""
    assert collector({f"{OTEL}_ENDPOINT": base}).url == url
    assert collector({f"{OTEL}_ENDPOINT": CANARY, f"{OTEL}_TRACES_ENDPOINT": url}).url == url
    assert collector({f"{OTEL}_TRACES_ENDPOINT": "https://c.test"}).url == "https://c.test/"


@pytest.mark.parametrize("variable", [f"{OTEL}_TIMEOUT", f"{OTEL}_TRACES_TIMEOUT"])
def test_timeout_variable_is_milliseconds(variable: str) -> None:
    """
    4.6: 10000 means ten seconds, and is never taken for 10,000 of them.

    It is not read at all: how long a request may take is ``timeout_s`` alone, which bears its unit.
    """
    for milliseconds in ("10000", "0", "soon"):
        assert collector({**STANDARD, variable: milliseconds}) == collector(STANDARD)


def test_headers_are_decoded_and_merged() -> None:
    """SND-8: per name, whatever its case, and the specific variable wins."""
    destination = collector(
        {
            **STANDARD,
            f"{OTEL}_HEADERS": f"X-Key = {CANARY}%3D= ,Authorization=Basic%20YTpi+Yw==,, \t",
            f"{OTEL}_TRACES_HEADERS": "x-key=other,tenant=a b",
        }
    )

    assert plain(destination) == [
        ("x-key", "other"),
        ("authorization", "Basic YTpi+Yw=="),
        ("tenant", "a b"),
    ]
    assert collector({**STANDARD, f"{OTEL}_HEADERS": f"k={CANARY}"}).secrets == (Secret(CANARY),)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({f"{OTEL}_ENDPOINT": "c.test"}, {f"{OTEL}_ENDPOINT": "expected a URL that begins with https://"}),
        (
            {f"{OTEL}_TRACES_ENDPOINT": f"https://c.test/#{CANARY}"},
            {f"{OTEL}_TRACES_ENDPOINT": "expected a URL without a fragment"},
        ),
        (
            {**STANDARD, f"{OTEL}_HEADERS": f"{CANARY},a=b"},
            {f"{OTEL}_HEADERS": "expected name=value pairs, separated by commas"},
        ),
        (
            {f"{OTEL}_ENDPOINT": "c.test", f"{OTEL}_TRACES_HEADERS": CANARY.replace("_", "-")},
            {
                f"{OTEL}_ENDPOINT": "expected a URL that begins with https://",
                f"{OTEL}_TRACES_HEADERS": "expected name=value pairs, separated by commas",
            },
        ),
        (
            {
                f"{OTEL}_TRACES_ENDPOINT": "c.test",
                f"{OTEL}_HEADERS": f"a=b,x-key={CANARY}%0D%0Ax:y,host={CANARY}",
                f"{OTEL}_TRACES_HEADERS": f"{CANARY}=b,HOST={CANARY},utf={CANARY}%FF",
            },
            {
                f"{OTEL}_TRACES_ENDPOINT": "expected a URL that begins with https://",
                f"{OTEL}_HEADERS.x-key": "expected plain text on one line, "
                "got text with the invalid character U+000D",
                f"{OTEL}_TRACES_HEADERS.host": "reserved header",
                f"{OTEL}_TRACES_HEADERS": "expected a name of letters, digits and hyphens",
                f"{OTEL}_TRACES_HEADERS.utf": "expected plain text on one line, "
                "got text with the invalid character U+FFFD",
            },
        ),
        (
            {f"{OTEL}_ENDPOINT": "http://c.test", f"{OTEL}_HEADERS": f"a={CANARY}"},
            {f"{OTEL}_ENDPOINT": "expected https, got http, which would send the headers unencrypted"},
        ),
    ],
)
def test_wrong_standard_variables_are_all_named(environ: dict[str, str], expected: dict[str, str]) -> None:
    """Each by its own name, and without a value."""
    with pytest.raises(ConfigError) as caught:
        of_opentelemetry(environ)

    assert caught.value.problems == expected
    assert CANARY not in repr(caught.value)
    assert CANARY.replace("_", "-") not in repr(caught.value)
