# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""Whether a generation is sent to a destination."""

from __future__ import annotations

import hashlib
from typing import Callable, Final

import attrs

from .generation import Generation
from .validators import expect

__all__ = ["SAMPLING_RATE", "Policy", "sampled"]

# OpenRouter's API for destinations accepts rates between this one and 1.
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
    Which generations are sent to a destination.

    Attributes:
        enabled: Whether any generation is sent.

        sampling_rate:
            The share of sessions that are sent, 0.0001 to 1. The requests of a session are all
            sent or all dropped, with the same result in every process. Requests without a
            session are sampled by their trace.

        predicate:
            Called last, with each generation that is neither disabled nor sampled out. The
            generation is sent if it returns true.

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
    """
    Whether a session or trace is among the share that is sent.

    Args:
        key: Its name. The result depends on its hash alone, so it is the same in every process.

        rate: The share, 0 to 1.
    """
    # OpenRouter's own hash is not published, so its sample and this one differ.
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") < rate * 2**64
