# SPDX-License-Identifier: Apache-2.0
# Copyright The otlpjson Authors
"""One destination with what belongs to it: what is sent there, in which form, and what is only counted."""

from __future__ import annotations

from typing import Callable

import attrs

from ..core.encoder import encode_entry
from ..core.model import ResourceSpans
from ..delivery.exporter import Exporter
from ..delivery.limits import QueueLimits
from ..delivery.sender import Sender
from ..openrouter import Generation, Policy, entries_of_generation, resource_spans
from .config import BroadcastDestination

__all__ = ["Lane"]


@attrs.frozen(kw_only=True)
class Lane:
    """
    The way to one destination.

    Attributes:
        target: Where to, and in which form.

        policy: What is sent there.

        exporter: What sends it.
    """

    target: BroadcastDestination
    policy: Policy
    exporter: Exporter

    @classmethod
    def to(
        cls,
        target: BroadcastDestination,
        *,
        predicate: Callable[[Generation], bool] | None,
        queue: QueueLimits,
        timeout_s: float,
    ) -> Lane:
        """A new one, with a sender and a worker of its own."""
        sender = Sender(target.destination, timeout_s=timeout_s)
        return cls(
            target=target,
            policy=Policy(enabled=target.enabled, sampling_rate=target.sampling_rate, predicate=predicate),
            exporter=Exporter(sender, name=f"otlpjson: {target.name}", queue=queue),
        )

    def send(self, generation: Generation) -> None:
        """
        Queues the spans of a request, or counts them where they are not to be sent.

        Raises whatever the predicate raises, after the spans are counted as ``internal_error``.
        """
        try:
            refusal = self.policy.refusal(generation)
        except Exception:  # of the caller's predicate; counted here in spans, and as a record where it ends
            self._drop(generation, "internal_error")
            raise
        if refusal is not None:
            self._drop(generation, refusal)
            return
        self.exporter.add(entries_of_generation(generation, self.target.form))

    def send_step(self, group: ResourceSpans, as_request: Generation) -> None:
        """Queues a step's span, sampled like the requests below it; the predicate is asked about these."""
        refusal = attrs.evolve(self.policy, predicate=None).refusal(as_request)
        if refusal is not None:
            self.exporter.drop(group.span_count, refusal)
        else:
            self.exporter.add([encode_entry(group, integers_as_numbers=self.target.form.integers_as_numbers)])

    def _drop(self, generation: Generation, reason: str) -> None:
        """Counts the spans that there would have been; nothing is encoded for it."""
        groups = resource_spans(generation, hierarchy=self.target.hierarchy)
        self.exporter.drop(sum(group.span_count for group in groups), reason)
