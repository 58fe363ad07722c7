# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Whether a generation is sent to a destination."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Callable, Final

import attrs

from .generation import Generation
from .validators import expect, names

if TYPE_CHECKING:
    from .filtering.rules import FilterRules

__all__ = ["SAMPLING_RATE", "Policy", "excluded_names", "included_names", "rules_or_none", "sampled"]

# OpenRouter's API for destinations accepts rates between this one and 1.
_MIN_SAMPLING_RATE: Final = 0.0001
SAMPLING_RATE: Final = expect(
    f"a number from {_MIN_SAMPLING_RATE} to 1",
    lambda rate: (
        isinstance(rate, (int, float)) and not isinstance(rate, bool) and _MIN_SAMPLING_RATE <= rate <= 1
    ),
)
"""The validator of a field that holds the share of sessions to send."""


def included_names(value: Any) -> tuple[str, ...] | None:
    """Names of API keys; ``None`` for an empty list, which means all keys, as in OpenRouter's dashboard."""
    return None if value is None else names("included_api_keys", value) or None


def rules_or_none(value: Any) -> FilterRules | None:
    """
    Filter rules, also in the shape of OpenRouter's API.

    Raises:
        InvalidValue: They have another shape.
    """
    if value is None:
        return None
    # Loaded here and not at the top: few programs have rules.
    from .filtering.rules import filter_rules

    return filter_rules(value)


def excluded_names(value: Any) -> tuple[str, ...]:
    """Names of API keys."""
    return names("excluded_api_keys", value)


@attrs.frozen(kw_only=True)
class Policy:
    """
    Which generations are sent to a destination.

    Attributes:
        enabled: Whether any generation is sent.

        sampling_rate:
            The share of sessions that are sent, 0.0001 to 1. The requests of a session are all
            sent or all dropped, with the same result in every process. Requests without a
            session are sampled by their trace.

        included_api_keys:
            The names of the API keys whose requests are sent; ``None`` for those of all keys, and for
            requests whose key is not known.

        excluded_api_keys: Names of API keys whose requests are never sent, also if they are included.

        filter_rules: What a request must be like; ``None``: anything.

        predicate:
            Called last, with each generation that everything else lets through. The generation is
            sent if it returns true.

    Raises:
        InvalidValue: A field cannot hold what it was given.
    """

    enabled: bool = True
    sampling_rate: float = attrs.field(default=1.0, validator=SAMPLING_RATE)
    included_api_keys: tuple[str, ...] | None = attrs.field(default=None, converter=included_names)
    excluded_api_keys: tuple[str, ...] = attrs.field(default=(), converter=excluded_names)
    filter_rules: FilterRules | None = attrs.field(default=None, converter=rules_or_none)
    predicate: Callable[[Generation], bool] | None = None

    def refusal(self, generation: Generation) -> str | None:
        """
        Why the generation is not sent; ``None`` if it is.

        One of ``disabled``, ``api_key``, ``sampled_out``, ``filter_rules`` and ``predicate``.
        """
        if not self.enabled:
            return "disabled"
        if not self._has_key(generation.api_key_name):
            return "api_key"
        if not sampled(generation.session_id or generation.trace_key, self.sampling_rate):
            return "sampled_out"
        if self.filter_rules is not None and not self.filter_rules.accepts(generation):
            return "filter_rules"
        return None if self.predicate is None or self.predicate(generation) else "predicate"

    def of_step(self) -> Policy:
        """The policy for a step above requests, of which only trace and session are known."""
        return Policy(enabled=self.enabled, sampling_rate=self.sampling_rate)

    def _has_key(self, name: str | None) -> bool:
        if name is not None and name in self.excluded_api_keys:
            return False
        return self.included_api_keys is None or name in self.included_api_keys


def sampled(key: str, rate: float) -> bool:
    """
    Whether a session or trace is among the share that is sent.

    Args:
        key: Its name. The result depends on its hash alone, so it is the same in every process.

        rate: The share, 0 to 1.
    """
    # OpenRouter's own hash is not published, so its sample and this one differ.
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") < rate * 2**64
