# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Destinations out of the environment and of a saved document, and every fault of either at once."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.broadcast.config import (
    VARIABLES,
    BroadcastDestination,
    Resolved,
    destination_from,
    parsed,
    resolved,
)
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination, grafana_cloud, otel_collector, webhook

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


# The saved document

CANARY = "glc_canary_never_shown"
HOST = "https://otlp-gateway-prod-us-west-0.grafana.net"
CLOUD: dict[str, Any] = {
    "kind": "grafana_cloud",
    "base_url": HOST,
    "instance_id": "123456",
    "api_key": CANARY,
}
COLLECTOR: dict[str, Any] = {"kind": "otel_collector", "endpoint": "https://a.test/v1/traces"}
WEBHOOK: dict[str, Any] = {"kind": "webhook", "url": "https://a.test/hook"}


def saved(**entries: Any) -> dict[str, Any]:
    return {"version": 1, "destinations": entries}


def each(*values: Any) -> tuple[Any, ...]:
    """Values of all kinds."""
    return values


def problems(document: object) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        parsed(document)
    assert CANARY not in repr(caught.value)
    return caught.value.problems


def test_what_an_entry_leaves_out_has_its_default() -> None:
    """In the order of the document."""
    found = parsed(saved(second=COLLECTOR, first=WEBHOOK, cloud={**CLOUD, "instance_id": " 7123456 "}))

    assert list(found.items()) == [
        (
            "second",
            BroadcastDestination(
                destination=otel_collector("https://a.test/v1/traces"), name="second", kind="otel_collector"
            ),
        ),
        (
            "first",
            BroadcastDestination(destination=webhook("https://a.test/hook"), name="first", kind="webhook"),
        ),
        (
            "cloud",
            BroadcastDestination(
                destination=grafana_cloud(HOST, "7123456", CANARY),
                name="cloud",
                kind="grafana_cloud",
                account="3456",
            ),
        ),
    ]
    assert [target.host for target in found.values()] == [
        *("a.test", "a.test", "otlp-gateway-prod-us-west-0.grafana.net")
    ]
    assert CANARY not in repr(found)
    assert BroadcastDestination(destination=Destination(url="")).host == ""
    assert parsed(saved()) == {}


def test_what_an_entry_says_counts() -> None:
    """Every key there is."""
    settings: dict[str, Any] = {
        "enabled": False,
        "privacy_mode": True,
        "sampling_rate": 0.0001,
        "hierarchy": "observed",
        "integers": "number",
    }
    headers = {"X-Key": CANARY}
    entry = {**WEBHOOK, "url": "http://a.test", "method": "PUT", "headers": headers, "allow_plain_http": True}

    assert parsed(saved(a={**entry, **settings})) == {
        "a": BroadcastDestination(
            destination=webhook("http://a.test", "PUT", headers, allow_plain_http=True),
            name="a",
            kind="webhook",
            **settings,
        )
    }
    assert parsed(saved(a={**CLOUD, "instance_id": 123456}))["a"].account == "3456"
    assert parsed(saved(a={**WEBHOOK, "headers": None, "sampling_rate": 1}))["a"].sampling_rate == 1


WHOLE = {"version": "expected an object with version 1"}
ENTRIES = {"destinations": "expected an object with a destination for each name"}
KIND = {"destinations.a.kind": "expected one of grafana_cloud, otel_collector, webhook"}
HEADERS = "destinations.a.headers"
DAMAGED: list[tuple[Any, dict[str, str]]] = [
    *((document, WHOLE) for document in each(None, [], 5, True, CANARY, {}, {"destinations": {}})),
    *(({**saved(), "version": version}, WHOLE) for version in each(None, 0, 2, "1", True, 1.0, [1], CANARY)),
    ({"version": 1}, ENTRIES),
    *(({"version": 1, "destinations": entries}, ENTRIES) for entries in each(None, [], [CLOUD], CANARY, 5)),
    ({**saved(), "more": CANARY}, {"more": "expected no such key"}),
    *((saved(a=entry), KIND) for entry in each(None, [], CANARY, 5, {}, {**CLOUD, "kind": CANARY})),
    *((saved(a={**CLOUD, "kind": kind}), KIND) for kind in each(None, 5, [], {}, "Webhook", "custom")),
    (
        saved(a={"kind": "grafana_cloud"}),
        {
            "destinations.a.base_url": f"expected a URL, got nothing; {WHERE}",
            "destinations.a.instance_id": "expected digits such as 123456, got nothing",
            "destinations.a.api_key": "expected an API key such as glc_…, got nothing",
        },
    ),
    (saved(a={"kind": "otel_collector"}), {"destinations.a.endpoint": "expected a URL, got nothing"}),
    (saved(a={"kind": "webhook"}), {"destinations.a.url": "expected a URL, got nothing"}),
    *(
        (
            saved(a={**CLOUD, "base_url": url}),
            {"destinations.a.base_url": f"expected a URL, got nothing; {WHERE}"},
        )
        for url in each(None, 5, [CANARY], {}, True, "")
    ),
    *(
        (
            saved(a={**CLOUD, "instance_id": value}),
            {"destinations.a.instance_id": f"expected digits such as 123456, got {got}"},
        )
        for value, got in (
            (None, "nothing"),
            (True, "bool"),
            (1.5, "float"),
            ([CANARY], "list"),
            (-1, "int"),
            (10**5000, "int"),
            (CANARY, f"text of {len(CANARY)} characters"),
        )
    ),
    *(
        (
            saved(a={**CLOUD, "api_key": value}),
            {"destinations.a.api_key": f"expected an API key such as glc_…, got {got}"},
        )
        for value, got in (
            (None, "nothing"),
            (5, "int"),
            ([CANARY], "list"),
            ({CANARY: CANARY}, "dict"),
            (f"{CANARY} {CANARY}", "text with the invalid character U+0020"),
        )
    ),
    *(
        (
            saved(a={**COLLECTOR, "endpoint": value}),
            {"destinations.a.endpoint": "expected a URL, got nothing"},
        )
        for value in each(None, 5, [], "")
    ),
    *(
        (saved(a={**WEBHOOK, "method": value}), {"destinations.a.method": "expected POST or PUT"})
        for value in each(None, 5, [], CANARY)
    ),
    (saved(a={**WEBHOOK, "headers": [CANARY]}), {HEADERS: "expected names and values, got list"}),
    (
        saved(a={**COLLECTOR, "headers": {"X-Key": [CANARY]}}),
        {f"{HEADERS}.X-Key": "expected plain text on one line, got list"},
    ),
    *(
        (saved(a={**entry, key: value}), {f"destinations.a.{key}": "expected true or false"})
        for entry in (CLOUD, COLLECTOR, WEBHOOK)
        for key in ("enabled", "privacy_mode", "allow_plain_http")
        for value in each(None, 0, 1, "true", [], {}, CANARY)
    ),
    *(
        (
            saved(a={**COLLECTOR, "sampling_rate": value}),
            {"destinations.a.sampling_rate": "expected a number from 0.0001 to 1"},
        )
        for value in each(None, True, "1", [], {}, 0, 0.00009, 1.1, -1, 10**400, float("nan"), float("inf"))
    ),
    *(
        (
            saved(a={**COLLECTOR, "hierarchy": value}),
            {"destinations.a.hierarchy": "expected documented or observed"},
        )
        for value in each(None, 5, [], {}, "", CANARY)
    ),
    *(
        (saved(a={**COLLECTOR, "integers": value}), {"destinations.a.integers": "expected text or number"})
        for value in each(None, 5, [], {}, "", CANARY)
    ),
    *(
        (saved(a={**entry, key: CANARY}), {f"destinations.a.{key}": "expected no such key"})
        for entry, key in (
            *((CLOUD, key) for key in ("endpoint", "headers", "url", "method", "name", "Enabled", "")),
            *((COLLECTOR, key) for key in ("base_url", "instance_id", "api_key", "url", "method")),
            *((WEBHOOK, key) for key in ("base_url", "instance_id", "api_key", "endpoint")),
        )
    ),
]


@pytest.mark.parametrize(("document", "expected"), DAMAGED)
def test_a_damaged_document_is_refused_by_its_keys(document: Any, expected: dict[str, str]) -> None:
    """With dots from the outermost key to the one at fault, and without any value."""
    assert problems(document) == expected


def test_every_fault_of_a_document_is_reported_at_once() -> None:
    """Over all destinations, and within each one."""
    document = {
        "version": 1,
        "more": CANARY,
        "destinations": {
            "cloud": {**CLOUD, "api_key": f"{CANARY}\n{CANARY}", "enabled": "yes", "name": CANARY},
            "good": COLLECTOR,
            "hook": {**WEBHOOK, "url": CANARY, "method": CANARY, "headers": {"Host": CANARY}},
            "odd": CANARY,
            "late": {**COLLECTOR, "integers": CANARY, "sampling_rate": CANARY},
        },
    }

    assert problems(document) == {
        "more": "expected no such key",
        "destinations.cloud.api_key": (
            "expected an API key such as glc_…, got text with the invalid character U+000A"
        ),
        "destinations.cloud.name": "expected no such key",
        "destinations.cloud.enabled": "expected true or false",
        "destinations.hook.url": "expected a URL that begins with https://",
        "destinations.hook.headers.Host": "reserved header",
        "destinations.hook.method": "expected POST or PUT",
        "destinations.odd.kind": "expected one of grafana_cloud, otel_collector, webhook",
        "destinations.late.integers": "expected text or number",
        "destinations.late.sampling_rate": "expected a number from 0.0001 to 1",
    }


# Which destinations count

SAVED = saved(a=COLLECTOR, b={**WEBHOOK, "enabled": False})
OTEL = "OTEL_EXPORTER_OTLP"
STANDARD = {f"{OTEL}_ENDPOINT": "https://c.test"}


def collector(environ: dict[str, str], **options: bool) -> Destination:
    """The one that OpenTelemetry's variables name."""
    found = resolved(environ, **options)
    (only,) = found.destinations
    assert found.origin == f"{OTEL} variables"
    assert (only.name, only.kind, only.account) == ("environment", "otel_collector", "")
    return only.destination


def test_the_environment_counts_before_the_file_and_the_file_before_opentelemetry() -> None:
    """Each of them alone."""
    first = resolved({**GOOD, **STANDARD}, SAVED)
    second = resolved(STANDARD, SAVED)

    assert first == Resolved(
        destinations=(
            BroadcastDestination(
                destination=destination_from(GOOD), name="environment", kind="grafana_cloud", account="3456"
            ),
        ),
        origin="environment",
    )
    assert second == Resolved(destinations=tuple(parsed(SAVED).values()), origin="file")
    assert collector(STANDARD).url == "https://c.test/v1/traces"
    assert resolved(STANDARD, saved()).origin == f"{OTEL} variables"


@pytest.mark.parametrize("variable", VARIABLES.values())
def test_one_of_the_three_variables_is_enough_to_count(variable: str) -> None:
    """Then the others are missing, and no file makes up for them."""
    with pytest.raises(ConfigError) as caught:
        resolved({variable: GOOD[variable]}, SAVED)

    assert tuple(caught.value.problems) == tuple(name for name in VARIABLES.values() if name != variable)


def test_empty_variables_are_not_set() -> None:
    """OTel: the same as if they were not there."""
    empty = dict.fromkeys((*VARIABLES.values(), f"{OTEL}_ENDPOINT", f"{OTEL}_TRACES_ENDPOINT"), "")
    with pytest.raises(ConfigError) as caught:
        resolved(empty)

    assert resolved(empty, SAVED).origin == "file"
    assert collector({**empty, **STANDARD, f"{OTEL}_HEADERS": ""}).headers == ()
    assert caught.value.problems == dict.fromkeys(
        VARIABLES.values(), "expected a value, got nothing; or `otlpjson configure`"
    )


def test_a_damaged_document_stops_everything() -> None:
    """Even where OpenTelemetry's variables would do."""
    with pytest.raises(ConfigError) as caught:
        resolved(STANDARD, {"version": 2})

    assert caught.value.problems == WHOLE


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
        assert resolved({**STANDARD, variable: milliseconds}) == resolved(STANDARD)


def test_headers_are_decoded_and_merged() -> None:
    """SND-8: per name, whatever its case, and the specific variable wins."""
    destination = collector(
        {
            **STANDARD,
            f"{OTEL}_HEADERS": f"X-Key = {CANARY}%3D= ,Authorization=Basic%20YTpi+Yw==,, \t",
            f"{OTEL}_TRACES_HEADERS": "x-key=other,tenant=a b",
        }
    )

    assert destination.headers == (
        ("x-key", "other"),
        ("authorization", "Basic YTpi+Yw=="),
        ("tenant", "a b"),
    )
    assert collector({**STANDARD, f"{OTEL}_HEADERS": f"k={CANARY}"}).secrets == (CANARY,)


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
            {f"{OTEL}_HEADERS": "expected name=value pairs with commas between them"},
        ),
        (
            {f"{OTEL}_ENDPOINT": "c.test", f"{OTEL}_TRACES_HEADERS": CANARY.replace("_", "-")},
            {
                f"{OTEL}_ENDPOINT": "expected a URL that begins with https://",
                f"{OTEL}_TRACES_HEADERS": "expected name=value pairs with commas between them",
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
        resolved(environ)

    assert caught.value.problems == expected
    assert CANARY not in repr(caught.value)
    assert CANARY.replace("_", "-") not in repr(caught.value)


def test_secrets_over_plain_http_need_a_decision_wherever_they_come_from() -> None:
    """A destination in the file has its own."""
    cloud = {**GOOD, "OTLPJSON_BASE_URL": "http://c.test"}
    standard = {f"{OTEL}_ENDPOINT": "http://c.test", f"{OTEL}_HEADERS": f"a={CANARY}"}

    assert resolved(cloud, allow_plain_http=True).destinations[0].host == "c.test"
    assert collector(standard, allow_plain_http=True).headers == (("a", CANARY),)
    with pytest.raises(ConfigError):
        resolved({}, saved(a={**CLOUD, "base_url": "http://c.test"}), allow_plain_http=True)
