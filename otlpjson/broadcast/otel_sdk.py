# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""
OpenTelemetry's variables that always apply, wherever a destination is configured.

They switch tracing off, sample it, and describe the process. A value that cannot be used is ignored with a
notice, as the specification demands. Source: OpenTelemetry, "Environment Variable Specification".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from ..openrouter.spans.resource_attributes import OWN_NAMES
from .destination import BroadcastDestination
from .pairs import pairs_of
from .saved_entry import with_settings

__all__ = ["SdkVariables", "sdk_variables"]

_OTLP: Final = "otlp"
_LEAST_RATE: Final = 0.0001
_RATIO: Final = ("traceidratio", "parentbased_traceidratio")
_FIXED: Final = MappingProxyType(
    {"always_on": 1.0, "always_off": 0.0, "parentbased_always_on": 1.0, "parentbased_always_off": 0.0}
)


@attrs.frozen(kw_only=True)
class SdkVariables:
    """
    What they say.

    Attributes:
        disabled_by: The variable that switches everything off; empty if none does.

        sampling_rate: The share of sessions to send.

        resource_attributes: Names and values, beside OpenRouter's.

        notices: What the log should say, each a sentence without a value.
    """

    disabled_by: str = ""
    sampling_rate: float = 1.0
    resource_attributes: Mapping[str, str] = attrs.field(factory=dict)
    notices: tuple[str, ...] = ()

    def applied_to(self, target: BroadcastDestination) -> BroadcastDestination:
        """A destination to which they apply; what it says itself of an attribute goes before them."""
        own = dict(target.resource_attributes)
        return attrs.evolve(
            target,
            enabled=target.enabled and not self.disabled_by,
            # Both sample by the same hash, so the smaller share is a part of the larger one.
            sampling_rate=min(target.sampling_rate, self.sampling_rate),
            resource_attributes={**self.resource_attributes, **own},
        )


def sdk_variables(environ: Mapping[str, str], example: BroadcastDestination) -> SdkVariables:
    """
    What the variables say.

    Args:
        environ: Usually ``os.environ``.

        example: A destination that they will be applied to; it shows whether attributes can be used.
    """
    notices: list[str] = []
    rate, sampler = _rate(environ, notices)
    switches = (
        ("OTEL_SDK_DISABLED", _is_disabled(environ, notices)),
        ("OTEL_TRACES_EXPORTER", _is_exported_elsewhere(environ)),
        (sampler, rate == 0.0),
    )
    if environ.get("OTEL_SERVICE_NAME", "").strip():
        notices.append(_not_applied("OTEL_SERVICE_NAME"))
    return SdkVariables(
        disabled_by=next((variable for variable, is_off in switches if is_off), ""),
        sampling_rate=max(rate, _LEAST_RATE),
        resource_attributes=_attributes(environ, example, notices),
        notices=tuple(notices),
    )


def _not_applied(what: str) -> str:
    return f"{what} is not applied, because the service is `openrouter`; resource_attributes can change it"


def _is_disabled(environ: Mapping[str, str], notices: list[str]) -> bool:
    value = environ.get("OTEL_SDK_DISABLED", "").strip().lower()
    if value not in ("", "true", "false"):
        notices.append("OTEL_SDK_DISABLED is taken as false: expected true or false")
    return value == "true"


def _is_exported_elsewhere(environ: Mapping[str, str]) -> bool:
    """Whether traces are exported to nowhere, or by other exporters alone."""
    exporters = [item.strip() for item in environ.get("OTEL_TRACES_EXPORTER", "").split(",") if item.strip()]
    return exporters != [] and _OTLP not in exporters


def _rate(environ: Mapping[str, str], notices: list[str]) -> tuple[float, str]:
    """The share of sessions, and the variable that says so."""
    sampler = environ.get("OTEL_TRACES_SAMPLER", "").strip()
    if sampler in _FIXED:
        return _FIXED[sampler], "OTEL_TRACES_SAMPLER"
    if sampler in _RATIO:
        return _ratio(environ, notices), "OTEL_TRACES_SAMPLER_ARG"
    if sampler:
        known = ", ".join((*_FIXED, *_RATIO))
        notices.append(f"OTEL_TRACES_SAMPLER is not used: expected one of {known}")
    return 1.0, ""


def _ratio(environ: Mapping[str, str], notices: list[str]) -> float:
    text = environ.get("OTEL_TRACES_SAMPLER_ARG", "").strip()
    try:
        ratio = float(text or "1")
    except ValueError:
        ratio = -1.0
    if not 0.0 <= ratio <= 1.0:
        notices.append("OTEL_TRACES_SAMPLER_ARG is not used: expected a number from 0 to 1")
        return 1.0
    return ratio


def _attributes(
    environ: Mapping[str, str], example: BroadcastDestination, notices: list[str]
) -> dict[str, str]:
    variable = "OTEL_RESOURCE_ATTRIBUTES"
    pairs = pairs_of(environ.get(variable, ""))
    if isinstance(pairs, str):
        # As the specification demands, all of it is left out then.
        notices.append(f"{variable} is not used: expected name=value pairs, separated by commas")
        return {}
    # OpenRouter's form has these; who wants others asks for them with the destination's own attributes.
    own = [name for name in OWN_NAMES if name in pairs]
    notices += [_not_applied(f"{name} in {variable}") for name in own]
    more = {name: value for name, value in pairs.items() if name not in own}
    if with_settings(example, {"resource_attributes": more})[1]:
        notices.append(f"{variable} is not used: it has a name or value that cannot be sent")
        return {}
    return more
