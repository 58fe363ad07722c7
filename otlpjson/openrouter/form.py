# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""The form in which a generation is sent: hierarchy, privacy, integers and the limits of sizes."""

from __future__ import annotations

from typing import Final, Literal

import attrs

from ..core.bodies import HEAD, MAX_MESSAGE_BYTES, TAIL
from . import validators
from .generation_metadata import metadata_groups
from .masking.patterns import pattern_names
from .spans.resource_attributes import NO_ATTRIBUTES, ResourceAttributes, resource_attributes
from .spans.truncate import BROADCAST, Truncation

__all__ = ["DOCUMENTED", "HIERARCHIES", "INTEGERS", "Form", "Hierarchy", "Integers"]

Hierarchy = Literal["documented", "observed"]
"""That of OpenRouter's Grafana guide, or that of captured deliveries; ``spans`` describes both."""
Integers = Literal["text", "number"]
"""Decimal text, as OTLP/JSON demands, or JSON numbers, as OpenRouter sends them."""

HIERARCHIES: Final = ("documented", "observed")
INTEGERS: Final = ("text", "number")

_MAX_ENTRY_BYTES: Final = MAX_MESSAGE_BYTES - len(HEAD) - len(TAIL)


@attrs.frozen(kw_only=True)
class Form:
    """
    How the spans of a generation are written.

    Attributes:
        hierarchy: ``"documented"`` or ``"observed"``.

        privacy_mode: Whether prompts, completions and error messages are left out.

        integers: ``"text"`` or ``"number"``.

        truncation: How long a value may be.

        generation_metadata:
            Which groups of additional metadata are sent: ``cost``, ``identity``, ``request_context``.

        mask:
            The named patterns that are masked in every text: ``email``, ``card``, ``key``, ``phone``.

        resource_attributes: Names and values that the resource has besides its own three.

        max_entry_bytes:
            How large an entry may be. Long values of a larger one are cut shorter until it
            fits. Default: what fits into the largest message that Grafana accepts, 15 MiB.

    Raises:
        InvalidValue: A field cannot hold what it was given.
    """

    hierarchy: Hierarchy = attrs.field(default="documented", validator=validators.one_of(HIERARCHIES))
    privacy_mode: bool = attrs.field(default=False, validator=validators.BOOLEAN)
    integers: Integers = attrs.field(default="text", validator=validators.one_of(INTEGERS))
    truncation: Truncation = attrs.field(default=BROADCAST, validator=validators.instance_of(Truncation))
    generation_metadata: tuple[str, ...] = attrs.field(default=(), converter=metadata_groups)
    mask: tuple[str, ...] = attrs.field(default=(), converter=pattern_names)
    resource_attributes: ResourceAttributes = attrs.field(
        default=NO_ATTRIBUTES, converter=resource_attributes
    )
    max_entry_bytes: int = attrs.field(default=_MAX_ENTRY_BYTES, validator=validators.COUNT)

    @property
    def integers_as_numbers(self) -> bool:
        """As in ``encode``."""
        return self.integers == "number"


DOCUMENTED: Final = Form()
"""The form of OpenRouter's Grafana guide."""
