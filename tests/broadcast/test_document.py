# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The saved document: what each entry means, and every fault of it at once."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson.broadcast import BroadcastDestination
from otlpjson.broadcast.document import changed, parsed
from otlpjson.core.errors import ConfigError
from otlpjson.delivery import Destination, grafana_cloud, otel_collector, webhook

WHERE = (
    "Grafana Cloud shows the OTLP endpoint under Connections > Add new connection > OpenTelemetry (OTLP), "
    "like https://otlp-gateway-prod-us-west-0.grafana.net"
)
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
ENTRIES = {"destinations": "expected an object with one destination per name"}
KIND = {"destinations.a.kind": "expected one of grafana_cloud, otel_collector, webhook, folder, local"}
HEADERS = "destinations.a.headers"
DAMAGED: list[tuple[Any, dict[str, str]]] = [
    *((document, WHOLE) for document in each(None, [], 5, True, CANARY, {}, {"destinations": {}})),
    *(({**saved(), "version": version}, WHOLE) for version in each(None, 0, 2, "1", True, 1.0, [1], CANARY)),
    ({"version": 1}, ENTRIES),
    *(({"version": 1, "destinations": entries}, ENTRIES) for entries in each(None, [], [CLOUD], CANARY, 5)),
    ({**saved(), "more": CANARY}, {"more": "unknown key"}),
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
        (saved(a={**entry, key: CANARY}), {f"destinations.a.{key}": "unknown key"})
        for entry, key in (
            *((CLOUD, key) for key in ("endpoint", "path", "url", "method", "name", "Enabled", "")),
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
        "more": "unknown key",
        "destinations.cloud.api_key": (
            "expected an API key such as glc_…, got text with the invalid character U+000A"
        ),
        "destinations.cloud.name": "unknown key",
        "destinations.cloud.enabled": "expected true or false",
        "destinations.hook.url": "expected a URL that begins with https://",
        "destinations.hook.headers.Host": "reserved header",
        "destinations.hook.method": "expected POST or PUT",
        "destinations.odd.kind": "expected one of grafana_cloud, otel_collector, webhook, folder, local",
        "destinations.late.integers": "expected text or number",
        "destinations.late.sampling_rate": "expected a number from 0.0001 to 1",
    }


def test_one_destination_is_set_or_taken_out() -> None:
    """The document that was there does not change; the order stays."""
    both = changed(changed(None, "a", CLOUD), "b", WEBHOOK)

    assert both == {"version": 1, "destinations": {"a": CLOUD, "b": WEBHOOK}}
    assert list(changed(both, "a", WEBHOOK)["destinations"].items()) == [("a", WEBHOOK), ("b", WEBHOOK)]
    assert changed(both, "a", None) == {"version": 1, "destinations": {"b": WEBHOOK}}
    assert changed(both, "c", None) == both
    assert changed(None, "c", None) == {"version": 1, "destinations": {}}
    assert both == {"version": 1, "destinations": {"a": CLOUD, "b": WEBHOOK}}
