# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Whether a generation is sent to a destination: enabled, sampling, the caller's own predicate."""

from __future__ import annotations

import hashlib
from typing import Callable, Final

import attrs

from ..core.errors import InvalidValue
from ..core.words import describe
from .generation import Generation

__all__ = ["Policy", "sampled"]

MIN_SAMPLING_RATE: Final = 0.0001


@attrs.frozen(kw_only=True)
class Policy:
    """
    What is sent.

    Attributes:
        enabled: Whether anything is.

        sampling_rate:
            The share of sessions that is sent, 0.0001 to 1. A session is kept or dropped
            whole, in every process the same; a request without one goes by its trace.

        predicate: Called with each generation that is left; sent is what it is true for.

    Raises:
        InvalidValue: A sampling rate outside its range.
    """

    enabled: bool = True
    sampling_rate: float = 1.0
    predicate: Callable[[Generation], bool] | None = None

    def __attrs_post_init__(self) -> None:
        rate = self.sampling_rate
        if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not MIN_SAMPLING_RATE <= rate <= 1:
            raise InvalidValue(
                "Policy.sampling_rate", f"a number from {MIN_SAMPLING_RATE} to 1", describe(rate)
            )

    def refusal(self, generation: Generation) -> str | None:
        """Why the generation is not sent: ``disabled``, ``sampled_out``, ``predicate``; ``None`` if it is."""
        if not self.enabled:
            return "disabled"
        if not sampled(generation.session_id or generation.trace_key, self.sampling_rate):
            return "sampled_out"
        return None if self.predicate is None or self.predicate(generation) else "predicate"


def sampled(key: str, rate: float) -> bool:
    """Whether the session or trace of this name is among the share that is sent."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") < rate * 2**64
