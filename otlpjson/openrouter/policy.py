# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Whether a generation is sent to a destination: enabled, sampling, the caller's own predicate."""

from __future__ import annotations

import hashlib
from typing import Callable, Final

import attrs

from ..core.fields import expect
from .generation import Generation

__all__ = ["SAMPLING_RATE", "Policy", "sampled"]

_MIN_SAMPLING_RATE: Final = 0.0001
SAMPLING_RATE: Final = expect(
    f"a number from {_MIN_SAMPLING_RATE} to 1",
    lambda rate: (
        isinstance(rate, (int, float)) and not isinstance(rate, bool) and _MIN_SAMPLING_RATE <= rate <= 1
    ),
)
"""The validator of a field that holds the share of sessions to send."""


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
    sampling_rate: float = attrs.field(default=1.0, validator=SAMPLING_RATE)
    predicate: Callable[[Generation], bool] | None = None

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
