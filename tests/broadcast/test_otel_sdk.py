# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""OpenTelemetry's variables that always apply: one test or more for each, with every origin of destinations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from otlpjson.broadcast.config import Configuration, find
from otlpjson.core.errors import ConfigError

from .test_environment import CANARY, GOOD, STANDARD

OWN_RATE = 0.5
SERVICE = "is not applied, because the service is `openrouter`; resource_attributes can change it"


@pytest.fixture(params=["environment", "file", "OTEL_EXPORTER_OTLP variables"])
def origin(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Variables with which there is a destination, from each of the three origins."""
    none = {"OTLPJSON_CONFIG": ""}
    if request.param == "environment":
        return {**GOOD, **none}
    if request.param != "file":
        return {**STANDARD, "XDG_CONFIG_HOME": str(tmp_path)}
    path = tmp_path / "destinations.json"
    entry: dict[str, Any] = {"kind": "webhook", "url": "https://h.test", "sampling_rate": OWN_RATE}
    path.write_text(
        json.dumps({"version": 1, "destinations": {"a": entry, "b": {**entry, "enabled": False}}})
    )
    return {"OTLPJSON_CONFIG": str(path)}


def found_with(origin: dict[str, str], **variables: str) -> Configuration:
    """What is configured with these variables besides."""
    found = find({**origin, **variables})
    assert found is not None
    return found


def test_without_them_nothing_changes(origin: dict[str, str]) -> None:
    """And nothing is said."""
    found = found_with(origin)

    assert (found.notices, found.disabled_by, found.sentences) == ((), "", ())
    assert found.destinations[0].enabled
    assert found.destinations[0].resource_attributes == ()


@pytest.mark.parametrize(
    ("value", "off", "notices"),
    [
        ("true", True, ()),
        (" TRUE ", True, ()),
        ("false", False, ()),
        ("", False, ()),
        ("1", False, ("OTEL_SDK_DISABLED is taken as false: expected true or false",)),
    ],
)
def test_sdk_disabled(origin: dict[str, str], value: str, off: bool, notices: tuple[str, ...]) -> None:
    """Only the word true means it, as the specification demands."""
    found = found_with(origin, OTEL_SDK_DISABLED=value)

    assert found.destinations[0].enabled is not off
    assert (found.disabled_by, found.notices) == ("OTEL_SDK_DISABLED" if off else "", notices)
    off_sentence = ("OTEL_SDK_DISABLED switches all destinations off",) if off else ()
    assert found.sentences == (*notices, *off_sentence)


@pytest.mark.parametrize(
    ("value", "off"),
    [("none", True), ("zipkin,console", True), ("otlp", False), ("console, otlp", False), ("", False)],
)
def test_traces_exporter(origin: dict[str, str], value: str, off: bool) -> None:
    """Traces are sent by OTLP if it is among the exporters."""
    found = found_with(origin, OTEL_TRACES_EXPORTER=value)

    assert found.destinations[0].enabled is not off
    assert found.disabled_by == ("OTEL_TRACES_EXPORTER" if off else "")


@pytest.mark.parametrize(
    ("sampler", "argument", "rate"),
    [
        ("always_on", "0.1", 1.0),
        ("parentbased_always_on", "", 1.0),
        ("traceidratio", "0.25", 0.25),
        ("parentbased_traceidratio", "0.25", 0.25),
        ("traceidratio", "", 1.0),
        ("traceidratio", "0.00001", 0.0001),
        ("", "0.25", 1.0),
    ],
)
def test_traces_sampler(origin: dict[str, str], sampler: str, argument: str, rate: float) -> None:
    """The smaller share counts, the destination's or the variable's."""
    found = found_with(origin, OTEL_TRACES_SAMPLER=sampler, OTEL_TRACES_SAMPLER_ARG=argument)
    own = OWN_RATE if "XDG_CONFIG_HOME" not in origin and "OTLPJSON_BASE_URL" not in origin else 1.0

    assert found.destinations[0].sampling_rate == min(rate, own)
    assert found.sentences == ()


@pytest.mark.parametrize(
    ("sampler", "argument", "variable"),
    [
        ("always_off", "", "OTEL_TRACES_SAMPLER"),
        ("parentbased_always_off", "1", "OTEL_TRACES_SAMPLER"),
        ("traceidratio", "0", "OTEL_TRACES_SAMPLER_ARG"),
    ],
)
def test_a_sampler_that_takes_nothing(
    origin: dict[str, str], sampler: str, argument: str, variable: str
) -> None:
    """Switches everything off."""
    found = found_with(origin, OTEL_TRACES_SAMPLER=sampler, OTEL_TRACES_SAMPLER_ARG=argument)

    assert not any(target.enabled for target in found.destinations)
    assert found.disabled_by == variable


@pytest.mark.parametrize(
    ("sampler", "argument", "notice"),
    [
        (
            "jaeger_remote",
            "",
            "OTEL_TRACES_SAMPLER is not used: expected one of always_on, always_off, parentbased_always_on, "
            "parentbased_always_off, traceidratio, parentbased_traceidratio",
        ),
        ("traceidratio", "half", "OTEL_TRACES_SAMPLER_ARG is not used: expected a number from 0 to 1"),
        ("traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG is not used: expected a number from 0 to 1"),
        ("traceidratio", "nan", "OTEL_TRACES_SAMPLER_ARG is not used: expected a number from 0 to 1"),
    ],
)
def test_a_sampler_that_is_not_known_is_ignored_with_a_notice(
    origin: dict[str, str], sampler: str, argument: str, notice: str
) -> None:
    """As the specification demands."""
    found = found_with(origin, OTEL_TRACES_SAMPLER=sampler, OTEL_TRACES_SAMPLER_ARG=argument)

    assert found.notices == (notice,)
    assert found.destinations[0].sampling_rate == found_with(origin).destinations[0].sampling_rate


def test_resource_attributes(origin: dict[str, str]) -> None:
    """Percent-decoded; those that OpenRouter sends keep their values."""
    found = found_with(
        origin, OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=prod,team=a%2Cb,service.name=me"
    )

    assert found.destinations[0].resource_attributes == (
        ("deployment.environment.name", "prod"),
        ("team", "a,b"),
    )
    assert found.notices == (f"service.name in OTEL_RESOURCE_ATTRIBUTES {SERVICE}",)


def test_what_a_destination_says_of_an_attribute_goes_before_the_variable() -> None:
    """There the service can be named as well."""
    found = found_with(
        {**GOOD, "OTLPJSON_RESOURCE_ATTRIBUTES": "team=b,service.name=mine"},
        OTEL_RESOURCE_ATTRIBUTES="team=a,x=y",
    )

    assert dict(found.destinations[0].resource_attributes) == {"team": "b", "x": "y", "service.name": "mine"}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (CANARY, "expected name=value pairs, separated by commas"),
        (f"a=b,={CANARY}", "expected name=value pairs, separated by commas"),
        (f"a={CANARY * 100}", "it has a name or value that cannot be sent"),
    ],
)
def test_attributes_that_cannot_be_read_are_all_left_out(
    origin: dict[str, str], value: str, why: str
) -> None:
    """As the specification demands, with a notice that shows nothing."""
    found = found_with(origin, OTEL_RESOURCE_ATTRIBUTES=value)

    assert found.destinations[0].resource_attributes == ()
    assert found.notices == (f"OTEL_RESOURCE_ATTRIBUTES is not used: {why}",)


def test_the_service_name_is_named_as_not_applied(origin: dict[str, str]) -> None:
    """The form's service is openrouter."""
    assert found_with(origin, OTEL_SERVICE_NAME="me").notices == (f"OTEL_SERVICE_NAME {SERVICE}",)


def test_settings_in_variables_are_for_a_destination_of_variables(origin: dict[str, str]) -> None:
    """Beside a saved file they would be ignored, and privacy mode must not be."""
    variables = {"OTLPJSON_PRIVACY_MODE": "true", "OTLPJSON_MASK": "email"}
    if "XDG_CONFIG_HOME" not in origin and "OTLPJSON_BASE_URL" not in origin:
        with pytest.raises(ConfigError) as caught:
            found_with(origin, **variables)
        reason = "not used with a saved file; change the destination there"
        assert caught.value.problems == dict.fromkeys(variables, reason)
        return
    target = found_with(origin, **variables).destinations[0]
    assert (target.privacy_mode, target.mask) == (True, ("email",))
    with pytest.raises(ConfigError) as caught:
        found_with(origin, OTLPJSON_MASK=CANARY)
    assert list(caught.value.problems) == ["OTLPJSON_MASK"]
