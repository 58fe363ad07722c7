# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""A destination of Broadcast: where traces are sent, which of them, and in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Final

import attrs

from ..core.errors import InvalidValue
from ..delivery.destination import Destination
from ..delivery.url import host_of
from ..openrouter import validators
from ..openrouter.form import HIERARCHIES, INTEGERS, Form, Hierarchy, Integers
from ..openrouter.generation import Generation
from ..openrouter.generation_metadata import metadata_groups
from ..openrouter.masking.patterns import pattern_names
from ..openrouter.policy import (
    SAMPLING_RATE,
    Policy,
    excluded_names,
    included_names,
    rules_or_none,
)
from ..openrouter.spans.resource_attributes import (
    NO_ATTRIBUTES,
    ResourceAttributes,
    resource_attributes,
)

if TYPE_CHECKING:
    from ..openrouter.filtering.rules import FilterRules

__all__ = ["KINDS", "BroadcastDestination"]

KINDS: Final = ("grafana_cloud", "otel_collector", "webhook", "folder", "local", "custom")


def _is_destination(owner: object, field: attrs.Attribute[Destination], value: object) -> None:
    # Not core's check, which shows the value: a URL given by mistake may hold a secret.
    if not isinstance(value, Destination):
        expected = "a Destination, as made by grafana_cloud, otel_collector, webhook, folder or local"
        raise InvalidValue(f"{type(owner).__name__}.{field.name}", expected, type(value).__name__)


@attrs.frozen(kw_only=True)
class BroadcastDestination:
    """
    A destination, and what Broadcast sends there.

    Attributes:
        destination:
            Where bodies are sent, as made by ``grafana_cloud``, ``otel_collector``, ``webhook``,
            ``folder`` or ``local``.

        name: Its name in counts and messages; unique within a Broadcast.

        kind:
            ``grafana_cloud``, ``otel_collector``, ``webhook``, ``folder``, ``local`` or ``custom``;
            shown, and otherwise unused.

        account: The last four characters of the instance ID; empty if there is none.

        enabled: Whether anything is sent.

        privacy_mode: Whether prompts, completions and error messages are left out.

        sampling_rate: The share of sessions to send, 0.0001 to 1.

        hierarchy:
            ``documented``, the spans of OpenRouter's Grafana guide; or ``observed``, those that it
            really sends.

        integers: ``text``, as OTLP/JSON demands; or ``number``, as OpenRouter sends them.

        included_api_keys, excluded_api_keys:
            Names of API keys: requests of the former are sent, and those of the latter never. ``None``
            or nothing included means all keys, and requests whose key is not known.

        filter_rules: What a request must be like, in the shape of OpenRouter's API.

        generation_metadata:
            The groups of additional metadata to send: ``cost``, ``identity``, ``request_context``.

        mask:
            Named patterns that are masked in every text: ``email``, ``card``, ``key``, ``phone``.

        resource_attributes:
            Names and values that the resource has besides its own three. ``service.name`` takes the
            place of ``openrouter``.

    Raises:
        InvalidValue: A field cannot hold what it was given.
    """

    destination: Destination = attrs.field(validator=_is_destination)
    name: str = attrs.field(default="default", validator=validators.TEXT)
    kind: str = attrs.field(default="custom", validator=validators.one_of(KINDS))
    account: str = attrs.field(default="", validator=validators.TEXT)
    enabled: bool = attrs.field(default=True, validator=validators.BOOLEAN)
    privacy_mode: bool = attrs.field(default=False, validator=validators.BOOLEAN)
    sampling_rate: float = attrs.field(default=1.0, validator=SAMPLING_RATE)
    hierarchy: Hierarchy = attrs.field(default="documented", validator=validators.one_of(HIERARCHIES))
    integers: Integers = attrs.field(default="text", validator=validators.one_of(INTEGERS))
    included_api_keys: tuple[str, ...] | None = attrs.field(default=None, converter=included_names)
    excluded_api_keys: tuple[str, ...] = attrs.field(default=(), converter=excluded_names)
    filter_rules: FilterRules | None = attrs.field(default=None, converter=rules_or_none)
    generation_metadata: tuple[str, ...] = attrs.field(default=(), converter=metadata_groups)
    mask: tuple[str, ...] = attrs.field(default=(), converter=pattern_names)
    resource_attributes: ResourceAttributes = attrs.field(
        default=NO_ATTRIBUTES, converter=resource_attributes
    )

    @property
    def form(self) -> Form:
        """The form of the spans that are sent there."""
        return Form(
            hierarchy=self.hierarchy,
            privacy_mode=self.privacy_mode,
            integers=self.integers,
            generation_metadata=self.generation_metadata,
            mask=self.mask,
            resource_attributes=self.resource_attributes,
        )

    def policy(self, predicate: Callable[[Generation], bool] | None = None) -> Policy:
        """Which requests are sent there."""
        return Policy(
            enabled=self.enabled,
            sampling_rate=self.sampling_rate,
            included_api_keys=self.included_api_keys,
            excluded_api_keys=self.excluded_api_keys,
            filter_rules=self.filter_rules,
            predicate=predicate,
        )

    @property
    def host(self) -> str:
        """The host of its URL, or the path of its folder."""
        return self.destination.folder or host_of(self.destination.url)
