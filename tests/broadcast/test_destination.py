# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A destination of Broadcast refuses what it cannot hold, when it is made."""

from __future__ import annotations

from typing import Any

import pytest

from otlpjson import InvalidValue
from otlpjson.broadcast import BroadcastDestination
from otlpjson.delivery import Destination, otel_collector
from otlpjson.openrouter import Form

COLLECTOR = otel_collector("https://a.test/v1/traces")
KINDS = "grafana_cloud or otel_collector or webhook or folder or local or custom"


def test_it_has_defaults_for_all_but_the_destination() -> None:
    target = BroadcastDestination(destination=COLLECTOR)

    assert (target.name, target.kind, target.account, target.enabled) == ("default", "custom", "", True)
    assert (target.form, target.sampling_rate, target.host) == (Form(), 1.0, "a.test")
    assert BroadcastDestination(destination=Destination(url="")).host == ""


def test_its_form_is_made_of_its_settings() -> None:
    target = BroadcastDestination(
        destination=COLLECTOR, hierarchy="observed", privacy_mode=True, integers="number"
    )

    assert target.form == Form(hierarchy="observed", privacy_mode=True, integers="number")


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("name", None, "expected text, got nothing"),
        ("name", 5, "expected text, got int 5"),
        ("kind", "grafana", f"expected {KINDS}, got str 'grafana'"),
        ("kind", None, f"expected {KINDS}, got nothing"),
        ("account", 3456, "expected text, got int 3456"),
        ("enabled", "yes", "expected true or false, got str 'yes'"),
        ("enabled", 1, "expected true or false, got int 1"),
        ("privacy_mode", None, "expected true or false, got nothing"),
        ("sampling_rate", 0, "expected a number from 0.0001 to 1, got int 0"),
        ("sampling_rate", 1.5, "expected a number from 0.0001 to 1, got float 1.5"),
        ("sampling_rate", float("nan"), "expected a number from 0.0001 to 1, got float nan"),
        ("sampling_rate", True, "expected a number from 0.0001 to 1, got bool True"),
        ("sampling_rate", "0.5", "expected a number from 0.0001 to 1, got str '0.5'"),
        ("hierarchy", "document", "expected documented or observed, got str 'document'"),
        ("hierarchy", ["observed"], "expected documented or observed, got list"),
        ("integers", "numbers", "expected text or number, got str 'numbers'"),
        ("integers", None, "expected text or number, got nothing"),
    ],
)
def test_every_field_is_checked_when_it_is_made(field: str, value: Any, problem: str) -> None:
    """Not when the first request is recorded, where nobody would see it."""
    options: dict[str, Any] = {"destination": COLLECTOR, field: value}
    with pytest.raises(InvalidValue) as caught:
        BroadcastDestination(**options)

    assert str(caught.value) == f"BroadcastDestination.{field}: {problem}"


@pytest.mark.parametrize(
    ("value", "found"), [("https://a.test/?token=glc_canary", "str"), (None, "NoneType"), (5, "int")]
)
def test_what_is_given_instead_of_a_destination_is_not_shown(value: Any, found: str) -> None:
    """A URL may hold a token."""
    with pytest.raises(InvalidValue) as caught:
        BroadcastDestination(destination=value)

    assert str(caught.value) == (
        "BroadcastDestination.destination: expected a Destination, as made by grafana_cloud, "
        f"otel_collector, webhook, folder or local, got {found}"
    )
